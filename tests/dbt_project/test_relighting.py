"""Days passed over are judged one by one with today's inputs, by the statements of the last build."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from world import Warehouse, World

from orchestration.relighting import days_passed, read_manifest, relight

TODAY = date(2020, 10, 20)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    world = World()
    region = world.region("430102")
    plan = world.plan("plan", region)
    unit = world.unit("U1", region)
    world.card("places", "done", source_form="ledger", unit="个", aggregation="last_stock", matter_name="学位")
    world.report("ledger", unit, date(2020, 9, 1), {"done": 90}, records="学位", region=region)
    # 69.5 % of 90/129.5; on 18 October 79.78 % of the year is gone: a lag of 10.28; on the 16th 79.23: 9.73
    world.commitment("places", plan, "count", "places", value=129.5, unit="个")
    world.commitment("due", plan, "count", "places", value=129.5, unit="个", deadline=date(2020, 9, 30))
    world.published("places", evaluation_date=date(2020, 10, 14), light="绿", attained_value=90, target_value=129.5)
    return world.build(tmp_path_factory.mktemp("relit"), TODAY, only="fct_attainments fct_light_changes")


def test_each_day_since_the_last_publish_is_judged(built: Warehouse) -> None:
    days = days_passed("ledger__attainments", built.path, TODAY)
    assert [day.day for day in days] == [14, 15, 16, 17, 18, 19]
    relight(
        built.path,
        built.path.parent / "target" / "compiled" / "duban",
        read_manifest(built.path.parent / "target" / "manifest.json"),
        days,
    )
    rows = built.rows("select * from raw.run__relit_attainments order by commitment_id, evaluation_date")
    assert [row["light"] for row in rows if row["commitment_id"] == "places"] == ["绿"] * 3 + ["黄"] * 3
    # the report of September was due on 10 October
    assert {row["light"] for row in rows if row["commitment_id"] == "due"} == {"红"}
    assert not list(built.path.parent.glob("relight*"))
    assert built.attainments()["places"]["evaluation_date"] == TODAY


def test_nothing_is_judged_again_on_the_day_that_is_published(built: Warehouse, tmp_path: Path) -> None:
    assert days_passed("ledger__attainments", built.path, date(2020, 10, 14)) == []
