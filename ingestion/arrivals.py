"""Arrivals: every file as it was submitted, kept by content, and the register of attempts.

Here: finding files in a folder, the stability check, safe names, refusing what is no plain file, receipt times. Not
here: opening a file to understand it (workbooks/, plans/). Bytes stand in `<root>/<sha[:2]>/<sha>` and never change; a
file_id names one attempt and grows with every attempt. The same bytes again are no new attempt, except where a path
held other bytes in between: whoever puts the old file back means it.
"""

from __future__ import annotations

import csv
import hashlib
import os
import sqlite3
import stat
import time
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ingestion.durable import fsync_folder

Kind = Literal["workbook", "plan"]

RECEIPTS = "receipts.csv"
SKIPPED_NAMES = {RECEIPTS, "plans.csv", "thumbs.db", "desktop.ini"}
SKIPPED_PREFIXES = (".", "~$")
SKIPPED_SUFFIXES = (".tmp", ".part", ".partial", ".crdownload")
# A file written to more recently than this is looked at twice.
FRESH_SECONDS = 10
NAME_LENGTH = 200

_SCHEMA = """
create table if not exists attempts (
    file_id integer primary key autoincrement, sha256 text not null, file_name text not null, kind text not null,
    size_bytes integer not null, received_at text not null, refusal text not null default '',
    purged_at text not null default '');
create index if not exists attempts_by_content on attempts (sha256, kind);
create table if not exists seen (
    path blob not null, kind text not null, size_bytes integer not null, changed_ns integer not null,
    sha256 text not null, primary key (path, kind));
"""


@dataclass(frozen=True)
class Arrival:
    """One attempt. `refusal` is a Chinese reason where nothing was kept, `purged_at` (UTC) when what was kept was
    destroyed; then `path` does not exist."""

    file_id: int
    sha256: str
    file_name: str
    kind: str
    size_bytes: int
    received_at: datetime
    path: Path
    is_new: bool
    refusal: str = ""
    purged_at: datetime | None = None


@dataclass(frozen=True)
class _Look:
    path: Path
    size: int
    changed_ns: int
    refusal: str


