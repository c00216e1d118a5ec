"""How commitments stand to each other, as people decide it: repeats, parts of a whole, clauses that disagree.

Extraction proposes (restates, part_of); a person confirms or says otherwise. A conflict is two clauses of one plan that
promise the same by the same day with another value; a person says which one stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ingestion.registry.acts import Act, Who, record, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed, follow, state_of

RESTATEMENT, PART, DECIDED = "restatement.confirmed", "part.confirmed", "conflict.decided"


@dataclass(frozen=True)
class Conflict:
    """Rows of one plan that disagree, in the order of the text, and who gave way to what so far (id → kept id)."""

    rows: tuple[dict[str, Any], ...]
    decided: dict[str, str]

    @property
    def is_open(self) -> bool:
        """Whether more than one clause still stands and nobody has said that they may."""
        undecided = [row for row in self.rows if row["commitment_id"] not in self.decided]
        return len(undecided) > 1


def confirm_restatement(registry: Registry, commitment: Reviewed, root: Reviewed, who: Who) -> int:
    """Say which promise a commitment repeats, itself where it repeats none. Returns the event's number.

    Raises RegistryError where the root itself repeats another (then that other is the root).
    """
    with registry.deciding():
        further = _last(standing(registry, "commitment"), RESTATEMENT, root.commitment_id)
        if further and further.payload["root_commitment_id"] not in (root.commitment_id, commitment.commitment_id):
            raise RegistryError(f"“{root.quote}”本身重复 {further.payload['root_commitment_id']}，请以后者为主项")
        if further and further.payload["root_commitment_id"] == commitment.commitment_id != root.commitment_id:
            raise RegistryError(f"“{root.quote}”已确认为重复这一条，请先撤回第{further.event_no}号事件")
        event = commitment.event(
            RESTATEMENT, who, root_commitment_id=root.commitment_id, root_quote=root.quote,
            root_number_text=root.number_text,
        )  # fmt: skip
        return record(registry, [event])[0]


def confirm_part(registry: Registry, commitment: Reviewed, whole: Reviewed, who: Who) -> int:
    """Say of which total a commitment is a part, itself where of none. Returns the event's number."""
    with registry.deciding():
        other = _last(standing(registry, "commitment"), PART, whole.commitment_id)
        if other and other.payload["whole_commitment_id"] == commitment.commitment_id != whole.commitment_id:
            raise RegistryError(f"“{whole.quote}”已确认为这一条的组成部分，请先撤回第{other.event_no}号事件")
        event = commitment.event(
            PART, who, whole_commitment_id=whole.commitment_id, whole_quote=whole.quote,
            whole_number_text=whole.number_text,
        )  # fmt: skip
        return record(registry, [event])[0]


def find_conflicts(commitments: Iterable[Mapping[str, Any]], acts: Iterable[Act]) -> list[Conflict]:
    """Clauses that disagree among rows of plans__commitments with `file_name` and `projects` (names or null).

    Rejected ones do not count, nor what repeats or is part of another; deciding is by `decide`.
    """
    rows = list(commitments)
    followed = follow(acts, [Reviewed.of(row, row["file_name"]) for row in rows])
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        own = followed[row["commitment_id"]]
        subject = _subject(row)
        if subject and not row["restates"] and not row["part_of"] and state_of(own) != "撤销":
            groups.setdefault(subject, []).append(dict(row))
    conflicts = []
    for group in groups.values():
        if len({(row["operator"], row["value"], row["value_high"]) for row in group}) > 1:
            group.sort(key=lambda row: (row["start_offset"], row["number_start"] or 0))
            decided = {row["commitment_id"]: act for row in group if (act := _kept(followed[row["commitment_id"]]))}
            conflicts.append(Conflict(tuple(group), decided))
    return conflicts


def decide(registry: Registry, conflict: Conflict, kept: str | None, who: Who) -> list[int]:
    """Say which clause stands, or with None that all do; returns the events' numbers, undone as one act."""
    found = {row["commitment_id"]: Reviewed.of(row, row["file_name"]) for row in conflict.rows}
    if kept is not None and kept not in found:
        raise RegistryError(f"“{kept}”不在这组矛盾条款中；可选：{'、'.join(found)}")
    if not conflict.is_open:
        raise RegistryError("这组条款已经裁定；要改，请先用 duban undo 撤回原来的裁定")
    if kept is None:
        first, *rest = found.values()
        events = [c.event(DECIDED, who, kept_commitment_id=c.commitment_id, other_commitment_id=first.commitment_id)
                  for c in rest]  # fmt: skip
        return record(registry, events, together=True)
    stands = found[kept]
    events = [
        c.event(DECIDED, who, kept_commitment_id=kept, kept_quote=stands.quote, kept_number_text=stands.number_text)
        for c in found.values()
        if c is not stands
    ]
    return record(registry, events, together=True)


def _subject(row: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """What a row promises, apart from how much; None for what cannot disagree with another."""
    what = row["indicator"] or row["milestone"] or row["output"]
    if row["value"] is None or not what:
        return None
    projects = tuple(sorted(row.get("projects") or ()))
    same = ("document_id", "kind", "indicator", "milestone", "output", "unit", "deadline", "per", "recurrence")
    return (*(row[name] for name in same), row["operator"] in {"<="}, projects)


def _kept(acts: Iterable[Act]) -> str | None:
    decisions = [act.payload["kept_commitment_id"] for act in acts if act.event_type == DECIDED]
    return decisions[-1] if decisions else None


def _last(acts: Iterable[Act], event_type: str, commitment_id: str) -> Act | None:
    found = [act for act in acts if act.event_type == event_type and act.subject_key == commitment_id]
    return found[-1] if found else None
