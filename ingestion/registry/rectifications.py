"""Rectification 整改: opened from a commitment's gap by one act, then 差距 (cause) → 措施 → 复核 → 销号.

Each step waits for the one before it; a failed check sends the matter back to its measures. Figures come from a release
(published.py) and are kept as they were when the matter was opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from ingestion.registry.acts import Act, Who, day, known, number, record, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.published import Gap
from ingestion.registry.reviews import Reviewed
from ingestion.registry.task_states import by_commitment, read_tasks

SELF_CHECK, CAUSE, MEASURES, CHECK, CLOSED = "自查", "差距", "措施", "复核", "销号"
# days to rectify where neither the person nor the commitment's own deadline says
DEFAULT_DAYS = 30
_MET = "蓝"


@dataclass(frozen=True)
class Rectification:
    """One matter as the log says it stands; `opened` is the payload it was opened with."""

    key: str
    stage: str
    opened: dict[str, Any]
    due_date: str
    person: str = ""
    cause: str = ""
    measures: str = ""
    progress: tuple[Act, ...] = ()
    result: str = ""
    closed_date: str | None = None

    @property
    def is_open(self) -> bool:
        return self.stage != CLOSED


def read_rectifications(acts: Iterable[Act]) -> dict[str, Rectification]:
    """Key → matter, of standing acts, in the order they were opened."""
    matters: dict[str, Rectification] = {}
    for act in acts:
        if act.event_type == "rectification.opened":
            said = act.payload
            matters[act.subject_key] = Rectification(
                act.subject_key, SELF_CHECK, said, said["due_date"], said.get("person") or ""
            )
        elif act.subject_type == "rectification" and act.subject_key in matters:
            matters[act.subject_key] = _moved(matters[act.subject_key], act)
    return matters


def open_gap(
    registry: Registry, gap: Gap, who: Who, units: Mapping[str, str], unit: str = "", due_date: date | str | None = None
) -> str:
    """Open a matter from a gap; returns its key.

    The unit is the one given, else the lead of the commitment's task, else the one its plan or card names. Raises
    RegistryError where the commitment is met, a matter is open already, or no unit is known.
    """
    row = gap.row
    commitment = Reviewed.of(row, row["file_name"])
    if row["light"] == _MET or row["is_met"]:
        raise RegistryError(f"“{commitment.quote}”已达标（{row['status']}），没有差距可整改")
    with registry.deciding():
        acts = standing(registry)
        matters = read_rectifications(acts)
        own = [m for m in matters.values() if m.opened["commitment_id"] == commitment.commitment_id]
        if any(matter.is_open for matter in own):
            raise RegistryError(f"这一条已有整改 {own[-1].key}（{own[-1].stage}），请在其中办理")
        stem = (
            "ZG"
            + sha256(f"{commitment.plan}|{commitment.quote}|{commitment.number_text or ''}".encode()).hexdigest()[:8]
        )
        key = f"{stem}-{len([k for k in matters if k.startswith(stem)]) + 1}"
        fields = {
            "commitment_id": commitment.commitment_id, **commitment.words, "light": row["light"],
            "status": row["status"],
            "target_value": _text(row["target_value"]), "attained_value": _text(row["actual_value"]),
            "gap": _text(gap.gap), "unit": row["unit"], "evaluation_date": day(row["evaluation_date"], "评价日期"),
            "release_sequence": gap.release_sequence, "unit_code": _unit(acts, commitment, row, unit, units),
            "due_date": _due(row, due_date),
        }  # fmt: skip
        record(registry, [who.event("rectification.opened", "rectification", key, fields)])
        return key


def set_cause(registry: Registry, key: str, cause: str, who: Who) -> int:
    """差距: say why it fell short. Returns the event's number."""
    return _act(registry, key, "cause_set", who, {"cause": cause.strip()}, (SELF_CHECK, CAUSE))


def set_measures(
    registry: Registry, key: str, measures: str, who: Who, *, due_date: date | str | None = None, person: str = ""
) -> int:
    """措施: say what will be done by when and by whom. Returns the event's number."""
    with registry.deciding():
        matter = found(read_rectifications(standing(registry, "rectification")), key)
        due = day(due_date, "整改时限") if due_date else matter.due_date
        fields = {"measures": measures.strip(), "due_date": due, "person": person.strip() or matter.person or None}
        return _act(registry, key, "measures_set", who, fields, (CAUSE, MEASURES))


