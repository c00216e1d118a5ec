"""Lights on days that nobody judged: the statements of the last build, run again for each such day in a copy.

The SQL of a day is the SQL of every day (the day is a row of raw.run__parameters), so nothing is compiled again and
the build database itself is never set back. Here: which days, which statements, in which order. Not here: what a
change means (fct_light_changes), and no Dagster.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

RELIT = "run__relit_attainments"
COLUMNS = {
    "evaluation_date": "date", "commitment_id": "varchar", "light": "varchar", "status": "varchar",
    "attained_value": "decimal(24, 6)", "target_value": "decimal(24, 6)",
}  # fmt: skip
PARAMETERS = "source.duban.raw.run__parameters"
JUDGED = "model.duban.fct_attainments"


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """The table of relit days in a build database, empty."""
    typed = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    con.execute(f"create or replace table raw.{RELIT} ({typed})")


def days_passed(ledger: str, warehouse: Path, evaluation_date: date) -> list[date]:
    """The day last published and every day after it, up to the day before `evaluation_date`; [] before a publish."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        row = con.execute(
            f"select max_by(evaluation_date, release_seq) from raw.{ledger} where evaluation_date is not null"
        ).fetchone()
    first = row[0] if row else None
    if first is None or first >= evaluation_date:
        return []
    return [first + timedelta(days=n) for n in range((evaluation_date - first).days)]


def relight(warehouse: Path, compiled: Path, manifest: Mapping[str, Any], days: list[date]) -> None:
    """Judge each of `days` with today's inputs and leave the lights in raw.run__relit_attainments.

    `compiled` is the folder of statements that dbt wrote for this database; `manifest` the parsed project.
    """
    copy = warehouse.with_name("relight.duckdb")
    shutil.copyfile(warehouse, copy)
    found: list[tuple[Any, ...]] = []
    try:
        with duckdb.connect() as con:
            con.execute("set enable_progress_bar = false")
            con.execute(f"attach '{copy}' as {warehouse.stem}")
            con.execute(f"use {warehouse.stem}")
            statements = list(_statements(compiled, manifest))
            for day in days:
                con.execute(f"create or replace view raw.run__parameters as select date '{day}' as evaluation_date")
                for statement in statements:
                    con.execute(statement)
                found += con.execute(
                    "select evaluation_date, commitment_id, light, status, actual_value, target_value"
                    " from marts.fct_attainments"
                ).fetchall()
    finally:
        copy.unlink(missing_ok=True)
        copy.with_name(copy.name + ".wal").unlink(missing_ok=True)
    with duckdb.connect(str(warehouse)) as con:
        prepare(con)
        if found:
            con.executemany(f"insert into raw.{RELIT} values (?, ?, ?, ?, ?, ?)", found)


def read_manifest(path: Path) -> dict[str, Any]:
    """dbt's manifest.json."""
    return json.loads(path.read_text("utf-8"))


def _statements(compiled: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Tables that the day decides and fct_attainments needs, in building order. Views read what they then find."""
    nodes = manifest["nodes"]
    parents = {key: nodes[key]["depends_on"]["nodes"] for key in nodes if nodes[key]["resource_type"] == "model"}
    needed: dict[str, bool] = {}  # node → whether the day decides it; in building order

    def visit(key: str) -> bool:
        if key not in parents:
            return key == PARAMETERS
        if key not in needed:
            decided = [visit(parent) for parent in parents[key]]
            needed[key] = any(decided)
        return needed[key]

    visit(JUDGED)
    decided = [nodes[key] for key, is_decided in needed.items() if is_decided]
    return [text for node in decided for text in _build(node, nodes, (compiled / node["original_file_path"]))]


def _build(node: Mapping[str, Any], nodes: Mapping[str, Any], compiled: Path) -> list[str]:
    """What makes one model of a day; a view needs nothing."""
    relation, kind = f"{node['schema']}.{node['name']}", node["config"]["materialized"]
    if kind == "table":
        return [f"create or replace table {relation} as {compiled.read_text('utf-8')}"]
    if kind != "incremental":
        return []
    # as macro forget_batches and the model itself do, whether it was compiled for a first build or a later one
    named = [nodes[key] for key in node["depends_on"]["nodes"] if key in nodes]
    batches = next(f"{n['schema']}.{n['name']}" for n in named if n["name"] == node["config"]["meta"]["batches"])
    same = " and ".join(f"ours.{key} = theirs.{key}" for key in node["config"]["unique_key"])
    return [
        f"delete from {relation} as ours where not exists (select 1 from {batches} as theirs where {same})",
        f"insert into {relation} select ours.* from ({compiled.read_text('utf-8')}) as ours"
        f" where not exists (select 1 from {relation} as theirs where {same})",
    ]
