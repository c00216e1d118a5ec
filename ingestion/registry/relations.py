"""How commitments stand to each other, as people decide it: repeats, parts of a whole, clauses that disagree.

Extraction proposes (restates, part_of, clauses that disagree: ingestion/plans/relations.py); here a person confirms or
says otherwise, and says which of the clauses that disagree stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ingestion.registry.acts import Act, Who, record, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed, follow, state_of

# what two clauses about one thing can say differently
_SAYS = ("value", "value_high", "stated_count", "deadline")
RESTATEMENT, PART, DECIDED = "restatement.confirmed", "part.confirmed", "conflict.decided"


@dataclass(frozen=True)
class Conflict:
    """Rows of one plan that disagree, in the order of the text, why each later one does (in Chinese), and who gave way
    to what so far (id → kept id)."""

    rows: tuple[dict[str, Any], ...]
    reasons: tuple[str, ...]
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


def conflicts_of(
    pairs: Iterable[Mapping[str, Any]], commitments: Iterable[Mapping[str, Any]], acts: Iterable[Act]
) -> list[Conflict]:
    """The conflicts of rows of plans__conflicts (or fct_plan_conflicts), among rows of plans__commitments with
    `file_name`, in the order of those rows.

    A group is what pairs join. Rejected clauses do not count, nor a group whose other clauses then agree.
    """
    rows = {row["commitment_id"]: dict(row) for row in commitments}
    followed = follow(acts, [Reviewed.of(row, row["file_name"]) for row in rows.values()])
    order = {commitment_id: place for place, commitment_id in enumerate(rows)}
    conflicts = []
    for ids, reasons in sorted(_joined(pairs, rows), key=lambda group: min(order[i] for i in group[0])):
        group = [rows[i] for i in ids if state_of(followed[i]) != "撤销"]
        group.sort(key=lambda row: (row["start_offset"], row["number_start"] or 0))
        if len({tuple(row[name] for name in _SAYS) for row in group}) > 1:
            decided = {row["commitment_id"]: act for row in group if (act := _kept(followed[row["commitment_id"]]))}
            conflicts.append(Conflict(tuple(group), tuple(reasons), decided))
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


def _joined(
    pairs: Iterable[Mapping[str, Any]], known: Mapping[str, Any]
) -> list[tuple[frozenset[str], tuple[str, ...]]]:
    """Ids that pairs join, with the pairs' reasons; a pair of which one is unknown joins nothing."""
    groups: list[tuple[frozenset[str], tuple[str, ...]]] = []
    for pair in pairs:
        ids = frozenset((pair["commitment_id"], pair["other_commitment_id"]))
        if ids <= known.keys():
            met = [group for group in groups if group[0] & ids]
            groups = [group for group in groups if group not in met]
            reasons = tuple(reason for group in met for reason in group[1])
            groups.append((ids.union(*(group[0] for group in met)), (*reasons, pair["reason"])))
    return groups


def _kept(acts: Iterable[Act]) -> str | None:
    decisions = [act.payload["kept_commitment_id"] for act in acts if act.event_type == DECIDED]
    return decisions[-1] if decisions else None


def _last(acts: Iterable[Act], event_type: str, commitment_id: str) -> Act | None:
    found = [act for act in acts if act.event_type == event_type and act.subject_key == commitment_id]
    return found[-1] if found else None
