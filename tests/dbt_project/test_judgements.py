"""What is made of lights and reports: summaries, warnings, scores, closure, balance; one world, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from world import Warehouse, World

from ingestion.config.targets import shipped_sets

SEPTEMBER, OCTOBER = date(2020, 9, 1), date(2020, 10, 1)
CITY, EAST, WEST = "430100", "430102", "430103"
ITEMS = ("teachers_above_degree", "teachers_backbone", "teachers_sport_art", "teaching_area", "sport_area",
         "equipment_value", "multimedia_rooms")  # fmt: skip
MARTS = "fct_assessments fct_balance_checks fct_balance_indicators fct_decomposition_closure fct_light_summaries"
# just the standards for 100 pupils of a primary school
STANDARD = dict(zip(ITEMS, (4.2, 1, 0.9, 450, 750, 200000, 2.3), strict=True))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    world = World()
    world.region(CITY, level="市")
    for region in (EAST, WEST):
        world.region(region, CITY)
    units(world)
    closures(world)
    balance(world)
    return world.build(tmp_path_factory.mktemp("judgements"), tests=True, only=f"{MARTS} fct_warnings")


def units(world: World) -> None:
    """Two departments: one with a blue, a green and a grey promise, one with two red ones and late reports."""
    for code, name in (("GOOD", "长沙市教育局基础教育科"), ("BAD", "长沙市教育局办公室")):
        world.add("config__units", unit_code=code, unit_name=name, unit_type="科室", region_code=CITY)
    plan = world.plan("city", CITY)
    for no, (matter, done) in enumerate((("甲", 10), ("乙", 8), ("丙", 1), ("丁", 2)), start=1):
        world.card(f"m{no}", "done", source_form="ledger", unit="个", aggregation="last_stock", matter_name=matter,
                   responsible_unit="基础教育科" if no < 3 else "办公室")  # fmt: skip
        unit = "GOOD" if no < 3 else "BAD"
        world.report("ledger", unit, SEPTEMBER, {"done": done}, records=matter, region=CITY, is_late=unit == "BAD")
        strength = {1: "确保", 2: "力争"}.get(no)
        world.commitment(f"p{no}", plan, "count", f"m{no}", value=10, unit="个", strength=strength,
                         item_path=f"一/{no}")  # fmt: skip
    world.commitment("p5", plan, "count", "m1", value=10, unit="个", confirmed=False, item_path="二")


def closures(world: World) -> None:
    """The city's 95 % over 100 and 300 pupils: 98 and 94 make exactly 95; its 10 places are short by one."""
    world.card("rate", "fitness_passed", "fitness_tested")
    world.card("places", "done", source_form="ledger", unit="个", aggregation="last_stock", matter_name="学位")
    world.commitment("rate-city", "city", card="rate", value=95, item_path="三")
    world.commitment("places-city", "city", "count", "places", value=10, unit="个", item_path="三")
    world.commitment("alone-city", "city", card="rate", operator="<=", value=95, item_path="三", confirmed=False)
    for region, tested, rate, places in ((EAST, 100, 98, 4), (WEST, 300, 94, 5)):
        plan = world.plan(f"plan{region}", region)
        world.school(f"{region}0001", region, "普通高中")
        world.report("basic", f"{region}0001", SEPTEMBER, {"fitness_passed": 90, "fitness_tested": tested},
                     region=region)  # fmt: skip
        world.commitment(f"rate-{region}", plan, card="rate", value=rate)
        world.commitment(f"places-{region}", plan, "count", "places", value=places, unit="个")


def balance(world: World) -> None:
    """In the east one primary school meets all, one six and the last at 85 %, one six and the last just below it."""
    for shipped in shipped_sets().values():
        for row in shipped.cards.to_dicts():
            world.card(row.pop("indicator_code"), row.pop("numerator"), row.pop("denominator"), **row)
        for row in shipped.targets.to_dicts():
            world.add("config__target_sets", **row)
    for no, changed in enumerate(
        ({}, {"sport_area": 750 * 0.85}, {"sport_area": 637.4}, {"sport_area": None}), start=2
    ):
        code = world.school(f"{EAST}000{no}", EAST, "小学")
        cells = {f"primary_{item}": value for item, value in (STANDARD | changed).items()}
        world.report("conditions", code, SEPTEMBER, cells | {"primary_pupils": 100}, region=EAST)
    # a school of both stages is measured in each; two items short is not met whatever else is missing
    both = world.school(f"{WEST}0009", WEST, "九年一贯制")
    cells = {f"primary_{item}": value for item, value in STANDARD.items()} | {"primary_pupils": 100}
    cells |= {f"junior_{item}": value * 1.5 for item, value in STANDARD.items()} | {"junior_pupils": 100}
    cells |= {"junior_multimedia_rooms": 2.2, "junior_teachers_backbone": 0.9, "junior_sport_area": None}
    world.report("conditions", both, SEPTEMBER, cells, region=WEST)


