"""What a mart promises of its rows is really checked: a planted breach of each sort is found, and nothing else is."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from world import PROJECT, World

from ingestion.settings import Paths
from orchestration.dbt_runs import loaded_manifest

MODELS = ("dim_documents", "dim_indicators", "dim_regions", "dim_schools", "fct_commitments")
PLANTED = {
    "dim_regions_holds": "insert into marts.dim_regions select * from marts.dim_regions",
    "dim_schools_holds": "update marts.dim_schools set region_code = '999999'",
    "fct_commitments_holds": "update marts.fct_commitments set kind = '没有的类型'",
}


def test_each_sort_of_breach_is_found(tmp_path: Path) -> None:
    world = World()
    region = world.region("700000")
    world.school("7000000001", region)
    world.commitment("one", world.plan("plan", region), value=1)
    warehouse = world.build(tmp_path, only=" ".join(MODELS)).path
    with duckdb.connect(str(warehouse)) as con:
        for statement in PLANTED.values():
            con.execute(statement)
    manifest = loaded_manifest(Paths(tmp_path, None))
    os.environ["DUBAN_WAREHOUSE"] = str(warehouse)
    try:
        result = dbtRunner(manifest=manifest).invoke([
            "--quiet", "test", "--indirect-selection", "cautious", "--project-dir", str(PROJECT),
            "--profiles-dir", str(PROJECT), "--target-path", str(tmp_path / "target"), "--select",
            *(f"+{model}" for model in MODELS), "--exclude-resource-type", "unit_test",
        ])  # fmt: skip
    finally:
        DuckDBConnectionManager.close_all_connections()
    ran = {item.node.name: item.failures for item in getattr(result.result, "results", [])}
    assert {name: count for name, count in ran.items() if count} == dict.fromkeys(PLANTED, 1)
    assert len(ran) > len(PLANTED)
