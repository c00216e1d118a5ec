"""Taking acts back: which later acts rest on one and must go first. That an undo is an event is the log's business."""

from __future__ import annotations

from ingestion.registry.acts import Act, standing
from ingestion.registry.events import UNDONE, Registry, RegistryError
from ingestion.registry.vocabulary import EVENT_TYPES

# acts that follow one another: an earlier one cannot go while a later one of the same subject stands
_CHAINS = (
    ("approval.submitted", "approval.reviewed", "approval.locked", "approval.published", "approval.returned"),
    tuple(name for name in EVENT_TYPES if name.startswith("rectification.")),
    ("commitment.suspended", "commitment.terminated", "commitment.resumed"),
    ("task.signed", "task.reported", "task.accepted", "task.returned"),
    ("calendar.added", "calendar.changed", "calendar.removed"),
    ("appeal.filed", "appeal.decided"),
)
# acts that go or stay with all that was done in the same act
_WHOLE = ("year.closed", "year.opened")


def undo(registry: Registry, event_no: int, by: str, why: str, *, whole: bool = False) -> list[Act]:
    """Take one act back, with `whole` every event recorded in the same act; returns what was taken back, latest first.

    Raises RegistryError where there is nothing to take back, or where later acts rest on it (they are named).
    """
    with registry.deciding():
        acts = standing(registry)
        found = next((act for act in acts if act.event_no == event_no), None)
        if found is None:
            registry.undo(event_no, by, why)  # says which of the reasons it is
            raise RegistryError(f"第{event_no}号事件已不在效力中")
        act_id = found.payload.get("act")
        is_whole = bool(act_id) and (whole or found.event_type in _WHOLE)
        going = [act for act in acts if is_whole and act.payload.get("act") == act_id] or [found]
        numbers = {act.event_no for act in going}
        staying = [act for act in acts if act.event_no not in numbers]
        for act in going:
            resting = [later for later in staying if _rests_on(later, act, staying)]
            if resting:
                named = "、".join(
                    f"第{later.event_no}号（{EVENT_TYPES[later.event_type].label}）" for later in resting[:5]
                )
                raise RegistryError(f"第{act.event_no}号事件之后还有依据它办理的{named}，请先撤回后面的")
        going.sort(key=lambda act: -act.event_no)
        for act in going:
            registry.undo(act.event_no, by, why)
        return going


def _rests_on(later: Act, act: Act, staying: list[Act]) -> bool:
    """Whether `later` would hang in the air without `act`."""
    is_same = (later.subject_type, later.subject_key) == (act.subject_type, act.subject_key)
    if later.event_no < act.event_no or later.event_type == UNDONE:
        return False
    if act.event_type == "task.created":
        is_its_node = later.subject_type == "node" and later.payload.get("task_key") == act.subject_key
        return is_its_node or (is_same and later.event_type.startswith("task."))
    if act.event_type == "node.set":
        is_set_again = any(a.event_type == "node.set" and a.subject_key == act.subject_key for a in staying)
        return is_same and later.event_type == "node.reported" and not is_set_again
    if act.event_type == "year.closed":
        return later.event_type == "year.opened" and str(later.payload["closed_year"]) == act.subject_key
    if later.event_type == "task.reported" and act.event_type == "task.reported":
        return False  # one report more or less leaves the others as they are
    return is_same and any(act.event_type in chain and later.event_type in chain for chain in _CHAINS)