def one(warehouse: Warehouse, sql: str) -> dict[str, Any]:
    (row,) = warehouse.rows(sql)
    return row


def test_lights_add_up_to_items_sections_plans_units_and_regions(warehouse: Warehouse) -> None:
    rows = {
        (row["scope_type"], row["scope_key"]): row for row in warehouse.rows("select * from marts.fct_light_summaries")
    }
    assert rows["item", "city/一/1"]["light"] == "蓝"
    section = rows["section", "city/一"]
    assert (section["light"], section["blue_count"], section["green_count"], section["red_count"]) == ("红", 1, 1, 2)
    assert rows["section", "city/二"]["light"] == "灰"
    assert (rows["unit", "GOOD"]["light"], rows["unit", "GOOD"]["grey_count"]) == ("绿", 1)
    assert rows["plan", "city"]["commitment_count"] == 8
    assert rows["region", CITY]["commitment_count"] == 12
    total = sum(row["commitment_count"] for (kind, _), row in rows.items() if kind == "plan")
    assert total == len(warehouse.attainments())


def test_units_are_scored_by_weighed_lights_less_deductions(warehouse: Warehouse) -> None:
    good = one(warehouse, "select * from marts.fct_assessments where unit_code = 'GOOD'")
    assert (good["commitment_count"], good["scored_count"]) == (3, 2)
    assert good["light_score"] == Decimal("96.0000")  # 100 weighs 1.5 and 90 weighs 1
    bad = one(warehouse, "select * from marts.fct_assessments where unit_code = 'BAD'")
    assert (bad["light_score"], bad["late_count"], bad["deduction"], bad["score"]) == (0, 1, Decimal("0.5"), 0)
    assert (good["peer_rank"], bad["peer_rank"], good["peer_count"]) == (1, 2, 2)


def test_warnings_name_their_rule(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select * from marts.fct_warnings")
    assert {
        (row["subject_code"], row["rule_code"], row["figure"]) for row in rows if row["subject_type"] == "unit"
    } == {("BAD", "red_commitments", 2)}


def test_sub_targets_are_reconciled_with_the_whole(warehouse: Warehouse) -> None:
    rate = one(warehouse, "select * from marts.fct_decomposition_closure where commitment_id = 'rate-city'")
    assert (rate["closure_state"], rate["decomposed_value"], rate["sub_target_count"]) == ("闭合", Decimal(95), 2)
    places = one(warehouse, "select * from marts.fct_decomposition_closure where commitment_id = 'places-city'")
    assert (places["closure_state"], places["decomposed_value"], places["closure_margin"]) == ("有缺口", 9, -1)
    assert not warehouse.rows("select * from marts.fct_decomposition_closure where commitment_id = 'alone-city'")
    state = one(warehouse, "select * from marts.fct_decomposition_closure where commitment_id = 'p1'")
    assert state["closure_state"] == "未分解"


def test_schools_meet_six_of_seven_and_the_last_at_its_floor(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select * from marts.fct_balance_checks")
    assert {(row["school_code"], row["stage"]): (row["check_state"], row["met_count"]) for row in rows} == {
        (f"{EAST}0002", "小学"): ("达标", 7), (f"{EAST}0003", "小学"): ("达标", 6),
        (f"{EAST}0004", "小学"): ("未达标", 6), (f"{EAST}0005", "小学"): ("待补报", 6),
        (f"{WEST}0009", "小学"): ("达标", 7), (f"{WEST}0009", "初中"): ("未达标", 4),
    }  # fmt: skip


def test_variation_between_schools_is_held_against_its_limit(warehouse: Warehouse) -> None:
    same = one(warehouse, "select * from marts.fct_balance_indicators where item_no = 6 and stage = '小学'"
               f" and region_code = '{EAST}'")  # fmt: skip
    assert (same["variation_value"], same["check_state"], same["school_met_count"]) == (0, "达标", 4)
    assert same["mean_value"] == 2000
    missing = one(warehouse, "select * from marts.fct_balance_indicators where item_no = 5 and stage = '小学'"
                  f" and region_code = '{EAST}'")  # fmt: skip
    assert (missing["counted_count"], missing["expected_count"], missing["check_state"]) == (3, 4, "待补报")