class Arrivals:
    """The arrivals of one bureau at `root`."""

    def __init__(self, root: Path, *, max_file_mb: int = 64, look_seconds: float = 1.0) -> None:
        self.root = Path(root)
        self.max_bytes = max_file_mb * 1024 * 1024
        self.look_seconds = look_seconds
        self.pending: list[str] = []  # names not stable yet at the last collect

    def collect(self, folder: Path, kind: Kind) -> list[Arrival]:
        """Take in what is new in `folder`, of a plan folder directly in it; return every attempt of `kind`.

        Attempts are ordered by file_id, those made now have is_new. Files still being written are left for next time.
        """
        receipts, problem = _receipts(folder)
        with self._register() as register:
            seen = {
                row[0]: row[1:]
                for row in register.execute(
                    "select path, size_bytes, changed_ns, sha256 from seen where kind = ?", (kind,)
                )
            }
            looks = [
                look
                for look in self._looks(folder, recursive=kind == "workbook")
                if seen.get(os.fsencode(look.path), ())[:2] != (look.size, look.changed_ns)
            ]
            now = datetime.now(UTC).replace(tzinfo=None)
            due = sorted(
                ((receipts.get(look.path.relative_to(folder).as_posix(), now), look) for look in self._stable(looks)),
                key=lambda pair: (pair[0], os.fsencode(pair[1].path)),
            )
            before = self._last_id(register)
            for received_at, look in due:
                previous = seen.get(os.fsencode(look.path), (0, 0, ""))[2]
                self._take(register, folder, look, kind, received_at, previous)
            if problem:
                self._refuse(register, RECEIPTS, kind, problem, now)
            if due:
                os.sync()  # one sync for all: the register must not name bytes that a power cut loses
            register.commit()
            return self._attempts(register, kind, before)

    def submit(self, data: bytes, file_name: str, kind: Kind, received_at: datetime | None = None) -> Arrival:
        """Take in one upload. The name is only a label: no part of it becomes a path."""
        moment = (received_at.astimezone(UTC) if received_at else datetime.now(UTC)).replace(tzinfo=None)
        name = safe_name(file_name.replace("\\", "/").rsplit("/", 1)[-1])
        with self._register() as register:
            before = self._last_id(register)
            sha256 = self._keep(data)
            file_id = self._attempt(register, sha256, name, kind, len(data), moment)
            fsync_folder(self.root / sha256[:2])
            register.commit()
            return next(a for a in self._attempts(register, kind, before) if a.file_id == file_id)

    def all(self, kind: Kind) -> list[Arrival]:
        """Every attempt of one kind, oldest first."""
        with self._register() as register:
            return self._attempts(register, kind, self._last_id(register))

    def restrict(self, file_ids: Collection[int]) -> None:
        """Let only the owner of the process read what was kept of these attempts."""
        for arrival in self.all("workbook"):
            if arrival.file_id in file_ids and arrival.path.exists():
                arrival.path.chmod(0o400)

    def purge(self, file_ids: Collection[int], now: datetime) -> list[Arrival]:
        """Destroy the bytes of these attempts, kept or still in the inbox; their hashes stay. Returns those that had
        any left. `now` is UTC without a zone."""
        destroyed = []
        with self._register() as register:
            for arrival in self._attempts(register, "workbook", 0):
                if arrival.file_id not in file_ids:
                    continue
                query = "select path from seen where sha256 = ?"
                copies = [Path(os.fsdecode(path)) for (path,) in register.execute(query, (arrival.sha256,))]
                left = [p for p in (arrival.path, *copies) if _is_content(p, arrival.sha256)]
                for path in left:
                    path.unlink()
                    fsync_folder(path.parent)
                if left:
                    register.execute(
                        "update attempts set purged_at = ? where sha256 = ? and purged_at = ''",
                        (now.isoformat(sep=" ", timespec="seconds"), arrival.sha256),
                    )
                    destroyed.append(arrival)
            register.commit()
        return destroyed

    @contextmanager
    def _register(self) -> Iterator[sqlite3.Connection]:
        self.root.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.root / "register.sqlite", timeout=30)) as register:
            register.execute("pragma journal_mode = wal")
            register.execute("pragma synchronous = full")
            register.executescript(_SCHEMA)
            if "purged_at" not in {row[1] for row in register.execute("pragma table_info(attempts)")}:
                register.execute("alter table attempts add column purged_at text not null default ''")
            yield register

    def _looks(self, folder: Path, *, recursive: bool) -> Iterator[_Look]:
        if not folder.is_dir():
            return
        pattern = sorted(folder.rglob("*") if recursive else folder.glob("*"))
        for path in pattern:
            name = path.name.lower()
            if name in SKIPPED_NAMES or name.startswith(SKIPPED_PREFIXES) or name.endswith(SKIPPED_SUFFIXES):
                continue
            with suppress(FileNotFoundError):
                status = path.lstat()
                if stat.S_ISDIR(status.st_mode) and not path.suffix:
                    continue
                yield _Look(path, status.st_size, status.st_mtime_ns, self._refusal(status))

    def _refusal(self, status: os.stat_result) -> str:
        if stat.S_ISLNK(status.st_mode):
            return "是符号链接，不是文件；请直接放入文件本身"
        if stat.S_ISDIR(status.st_mode):
            return "是文件夹，不是文件；请把文件夹里的表放入收件夹"
        if not stat.S_ISREG(status.st_mode):
            return "是管道或设备，不是文件；请放入普通文件"
        if status.st_size > self.max_bytes:
            return f"文件超过 {self.max_bytes // 1024 // 1024} MB；请拆分后重新报送"
        return ""

    def _stable(self, looks: list[_Look]) -> list[_Look]:
        """Drop what changed between two looks; only files written to just now are worth the wait."""
        self.pending = []
        fresh = time.time_ns() - FRESH_SECONDS * 1_000_000_000
        recent = [look for look in looks if look.changed_ns > fresh and not look.refusal]
        if not recent:
            return looks
        time.sleep(self.look_seconds)
        unstable = set()
        for look in recent:
            with suppress(FileNotFoundError):
                status = look.path.lstat()
                if (status.st_size, status.st_mtime_ns) == (look.size, look.changed_ns):
                    continue
            unstable.add(look.path)
        self.pending = sorted(safe_name(path.name) for path in unstable)
        return [look for look in looks if look.path not in unstable]

    def _take(
        self, register: sqlite3.Connection, folder: Path, look: _Look, kind: str, received_at: datetime, previous: str
    ) -> None:
        name = safe_name(look.path.relative_to(folder).as_posix())
        data = b"" if look.refusal else _read_plain(look.path, look.size)
        if data is None:  # changed under our eyes: next time
            self.pending.append(name)
            return
        if look.refusal:
            sha256 = self._refuse(register, name, kind, look.refusal, received_at)
        else:
            sha256 = self._keep(data)
            again = bool(previous) and previous != sha256
            self._attempt(register, sha256, name, kind, len(data), received_at, again=again)
        register.execute(
            "insert or replace into seen values (?, ?, ?, ?, ?)",
            (os.fsencode(look.path), kind, look.size, look.changed_ns, sha256),
        )

    def _keep(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.root / sha256[:2] / sha256
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            temporary = target.with_suffix(".tmp")
            temporary.write_bytes(data)
            temporary.chmod(0o440)
            temporary.replace(target)
        return sha256

    def _attempt(  # noqa: PLR0913
        self,
        register: sqlite3.Connection,
        sha256: str,
        name: str,
        kind: str,
        size: int,
        received_at: datetime,
        *,
        again: bool = False,
        refusal: str = "",
    ) -> int:
        query = "select max(file_id) from attempts where sha256 = ? and kind = ?"
        known = register.execute(query, (sha256, kind)).fetchone()[0]
        if known and not again:
            return known
        cursor = register.execute(
            """insert into attempts (sha256, file_name, kind, size_bytes, received_at, refusal)
            values (?, ?, ?, ?, ?, ?)""",
            (sha256, name, kind, size, received_at.isoformat(sep=" ", timespec="microseconds"), refusal),
        )
        return int(cursor.lastrowid or 0)

    def _refuse(self, register: sqlite3.Connection, name: str, kind: str, refusal: str, received_at: datetime) -> str:
        key = "refused:" + hashlib.sha256(f"{name}|{refusal}".encode()).hexdigest()
        self._attempt(register, key, name, kind, 0, received_at, refusal=refusal)
        return key

    def _last_id(self, register: sqlite3.Connection) -> int:
        return register.execute("select coalesce(max(file_id), 0) from attempts").fetchone()[0]

    def _attempts(self, register: sqlite3.Connection, kind: str, before: int) -> list[Arrival]:
        query = """select file_id, sha256, file_name, size_bytes, received_at, refusal, purged_at from attempts
                   where kind = ? order by file_id"""
        return [
            Arrival(
                i,
                sha,
                name,
                kind,
                size,
                datetime.fromisoformat(at),
                self.root / sha[:2] / sha,
                i > before,
                refusal,
                datetime.fromisoformat(purged) if purged else None,
            )
            for i, sha, name, size, at, refusal, purged in register.execute(query, (kind,))
        ]


def safe_name(name: str) -> str:
    """A name fit for screens and logs: no control, direction or unreadable characters, bounded length.

    >>> safe_name("a\u202excod.xlsx")
    'a_xcod.xlsx'
    """
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = unicodedata.normalize("NFC", text)
    text = "".join("_" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} else c for c in text)
    return text if len(text) <= NAME_LENGTH else f"{text[: NAME_LENGTH - 21]}…{text[-20:]}"


def _read_plain(path: Path, size: int) -> bytes | None:
    """The bytes of a plain file of the expected size; None where it is no longer that file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = stream.read(size + 1)
    return data if len(data) == size else None


def _is_content(path: Path, sha256: str) -> bool:
    """Whether a plain file with exactly these bytes stands at `path`."""
    return path.is_file() and not path.is_symlink() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _receipts(folder: Path) -> tuple[dict[str, datetime], str]:
    """Declared receipt times by relative path, and a Chinese complaint where rows of receipts.csv cannot be used."""
    path = folder / RECEIPTS
    if not path.is_file() or path.is_symlink():
        return {}, ""
    receipts, bad = {}, []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            try:
                moment = datetime.fromisoformat((row.get("received_at") or "").strip())
            except ValueError:
                bad.append(str(number))
                continue
            if moment.tzinfo:
                moment = moment.astimezone(UTC).replace(tzinfo=None)
            receipts[(row.get("file") or "").strip()] = moment
    return receipts, f"第 {'、'.join(bad[:20])} 行的 received_at 无法识别；请写成 2020-10-08 09:30:00" if bad else ""
