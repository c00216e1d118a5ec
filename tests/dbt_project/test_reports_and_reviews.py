"""Who owed what, what people decided, what changed: one world, its answers worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from world import Warehouse, World, at

SEPTEMBER, OCTOBER = date(2020, 9, 1), date(2020, 10, 1)
CELLS = {"fitness_passed": 90, "fitness_tested": 100}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    world = World()
    city = world.region("430100", level="市")
    east, west = world.region("430102", city), world.region("430103", city)
    for no in range(1, 9):
        world.school(f"430102000{no}", east, closed_date=date(2020, 9, 15) if no == 8 else None)
    world.school("4301030001", west)
    reports(world, east, west)
    world.card("fit", "fitness_passed", "fitness_tested")
    world.card("spread", "pupils", "classes", aggregation="coefficient_of_variation", unit="")
    world.card(
        "weighted", "pupils", "classes", aggregation="coefficient_of_variation", unit="", weight="fitness_tested"
    )
    world.card("served", "school_count", aggregation="per_place_min", unit="所", stages="小学")
    plan = world.plan("p", city)
    reviews(world, plan)
    lights(world, plan)
    only = "fct_actuals fct_actuals_superseded fct_attainments fct_completeness fct_light_changes fct_submissions"
    return world.build(tmp_path_factory.mktemp("reports"), only=only)


def reports(world: World, east: str, west: str) -> None:
    world.report("basic", "4301020001", SEPTEMBER, CELLS, region=east, is_current=False, received_at=at("2020-10-01"))
    world.report(
        "basic", "4301020001", SEPTEMBER, CELLS | {"pupils": 40, "classes": 1}, region=east, attempt_no=2,
        received_at=at("2020-10-05"),
    )  # fmt: skip
    world.report("basic", "4301020002", SEPTEMBER, CELLS | {"pupils": 60, "classes": 3}, region=east, is_late=True)
    world.report("basic", "4301020003", SEPTEMBER, dict.fromkeys(CELLS, 0), region=east)
    world.report("basic", "4301020004", SEPTEMBER, dict.fromkeys(CELLS), region=east, submission_state="空表")
    world.report("basic", "4301020005", SEPTEMBER, {}, region=east, submission_state="隔离")
    world.add("config__exemptions", form_code="basic", reporter_code="4301020006", period_start_date=SEPTEMBER,
              reason="校舍修缮")  # fmt: skip
    world.report("basic", "4301030001", SEPTEMBER, CELLS, region=west)


def reviews(world: World, plan: str) -> None:
    cards = {key: key for key in ("spread", "weighted", "served")}
    for key in ("undone", "redone", "rejected", "moved", *cards):
        world.commitment(key, plan, card=cards.get(key, "fit"), value=80,
                         confirmed=False, quote=f"原文{key}", number_text="80%")  # fmt: skip
    places = {"kind": "count", "card": "ledger", "value": 80, "unit": "个"}
    world.commitment("root", plan, confirmed=False, quote="原文root", number_text="80个", **places)
    world.commitment("again", plan, restates="root", **places)
    world.commitment("unread", plan, confirmed=False, restates="root", **places)
    world.commitment("loop_a", plan, value=1, restates="loop_b")
    world.commitment("loop_b", plan, value=1, restates="loop_a")
    world.event("commitment.confirmed", "commitment", "root")
    confirmed = world.event("commitment.confirmed", "commitment", "undone")
    world.event("event.undone", "event", str(confirmed), undoes_event_no=confirmed)
    confirmed = world.event("commitment.confirmed", "commitment", "redone")
    undo = world.event("event.undone", "event", str(confirmed), undoes_event_no=confirmed)
    world.event("event.undone", "event", str(undo), undoes_event_no=undo)
    world.event("commitment.confirmed", "commitment", "rejected")
    world.event("commitment.rejected", "commitment", "rejected")
    words = {"plan": "p.txt", "quote": "原文moved", "number_text": "80%"}
    world.event("commitment.confirmed", "commitment", "an id of before", words)


def lights(world: World, plan: str) -> None:
    """Schools of this world owe reports, so their rates are grey; these stand on the records of a unit."""
    unit = world.unit("U1", "430102")
    world.card("ledger", "done", source_form="ledger", unit="个", aggregation="last_stock", matter_name="学位",
               baseline_reference="")  # fmt: skip
    world.report("ledger", unit, SEPTEMBER, {"done": 90}, records="学位", region="430102")
    for key in ("time", "data", "target", "rule", "same", "reviewed", "relit"):
        world.commitment(key, plan, "count", "ledger", value=115, unit="个")  # 78.26 % at 80.33 %: 绿
    ninety = {"light": "黄", "attained_value": 90, "target_value": 115}
    world.published("time", **ninety)
    world.published("data", **ninety | {"attained_value": 80}, published_at=at("2020-08-01"))
    world.published("target", **ninety | {"target_value": 96})
    world.published("rule", **ninety, evaluation_date=date(2020, 10, 20))
    world.published("same", **ninety | {"light": "红"})
    world.published("same", **ninety | {"light": "绿"}, release_seq=2)
    world.published("reviewed", **ninety | {"light": "灰"}, status="未确认", evaluation_date=date(2020, 10, 20))
    # published yellow on the 17th; since then a report made it green, a day made it yellow and the next one green
    world.published("relit", **ninety | {"attained_value": 80}, evaluation_date=date(2020, 10, 17))
    for day, light in ((17, "绿"), (18, "黄"), (19, "黄")):
        world.relit.append(ninety | {
            "commitment_id": "relit", "evaluation_date": date(2020, 10, day), "light": light, "status": "推进中",
        })  # fmt: skip


def test_every_expected_report_has_its_state(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        f"select reporter_code, submission_state from marts.fct_submissions where period_start_date = '{SEPTEMBER}'"
        " and form_code = 'basic'"
    )
    assert {row["reporter_code"][-4:] if row["reporter_code"] != "4301030001" else "west": row["submission_state"]
            for row in rows} == {
        "0001": "已收", "0002": "迟报", "0003": "真零", "0004": "空表", "0005": "隔离", "0006": "免报", "0007": "未报",
        "west": "已收",
    }  # fmt: skip  # 0008 closed within the month and owes nothing
    october = warehouse.rows(
        f"select distinct submission_state from marts.fct_submissions where period_start_date = '{OCTOBER}'"
    )
    assert october == [{"submission_state": "未到期"}]


def test_completeness_is_accepted_among_expected(warehouse: Warehouse) -> None:
    row = warehouse.rows(
        "select * from marts.fct_completeness where form_code = 'basic' and region_code = '430100'"
        f" and period_start_date = '{SEPTEMBER}'"
    )[0]
    assert (row["expected_count"], row["accepted_count"], row["late_count"], row["missing_count"]) == (7, 4, 1, 1)
    assert row["completeness_pct"] == Decimal("57.1429")


def test_superseded_values_are_kept_apart(warehouse: Warehouse) -> None:
    kept = warehouse.rows("select count(*) as n from marts.fct_actuals_superseded where reporter_code = '4301020001'")
    counted = warehouse.rows(
        "select sum(value_number) as n from marts.fct_actuals where element_code = 'fitness_tested'"
    )
    assert (kept[0]["n"], counted[0]["n"]) == (2, Decimal(300))


def test_the_last_standing_review_counts(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select commitment_id, review_state from marts.fct_commitments")
    states = {row["commitment_id"]: row["review_state"] for row in rows}
    assert {key: states[key] for key in ("root", "undone", "redone", "rejected", "moved")} == {
        "root": "已确认", "undone": "待核", "redone": "已确认", "rejected": "撤销", "moved": "已确认",
    }  # fmt: skip


def test_restatements_show_their_root_and_never_count(warehouse: Warehouse) -> None:
    rows = warehouse.attainments()
    assert (rows["again"]["light"], rows["again"]["root_commitment_id"], rows["again"]["is_root"]) == (
        "蓝",
        "root",
        False,
    )
    assert rows["again"]["reason"].startswith("重复表述")
    assert (rows["unread"]["light"], rows["unread"]["status"]) == ("灰", "未确认")
    assert [rows[key]["is_root"] for key in ("loop_a", "loop_b")] == [True, False]
    assert rows["rejected"]["status"] == "已撤销"


def test_spread_and_places(warehouse: Warehouse) -> None:
    rows = warehouse.attainments()
    # 40 in 1 class, 60 in 3: mean 25; deviations 15 and -5 weigh 1 and 3: √((225 + 75) / 4) / 25 = √75 / 25
    assert rows["spread"]["actual_value"] == Decimal("0.346410")
    # as many pupils tested in both: mean 30, deviations 10 and -10: 10 / 30
    assert rows["weighted"]["actual_value"] == Decimal("0.333333")
    assert rows["served"]["actual_value"] == 1  # the west has one school, the east seven


def test_every_change_of_light_has_its_cause(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select * from marts.fct_light_changes where commitment_id != 'relit'")
    assert {row["commitment_id"]: (row["from_light"], row["to_light"], row["cause"]) for row in rows} == {
        "time": ("黄", "绿", "时间"), "data": ("黄", "绿", "新数据"), "target": ("黄", "绿", "目标调整"),
        "rule": ("黄", "绿", "规则调整"), "reviewed": ("灰", "绿", "目标调整"),
    }  # fmt: skip


def test_changes_of_days_passed_over_stand_on_their_day(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select * from marts.fct_light_changes where commitment_id = 'relit' order by change_no")
    assert [(row["changed_date"].day, row["from_light"], row["to_light"], row["cause"]) for row in rows] == [
        (20, "黄", "绿", "新数据"), (18, "绿", "黄", "时间"), (20, "黄", "绿", "时间"),
    ]  # fmt: skip
