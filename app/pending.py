"""People's acts as the log has them now, beside the release: what is not published yet is marked 待发布, never hidden.

Here: reading the log once an event, and telling which acts the release does not hold. Not here: recording acts
(acting.py), and what an act means for figures (only the next release says that).
"""

from __future__ import annotations

import json
import logging
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import polars as pl
import streamlit as st

from app.context import RunContext
from app.queries.core import last_event, subjects
from ingestion.evaluation import BUREAU_TIME
from ingestion.registry.acts import Act, standing
from ingestion.registry.editing import LABELS
from ingestion.registry.events import UNDONE, Registry
from ingestion.registry.task_states import Task, read_tasks
from ingestion.registry.vocabulary import EVENT_TYPES
from ingestion.settings import load_settings
from ingestion.tables import empty

_KEY = "_run_log"


@dataclass(frozen=True)
class Log:
    """The log of one page run: acts in force, every event, and the number of the last event that the release holds."""

    acts: list[Act]
    events: pl.DataFrame
    published_no: int
    undone: dict[int, int] = field(default_factory=dict)
    is_readable: bool = True

    @cached_property
    def pending(self) -> list[dict[str, Any]]:
        """Events after the release that still make a difference: an act and its own undo cancel out."""
        rows = self.events.filter(pl.col("event_no") > self.published_no).to_dicts()
        newer = {row["event_no"] for row in rows}
        return [row for row in rows if row["event_no"] not in self.undone and row["undoes_event_no"] not in newer]

    @cached_property
    def tasks(self) -> dict[str, Task]:
        return read_tasks(act for act in self.acts if act.subject_type in ("task", "node"))

    @cached_property
    def by_commitment(self) -> dict[str, list[str]]:
        """commitment_id → labels of its acts that the release does not hold."""
        found: dict[str, list[str]] = {}
        for row in self.pending:
            for commitment_id in self._commitments(row):
                labels = found.setdefault(commitment_id, [])
                label = label_of(row)
                if label not in labels:
                    labels.append(label)
        return found

    @cached_property
    def subjects(self) -> set[tuple[str, str]]:
        """(type, key) of every subject with an act that the release does not hold; a node's task counts too."""
        keys = {(row["subject_type"], row["subject_key"]) for row in self.pending}
        return keys | {("task", key.split("/")[0]) for kind, key in keys if kind == "node"}

    @cached_property
    def names(self) -> dict[str, str]:
        """Key of a task, rectification, calendar entry or commitment → what it is called."""
        called = {}
        for row in self.events.iter_rows(named=True):
            said = json.loads(row["payload"])
            name = said.get("task_name") or said.get("matter") or said.get("quote")
            if name and row["event_type"] != UNDONE and "/" not in row["subject_key"]:
                called[row["subject_key"]] = str(name)
        return called

    def of(self, *subject_types: str) -> list[Act]:
        """Acts in force about the given kinds of subjects, in order."""
        return [act for act in self.acts if act.subject_type in subject_types]

    def pending_of(self, commitment_id: str) -> list[dict[str, Any]]:
        """Acts about one commitment, and its tasks and rectifications, that the release does not hold."""
        return [row for row in self.pending if commitment_id in self._commitments(row)]

    def _commitments(self, row: dict[str, Any]) -> list[str]:
        said = json.loads(row["payload"])
        if row["subject_type"] == "commitment":
            return [row["subject_key"]]
        if "commitment_id" in said:
            return [said["commitment_id"]]
        task = self.tasks.get(str(said.get("task_key") or row["subject_key"]))
        if task:
            return [task.commitment.commitment_id]
        opened = self._opened.get(row["subject_key"])
        return [opened] if opened else []

    @cached_property
    def _opened(self) -> dict[str, str]:
        return {
            act.subject_key: act.payload["commitment_id"]
            for act in self.acts
            if act.event_type == "rectification.opened"
        }


def registry() -> Registry:
    """The log of the bureau in force."""
    return Registry(load_settings().paths.registry)


def open_log(run: RunContext) -> Log:
    """Read the log for this run, or what is remembered of it where no event came since."""
    try:
        own = registry()
        last = own.last_event_no()
        stamp = own.path.stat().st_ino if own.path.exists() else 0
        acts, events, undone = _read(str(own.path), stamp, last)
        published = _published_no(run, events)
        if run.scope:
            acts, events = _own(run, acts, events)
            log = Log(acts, events, published, undone)
        else:
            log = _whole(str(own.path), stamp, last, published)
    except (OSError, sqlite3.Error):  # figures are shown all the same
        logging.getLogger("duban.app").exception("the log cannot be read")
        log = Log([], empty("registry__events"), 0, is_readable=False)
    st.session_state[_KEY] = log
    return log


