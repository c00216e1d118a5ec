"""The log as people read it: who did what about what, when and why, and what was taken back since. Read-only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ingestion.evaluation import BUREAU_TIME
from ingestion.registry.acts import Who, record
from ingestion.registry.editing import LABELS
from ingestion.registry.events import UNDONE, Registry, RegistryError
from ingestion.registry.reviews import Reviewed
from ingestion.registry.vocabulary import EVENT_TYPES

# what the line says elsewhere, or what only machines need
_UNSAID = {
    "act", "commitment_id", "digest", "sha256", "table_checksums", "kind", "number_text", "task_key", "node_no",
    "root_number_text", "whole_number_text", "kept_number_text", "event_type",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One event in words; `undone_by` is the number of the event that took it back."""

    event_no: int
    at: datetime
    actor: str
    label: str
    subject: str
    content: str
    reason: str
    undone_by: int | None


def lines(registry: Registry, subject: str = "", actor: str = "") -> list[Line]:
    """The log in order, `at` in the bureau's time; of subjects whose key holds `subject` and of one person if given."""
    events = registry.events()
    undone = {row["undoes_event_no"]: row["event_no"] for row in events.iter_rows(named=True) if row["undoes_event_no"]}
    found = []
    for row in events.iter_rows(named=True):
        if subject not in row["subject_key"] or (actor and row["actor"] != actor):
            continue
        known = EVENT_TYPES.get(row["event_type"])
        label = known.label if known else row["event_type"]
        if row["event_type"] == UNDONE:
            label = f"撤回第{row['undoes_event_no']}号"
        at = row["occurred_at"].replace(tzinfo=UTC).astimezone(BUREAU_TIME)
        content = _content(row["event_type"], json.loads(row["payload"]))
        found.append(
            Line(row["event_no"], at, row["actor"], label, row["subject_key"], content, row["reason"],
                 undone.get(row["event_no"]))
        )  # fmt: skip
    return found


def add_note(
    registry: Registry, subject_type: str, subject_key: str, text: str, who: Who, commitment: Reviewed | None = None
) -> int:
    """Add a note to anything that has a key; returns the event's number. Raises RegistryError where it is empty."""
    if not text.strip():
        raise RegistryError("请写明批注的内容")
    words = commitment.words if commitment else {}
    return record(registry, [who.event("note.added", subject_type, subject_key, {"text": text.strip(), **words})])[0]


def _content(event_type: str, payload: Mapping[str, Any]) -> str:
    fields = EVENT_TYPES[event_type].fields if event_type in EVENT_TYPES else {}
    said = []
    for name, value in payload.items():
        if name == "changes" and isinstance(value, dict):
            said += [f"{LABELS.get(k, k)} {v['old'] or '空'} → {v['new'] or '空'}" for k, v in value.items()]
        elif name not in _UNSAID and value not in (None, "", []):
            shown = "、".join(value) if isinstance(value, list) else value
            said.append(f"{fields[name].label}：{shown}" if name in fields else f"{name}：{shown}")
    return "；".join(said)
