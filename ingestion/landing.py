"""Landing: Parquet files below one folder and the one manifest that says which of them count.

Here: atomic writes, whole-table replacement, the views `raw.*` and a digest of the live content. Not here: what a row
means (tables.py), who supersedes whom (workbooks/submissions.py). A file is never changed: what is superseded leaves
the manifest. Files the manifest does not name (a crashed batch, replaced tables) are swept when the next write begins,
so a reader that opened its views before a write keeps its files until then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from filelock import FileLock

from ingestion.durable import fsync_file, fsync_folder, reach, replace_json
from ingestion.tables import KEPT, TABLES

SCHEMAS = TABLES | KEPT
PARTITIONED = "forms__values"
NO_REGION = "000000"
# When something was received is no property of what was received: two refreshes of the same inputs have equal digests.
WALL_TIME_COLUMNS = ("received_at",)
_MODULUS = 1 << 64


class LandingError(Exception):
    """A frame does not fit its table, or the manifest cannot be read."""


class Landing:
    """The landing of one bureau at `root`, which is made when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.manifest_path = self.root / "manifest.json"

    def manifest(self) -> dict[str, Any]:
        """The live manifest: {"tables": {table: [entry]}, "meta": {key: text}}; an entry has path, part, rows, sums."""
        if not self.manifest_path.exists():
            return {"version": 1, "tables": {}, "meta": {}}
        try:
            return json.loads(self.manifest_path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise LandingError(f"落地清单损坏：{self.manifest_path}；请删除 landing 目录后重新刷新") from error

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Everything appended and replaced inside becomes live at once on leaving, or not at all on an exception."""
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / ".lock"):
            manifest = self.manifest()
            self._sweep(manifest)
            reach("landing:swept")
            transaction = Transaction(self.root, manifest)
            yield transaction
            transaction.commit(self.manifest_path)

    def write(self, batch: Mapping[str, pl.DataFrame], *, part: str = "") -> None:
        """Append frames to their tables, all or nothing; `part` names the batch for a later `drop_part`."""
        with self.transaction() as transaction:
            for table, frame in batch.items():
                transaction.append(table, frame, part=part)

    def replace(self, table: str, frame: pl.DataFrame, *, part: str = "") -> None:
        """Make `frame` the whole content of `table`, or of its named part where two sources share a table."""
        with self.transaction() as transaction:
            transaction.replace(table, frame, part=part)

    def replace_all(self, frames: Mapping[str, pl.DataFrame], *, part: str = "") -> None:
        """`replace` for several tables, live at once."""
        with self.transaction() as transaction:
            for table, frame in frames.items():
                transaction.replace(table, frame, part=part)

    def read(self, table: str) -> pl.DataFrame:
        """The live rows of one table."""
        paths = [self.root / entry["path"] for entry in self.manifest()["tables"].get(table, [])]
        if not paths:
            return pl.DataFrame(schema=SCHEMAS[table])
        return pl.read_parquet(paths, hive_partitioning=False).select(list(SCHEMAS[table]))

    def register_views(self, con: duckdb.DuckDBPyConnection) -> None:
        """Create schema `raw` with a view for every table of tables.TABLES; typed and empty where nothing landed."""
        tables = self.manifest()["tables"]
        con.execute("create schema if not exists raw")
        for table, columns in TABLES.items():
            paths = sorted(str((self.root / entry["path"]).resolve()) for entry in tables.get(table, []))
            con.execute(f"create or replace view raw.{table} as {_view_sql(columns, paths)}")

    def digest(self) -> str:
        """One hash of the live rows: independent of file names, batching, row order, run ids and receipt times."""
        tables = self.manifest()["tables"]
        sums = {
            table: [sum(entry["rows"] for entry in entries)]
            + [sum(entry["sums"][i] for entry in entries) % _MODULUS for i in range(2)]
            for table, entries in tables.items()
            if entries
        }
        return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()

    def table_digest(self, table: str) -> str:
        """The same for one table."""
        entries = self.manifest()["tables"].get(table, [])
        sums = [sum(entry["sums"][i] for entry in entries) % _MODULUS for i in range(2)]
        return hashlib.sha256(json.dumps([sum(e["rows"] for e in entries), *sums]).encode()).hexdigest()

    def period_digests(self) -> dict[str, str]:
        """One hash a period of the live values, by the period's first day (YYYY-MM-DD)."""
        periods: dict[str, list[int]] = {}
        for entry in self.manifest()["tables"].get(PARTITIONED, []):
            sums = periods.setdefault(Path(entry["path"]).parts[1].removeprefix("period="), [0, 0, 0])
            for place, number in enumerate([entry["rows"], *entry["sums"]]):
                sums[place] = (sums[place] + number) % _MODULUS
        return {period: hashlib.sha256(json.dumps(sums).encode()).hexdigest()[:16] for period, sums in periods.items()}

    def meta(self, key: str) -> str | None:
        """A word kept in the manifest, such as the digest of the code that read what is landed."""
        return self.manifest()["meta"].get(key)

    def _sweep(self, manifest: dict[str, Any]) -> None:
        live = {entry["path"] for entries in manifest["tables"].values() for entry in entries}
        for path in self.root.rglob("*"):
            if path.is_file() and path.suffix in {".parquet", ".tmp"} and str(path.relative_to(self.root)) not in live:
                path.unlink()


class Transaction:
    """Files written but not yet live. Obtained from `Landing.transaction`."""

    def __init__(self, root: Path, manifest: dict[str, Any]) -> None:
        self._root = root
        self._manifest = manifest
        self._folders: set[Path] = {root}

    def append(self, table: str, frame: pl.DataFrame, *, part: str = "") -> None:
        """Add rows. A frame of forms__values may carry `region_code` besides: it names the folder and is not stored."""
        regions = frame["region_code"] if table == PARTITIONED and "region_code" in frame.columns else None
        frame = _checked(table, frame.drop("region_code") if regions is not None else frame)
        if frame.is_empty():
            return
        if table != PARTITIONED:
            self._add(table, Path(table), frame, part)
            return
        regions = pl.Series("region", [NO_REGION] * len(frame)) if regions is None else regions.fill_null(NO_REGION)
        partitioned = frame.with_columns(regions.alias("region"))
        for (period, region), rows in partitioned.group_by(["period_start_date", "region"], maintain_order=True):
            folder = Path(table) / f"period={period}" / f"region={region}"
            self._add(table, folder, rows.drop("region"), part)

    def replace(self, table: str, frame: pl.DataFrame, *, part: str = "") -> None:
        """Rows of `part` in `table` become those of `frame`."""
        self.drop_part(part, table)
        self.append(table, frame, part=part)

    def drop_part(self, part: str, table: str) -> None:
        """Take the rows of `part` out of `table`; their files stay on disk until the next write."""
        entries = self._manifest["tables"].get(table, [])
        self._manifest["tables"][table] = [entry for entry in entries if entry["part"] != part]

    def drop_files(self, table: str, file_ids: Collection[int], *, part: str = "") -> None:
        """Take the rows of these arrivals out of the part; only files on disk that hold some of them are rewritten."""
        entries = self._manifest["tables"].get(table, [])
        gone = pl.col("file_id").is_in(list(file_ids))
        self._manifest["tables"][table] = kept = []
        for entry in entries:
            path = self._root / entry["path"]
            if entry["part"] != part or not _holds(path, gone):
                kept.append(entry)
                continue
            rest = pl.read_parquet(path, hive_partitioning=False).filter(~gone)
            if not rest.is_empty():
                self._add(table, Path(entry["path"]).parent, rest, part)

    def set_meta(self, key: str, value: str) -> None:
        self._manifest["meta"][key] = value

    def _add(self, table: str, folder: Path, frame: pl.DataFrame, part: str) -> None:
        sums = _row_sums(frame.drop([c for c in WALL_TIME_COLUMNS if c in frame.columns]))
        identity = f"{table}|{part}|{folder}|{len(frame)}|{_row_sums(frame)}"
        name = hashlib.sha256(identity.encode()).hexdigest()[:24]
        entries = self._manifest["tables"].setdefault(table, [])
        path = folder / f"{name}.parquet"
        taken = {entry["path"] for entry in entries}
        copy = 0
        while str(path) in taken:  # equal rows appended twice are two files, and count twice
            copy += 1
            path = folder / f"{name}-{copy}.parquet"
        target = self._root / path
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_suffix(".tmp")
            frame.write_parquet(temporary, compression="zstd", compression_level=1, statistics=True)
            fsync_file(temporary)
            temporary.replace(target)
            self._folders.update(self._root / up for up in [folder, *folder.parents])
        entries.append({"path": str(path), "part": part, "rows": len(frame), "sums": sums})

    def commit(self, manifest_path: Path) -> None:
        """Make the new manifest the live one; a crash before the rename leaves the old one whole."""
        for folder in self._folders:
            fsync_folder(folder)
        reach("landing:files")
        replace_json(manifest_path, self._manifest)
        reach("landing:live")


def _holds(path: Path, rows: pl.Expr) -> bool:
    return pl.read_parquet(path, columns=["file_id"], hive_partitioning=False).select(rows.any()).item()


def _checked(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame in the table's column order; LandingError names each column missing, extra or of another type."""
    if table not in SCHEMAS:
        raise LandingError(f"没有这张表：{table}")
    schema = SCHEMAS[table]
    missing, extra = [c for c in schema if c not in frame.columns], [c for c in frame.columns if c not in schema]
    wrong = [
        f"{c}: {frame.schema[c]} ≠ {schema[c]}" for c in schema if c in frame.columns and frame.schema[c] != schema[c]
    ]
    if missing or extra or wrong:
        raise LandingError(f"{table} 的列与 ingestion/tables.py 不符：缺 {missing}，多 {extra}，类型 {wrong}")
    return frame.select(list(schema))


def _row_sums(frame: pl.DataFrame) -> list[int]:
    return [int(frame.hash_rows(seed=seed).cast(pl.Decimal(38, 0)).sum()) % _MODULUS for seed in (11, 23)]


_SQL_TYPES = {
    pl.String: "varchar", pl.Int32: "integer", pl.Int64: "bigint", pl.Float64: "double", pl.Boolean: "boolean",
    pl.Date: "date", pl.Datetime: "timestamp", pl.Decimal: "decimal(24, 6)",
}  # fmt: skip


def _sql_type(dtype: Any) -> str:
    return _SQL_TYPES[dtype.base_type() if isinstance(dtype, pl.DataType) else dtype]


def _view_sql(columns: Mapping[str, Any], paths: list[str]) -> str:
    if not paths:
        typed = ", ".join(f"cast(null as {_sql_type(dtype)}) as {name}" for name, dtype in columns.items())
        return f"select * from (select {typed}) where 1 = 0"
    files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"select {', '.join(columns)} from read_parquet([{files}], hive_partitioning = false)"
