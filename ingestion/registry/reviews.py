"""Review of what was extracted: confirm, reject, take back. The command line and the app both act through here.

A review attaches to a commitment's id, which is stable for (document, quote, number); the event repeats those three so
that the log can be read on its own. Which figures a review allows is decided in SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from ingestion.registry.events import UNDONE, NewEvent, Registry, RegistryError

CONFIRMED, REJECTED = "commitment.confirmed", "commitment.rejected"
INDICATOR_CONFIRMED, LINK_CONFIRMED = "indicator.confirmed", "link.confirmed"


@dataclass(frozen=True)
class Reviewed:
    """The commitment that a review is about: its id, its plan's file name, and the words it rests on."""

    commitment_id: str
    plan: str
    quote: str
    number_text: str | None = None

    @classmethod
    def of(cls, record: Mapping[str, Any], plan: str) -> Reviewed:
        """From a record of `duban extract` (key `id`) or a row of plans__commitments (key `commitment_id`)."""
        return cls(record.get("commitment_id") or record["id"], plan, record["quote"], record.get("number_text"))

    def event(self, event_type: str, by: str, why: str, at: datetime | None = None) -> NewEvent:
        """The event of a review act on this commitment."""
        payload = {"plan": self.plan, "quote": self.quote, "number_text": self.number_text}
        return NewEvent(event_type, "commitment", self.commitment_id, payload, by, why, at)


def confirm(registry: Registry, commitment: Reviewed, by: str, why: str) -> int:
    """Confirm one commitment; returns the event's number. Raises RegistryError without who or why."""
    return registry.append_all([commitment.event(CONFIRMED, by, why)])[0]


def reject(registry: Registry, commitment: Reviewed, by: str, why: str) -> int:
    """Say that a commitment is none; returns the event's number. Raises RegistryError without who or why."""
    return registry.append_all([commitment.event(REJECTED, by, why)])[0]


def confirm_plan(registry: Registry, commitments: Iterable[Reviewed], by: str, why: str) -> list[int]:
    """Confirm, all or none, those of a plan's commitments that nobody has reviewed; returns the events' numbers.

    One that is already confirmed or rejected keeps its review: a bulk act never overrules a person's single one.
    """
    reviewed = set(states(registry.events(), "commitment")["subject_key"])
    events = [c.event(CONFIRMED, by, why) for c in commitments if c.commitment_id not in reviewed]
    return registry.append_all(events)


def confirm_indicator(registry: Registry, indicator_code: str, definition_version: str, by: str, why: str) -> int:
    """Confirm an indicator card in its present 口径 version; returns the event's number."""
    payload = {"definition_version": definition_version}
    return registry.append(INDICATOR_CONFIRMED, "indicator", indicator_code, payload, by, why)


def confirm_link(registry: Registry, commitment_id: str, indicator_code: str, by: str, why: str) -> int:
    """Confirm that a card measures a commitment; returns the event's number."""
    return registry.append(LINK_CONFIRMED, "commitment", commitment_id, {"indicator_code": indicator_code}, by, why)


def take_back(registry: Registry, subject_type: str, subject_key: str, by: str, why: str) -> int:
    """Undo the act that decides a subject's present state. Raises RegistryError where there is none."""
    found = states(registry.events(), subject_type).filter(pl.col("subject_key") == subject_key)
    if found.is_empty():
        raise RegistryError(f"“{subject_key}”没有可撤回的审核")
    return registry.undo(found["event_no"].item(), by, why)


def states(events: pl.DataFrame, subject_type: str) -> pl.DataFrame:
    """The review act in force for each subject: subject_key, event_type, event_no, actor, reason, occurred_at.

    `events` as Registry.events() gives them; undone acts do not count, and of the others the last one decides.
    """
    undone = events["undoes_event_no"].drop_nulls().implode()
    reviews = (CONFIRMED, REJECTED, INDICATOR_CONFIRMED)
    in_force = pl.col("event_type").is_in(reviews) & ~pl.col("event_no").is_in(undone)
    return (
        events.filter((pl.col("subject_type") == subject_type) & (pl.col("event_type") != UNDONE) & in_force)
        .sort("event_no")
        .group_by("subject_key", maintain_order=True)
        .last()
        .select("subject_key", "event_type", "event_no", "actor", "reason", "occurred_at")
    )