def _own(run: RunContext, acts: list[Act], events: pl.DataFrame) -> tuple[list[Act], pl.DataFrame]:
    """What is about the commitments of a person's region, tasks and rectifications opened since among it."""
    known = subjects(run.release)
    keys = {a.subject_key for a in acts if a.payload.get("commitment_id") in known} | known
    mine = pl.col("subject_key").str.split("/").list.first().is_in(list(keys))
    return [act for act in acts if act.subject_key.split("/")[0] in keys], events.filter(mine)


def current() -> Log:
    """The log of this run."""
    return st.session_state[_KEY]


@st.cache_resource(show_spinner=False, max_entries=4)
def _read(path: str, stamp: int, last: int) -> tuple[list[Act], pl.DataFrame, dict[int, int]]:  # noqa: ARG001 - cache key
    own = Registry(load_settings().paths.registry)
    events = own.events()
    undone = events.filter(pl.col("undoes_event_no").is_not_null())
    return standing(own), events, dict(undone.select("undoes_event_no", "event_no").iter_rows())


@st.cache_resource(show_spinner=False, max_entries=4)
def _whole(path: str, stamp: int, last: int, published: int) -> Log:
    """The log without bounds, shared by all sessions with what it has worked out of itself."""
    acts, events, undone = _read(path, stamp, last)
    return Log(acts, events, published, undone)


def _published_no(run: RunContext, events: pl.DataFrame) -> int:
    """The last event that the release holds; by time where a release is older than its table of events."""
    known = last_event(run.whole)
    if known is not None:
        return known
    if run.published_at is None or events.is_empty():
        return 0
    before = events.filter(pl.col("occurred_at") <= run.published_at.astimezone(UTC).replace(tzinfo=None))
    return int(before["event_no"].max() or 0)  # type: ignore[arg-type]


def label_of(row: dict[str, Any]) -> str:
    """An event in words: 确认承诺, 撤回“确认承诺”."""
    if row["event_type"] == UNDONE:
        undone = json.loads(row["payload"]).get("event_type", "")
        known = EVENT_TYPES.get(undone)
        return f"撤回“{known.label if known else undone}”"
    known = EVENT_TYPES.get(row["event_type"])
    return known.label if known else row["event_type"]


def at_bureau(at: datetime) -> datetime:
    """A naive UTC instant of the log in the bureau's time."""
    return at.replace(tzinfo=UTC).astimezone(BUREAU_TIME)


def described(row: dict[str, Any], log: Log | None = None) -> dict[str, Any]:
    """An event as pages list it: number, label, what it is about and says, who, why, when."""
    said = json.loads(row["payload"])
    named = log.names.get(row["subject_key"].split("/")[0], "") if log else ""
    return {
        "no": row["event_no"],
        "label": label_of(row),
        "about": str(said.get("quote") or said.get("task_name") or said.get("matter") or named or row["subject_key"]),
        "says": saying(row["event_type"], said),
        "who": row["actor"],
        "why": row["reason"],
        "at": at_bureau(row["occurred_at"]),
        "undoes": row["undoes_event_no"],
        "act": said.get("act"),
    }


def of_act(act: Act, log: Log) -> dict[str, Any]:
    """An act in force as pages list it, with whether the release holds it."""
    known = EVENT_TYPES.get(act.event_type)
    return {
        "no": act.event_no, "label": known.label if known else act.event_type,
        "says": saying(act.event_type, act.payload),
        "who": act.actor, "why": act.reason, "at": at_bureau(act.occurred_at),
        "is_pending": act.event_no > log.published_no,
    }  # fmt: skip


_UNSAID = {
    "plan",
    "quote",
    "number_text",
    "kind",
    "act",
    "commitment_id",
    "task_key",
    "event_type",
    "task_name",
    "matter",
}


def saying(event_type: str, said: dict[str, Any]) -> str:
    """What an event says beyond what it is about: 目标值 60 → 65；时限 …"""
    known = EVENT_TYPES.get(event_type)
    if known is None:
        return ""
    parts = []
    for name in known.fields:
        value = said.get(name)
        if name in _UNSAID or value in (None, "", []):
            continue
        if name == "changes":
            parts += [
                f"{LABELS.get(key, key)} {change['old'] or '空'} → {change['new'] or '空'}"
                for key, change in value.items()
            ]
        elif isinstance(value, dict):
            continue
        else:
            shown = "、".join(value) if isinstance(value, list) else value
            parts.append(f"{known.fields[name].label} {shown}")
    return "；".join(parts)


def as_date(text: str | None) -> date | None:
    """A payload's date."""
    return date.fromisoformat(text) if text else None
