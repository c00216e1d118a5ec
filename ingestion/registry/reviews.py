"""Review of what was extracted: confirm, reject, set aside, take back. The command line and the app both act here.

A review attaches to a commitment's id, which is stable for (document, quote, number); the event repeats those three, so
that a review follows its commitment when re-extraction gives it another id. Which figures a review allows is decided in
SQL (int_commitment_reviews); `state_of` says the same of acts that no release shows yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.registry.acts import Act, Who, record, standing
from ingestion.registry.events import NewEvent, Registry, RegistryError

CONFIRMED, REJECTED = "commitment.confirmed", "commitment.rejected"
DRAFTED, EDITED = "commitment.drafted", "commitment.edited"
INDICATOR_CONFIRMED, LINK_CONFIRMED = "indicator.confirmed", "link.confirmed"
PENDING, ADJUSTED = "待核", "已调整"
STATES = {CONFIRMED: "已确认", EDITED: ADJUSTED, DRAFTED: "草稿", REJECTED: "撤销"}
REVIEWS = tuple(STATES)


@dataclass(frozen=True)
class Reviewed:
    """The commitment that an act is about: its id, its plan's file name, and the words it rests on."""

    commitment_id: str
    plan: str
    quote: str
    number_text: str | None = None
    kind: str | None = None

    @classmethod
    def of(cls, record: Mapping[str, Any], plan: str) -> Reviewed:
        """From a record of `duban extract` (key `id`) or a row of plans__commitments (key `commitment_id`)."""
        commitment_id = record.get("commitment_id") or record["id"]
        return cls(commitment_id, plan, record["quote"], record.get("number_text"), record.get("kind"))

    @property
    def words(self) -> dict[str, str | None]:
        """The payload fields that let an event follow this commitment."""
        return {"plan": self.plan, "quote": self.quote, "number_text": self.number_text, "kind": self.kind}

    def event(self, event_type: str, who: Who, **fields: object) -> NewEvent:
        """The event of an act on this commitment."""
        return who.event(event_type, "commitment", self.commitment_id, self.words | fields)


def follow(acts: Iterable[Act], commitments: Sequence[Reviewed]) -> dict[str, list[Act]]:
    """commitment_id → its acts in order: by the id an act names, by (plan, quote, number) where that id is gone."""
    ids = {c.commitment_id for c in commitments}
    by_words: dict[tuple[object, ...], list[str]] = {}
    for c in commitments:
        by_words.setdefault((c.plan, c.quote, c.number_text or ""), []).append(c.commitment_id)
    followed: dict[str, list[Act]] = {commitment_id: [] for commitment_id in ids}
    for act in acts:
        named = act.payload.get("commitment_id", act.subject_key)
        said = act.payload
        words = said.get("plan"), said.get("quote"), said.get("number_text") or ""
        for commitment_id in [named] if named in ids else by_words.get(words, []):
            followed[commitment_id].append(act)
    return followed


def state_of(acts: Iterable[Act]) -> str:
    """草稿 待核 已确认 已调整 撤销, of one commitment's standing acts in order."""
    reviews = [act for act in acts if act.event_type in STATES]
    if not reviews:
        return PENDING
    last = reviews[-1].event_type
    is_edited = last == CONFIRMED and any(act.event_type == EDITED for act in reviews)
    return ADJUSTED if is_edited else STATES[last]


def confirm(registry: Registry, commitments: Iterable[Reviewed], who: Who) -> list[int]:
    """Confirm commitments in one act; returns the events' numbers. Raises RegistryError without who or why."""
    return record(registry, [c.event(CONFIRMED, who) for c in commitments], together=True)


def reject(registry: Registry, commitments: Iterable[Reviewed], who: Who) -> list[int]:
    """Say that these are no commitments; returns the events' numbers."""
    return record(registry, [c.event(REJECTED, who) for c in commitments], together=True)


def draft(registry: Registry, commitments: Iterable[Reviewed], who: Who) -> list[int]:
    """Set commitments aside as 草稿, to be clarified before review: a bulk confirmation passes them over."""
    return record(registry, [c.event(DRAFTED, who) for c in commitments], together=True)


def confirm_plan(registry: Registry, commitments: Iterable[Reviewed], who: Who) -> list[int]:
    """Confirm, all or none, those of a plan's commitments that nobody has reviewed; returns the events' numbers.

    One that is confirmed, rejected or set aside keeps its review: a bulk act never overrules a person's single one.
    """
    candidates = list(commitments)
    with registry.deciding():
        followed = follow(standing(registry, "commitment"), candidates)
        pending = [c for c in candidates if state_of(followed[c.commitment_id]) == PENDING]
        return confirm(registry, pending, who)


def confirm_indicators(registry: Registry, versions: Mapping[str, str], who: Who) -> list[int]:
    """Confirm indicator cards (code → present 口径 version) in one act; returns the events' numbers."""
    events = [
        who.event(INDICATOR_CONFIRMED, "indicator", code, {"definition_version": version})
        for code, version in versions.items()
    ]
    return record(registry, events, together=True)


def confirm_link(registry: Registry, commitment: Reviewed, indicator_code: str, who: Who) -> int:
    """Confirm that a card measures a commitment; returns the event's number."""
    return record(registry, [commitment.event(LINK_CONFIRMED, who, indicator_code=indicator_code)])[0]


def take_back(registry: Registry, subject_type: str, subject_key: str, by: str, why: str) -> int:
    """Undo the last review of a commitment or card. Raises RegistryError where there is none."""
    with registry.deciding():
        kinds = {*REVIEWS, INDICATOR_CONFIRMED}
        own = [a for a in standing(registry, subject_type) if a.subject_key == subject_key and a.event_type in kinds]
        if not own:
            raise RegistryError(f"“{subject_key}”没有可撤回的审核")
        return registry.undo(own[-1].event_no, by, why)
