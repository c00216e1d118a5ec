"""What a mart promises of its rows is really checked: a planted breach of each sort is found, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml
from world import PROJECT, World

from ingestion.settings import Paths
from orchestration.dbt_runs import run_build

CHECKED = {"dimensions": "assert_dimensions_hold", "plans": "assert_plans_hold"}
PLANTED = {
    "insert into marts.dim_regions select * from marts.dim_regions": "dim_regions: unique region_code（1 处）",
    "update marts.dim_schools set region_code = '999999'": "dim_schools: region_code exists in dim_regions（1 处）",
    "update marts.fct_commitments set kind = '没有的类型'": "fct_commitments: kind is an accepted value（1 处）",
}


def promised(file: str) -> list[str]:
    """The marts of one property file that promise something of their rows."""
    content = yaml.safe_load((PROJECT / f"models/marts/_{file}.yml").read_text("utf-8"))
    return [m["name"] for m in content.get("models", []) if "upholds" in m.get("config", {}).get("meta", {})]


def test_each_sort_of_breach_is_found_and_named(tmp_path: Path) -> None:
    world = World()
    region = world.region("700000")
    world.school("7000000001", region)
    world.commitment("one", world.plan("plan", region), value=1)
    paths = Paths(tmp_path, None)
    paths.warehouse.parent.mkdir(parents=True)
    models = [mart for file in CHECKED for mart in promised(file)]
    world.build(paths.warehouse.parent, only=" ".join(models))
    assert {node.status for node in run_build(paths, list(CHECKED.values()))} == {"pass"}
    with duckdb.connect(str(paths.warehouse)) as con:
        for statement in PLANTED:
            con.execute(statement)
    ran = {node.name: node for node in run_build(paths, list(CHECKED.values()))}
    assert all(node.is_bad for node in ran.values())
    told = [part for node in ran.values() for part in node.message.split("；")]
    assert sorted(told) == sorted(PLANTED.values())


def test_what_a_mart_promises_is_checked_in_the_test_of_its_file() -> None:
    files = [path.stem[1:] for path in (PROJECT / "models/marts").glob("_*.yml")]
    promising = {file: set(promised(file)) for file in files}
    assert sum(map(len, promising.values())) > 40
    for file, marts in promising.items():
        test = PROJECT / f"tests/assert_{file}_hold.sql"
        listed = test.read_text("utf-8").split("parents=")[0] if marts else ""
        assert set(listed.split("'")[1::2]) == marts, file
