"""The log's SQLite file: its schema, how it comes into being, how one row is written. No reading of it."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

BUSY_SECONDS = 60.0
_SCHEMA = """
create table events (
    event_no integer primary key autoincrement,
    event_id text not null unique,
    event_type text not null check (event_type <> ''),
    subject_type text not null,
    subject_key text not null,
    payload text not null check (json_valid(payload)),
    actor text not null check (actor <> ''),
    reason text not null check (reason <> ''),
    occurred_at text not null,
    undoes_event_no integer unique references events (event_no)
);
create trigger events_are_never_changed before update on events
begin select raise(abort, '登记簿只能追加，不能修改'); end;
create trigger events_are_never_deleted before delete on events
begin select raise(abort, '登记簿只能追加，不能删除'); end;
pragma user_version = 1;
"""


class RegistryError(Exception):
    """An act that the log refuses; the message is Chinese and says what to do."""


@dataclass(frozen=True)
class NewEvent:
    """An event to append; `event_id` tells the same event apart from a repetition when logs are imported."""

    event_type: str
    subject_type: str
    subject_key: str
    payload: Mapping[str, object]
    actor: str
    reason: str
    occurred_at: datetime | None = None
    event_id: str | None = None


def connect(path: Path) -> sqlite3.Connection:
    """Open the log, making it first where there is none; commits are on disk before they return."""
    if not path.exists():
        _create(path)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("pragma synchronous = full")
    return connection


def _create(path: Path) -> None:
    """Make the whole file beside its place and link it in: of several processes one succeeds, none sees half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".registry-") as folder:
        draft = Path(folder) / path.name
        connection = sqlite3.connect(draft, isolation_level=None)
        connection.execute("pragma journal_mode = wal")
        connection.executescript(_SCHEMA)
        connection.close()
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return


def insert(connection: sqlite3.Connection, event: NewEvent, undoes: int | None = None) -> int:
    """Write one event and return its number. Raises RegistryError where who, why or what is missing."""
    for text, name in ((event.actor, "经办人"), (event.reason, "理由"), (event.event_type, "事件类型")):
        if not text.strip():
            raise RegistryError(f"请写明{name}")
    at = event.occurred_at or datetime.now(UTC)
    row = {
        "event_id": event.event_id or uuid.uuid4().hex,
        "event_type": event.event_type,
        "subject_type": event.subject_type,
        "subject_key": event.subject_key,
        "payload": json.dumps(event.payload, ensure_ascii=False, sort_keys=True),
        "actor": event.actor,
        "reason": event.reason,
        "occurred_at": (at.astimezone(UTC) if at.tzinfo else at).strftime("%Y-%m-%dT%H:%M:%S.%f"),
        "undoes_event_no": undoes,
    }
    places = ", ".join(f":{column}" for column in row)
    cursor = connection.execute(f"insert into events ({', '.join(row)}) values ({places})", row)
    return int(cursor.lastrowid or 0)
