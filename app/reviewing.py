"""What the review page shows of one commitment: its state by the log, its fields with people's edits, its relations.

Here: joining the release's rows with the log. Not here: layout, and recording acts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from app.pending import Log
from app.vocabulary import KINDS
from ingestion.registry.acts import Act
from ingestion.registry.editing import LABELS, present
from ingestion.registry.relations import PART, RESTATEMENT, Conflict, conflicts_of
from ingestion.registry.reviews import (
    EDITED,
    INDICATOR_CONFIRMED,
    LINK_CONFIRMED,
    PENDING,
    REVIEWS,
    Reviewed,
    follow,
    state_of,
)

STATES: tuple[str, ...] = ("待核", "草稿", "已确认", "已调整", "撤销")
SHAPES = {
    "待核": ("yellow", "◆"),
    "草稿": ("gray", "○"),
    "已确认": ("blue", "●"),
    "已调整": ("green", "▲"),
    "撤销": ("red", "■"),
}
# fields in the order a reviewer reads them; those that say nothing are left out
SHOWN = (
    "kind", "indicator", "operator", "value", "value_high", "unit", "baseline", "deadline", "strength",
    "responsible_unit", "milestone", "work_type", "stated_count", "output",
)  # fmt: skip
OPERATOR_WORDS = {
    ">=": "不低于", "<=": "不高于", "==": "等于", "range": "区间", "increase": "增加", "decrease": "下降",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One commitment under review. `state` is the log's, `is_pending` where the release does not hold it yet."""

    row: dict[str, Any]
    acts: list[Act]
    is_pending: bool

    @property
    def id(self) -> str:
        return self.row["commitment_id"]

    @property
    def state(self) -> str:
        return state_of(self.acts)

    @property
    def css(self) -> str:
        return SHAPES[self.state][0]

    @property
    def kind(self) -> str:
        return KINDS.get(self.row["kind"]) or str(self.row["kind"])

    @property
    def reviewed(self) -> Reviewed:
        return Reviewed.of(self.row, self.row["file_name"])

    @property
    def last_review(self) -> Act | None:
        reviews = [act for act in self.acts if act.event_type in REVIEWS]
        return reviews[-1] if reviews else None

    @property
    def fields(self) -> list[dict[str, str]]:
        """Label, value now and, where a person adjusted it, what was extracted."""
        first, now = present(self.row, ()), present(self.row, self.acts)
        edited = {name for act in self.acts if act.event_type == EDITED for name in act.payload["changes"]}
        old = {
            name: change["old"]
            for act in reversed(self.acts)
            if act.event_type == EDITED
            for name, change in act.payload["changes"].items()
        }
        return [
            {
                "name": name,
                "label": LABELS[name],
                "value": worded(name, now[name]) or "（空）",
                "was": worded(name, old.get(name, first[name])) or "（空）" if name in edited else "",
            }
            for name in SHOWN
            if now[name] or name in edited
        ]

    @property
    def link(self) -> Act | None:
        """The confirmation of its card, where somebody gave one."""
        links = [act for act in self.acts if act.event_type == LINK_CONFIRMED]
        return links[-1] if links else None

    def decided(self, event_type: str) -> Act | None:
        """The last decision on how it stands to another."""
        found = [act for act in self.acts if act.event_type == event_type]
        return found[-1] if found else None


def worded(name: str, value: str) -> str:
    """A field's value in a person's words."""
    if name == "kind":
        return KINDS.get(value, value)
    return OPERATOR_WORDS.get(value, value) if name == "operator" else value


def items(candidates: pl.DataFrame, log: Log) -> list[Item]:
    """Every commitment of the release with its acts, in the text's order."""
    rows = candidates.to_dicts()
    followed = follow(log.of("commitment"), [Reviewed.of(row, row["file_name"]) for row in rows])
    return [Item(row, followed[row["commitment_id"]], row["commitment_id"] in log.by_commitment) for row in rows]


def confirmed_cards(log: Log) -> dict[str, str | None]:
    """Indicator code → the 口径 version that a person confirmed last, None where the act names none (any version)."""
    return {
        act.subject_key: act.payload.get("definition_version")
        for act in log.of("indicator")
        if act.event_type == INDICATOR_CONFIRMED
    }


def relations(item: Item, others: dict[str, Item]) -> list[dict[str, Any]]:
    """What it is said to repeat or to be part of, with the decision so far."""
    found = []
    for name, event_type, key, words in (
        ("restates", RESTATEMENT, "root_commitment_id", ("重复表述", "主项")),
        ("part_of", PART, "whole_commitment_id", ("组成部分", "总项")),
    ):
        decision = item.decided(event_type)
        proposed = item.row[name] or (decision.payload[key] if decision else None)
        other = others.get(proposed or "")
        if other is None or (other.id == item.id and not item.row[name]):
            continue
        verdict = "" if decision is None else "is" if decision.payload[key] == other.id != item.id else "not"
        found.append(
            {
                "name": name,
                "word": words[0],
                "whole": words[1],
                "other": other,
                "verdict": verdict,
                "decision": decision,
            }
        )
    return found


def conflicts(pairs: pl.DataFrame, rows: Sequence[dict[str, Any]], log: Log) -> list[Conflict]:
    """Clauses that disagree, open ones first; those whose decision the release already follows are left out."""
    published = {row["commitment_id"] for row in pairs.to_dicts() if row["is_decided"]}
    found = conflicts_of(pairs.to_dicts(), rows, log.of("commitment"))
    shown = [c for c in found if c.is_open or not any(row["commitment_id"] in published for row in c.rows)]
    return sorted(shown, key=lambda conflict: not conflict.is_open)


def counts(found: Sequence[Item]) -> dict[str, int]:
    """Items by state, in the order of STATES."""
    made: dict[str, int] = dict.fromkeys(STATES, 0)
    for item in found:
        made[item.state] += 1
    return made


def waiting(found: Sequence[Item]) -> list[Item]:
    """Those nobody has reviewed."""
    return [item for item in found if item.state == PENDING]
