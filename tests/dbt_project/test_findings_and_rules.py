"""What becomes of a finding over attempts, and what rules across files doubt: one world, worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from world import Warehouse, World, at, build

SEPTEMBER = date(2020, 9, 1)
WANTED = "+fct_findings +fct_rule_breaches"


def finding(world: World, file_id: int, finding_id: str, element: str = "pupils", **more: Any) -> None:
    row = {
        "form_code": "basic", "reporter_code": "4301020001", "period_start_date": SEPTEMBER, "sheet_name": "表",
        "cell": "C4", "rule_code": "BE005", "severity": "有效性", "message": "及格人数大于测试人数", "fix": "请核对",
    } | more  # fmt: skip
    world.add("intake__findings", finding_id=finding_id, file_id=file_id, element_code=element, **row)


def rule(world: World, code: str, kind: str, element: str = "pupils", **more: Any) -> None:
    row = {
        "severity": "可疑",
        "is_active": True,
        "is_across_files": True,
        "message": "相差过大",
        "fix": "请核对",
    } | more
    world.add("forms__rules", form_code="basic", rule_code=code, kind=kind, element_code=element, **row)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    world = World()
    city = world.region("430100", level="市")
    east = world.region("430102", city)
    for no in range(1, 6):
        world.school(f"430102000{no}", east, pupils_registered=100)
    attempts(world, east)
    history(world, east)
    folder = tmp_path_factory.mktemp("findings")
    path = folder / "build.duckdb"
    world.land(path)
    return build(path, "2020-10-20", select=WANTED)


def attempts(world: World, east: str) -> None:
    one, owed = "4301020001", {"region": east}
    first = world.report(
        "basic", one, SEPTEMBER, {"pupils": 90}, is_current=False, received_at=at("2020-10-01"), **owed
    )
    second = world.report("basic", one, SEPTEMBER, {"pupils": 91}, attempt_no=2, received_at=at("2020-10-03"), **owed)
    third = world.report("basic", one, SEPTEMBER, {"classes": 3}, attempt_no=3, submission_state="部分更正",
                         received_at=at("2020-10-05"), **owed)  # fmt: skip
    finding(world, first, "closed_by_second")
    for file_id in (first, second):
        finding(world, file_id, "untouched_by_third")
        finding(world, file_id, "answered_by_third", "classes")
    finding(world, second, "doubt", severity="可疑")
    finding(world, third, "new_in_third", "classes")
    broken: dict[str, Any] = {"form_code": None, "reporter_code": None, "period_start_date": None}
    for file_id, state, day in ((90, "quarantined", "2020-10-01"), (91, "loaded", "2020-10-02")):
        world.add("intake__files", file_id=file_id, sha256=str(file_id), file_name="坏.xlsx", file_kind="workbook",
                  file_state=state, received_at=at(day))  # fmt: skip
    finding(world, 90, "broken_file", severity="结构", **broken)
    world.event("finding.confirmed", "finding", "doubt")


def history(world: World, east: str) -> None:
    """School 2 jumps from 100 to 180; school 3 steps out of its own narrow history; school 4 has a gap, not a zero."""
    months = [date(2020, month, 1) for month in range(2, 10)]
    series = {
        "4301020002": [100, 101, 100, 101, 100, 101, 100, 180],
        "4301020003": [100, 102, 98, 100, 102, 98, 100, 120],
        "4301020004": [100, 100, 100, 100, 100, 100, None, 100],
    }
    for school, values in series.items():
        for month, value in zip(months, values, strict=True):
            world.report("basic", school, month, {"pupils": value}, region=east)
    world.report("conditions", "4301020002", date(2019, 9, 1), {"primary_pupils": 150}, region=east)
    rule(world, "R1", "change_within", percent=50, least=10)
    rule(world, "R2", "modified_z", score_limit=5, least_periods=6, least=5)
    rule(world, "R3", "register_within", percent=50, least=10, is_active=False)
    rule(world, "R4", "region_change_within", percent=20, least=10, severity="宏观")
    rule(
        world,
        "R5",
        "equals_form",
        other_form_code="conditions",
        other_element_code="primary_pupils",
        percent=10,
        least=0,
    )


def states(warehouse: Warehouse) -> dict[tuple[str, int], tuple[str, bool]]:
    rows = warehouse.rows(
        "select finding_id, file_id, finding_state, is_open from marts.fct_findings where not is_across_files"
    )
    return {(r["finding_id"], r["file_id"]): (r["finding_state"], r["is_open"]) for r in rows}


def test_the_last_attempt_that_speaks_of_a_finding_decides_it(warehouse: Warehouse) -> None:
    assert states(warehouse) == {
        ("closed_by_second", 1): ("已改", False),
        ("untouched_by_third", 1): ("仍未改", False),
        ("untouched_by_third", 2): ("待改", True),
        ("answered_by_third", 1): ("已改", False),
        ("answered_by_third", 2): ("已改", False),
        ("doubt", 2): ("待改", False),
        ("new_in_third", 3): ("待改", True),
        ("broken_file", 90): ("已改", False),
    }
    closed = warehouse.rows("select finding_id, closed_by_file_id from marts.fct_findings where finding_state = '已改'")
    assert {(r["finding_id"], r["closed_by_file_id"]) for r in closed} == {
        ("closed_by_second", 2), ("answered_by_third", 3), ("broken_file", 91),
    }  # fmt: skip


def test_values_out_of_line_are_doubted_with_both_cells(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select * from marts.fct_rule_breaches where period_start_date = date '2020-09-01'")
    found = {(r["rule_code"], r["reporter_code"]): r for r in rows}
    assert found.keys() == {
        ("R1", "4301020002"),
        ("R2", "4301020003"),
        ("R3", "4301020002"),
        ("R4", "4301020002"),
        ("R5", "4301020002"),
    }
    step = found["R1", "4301020002"]
    assert (step["judged_value"], step["expected_value"], step["allowed_distance"]) == (180, 100, 50)
    assert step["cell"] == "A4"
    assert step["message"].startswith("在校生数 180，上一次（2020-08-01）为 100（")
    assert step["message"].endswith(" A4）：相差过大")
    # the median of 100 102 98 100 102 98 100 is 100, the median deviation 2: 5 scores are 14.83
    assert str(found["R2", "4301020003"]["allowed_distance"]) == "14.825797"
    # of the region the three schools that reported before: 180 + 120 + 100; where one has a gap, its month before that
    region = found["R4", "4301020002"]
    assert (region["judged_value"], region["expected_value"], region["severity"]) == (400, 300, "宏观")


def test_only_rules_that_are_switched_on_draw_findings(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select distinct rule_code from marts.fct_findings where is_across_files and is_open")
    assert {r["rule_code"] for r in rows} == {"R1", "R2", "R4", "R5"}
