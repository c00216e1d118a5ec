"""A deduction is appealed once, decided once and by another person; either act is taken back by a further one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ingestion.registry.acts import Who, standing
from ingestion.registry.appeals import Appeal, decide, deduction_of, file, read_appeals
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.undoing import undo

LI, WANG = Who("李强", "停电两天，次日已补报"), Who("王敏", "供电证明属实")
KEY = "ledger|XQ|2020-09-01"


def deduction(unit: str = "XQ", month: int = 9, points: str = "0.5") -> dict[str, Any]:
    """A row of fct_assessment_deductions."""
    return {
        "form_code": "ledger", "unit_code": unit, "period_start_date": date(2020, month, 1), "deduction_kind": "迟报",
        "points": Decimal(points),
    }  # fmt: skip


def now(registry: Registry) -> Appeal:
    return read_appeals(standing(registry, "appeal"))[KEY]


def test_an_appeal_keeps_what_it_is_about(registry: Registry) -> None:
    number = file(registry, deduction(), LI.why, LI, "供电证明", 3)
    assert (now(registry).state, now(registry).filed.event_no) == ("待裁定", number)
    said = now(registry).filed.payload
    kept = ("ground", "evidence", "deduction_kind", "points", "release_sequence")
    assert [said[name] for name in kept] == ["停电两天，次日已补报", "供电证明", "迟报", "0.5", 3]


def test_the_same_appeal_and_the_same_decision_are_not_made_twice(registry: Registry) -> None:
    file(registry, deduction(), LI.why, LI)
    with pytest.raises(RegistryError, match=r"已申诉（第1号事件，待裁定）.*duban undo 1"):
        file(registry, deduction(), LI.why, LI)
    decide(registry, KEY, "采纳", "2020-10-20", WANG)
    with pytest.raises(RegistryError, match=r"已裁定：采纳.*duban undo 2"):
        decide(registry, KEY, "驳回", "2020-10-20", WANG)
    assert [act.event_type for act in standing(registry)] == ["appeal.filed", "appeal.decided"]


def test_who_appeals_does_not_decide(registry: Registry) -> None:
    file(registry, deduction(), LI.why, LI)
    with pytest.raises(RegistryError, match="裁定人不能是申诉人"):
        decide(registry, KEY, "采纳", "2020-10-20", LI)
    with pytest.raises(RegistryError, match="采纳、驳回"):
        decide(registry, KEY, "同意", "2020-10-20", WANG)
    with pytest.raises(RegistryError, match="没有申诉"):
        decide(registry, "ledger|XQ|2020-08-01", "采纳", "2020-10-20", WANG)


def test_either_act_is_taken_back_by_another(registry: Registry) -> None:
    filed = file(registry, deduction(), LI.why, LI)
    decided = decide(registry, KEY, "驳回", "2020-10-20", WANG)
    with pytest.raises(RegistryError, match="申诉裁定"):
        undo(registry, filed, "王敏", "误办")
    undo(registry, decided, "王敏", "补充了证明")
    assert now(registry).state == "待裁定"
    decide(registry, KEY, "采纳", "2020-10-21", WANG)
    assert now(registry).state == "采纳"


def test_only_what_costs_points_can_be_appealed() -> None:
    rows = [deduction(), deduction(month=8, points="0"), deduction(unit="JJ")]
    assert deduction_of(rows, "ledger", "XQ", date(2020, 9, 1)) is rows[0]
    with pytest.raises(RegistryError, match="现有扣分：ledger 2020-09（迟报）"):
        deduction_of(rows, "ledger", "XQ", date(2020, 8, 1))
