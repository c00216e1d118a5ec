"""Releases: publish, resolve CURRENT, roll back, keep N. The only way from the build database to a reader.

A release is `releases/<seq>.duckdb`, never a fixed name: a process with an open connection would keep serving the old
file. Beside it lies `<seq>.ledger.parquet`, the attainments as they were published. CURRENT is replaced last, so a
crash anywhere leaves the old release or the new one. No meaning is computed here: marts are copied as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.durable import fsync_file, fsync_folder, reach, replace_json
from ingestion.evaluation import BUREAU_TIME

# Readable by tools still on DuckDB 1.5.
STORAGE_VERSION = "v1.5.0"
LEDGER_COLUMNS = (
    "commitment_id", "evaluation_date", "light", "status", "reason",
    "actual_value as attained_value", "target_value", "progress_pct", "lag",
)  # fmt: skip

# what changed the lights of each commitment since the release before, in order; null where nothing did
CHANGE_COLUMNS = (
    "change_no", "changed_date", "from_release_seq", "from_evaluation_date", "from_light", "to_light", "from_status",
    "to_status", "from_value", "to_value", "cause",
)  # fmt: skip

Comments = Mapping[str, Mapping[str, str]]


class NoRelease(Exception):
    """Nothing has been published yet."""


class PublishingHeld(Exception):
    """A rollback holds automatic publishing until a person releases it."""


@dataclass(frozen=True)
class Release:
    """One published file. `alarm` says in Chinese what was wrong with CURRENT when it was resolved, else None."""

    sequence: int
    path: Path
    alarm: str | None = None

    def info(self) -> dict[str, Any]:
        """What was recorded at publishing: fingerprint, evaluation_date, checksum, published_at, …"""
        with connect(self) as con:
            row = con.execute("select content from release.info").fetchone()
        return json.loads(row[0]) if row else {}


@dataclass
class Pointer:
    """The content of CURRENT: the release in force, the highest ever published, and a hold with its reason."""

    current: int
    highest: int
    hold: str | None = None
    pinned: list[int] = field(default_factory=list)


def connect(release: Release) -> duckdb.DuckDBPyConnection:
    """A read-only connection to one release, without extensions or network."""
    con = duckdb.connect(str(release.path), read_only=True, config={"autoload_known_extensions": "false"})
    con.execute("set enable_progress_bar = false")
    return con


class Releases:
    """The folder of releases. Every method leaves it in a state that readers can use."""

    def __init__(self, folder: Path, keep: int = 10) -> None:
        self.folder = folder
        self.keep = keep
        self.pointer_path = folder / "CURRENT"

    # ---- reading

    def pointer(self) -> Pointer | None:
        """CURRENT as written, or None where it is missing or damaged."""
        try:
            content = json.loads(self.pointer_path.read_text("utf-8"))
            numbers = int(content["current"]), int(content["highest"])
            return Pointer(*numbers, content.get("hold"), content.get("pinned", []))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def resolve(self) -> Release:
        """The release readers must use now.

        Where CURRENT is missing, damaged or names a deleted file, the newest complete release serves, with an alarm.
        Raises NoRelease before the first publish.
        """
        pointer = self.pointer()
        if pointer and _looks_whole(self._path(pointer.current)):
            return Release(pointer.current, self._path(pointer.current))
        # Above the highest published number lie only files of a publish that crashed before its pointer.
        limit = pointer.highest if pointer else None
        for sequence in sorted(self.sequences(), reverse=True):
            if (limit is None or sequence <= limit) and _opens(self._path(sequence)):
                why = f"CURRENT 指向的第 {pointer.current} 版已不存在" if pointer else "指针文件 CURRENT 缺失或损坏"
                alarm = f"{why}，暂用最近完好的第 {sequence} 版，请运行 duban status 查看"
                return Release(sequence, self._path(sequence), alarm)
        raise NoRelease("尚未发布任何版本：请先运行 duban refresh")

    def find(self, sequence: int) -> Release | None:
        """One release that is still kept, or None."""
        path = self._path(sequence)
        return Release(sequence, path) if _looks_whole(path) else None

    def sequences(self) -> list[int]:
        """Numbers of the release files present, ascending."""
        return sorted(int(p.stem) for p in self.folder.glob("*.duckdb") if p.stem.isdigit())

    def ledger_files(self) -> list[Path]:
        """Ledger files of what was really published: those above CURRENT are ignored."""
        pointer = self.pointer()
        limit = pointer.current if pointer else max(self.sequences(), default=0)
        files = sorted(self.folder.glob("*.ledger.parquet"))
        return [p for p in files if int(p.name.split(".")[0]) <= limit]

    def made_from(self, sequence: int) -> str:
        """What `publish` was told of the inputs of a release, kept or not; "" where it was told nothing."""
        ledger = self.folder / f"{sequence:06d}.ledger.parquet"
        if not ledger.is_file():
            return ""
        with duckdb.connect() as con:
            row = con.execute(
                f"select decode(value) from parquet_kv_metadata({_literal(ledger)}) where decode(key) = 'made_from'"
            ).fetchone()
        return row[0] if row else ""

    # ---- writing

    def publish(
        self,
        build: Path,
        info: dict[str, Any],
        comments: Comments | None = None,
        *,
        macros: Sequence[str] = (),
        made_from: str = "",
        automatic: bool = True,
    ) -> Release:
        """Copy the schema `marts` of the build database into a new release and point CURRENT at it.

        Raises PublishingHeld while a rollback holds automatic publishing. `info` is stored with the release, `comments`
        (table → {'': of the table, column: of the column}) as comments on its tables; `macros` are CREATE MACRO
        statements over schema marts; `made_from` is a text kept with the ledger rows, which outlive the release.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        pointer = self._pointer_or_recovered()
        if automatic and pointer.hold:
            raise PublishingHeld(pointer.hold)
        self._sweep(pointer)
        sequence = pointer.highest + 1
        temporary = self.folder / f".{sequence:06d}.duckdb.tmp"
        ledger_temporary = self.folder / f".{sequence:06d}.ledger.parquet.tmp"
        reach("publish:start")
        _copy_marts(
            build, (temporary, ledger_temporary), info | {"sequence": sequence}, comments or {}, macros, made_from
        )
        reach("publish:copied")
        fsync_file(temporary)
        fsync_file(ledger_temporary)
        reach("publish:fsynced")
        ledger_temporary.rename(self.folder / f"{sequence:06d}.ledger.parquet")
        reach("publish:ledger-renamed")
        temporary.rename(self._path(sequence))
        fsync_folder(self.folder)
        reach("publish:renamed")
        pointer.current = pointer.highest = sequence
        self._write(pointer)
        reach("publish:pointed")
        self._drop_old(pointer)
        return Release(sequence, self._path(sequence))

    def rollback(self, to: int | None = None, reason: str = "") -> Release:
        """Point CURRENT at an earlier release (the one before by default) and hold automatic publishing."""
        pointer = self._pointer_or_recovered()
        earlier = [s for s in self.sequences() if s < pointer.current]
        target = to if to is not None else (earlier[-1] if earlier else None)
        if target is None or target not in self.sequences() or target > pointer.highest:
            kept = "、".join(map(str, self.sequences())) or "无"
            raise NoRelease(f"没有可以回退到的版本；现存版本：{kept}")
        pointer.hold = f"已由第 {pointer.current} 版回退到第 {target} 版{'：' + reason if reason else ''}"
        pointer.current = target
        self._write(pointer)
        return Release(target, self._path(target))

    def release_hold(self) -> None:
        """Let automatic publishing go on after a rollback."""
        pointer = self._pointer_or_recovered()
        pointer.hold = None
        self._write(pointer)

    def pin(self, sequence: int, pinned: bool = True) -> None:
        """Keep a release for ever (年终封版), or stop keeping it."""
        if sequence not in self.sequences():
            raise NoRelease(f"没有第 {sequence} 版")
        pointer = self._pointer_or_recovered()
        rest = set(pointer.pinned) - {sequence}
        pointer.pinned = sorted(rest | {sequence} if pinned else rest)
        self._write(pointer)

    # ---- inside

    def _path(self, sequence: int) -> Path:
        return self.folder / f"{sequence:06d}.duckdb"

    def _pointer_or_recovered(self) -> Pointer:
        pointer = self.pointer()
        if pointer:
            return pointer
        try:
            newest = self.resolve().sequence
        except NoRelease:
            newest = 0
        return Pointer(current=newest, highest=newest)

    def _day(self, sequence: int) -> date:
        return datetime.fromtimestamp(self._path(sequence).stat().st_mtime, BUREAU_TIME).date()

    def _write(self, pointer: Pointer) -> None:
        replace_json(self.pointer_path, asdict(pointer))

    def _sweep(self, pointer: Pointer) -> None:
        """Remove what a crashed publish left: temporary files, and files above the highest published number."""
        files = list(self.folder.iterdir())
        orphans = [p for p in files if p.name.endswith((".tmp", ".tmp.wal"))]
        above = [p for p in files if p.name[:6].isdigit() and int(p.name[:6]) > pointer.highest]
        for path in [*orphans, *above]:
            path.unlink(missing_ok=True)

    def _drop_old(self, pointer: Pointer) -> None:
        """Keep the newest releases, the last of each of as many days, the pinned and the one in force.

        A busy day publishes after every act; it must not push out the days before. Ledger files stay, they are history.
        """
        sequences = self.sequences()
        last_of_day = {self._day(sequence): sequence for sequence in sequences}
        kept = {*sequences[-self.keep :], *list(last_of_day.values())[-self.keep :], *pointer.pinned, pointer.current}
        for sequence in sequences:
            if sequence not in kept:
                self._path(sequence).unlink(missing_ok=True)