def report(registry: Registry, key: str, progress: str, on: date | str, who: Who, evidence: str = "") -> int:
    """Tell how the measures go. Returns the event's number."""
    fields = {"progress": progress.strip(), "report_date": day(on, "填报日期"), "evidence": evidence.strip() or None}
    return _act(registry, key, "reported", who, fields, (MEASURES,))


def check(registry: Registry, key: str, result: str, on: date | str, who: Who, note: str = "") -> int:
    """复核: 通过 or 不通过, by another person than who reported. Returns the event's number."""
    with registry.deciding():
        matter = found(read_rectifications(standing(registry, "rectification")), key)
        if not matter.progress and matter.stage == MEASURES:
            raise RegistryError(f"整改 {key} 还没有填报进展，填报之后才能复核")
        if matter.progress and matter.progress[-1].actor == who.by.strip():
            raise RegistryError(f"复核人不能是填报人（{who.by}），请换一人复核")
        fields = {"result": result, "checked_date": day(on, "复核日期"), "note": note.strip() or None}
        return _act(registry, key, "checked", who, fields, (MEASURES,))


def close(registry: Registry, key: str, on: date | str, who: Who) -> int:
    """销号, after a check that passed. Returns the event's number."""
    return _act(registry, key, "closed", who, {"closed_date": day(on, "销号日期")}, (CHECK,))


def reopen(registry: Registry, key: str, due_date: date | str, who: Who) -> int:
    """Take a closed matter up again, with its measures to be set anew. Returns the event's number."""
    return _act(registry, key, "reopened", who, {"due_date": day(due_date, "整改时限")}, (CLOSED,))


def found(matters: Mapping[str, Rectification], key: str) -> Rectification:
    """The matter of a key. Raises RegistryError where there is none."""
    if key not in matters:
        raise RegistryError(f"没有整改“{key}”；编号见 duban rectify list 的第一列")
    return matters[key]


def _act(
    registry: Registry, key: str, verb: str, who: Who, fields: Mapping[str, object], stages: tuple[str, ...]
) -> int:
    with registry.deciding():
        matter = found(read_rectifications(standing(registry, "rectification")), key)
        if matter.stage not in stages:
            raise RegistryError(f"整改 {key} 在“{matter.stage}”环节，到“{'”或“'.join(stages)}”环节才能这样办理")
        return record(registry, [who.event(f"rectification.{verb}", "rectification", key, fields)])[0]


def _moved(matter: Rectification, act: Act) -> Rectification:
    said = act.payload
    match act.event_type:
        case "rectification.cause_set":
            return replace(matter, stage=CAUSE, cause=said["cause"])
        case "rectification.measures_set":
            person = said.get("person") or ""
            return replace(matter, stage=MEASURES, measures=said["measures"], due_date=said["due_date"], person=person)
        case "rectification.reported":
            return replace(matter, progress=(*matter.progress, act))
        case "rectification.checked":
            is_passed = said["result"] == "通过"
            return replace(matter, stage=CHECK if is_passed else MEASURES, result=said["result"])
        case "rectification.closed":
            return replace(matter, stage=CLOSED, closed_date=said["closed_date"])
        case "rectification.reopened":
            return replace(matter, stage=CAUSE, due_date=said["due_date"], closed_date=None, result="", progress=())
    return matter


def _unit(acts: list[Act], commitment: Reviewed, row: Mapping[str, Any], unit: str, units: Mapping[str, str]) -> str:
    tasks = by_commitment(read_tasks(acts).values(), [commitment]).get(commitment.commitment_id, [])
    named = unit or (tasks[-1].lead if tasks else row.get("responsible_unit"))
    if not named:
        raise RegistryError("不知道由哪个单位整改：请用 --unit 写明，或先分解立项")
    return known(named, units, "单位")


def _due(row: Mapping[str, Any], due_date: date | str | None) -> str:
    if due_date:
        return day(due_date, "整改时限")
    judged, deadline = row["evaluation_date"], row.get("deadline_date")
    return day(deadline if deadline and deadline > judged else judged + timedelta(days=DEFAULT_DAYS), "整改时限")


def _text(value: object) -> str | None:
    return None if value is None else number(value, "数值")
