"""The append-only event log: who did what to which subject, when and why. What an event means is not decided here.

One SQLite file in WAL mode serves several processes; every append is on disk before it returns. Nothing is ever
changed or deleted: an undo is an event that names the event it takes back.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from ingestion.registry.store import NewEvent, RegistryError, connect, insert
from ingestion.registry.vocabulary import UNDONE
from ingestion.tables import REGISTRY

__all__ = ["UNDONE", "NewEvent", "Registry", "RegistryError"]

_COLUMNS = list(REGISTRY["registry__events"])


class Registry:
    """The log at `path`, created on first use. Safe for threads, forks and several processes at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    def append(
        self,
        event_type: str,
        subject_type: str,
        subject_key: str,
        payload: Mapping[str, object],
        actor: str,
        reason: str,
        occurred_at: datetime | None = None,
    ) -> int:
        """Append one event and return its number. A naive `occurred_at` is UTC; none means now.

        Raises RegistryError where who or why is missing.
        """
        return self.append_all([NewEvent(event_type, subject_type, subject_key, payload, actor, reason, occurred_at)])[
            0
        ]

    def append_all(self, events: Iterable[NewEvent]) -> list[int]:
        """Append events in one transaction, all or none, and return their numbers."""
        with self._writing() as connection:
            return [insert(connection, event) for event in events]

    def undo(self, event_no: int, actor: str, reason: str, occurred_at: datetime | None = None) -> int:
        """Take an event back by a new one, and return its number.

        Raises RegistryError where there is no such event, it is undone already, or it is itself an undo (then the
        original act is done again instead, so that the log reads forward).
        """
        with self._writing() as connection:
            query = "select event_type, subject_type, subject_key from events where event_no = ?"
            found = connection.execute(query, [event_no]).fetchone()
            if found is None:
                raise RegistryError(f"没有第{event_no}号事件，无法撤回")
            if found[0] == UNDONE:
                raise RegistryError(f"第{event_no}号事件本身就是撤回，请重新办理原来的事项")
            done = connection.execute("select event_no from events where undoes_event_no = ?", [event_no]).fetchone()
            if done:
                raise RegistryError(f"第{event_no}号事件已由第{done[0]}号事件撤回")
            event = NewEvent(UNDONE, found[1], found[2], {"event_type": found[0]}, actor, reason, occurred_at)
            return insert(connection, event, event_no)

    def events(self) -> pl.DataFrame:
        """Every event in order, with the schema of tables.REGISTRY['registry__events']; empty where no log exists."""
        schema = REGISTRY["registry__events"]
        if not self.path.exists():
            return pl.DataFrame(schema=schema)
        rows = self._connection().execute(f"select {', '.join(_COLUMNS)} from events order by event_no").fetchall()
        frame = pl.DataFrame(rows, schema=schema | {"occurred_at": pl.String}, orient="row")
        return frame.with_columns(pl.col("occurred_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.6f", time_unit="us"))

    def last_event_no(self) -> int:
        """The number of the newest event, 0 where there is none."""
        if not self.path.exists():
            return 0
        return self._connection().execute("select coalesce(max(event_no), 0) from events").fetchone()[0]

    def export_jsonl(self, path: Path) -> int:
        """Write every event, a JSON object a line, an undo by `undoes` (an event_id); returns how many."""
        columns = ", ".join(f"e.{column}" for column in ["event_id", *_COLUMNS[1:-1]])
        query = f"select {columns}, u.event_id from events e left join events u on u.event_no = e.undoes_event_no"
        rows = self._connection().execute(f"{query} order by e.event_no").fetchall() if self.path.exists() else []
        with path.open("w", encoding="utf-8") as file:
            for row in rows:
                record = dict(zip(["event_id", *_COLUMNS[1:-1], "undoes"], row, strict=True))
                record |= {"payload": json.loads(record["payload"]), "occurred_at": f"{record['occurred_at']}Z"}
                kept = {key: value for key, value in record.items() if value is not None}
                file.write(json.dumps(kept, ensure_ascii=False) + "\n")
        return len(rows)

    def import_jsonl(self, path: Path) -> int:
        """Append the events of a file that this log does not hold yet, all or none; returns how many were new.

        A line without `event_id` gets one from its own content, so that importing a hand-written file twice is a
        no-op. Raises RegistryError naming the line that cannot be taken.
        """
        added = 0
        with self._writing() as connection:
            for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
                if line.strip():
                    try:
                        added += _import(connection, json.loads(line))
                    except (ValueError, KeyError, TypeError, AttributeError, sqlite3.Error, RegistryError) as error:
                        raise RegistryError(f"{path.name} 第{number}行无法导入（{error}），整个文件未采用") from error
        return added

    def close(self) -> None:
        """Close this thread's connection; the next call opens a new one."""
        connection = getattr(self._local, "connection", None)
        if connection is not None and self._local.pid == os.getpid():
            connection.close()
        self._local.connection = None

    def _connection(self) -> sqlite3.Connection:
        # a connection must not cross a fork or a thread
        if getattr(self._local, "connection", None) is None or self._local.pid != os.getpid():
            self._local.connection, self._local.pid = connect(self.path), os.getpid()
        return self._local.connection

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Keep every other writer out for one decision: what is read inside still holds when it is acted on."""
        with self._writing():
            yield

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        if connection.in_transaction:  # inside deciding()
            yield connection
            return
        connection.execute("begin immediate")
        try:
            yield connection
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise


def _import(connection: sqlite3.Connection, record: dict[str, Any]) -> int:
    canonical = json.dumps(record, ensure_ascii=False, sort_keys=True)
    event_id = record.get("event_id") or sha256(canonical.encode()).hexdigest()[:32]
    if connection.execute("select 1 from events where event_id = ?", [event_id]).fetchone():
        return 0
    undoes = None
    if record.get("undoes"):
        found = connection.execute("select event_no from events where event_id = ?", [record["undoes"]]).fetchone()
        if found is None:
            raise RegistryError(f"所撤回的事件{record['undoes']}不在登记簿中")
        undoes = found[0]
    event = NewEvent(
        record["event_type"],
        record["subject_type"],
        record["subject_key"],
        record.get("payload") or {},
        record["actor"],
        record["reason"],
        datetime.fromisoformat(record["occurred_at"]),
        event_id,
    )
    insert(connection, event, undoes)
    return 1