def content_checksums(con: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, str]:
    """Table of marts → '<rows>:<digest>', whatever the order of rows; run ids and wall times never enter marts."""
    sums = {}
    for name in _marts(con, catalog):
        row = con.execute(
            f'select count(*), coalesce(bit_xor(hash(t)), 0), coalesce(sum(hash(t)), 0) from {catalog}.marts."{name}" t'
        ).fetchone()
        if row:
            sums[name] = f"{row[0]}:{row[1]:016x}:{int(row[2]) % 2**64:016x}"
    return sums


def _marts(con: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    rows = con.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'marts' order by 1", [catalog]
    ).fetchall()
    return [name for (name,) in rows]


def _copy_marts(
    build: Path,
    targets: tuple[Path, Path],
    info: dict[str, Any],
    comments: Comments,
    macros: Sequence[str],
    made_from: str,
) -> None:
    (target, ledger), sequence = targets, int(info["sequence"])
    published_at = datetime.now(UTC).replace(tzinfo=None)
    with duckdb.connect(config={"autoload_known_extensions": "false"}) as con:
        con.execute("set enable_progress_bar = false")
        con.execute(f"attach {_literal(build)} as build (read_only)")
        con.execute(f"attach {_literal(target)} as new_release (storage_version '{STORAGE_VERSION}')")
        con.execute("create schema new_release.marts")
        con.execute("create schema new_release.release")
        for name in _marts(con, "build"):
            con.execute(f'create table new_release.marts."{name}" as select * from build.marts."{name}"')
            _comment(con, name, comments.get(name, {}))
        sums = content_checksums(con, "new_release")
        content = info | {"published_at": published_at.isoformat(), "checksums": sums}
        con.execute("create table new_release.release.info as select ?::varchar as content", [json.dumps(content)])
        columns = ", ".join(LEDGER_COLUMNS)
        con.execute(
            f"copy (select {sequence}::integer as release_seq, timestamp '{published_at}' as published_at, {columns}"
            f"{_changes(con)} order by commitment_id, evaluation_date)"
            f" to {_literal(ledger)} (format parquet, kv_metadata {{made_from: {_literal(made_from)}}})"
        )
        con.execute("use new_release")
        con.execute("create table new_release.release.macros (position integer, statement varchar)")
        for position, statement in enumerate(macros):
            con.execute(statement)
            con.execute("insert into new_release.release.macros values (?, ?)", [position, statement])
        con.execute("use memory")
        con.execute("checkpoint new_release")
        con.execute("detach new_release")
    if target.with_name(target.name + ".wal").exists():
        raise RuntimeError(f"{target.name}: 发布文件未能完整落盘")


