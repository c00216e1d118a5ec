"""The build database: raw views over what landed, the marts that dbt builds on them, and what they were built from.

Models live in dbt_project/, the call of dbt in dbt_runs.py. A build costs what changed: the database remembers the
digest of every raw table it was built from, and only models downstream of one that differs are built and tested again.
No Dagster here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from ingestion.durable import reach
from ingestion.fingerprint import project_digest
from ingestion.landing import Landing
from ingestion.releases import Releases
from ingestion.settings import Paths
from ingestion.tables import TABLES
from orchestration import relighting
from orchestration.dbt_runs import DbtNode, parsed_manifest, run_build, target_folder

LEDGER, PARAMETERS, PERIODS = "ledger__attainments", "run__parameters", "run__landed_periods"
CHANGES = "ledger__light_changes"
LEDGER_TYPES = {
    "release_seq": "integer", "published_at": "timestamp", "commitment_id": "varchar", "evaluation_date": "date",
    "light": "varchar", "status": "varchar", "reason": "varchar", "attained_value": "decimal(24, 6)",
    "target_value": "decimal(24, 6)", "progress_pct": "decimal(24, 6)", "lag": "decimal(24, 6)",
}  # fmt: skip
CHANGE_TYPES = {
    "change_no": "integer", "changed_date": "date", "from_release_seq": "integer", "from_evaluation_date": "date",
    "from_light": "varchar", "to_light": "varchar", "from_status": "varchar", "to_status": "varchar",
    "from_value": "decimal(24, 6)", "to_value": "decimal(24, 6)", "cause": "varchar",
}  # fmt: skip
_NOTES = "main.built_from"


@dataclass(frozen=True)
class Inputs:
    """What a build is a function of: the digest of the SQL, and of every raw table by name."""

    project: str
    tables: dict[str, str]

    @classmethod
    def present(cls, landing: Landing, releases: Releases, evaluation_date: date) -> Inputs:
        tables = {table: landing.table_digest(table) for table in TABLES}
        tables[LEDGER] = tables[CHANGES] = "|".join(path.name for path in releases.ledger_files())
        tables[PARAMETERS] = evaluation_date.isoformat()
        return cls(project_digest(), tables)

    def changed_since(self, before: Inputs | None) -> set[str] | None:
        """Raw tables that differ; None where everything must be built."""
        if before is None or not before.tables or before.project != self.project:
            return None
        return {table for table, digest in self.tables.items() if before.tables.get(table) != digest}


def changed_tables(paths: Paths, landing: Landing, releases: Releases, evaluation_date: date) -> set[str] | None:
    """Raw tables that differ from what the build database holds; None where it must be built as a whole."""
    if not paths.warehouse.is_file():
        return None
    try:
        with duckdb.connect(str(paths.warehouse), read_only=True) as con:
            before = _built_from(con)
    except duckdb.Error:
        return None
    return Inputs.present(landing, releases, evaluation_date).changed_since(before)


def build_marts(
    paths: Paths, landing: Landing, releases: Releases, evaluation_date: date, *, whole: bool = False
) -> list[DbtNode]:
    """Build and test the models downstream of what changed, or all with `whole`. Returns what became of each node.

    A build database that cannot be opened (a power cut in the middle of a write) is made anew: it holds nothing that
    the landing does not. Raises DbtFailed where dbt could not run.
    """
    paths.warehouse.parent.mkdir(parents=True, exist_ok=True)
    audited_mark(paths).unlink(missing_ok=True)
    inputs = Inputs.present(landing, releases, evaluation_date)
    with _opened(paths.warehouse, inputs.project) as con:
        before = _built_from(con)
        changed_since = inputs.changed_since(before)
        changed = None if whole else changed_since
        # until the build has passed, what changed counts as unknown: a build that broke off is done again
        known = {} if changed is None else {t: d for t, d in inputs.tables.items() if t not in changed}
        _note(con, Inputs(inputs.project, known))
        register_raw(con, landing, releases, evaluation_date)
    reach("build:registered")
    select = [f"source:raw.{table}+" for table in sorted(changed or ())]
    nodes = [] if changed == set() else run_build(paths, select, same_sql=changed_since is not None)
    if nodes and not any(node.is_bad for node in nodes):
        nodes = list({node.unique_id: node for node in [*nodes, *_relit(paths, evaluation_date)]}.values())
    reach("build:built")
    if not any(node.is_bad for node in nodes):
        with duckdb.connect(str(paths.warehouse)) as con:
            _note(con, inputs)
    return nodes


def _relit(paths: Paths, evaluation_date: date) -> list[DbtNode]:
    """Judge the days passed over since the last publish, so that a change of light is dated on its day."""
    days = relighting.days_passed(LEDGER, paths.warehouse, evaluation_date)
    if not days:
        return []
    compiled = target_folder(paths) / "compiled" / "duban"
    relighting.relight(paths.warehouse, compiled, relighting.read_manifest(parsed_manifest(paths)), days)
    return run_build(paths, [f"source:raw.{relighting.RELIT}+"], same_sql=True)


def audited_mark(paths: Paths) -> Path:
    """The file that says which fingerprint the build database passed its audit with."""
    return paths.warehouse.with_name("AUDITED")


def row_counts(paths: Paths) -> dict[str, int]:
    """Rows of every table in the build database, by table name."""
    with duckdb.connect(str(paths.warehouse), read_only=True) as con:
        return dict(con.execute("select table_name, estimated_size from duckdb_tables()").fetchall())


def _opened(warehouse: Path, project: str) -> duckdb.DuckDBPyConnection:
    """The build database; anew where it is damaged or other SQL made it: a model that is gone leaves its table."""
    try:
        con = duckdb.connect(str(warehouse))
        before = _built_from(con)
        if before is None or before.project == project:
            return con
        con.close()
    except duckdb.Error:
        pass
    for leftover in (warehouse, warehouse.with_name(warehouse.name + ".wal")):
        leftover.unlink(missing_ok=True)
    return duckdb.connect(str(warehouse))


def _built_from(con: duckdb.DuckDBPyConnection) -> Inputs | None:
    found = con.execute("select 1 from duckdb_tables() where table_name = ?", [_NOTES.split(".")[1]]).fetchone()
    row = con.execute(f"select content from {_NOTES}").fetchone() if found else None
    return Inputs(**json.loads(row[0])) if row else None


def _note(con: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    content = json.dumps({"project": inputs.project, "tables": inputs.tables}, sort_keys=True)
    con.execute(f"create or replace table {_NOTES} as select ?::varchar as content", [content])


def register_raw(con: duckdb.DuckDBPyConnection, landing: Landing, releases: Releases, evaluation_date: date) -> None:
    """Make the schema `raw` of a build database: what landed, what was published, the day that is judged."""
    landing.register_views(con)
    con.execute(f"create or replace view raw.{LEDGER} as {_ledger_sql(releases.ledger_files())}")
    con.execute(f"create or replace view raw.{CHANGES} as {_changes_sql(releases.ledger_files())}")
    relighting.prepare(con)
    con.execute(f"create or replace view raw.{PARAMETERS} as select date '{evaluation_date}' as evaluation_date")
    con.execute(f"create or replace table raw.{PERIODS} (period_start_date date, landed_digest varchar)")
    if digests := landing.period_digests():
        con.executemany(f"insert into raw.{PERIODS} values (?, ?)", list(digests.items()))


def _ledger_sql(files: list[Path]) -> str:
    typed = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in LEDGER_TYPES.items())
    if not files:
        return f"select * from (select {typed}) where 1 = 0"
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in LEDGER_TYPES.items())
    return f"select {columns} from read_parquet([{listed}])"


def _changes_sql(files: list[Path]) -> str:
    """A row a change of a light that a ledger file tells of; files of earlier versions of the program tell of none."""
    packed = ", ".join(f"{name} {kind}" for name, kind in CHANGE_TYPES.items())
    none = (
        "select null::integer as release_seq, null::timestamp as published_at, null::varchar as commitment_id,"
        f" null::struct({packed})[] as light_changes where 1 = 0"
    )
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    rows = f"{none} union all by name from read_parquet([{listed}], union_by_name = true)" if files else none
    columns = ", ".join(f"told.change.{name} as {name}" for name in CHANGE_TYPES)
    return (
        f"select told.release_seq, told.published_at, told.commitment_id, {columns} from"
        f" (select release_seq, published_at, commitment_id, unnest(light_changes) as change from ({rows})) as told"
    )
