"""Tasks in bulk take units and days from the plan, and ask for what it does not say."""

from __future__ import annotations

from typing import Any

import pytest

from ingestion.registry import courses, reviews, tasks
from ingestion.registry.acts import Who, standing
from ingestion.registry.division import Given, drafts
from ingestion.registry.editing import edit
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed

PLAN = "甲区2020.txt"
UNITS = [
    {"unit_code": "JJ", "unit_name": "甲区教育局基础教育科", "region_code": "330303", "aliases": "基教科"},
    {"unit_code": "XQ", "unit_name": "甲区教育局学前科", "region_code": "330303", "aliases": None},
    {"unit_code": "XQ2", "unit_name": "乙区教育局学前科", "region_code": "330304", "aliases": None},
]
NAMES = {unit["unit_code"]: unit["unit_name"] for unit in UNITS}


def promise(number: int, unit: str | None = None, deadline: str | None = "2020-12-31", **more: Any) -> dict[str, Any]:
    row = {
        "commitment_id": f"{number}" * 16, "file_name": PLAN, "quote": f"第{number}件事", "number_text": None,
        "kind": "deliverable", "region_code": "330303", "plan_year": 2020, "responsible_unit": unit, "restates": None,
        "deadline": deadline,
    }  # fmt: skip
    return row | more


def confirm(registry: Registry, rows: list[dict[str, Any]], who: Who) -> None:
    reviews.confirm(registry, [Reviewed.of(row, PLAN) for row in rows], who)


def test_units_are_those_the_plan_names_in_its_own_region(registry: Registry, who: Who) -> None:
    rows = [promise(1, "基教科、学前科"), promise(2, "学前科"), promise(3), promise(4, "办公室")]
    confirm(registry, rows, who)
    made = drafts(rows, standing(registry), UNITS, Given("JJ", ["XQ"]))
    assert [(draft.lead, list(draft.assisting), draft.due_date, draft.year) for _, draft in made] == [
        ("JJ", ["XQ"], "2020-12-31", 2020),
        ("XQ", [], "2020-12-31", 2020),
        ("JJ", ["XQ"], "2020-12-31", 2020),
        ("JJ", ["XQ"], "2020-12-31", 2020),
    ]
    assert len(tasks.create(registry, made, who, NAMES)) == 4
    assert drafts(rows, standing(registry), UNITS, Given()) == []


def test_what_the_plan_does_not_say_is_asked_for_all_at_once(registry: Registry, who: Who) -> None:
    rows = [promise(1, "学前科"), promise(2), promise(3, "学前科", None)]
    confirm(registry, rows, who)
    with pytest.raises(RegistryError) as refusal:
        drafts(rows, standing(registry), UNITS, Given())
    assert "22222222 “第2件事”缺牵头单位" in str(refusal.value)
    assert "33333333 “第3件事”缺时限" in str(refusal.value)
    assert "第1件事" not in str(refusal.value)


def test_a_day_that_a_person_adjusted_counts(registry: Registry, who: Who) -> None:
    row = promise(1, "学前科")
    edit(registry, Reviewed.of(row, PLAN), row, {"deadline": "2020-06-30"}, who, {})
    ((_, draft),) = drafts([row], standing(registry), UNITS, Given())
    assert draft.due_date == "2020-06-30"


def test_the_unconfirmed_the_repeated_and_the_given_up_become_no_tasks(registry: Registry, who: Who) -> None:
    rows = [promise(1), promise(2, restates="1" * 16), promise(3)]
    confirm(registry, rows[1:], who)
    courses.terminate(registry, Reviewed.of(rows[2], PLAN), "2020-11-01", who)
    assert drafts(rows, standing(registry), UNITS, Given("JJ")) == []