def _changes(con: duckdb.DuckDBPyConnection) -> str:
    """The rest of the ledger's columns, and where all of them come from."""
    figures = "new_release.marts.fct_attainments"
    if "fct_light_changes" not in _marts(con, "new_release"):
        return f" from {figures}"
    fields = ", ".join(f"{name} := {name}" for name in CHANGE_COLUMNS)
    changes = (
        f"select commitment_id, list(struct_pack({fields}) order by change_no) as light_changes"
        " from new_release.marts.fct_light_changes group by commitment_id"
    )
    return f", light_changes from {figures} left join ({changes}) using (commitment_id)"


def _comment(con: duckdb.DuckDBPyConnection, table: str, comments: Mapping[str, str]) -> None:
    """Say in the file what a table and its columns mean; whoever opens it needs nothing else."""
    present = {row[0] for row in con.execute(f'describe new_release.marts."{table}"').fetchall()}
    for column, text in comments.items():
        if not column:
            con.execute(f'comment on table new_release.marts."{table}" is {_literal(text)}')
        elif column in present:
            con.execute(f'comment on column new_release.marts."{table}"."{column}" is {_literal(text)}')


def _literal(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _looks_whole(path: Path) -> bool:
    """Whether the file is there with DuckDB's mark in its header; cheap enough for every page."""
    try:
        with path.open("rb") as handle:
            return handle.read(12)[8:] == b"DUCK"
    except OSError:
        return False


def _opens(path: Path) -> bool:
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            return con.execute("select count(*) from release.info").fetchone() == (1,)
    except duckdb.Error:
        return False
