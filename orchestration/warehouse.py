"""Running dbt over the build database, in this process. The one place that opens the build database for writing.

Models live in dbt_project/. Here: registering raw views, invoking dbt, telling what passed. No Dagster here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ingestion.durable import reach, replace_bytes
from ingestion.fingerprint import DBT_PROJECT, project_digest
from ingestion.landing import Landing
from ingestion.releases import Releases
from ingestion.settings import Paths

LEDGER_TYPES = {
    "release_seq": "integer", "published_at": "timestamp", "commitment_id": "varchar", "evaluation_date": "date",
    "light": "varchar", "status": "varchar", "reason": "varchar", "attained_value": "decimal(24, 6)",
    "target_value": "decimal(24, 6)", "progress_pct": "decimal(24, 6)", "lag": "decimal(24, 6)",
}  # fmt: skip


class DbtFailed(Exception):
    """dbt could not even start or parse; the message is dbt's own."""


@dataclass(frozen=True)
class DbtNode:
    """What became of one model or test: status success|error|skipped|pass|fail|warn, failures counted by a test."""

    unique_id: str
    name: str
    resource_type: str
    status: str
    failures: int
    message: str
    seconds: float

    @property
    def is_bad(self) -> bool:
        return self.status in {"error", "fail", "runtime error"}


def target_folder(paths: Paths) -> Path:
    return paths.home / "warehouse" / "dbt_target"


def dbt_arguments(paths: Paths) -> list[str]:
    """The options every dbt command here shares."""
    return [
        "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
        "--target-path", str(target_folder(paths)), "--log-path", str(paths.home / "warehouse" / "dbt_logs"),
        "--log-level", "none", "--no-version-check", "--no-send-anonymous-usage-stats",
    ]  # fmt: skip


def parsed_manifest(paths: Paths, likely_day: Callable[[], date]) -> Path:
    """The dbt manifest of the project as it is now; parsed again only when a file of the project changed.

    `likely_day` is asked for only then: a build for the same day need not parse once more.
    """
    kept = paths.dagster / "dbt_manifest" / f"{project_digest()[:16]}.json"
    if not kept.is_file():
        with _dbt(paths) as invoke:
            result = invoke(["parse", *dbt_arguments(paths), "--vars", _variables(likely_day())])
        if not result.success:
            raise DbtFailed(str(result.exception))
        for old in kept.parent.glob("*.json"):
            old.unlink()
        replace_bytes(kept, (target_folder(paths) / "manifest.json").read_bytes())
    return kept


def build_marts(paths: Paths, landing: Landing, releases: Releases, evaluation_date: date) -> list[DbtNode]:
    """Build and test every model. Returns what became of each node; raises DbtFailed where dbt could not run.

    A build database that cannot be opened (a power cut in the middle of a write) is made anew: it holds nothing that
    the landing does not.
    """
    paths.warehouse.parent.mkdir(parents=True, exist_ok=True)
    audited_mark(paths).unlink(missing_ok=True)
    _register_raw(paths.warehouse, landing, releases)
    reach("build:registered")
    with _dbt(paths) as invoke:
        options = ["--vars", _variables(evaluation_date), "--exclude-resource-type", "unit_test", "--no-write-json"]
        result = invoke(["build", *dbt_arguments(paths), *options])
    reach("build:built")
    if result.result is None or not hasattr(result.result, "results"):
        raise DbtFailed(str(result.exception))
    return [_node(item) for item in result.result.results]


def audited_mark(paths: Paths) -> Path:
    """The file that says which fingerprint the build database passed its audit with."""
    return paths.warehouse.with_name("AUDITED")


def row_counts(paths: Paths) -> dict[str, int]:
    """Rows of every table in the build database, by table name."""
    with duckdb.connect(str(paths.warehouse), read_only=True) as con:
        return dict(con.execute("select table_name, estimated_size from duckdb_tables()").fetchall())


def _variables(evaluation_date: date) -> str:
    return json.dumps({"evaluation_date": evaluation_date.isoformat()})


def _register_raw(warehouse: Path, landing: Landing, releases: Releases) -> None:
    try:
        con = duckdb.connect(str(warehouse))
    except duckdb.Error:
        for leftover in (warehouse, warehouse.with_name(warehouse.name + ".wal")):
            leftover.unlink(missing_ok=True)
        con = duckdb.connect(str(warehouse))
    with con:
        landing.register_views(con)
        con.execute(f"create or replace view raw.ledger__attainments as {_ledger_sql(releases.ledger_files())}")


def _ledger_sql(files: list[Path]) -> str:
    typed = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in LEDGER_TYPES.items())
    if not files:
        return f"select * from (select {typed}) where 1 = 0"
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in LEDGER_TYPES.items())
    return f"select {columns} from read_parquet([{listed}])"


@contextmanager
def _dbt(paths: Paths) -> Iterator[Any]:
    """A dbt invoker whose connection is closed on leaving: dbt keeps the write lock otherwise."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ["DUBAN_WAREHOUSE"] = str(paths.warehouse)
    paths.warehouse.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield dbtRunner().invoke
    finally:
        DuckDBConnectionManager.close_all_connections()


def _node(item: Any) -> DbtNode:
    return DbtNode(
        unique_id=item.node.unique_id,
        name=item.node.name,
        resource_type=str(item.node.resource_type),
        status=str(item.status),
        failures=item.failures or 0,
        message=item.message or "",
        seconds=item.execution_time,
    )
