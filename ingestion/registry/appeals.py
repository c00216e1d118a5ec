"""Appeals of 绩效考评: a unit says why a report not made, or made late, should not cost it points; another decides.

One appeal a deduction; a decided one is taken up again only by taking the decision back. Here: the two acts and who may
do them. What a deduction is and costs, and the score before and after, is SQL (fct_assessment_deductions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingestion.registry.acts import Act, Who, day, number, record, standing
from ingestion.registry.events import Registry, RegistryError

FILED, DECIDED = "appeal.filed", "appeal.decided"
PENDING = "待裁定"


@dataclass(frozen=True)
class Appeal:
    """One appeal as the log says it stands: 待裁定, 采纳 or 驳回."""

    key: str
    filed: Act
    decided: Act | None = None

    @property
    def state(self) -> str:
        return self.decided.payload["result"] if self.decided else PENDING


def read_appeals(acts: Iterable[Act]) -> dict[str, Appeal]:
    """Key → appeal, of standing acts, in the order they were filed."""
    appeals: dict[str, Appeal] = {}
    for act in acts:
        if act.event_type == FILED:
            appeals[act.subject_key] = Appeal(act.subject_key, act)
        elif act.event_type == DECIDED and act.subject_key in appeals:
            appeals[act.subject_key] = Appeal(act.subject_key, appeals[act.subject_key].filed, act)
    return appeals


def deduction_of(rows: Sequence[Mapping[str, Any]], form_code: str, unit_code: str, start: date) -> Mapping[str, Any]:
    """The deduction of a form, unit and period among rows of fct_assessment_deductions. Raises RegistryError."""
    own = [row for row in rows if row["unit_code"] == unit_code and row["points"]]
    for row in own:
        if (row["form_code"], row["period_start_date"]) == (form_code, start):
            return row
    some = [f"{row['form_code']} {row['period_start_date']:%Y-%m}（{row['deduction_kind']}）" for row in own[:5]]
    raise RegistryError(
        f"{unit_code} 的 {form_code} {start} 没有扣分，不用申诉；该单位现有扣分：{'、'.join(some) or '无'}"
    )


def file(
    registry: Registry, deduction: Mapping[str, Any], ground: str, who: Who, evidence: str = "",
    release_sequence: int | None = None,
) -> int:  # fmt: skip
    """Appeal against a deduction (a row of fct_assessment_deductions); returns the event's number."""
    fields = {
        "form_code": deduction["form_code"], "reporter_code": deduction["unit_code"],
        "period_start_date": day(deduction["period_start_date"], "报告期"), "ground": ground.strip(),
        "evidence": evidence.strip() or None, "deduction_kind": deduction["deduction_kind"],
        "points": number(deduction["points"], "所扣分数"), "release_sequence": release_sequence,
    }  # fmt: skip
    key = f"{fields['form_code']}|{fields['reporter_code']}|{fields['period_start_date']}"
    with registry.deciding():
        before = read_appeals(standing(registry, "appeal")).get(key)
        if before:
            raise RegistryError(
                f"{key} 已申诉（第{before.filed.event_no}号事件，{before.state}）；"
                f"要重新申诉，请先撤回：duban undo {(before.decided or before.filed).event_no}"
            )
        return record(registry, [who.event(FILED, "appeal", key, fields)])[0]


def decide(registry: Registry, key: str, result: str, on: date | str, who: Who, opinion: str = "") -> int:
    """采纳 or 驳回, by another person than who filed. Returns the event's number."""
    with registry.deciding():
        appeal = found(read_appeals(standing(registry, "appeal")), key)
        if appeal.decided:
            raise RegistryError(
                f"{key} 已裁定：{appeal.state}（第{appeal.decided.event_no}号事件）；"
                f"要改判，请先撤回：duban undo {appeal.decided.event_no}"
            )
        if appeal.filed.actor == who.by.strip():
            raise RegistryError(f"裁定人不能是申诉人（{who.by}），请换一人裁定")
        fields = {"result": result, "decided_date": day(on, "裁定日期"), "opinion": opinion.strip() or None}
        return record(registry, [who.event(DECIDED, "appeal", key, fields)])[0]


def found(appeals: Mapping[str, Appeal], key: str) -> Appeal:
    """The appeal of a key. Raises RegistryError where there is none."""
    if key not in appeals:
        raise RegistryError(f"没有申诉“{key}”；编号见 duban appeal list 的第一列")
    return appeals[key]
