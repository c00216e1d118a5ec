"""Lights by hand: each commitment stands in a region of its own in one world, with its figures worked out beside it.

The evaluation date is 20 October 2020: 294 of 366 days, 80.3279 % of the year.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from world import Warehouse, World

EVALUATION = date(2020, 10, 20)
SEPTEMBER = date(2020, 9, 1)
AUGUST = date(2020, 8, 1)

Expected = dict[str, Any]
CASES: dict[str, tuple[Callable[[World, str, str], Any], Expected]] = {}


def case(name: str, **expected: Any):
    def keep(function: Callable[[World, str, str], Any]):
        CASES[name] = (function, expected)
        return function

    return keep


def rate(world: World, region: str, parts: list[tuple[float | None, float | None]], period: date = SEPTEMBER) -> None:
    """Schools of a region with (passed, tested) each."""
    known = {row["school_code"] for row in world.rows["config__schools"]}
    for no, (passed, tested) in enumerate(parts, start=1):
        code = f"{region}{no:04d}"
        if code not in known:
            world.school(code, region)
        world.report("basic", code, period, {"fitness_passed": passed, "fitness_tested": tested}, region=region)


def ledger(world: World, region: str, name: str, period: date = SEPTEMBER, **values: Any) -> None:
    unit = f"U{region}"
    if unit not in {row["unit_code"] for row in world.rows["config__units"]}:
        world.unit(unit, region)
    world.report("ledger", unit, period, values, records=name, region=region)


@case("rates add up before they divide", actual_value=Decimal("70.297030"), display_value="70.3", light="黄")
def _(w, r, d):
    rate(w, r, [(10, 10), (700, 1000)])
    w.commitment(r, d, card="fit", value=85)  # 70.297/85 = 82.7 %, short by 17.3


@case("94.96 is not 95", light="绿", is_met=False, display_value="94.96", edge_note="差0.04个百分点")
def _(w, r, d):
    rate(w, r, [(9496, 10000)])
    w.commitment(r, d, card="fit", value=95)


@case("a rate that rose over fewer pupils alone", light="绿", is_met=False, edge_note="差1.39个百分点；分母缩小")
def _(w, r, d):
    rate(w, r, [(90, 100)], date(2019, 12, 1))
    rate(w, r, [(88, 94)])  # 93.62: 1.38 short
    w.commitment(r, d, card="fit", value=95)


@case("exactly 95 is 95", light="蓝", status="已达标", display_value="95.0", edge_note=None)
def _(w, r, d):
    rate(w, r, [(19, 20)])
    w.commitment(r, d, card="fit", value=95)


@case("two thirds do not reach 66.67", light="绿", is_met=False, display_value="66.66")
def _(w, r, d):
    rate(w, r, [(2, 3)])
    w.commitment(r, d, card="fit", value=66.67)


@case("points are added to the base", target_value=Decimal(65), light="蓝")
def _(w, r, d):
    rate(w, r, [(65, 100)])
    w.baseline("fit", r, 62)
    w.commitment(r, d, card="fit", value=3, unit="百分点", operator="increase")


@case("growth in percent multiplies the base", target_value=Decimal("63.86"), light="蓝")
def _(w, r, d):
    rate(w, r, [(6386, 10000)])
    w.baseline("fit", r, 62)
    w.commitment(r, d, card="fit", value=3, operator="increase")


@case("a rate that falls by percent falls by points", target_value=Decimal("54.5"), light="蓝", judged_operator="<=")
def _(w, r, d):
    rate(w, r, [(545, 1000)])
    w.baseline("fit", r, 55)
    w.commitment(r, d, card="fit", value=0.5, operator="decrease")


@case("no base, no light", light="灰", status="无基数")
def _(w, r, d):
    rate(w, r, [(65, 100)])
    w.commitment(r, d, card="fit", value=3, unit="百分点", operator="increase")


@case("a base of another definition", light="灰", status="基数不可比")
def _(w, r, d):
    rate(w, r, [(65, 100)])
    w.baseline("fit", r, 62, definition_version="0")
    w.commitment(r, d, card="fit", value=3, unit="百分点", operator="increase")


@case("a base nobody approved", light="灰", status="无基数")
def _(w, r, d):
    rate(w, r, [(65, 100)])
    w.baseline("fit", r, 62, approved_by=None)
    w.commitment(r, d, card="fit", value=3, unit="百分点", operator="increase")


@case("the base is computed from last December", target_value=Decimal(63), baseline_value=Decimal(60), light="蓝")
def _(w, r, d):
    rate(w, r, [(60, 100)], date(2019, 12, 1))
    rate(w, r, [(63, 100)])
    w.commitment(r, d, card="fit", value=3, unit="百分点", operator="increase")


@case("an approved base wins over the computed one", target_value=Decimal(65), computed_baseline_value=Decimal(60))
def _(w, r, d):
    rate(w, r, [(60, 100)], date(2019, 12, 1))
    rate(w, r, [(63, 100)])
    w.baseline("fit", r, 62)
    w.commitment(r, d, card="fit", value=3, unit="百分点", operator="increase")


@case("the base of the same months a year before", target_value=Decimal(110), baseline_value=Decimal(100), light="蓝")
def _(w, r, d):
    for period, done in ((date(2019, 9, 1), 90), (date(2019, 10, 1), 100), (date(2019, 12, 1), 130)):
        ledger(w, r, "上年同期事项", period, done=done)
    ledger(w, r, "上年同期事项", done=112)
    w.commitment(r, d, kind="count", card="same_months", value=10, unit="%", operator="increase")


@case("the base of a fixed year", target_value=Decimal(75), baseline_value=Decimal(70), light="绿")
def _(w, r, d):
    rate(w, r, [(70, 100)], date(2018, 12, 1))
    rate(w, r, [(60, 100)], date(2019, 12, 1))
    rate(w, r, [(74, 100)])
    w.commitment(r, d, card="fixed", value=5, unit="百分点", operator="increase")


@case("a base of another coverage", light="灰", status="基数不可比")
def _(w, r, d):
    w.school(f"{r}0002", r)
    rate(w, r, [(60, 100)], date(2019, 12, 1))
    rate(w, r, [(63, 100), (63, 100)])
    w.commitment(r, d, card="fit", value=3, unit="百分点", operator="increase")


@case("way travelled at the observation", progress_pct=Decimal(50), expected_pct=Decimal("74.8634"), light="黄")
def _(w, r, d):
    rate(w, r, [(75, 100)])  # from 70 to 80, at 75 on 30 September: 274 of 366 days
    w.baseline("fit", r, 70)
    w.commitment(r, d, card="fit", value=80)


@case("a base past the target is to be held", progress_pct=Decimal("98.75"), expected_pct=Decimal(100), light="绿")
def _(w, r, d):
    rate(w, r, [(79, 100)])
    w.baseline("fit", r, 85)
    w.commitment(r, d, card="fit", value=80)


@case("within a range", light="蓝", judged_operator="range")
def _(w, r, d):
    rate(w, r, [(50, 100)])
    w.commitment(r, d, card="fit", value=45, value_high=55, operator="range")


@case("above a range", light="绿", is_met=False)
def _(w, r, d):
    rate(w, r, [(56, 100)])  # 55/56 = 98.2
    w.commitment(r, d, card="fit", value=45, value_high=55, operator="range")


@case("just above a range is not shown within it", is_met=False, display_value="55.04", edge_note="差0.04个百分点")
def _(w, r, d):
    rate(w, r, [(5504, 10000)])
    w.commitment(r, d, card="fit", value=45, value_high=55, operator="range")


@case("just short of a range is not shown within it", is_met=False, display_value="44.96", edge_note="差0.04个百分点")
def _(w, r, d):
    rate(w, r, [(4496, 10000)])
    w.commitment(r, d, card="fit", value=45, value_high=55, operator="range")


@case("a target just kept is not shown as missed", light="蓝", display_value="95.04")
def _(w, r, d):
    rate(w, r, [(9504, 10000)])
    w.commitment(r, d, card="fit", value=95.03)


@case("a ceiling just kept is not shown as broken", light="蓝", display_value="50.05")
def _(w, r, d):
    rate(w, r, [(5005, 10000)])
    w.commitment(r, d, card="fit", value=50.06, operator="<=")


@case("what may lie within a range between its ends is open", light="灰", status="取决于", is_met=False)
def _(w, r, d):
    rate(w, r, [(50, 100), (900, 1000)], AUGUST)
    rate(w, r, [(30, 100)])  # 84.5 % as it stands, 30/1200 = 2.5 to 1130/1200 = 94.2: all red, and 45 to 55 between
    w.commitment(r, d, card="fit", value=45, value_high=55, operator="range")


@case("a rate kept under its ceiling", light="蓝", judged_operator="<=")
def _(w, r, d):
    rate(w, r, [(49, 100)])
    w.commitment(r, d, card="fit", value=50, operator="<=")


@case("zero denominators divide nothing", light="灰", status="分母为零", actual_value=None)
def _(w, r, d):
    rate(w, r, [(0, 0)])
    w.commitment(r, d, card="fit", value=50)


@case("a figure per hundred", actual_value=Decimal("6.500000"), light="蓝")
def _(w, r, d):
    code = w.school(f"{r}0001", r)
    w.report("basic", code, SEPTEMBER, {"teachers": 13, "pupils": 200}, region=r)
    w.commitment(r, d, card="per_hundred", value=6.5, unit="人")


@case("what lies outside the window is no observation", actual_value=Decimal(80), light="蓝", counted_count=1)
def _(w, r, d):
    rate(w, r, [(90, 100)], date(2020, 3, 1))
    rate(w, r, [(80, 100)])
    w.commitment(r, d, card="autumn", value=80)


@case("the version of a card in force counts", actual_value=Decimal(20))
def _(w, r, d):
    code = w.school(f"{r}0001", r)
    w.report("basic", code, SEPTEMBER, {"myopic": 20, "fitness_passed": 80, "fitness_tested": 100}, region=r)
    w.commitment(r, d, card="revised", value=80)


@case("a missing school is not a zero", actual_value=Decimal(90), counted_count=1, light="灰", status="无界")
def _(w, r, d):
    rate(w, r, [(90, 100), (None, None)])
    w.commitment(r, d, card="fit", value=90)


@case("nothing reported is grey", light="灰", status="无数据", actual_value=None)
def _(w, r, d):
    w.school(f"{r}0001", r)
    w.commitment(r, d, card="fit", value=90)


@case("a school stands at its last report", actual_value=Decimal(75), counted_count=2, light="灰", status="取决于")
def _(w, r, d):
    rate(w, r, [(60, 100), (80, 100)], AUGUST)
    rate(w, r, [(70, 100)])  # September of the other was due on 10 October: 70/210 to 180/210
    w.commitment(r, d, card="fit", value=75)


@case("a report not yet due leaves nothing open", actual_value=Decimal(75), counted_count=2, light="蓝")
def _(w, r, d):
    rate(w, r, [(60, 100), (80, 100)])
    rate(w, r, [(70, 100)], date(2020, 10, 1))
    w.commitment(r, d, card="fit", value=75)


@case("what is owed cannot undo it", actual_value=Decimal("96.930693"), light="蓝", status="已达标")
def _(w, r, d):
    rate(w, r, [(960, 1000), (9, 10)], AUGUST)
    rate(w, r, [(970, 1000)])  # at worst 970/1011
    w.commitment(r, d, card="fit", value=95)


@case("what is owed cannot save it", light="红", status="逾期未完成")
def _(w, r, d):
    rate(w, r, [(900, 1000), (10, 10)], date(2020, 4, 1))
    rate(w, r, [(900, 1000)], date(2020, 6, 1))  # at best 911/1011
    w.commitment(r, d, card="fit", value=95, deadline=date(2020, 6, 30))


@case("two lights between them is grey", light="灰", status="取决于", is_met=False)
def _(w, r, d):
    rate(w, r, [(800, 1000), (90, 100)], AUGUST)
    rate(w, r, [(800, 1000)])  # 800/1110 = 72.1, four fifths of 90: 黄; 910/1110 = 82.0: 绿
    w.commitment(r, d, card="fit", value=90)


@case("a year's sum has no ceiling", light="灰", status="无界", actual_value=Decimal(750))
def _(w, r, d):
    ledger(w, r, "新增学位", AUGUST, done=750)
    w.commitment(r, d, kind="count", card="places", value=1000, unit="个")


@case("a year's sum never falls", light="蓝", status="超额")
def _(w, r, d):
    ledger(w, r, "新增学位", AUGUST, done=1001)
    w.commitment(r, d, kind="count", card="places", value=1000, unit="个")


@case("pupils are known from the register", light="蓝", status="已达标", counted_count=1)
def _(w, r, d):
    w.school(f"{r}0002", r, pupils_registered=10)
    rate(w, r, [(970, 1000)])
    w.report("basic", f"{r}0001", SEPTEMBER, {"pupils": 1000, "fitness_passed": 970}, region=r)
    w.commitment(r, d, card="fit_of_pupils", value=95)  # at worst 970/1011


@case("a stated all is lost by one", light="灰", status="取决于", is_met=False)
def _(w, r, d):
    rate(w, r, [(99, 100), (None, None)])
    w.commitment(r, d, card="fit", value=100)


@case("a closed school leaves", actual_value=Decimal(90), expected_count=1, light="蓝")
def _(w, r, d):
    w.school(f"{r}0002", r, closed_date=date(2020, 8, 31))
    rate(w, r, [(90, 100), (10, 100)], date(2020, 7, 1))
    rate(w, r, [(90, 100)])
    w.commitment(r, d, card="fit", value=90)


@case("last year's figure is no observation of this year", light="灰", status="待报数据")
def _(w, r, d):
    rate(w, r, [(90, 100)], date(2019, 12, 1))
    w.commitment(r, d, card="fit", value=90)


@case("past due and unmet", light="红", status="逾期未完成")
def _(w, r, d):
    rate(w, r, [(89, 100)], date(2020, 6, 1))
    w.commitment(r, d, card="fit", value=90, deadline=date(2020, 6, 30))


@case("a later observation does not settle an earlier deadline", light="红", actual_value=Decimal(89))
def _(w, r, d):
    rate(w, r, [(89, 100)], date(2020, 6, 1))
    rate(w, r, [(95, 100)], SEPTEMBER)
    w.commitment(r, d, card="fit", value=90, deadline=date(2020, 6, 30))


@case("deadline passed, report overdue", light="灰", status="应报未报")
def _(w, r, d):
    rate(w, r, [(89, 100)], date(2020, 5, 1))
    w.commitment(r, d, card="fit", value=90, deadline=date(2020, 6, 30))


@case("deadline passed, report not yet due", light="灰", status="待报数据")
def _(w, r, d):
    rate(w, r, [(89, 100)])  # October's report is due on 10 November
    w.commitment(r, d, card="fit", value=90, deadline=date(2020, 10, 15))


@case("older than the card allows", light="灰", status="数据过期")
def _(w, r, d):
    rate(w, r, [(95, 100)], date(2020, 3, 1))  # until 31 March: 203 days, allowed 180
    w.commitment(r, d, card="fit180", value=90)


@case("unconfirmed commitments have no light", light="灰", status="未确认", actual_value=Decimal(95))
def _(w, r, d):
    rate(w, r, [(95, 100)])
    w.commitment(r, d, card="fit", value=90, confirmed=False)


@case("unconfirmed cards have no light", light="灰", status="口径未确认")
def _(w, r, d):
    rate(w, r, [(95, 100)])
    w.commitment(r, d, card="fit_draft", value=90)


@case("suggestions are never applied", light="灰", status="未确认", actual_value=None)
def _(w, r, d):
    rate(w, r, [(95, 100)])
    w.commitment(r, d, card="fit", value=90, method="suggestion")


@case("what no data measures is said", light="灰", status="无数可考")
def _(w, r, d):
    w.commitment(r, d, value=90)


@case("a count does not compare with a share", light="灰", status="单位不符")
def _(w, r, d):
    rate(w, r, [(95, 100)])
    w.commitment(r, d, kind="count", card="fit", value=5, unit="所", operator="==")


@case("an hour a day is promised of every school", light="黄", target_value=Decimal(100), edge_note="差1所")
def _(w, r, d):
    for no, hours in enumerate([1, 1.5, 0.5, 1], start=1):
        code = w.school(f"{r}{no:04d}", r)
        w.report("basic", code, SEPTEMBER, {"sport_hours": hours}, region=r)
    w.commitment(r, d, card="sport", value=1, unit="小时")


@case("skills a pupil are a ratio", light="绿", status="推进中", display_value="1.9", edge_note="差0.12项")
def _(w, r, d):
    code = w.school(f"{r}0001", r)
    w.report("basic", code, SEPTEMBER, {"sport_skills": 188, "pupils": 100}, region=r)
    w.commitment(r, d, kind="count", card="skills", value=2, unit="项")


@case("fewer papers than last year", light="绿", status="未超上限", target_value=Decimal("95"), progress_pct=None)
def _(w, r, d):
    ledger(w, r, "新增学位", done=60)
    w.baseline("places", r, 100)
    w.commitment(r, d, kind="count", card="places", value=5, unit="%", operator="decrease")


@case("32 of 30", light="蓝", status="超额", display_value="32")
def _(w, r, d):
    ledger(w, r, "新增学位", done=32)
    w.commitment(r, d, kind="count", card="places", value=30, unit="个", operator="==")


@case("3-5 has its floor at 3", light="蓝", target_value=Decimal(3))
def _(w, r, d):
    ledger(w, r, "新增学位", done=3)
    w.commitment(r, d, kind="count", card="places", value=3, value_high=5, unit="条", operator="range")


@case("a count that grows is judged on itself", light="绿", target_value=Decimal(1000), edge_note="差250个")
def _(w, r, d):
    ledger(w, r, "新增学位", done=750)  # 75 % at 80.3 %
    w.commitment(r, d, kind="count", card="places", value=1000, unit="个", operator="increase")


@case("a cumulative figure ends with its year", light="灰", status="无数据")
def _(w, r, d):
    ledger(w, r, "新增学位", date(2019, 12, 1), done=750)
    w.commitment(r, d, kind="count", card="places", value=1000, unit="个", operator="increase")


@case("a count reached after its day", light="蓝", status="逾期完成", actual_value=Decimal(1001))
def _(w, r, d):
    ledger(w, r, "新增学位", date(2020, 6, 1), done=900)
    ledger(w, r, "新增学位", done=1001)
    w.commitment(r, d, kind="count", card="places", value=1000, unit="个", deadline=date(2020, 6, 30))


@case("a count not reached after its day either", light="红", status="逾期未完成", actual_value=Decimal(900))
def _(w, r, d):
    ledger(w, r, "新增学位", date(2020, 6, 1), done=900)
    ledger(w, r, "新增学位", done=999)
    w.commitment(r, d, kind="count", card="places", value=1000, unit="个", deadline=date(2020, 6, 30))


@case("a count reached in time stays as it was then", light="蓝", status="已达标", actual_value=Decimal(1000))
def _(w, r, d):
    ledger(w, r, "新增学位", date(2020, 6, 1), done=1000)
    ledger(w, r, "新增学位", done=1200)
    w.commitment(r, d, kind="count", card="places", value=1000, unit="个", deadline=date(2020, 6, 30))


@case("lag of 10 is yellow", light="黄", lag=Decimal(10))
def _(w, r, d):
    w.commitment(r, d, card="fit", value=80)
    rate(w, r, [(72, 100)])  # 72/80 = 90 %, distance 10


@case("lag just below 10 is green", light="绿", lag=Decimal("9.9875"))
def _(w, r, d):
    rate(w, r, [(7201, 10000)])
    w.commitment(r, d, card="fit", value=80)


@case("lag of 30 is yellow", light="黄", lag=Decimal(30))
def _(w, r, d):
    rate(w, r, [(56, 100)])
    w.commitment(r, d, card="fit", value=80)


@case("lag just above 30 is red", light="红", status="严重滞后", lag=Decimal("30.0125"))
def _(w, r, d):
    rate(w, r, [(5599, 10000)])
    w.commitment(r, d, card="fit", value=80)


@case("a curve of the card's own", light="绿", expected_pct=Decimal("72.4591"), lag=Decimal("2.4591"))
def _(w, r, d):
    ledger(w, r, "年底集中完成", done=70)  # elapsed 80.3279 %: between 50 → 30 and 100 → 100: 30 + 70 x 30.3279/50
    w.commitment(r, d, kind="count", card="late_curve", value=100, unit="个")


@case("a curve in steps for a kind", light="黄", expected_pct=Decimal(60), lag=Decimal(10))
def _(w, r, d):
    ledger(w, r, "分期拨付", done=50)  # from half of the year on 60 is expected until it ends
    w.commitment(r, d, kind="money", card="stepped", value=100, unit="元")


@case("a preset of its kind", light="绿", lag=Decimal("5.3279"))
def _(w, r, d):
    ledger(w, r, "年度方案", status="进行中")  # 50 of 80.3279 is behind by 30.3279: red by the written preset
    ledger(w, r, "预设事项", done=75)
    w.commitment(r, d, kind="count", card="preset_count", value=100, unit="个")


@case("matters have a preset of their own", light="黄", lag=Decimal("30.3279"))
def _(w, r, d):
    ledger(w, r, "年度方案", status="进行中")
    w.commitment(r, d, kind="deliverable", output="年度方案")


@case("a cap not yet reached", light="绿", status="未超上限")
def _(w, r, d):
    ledger(w, r, "新增学位", done=9)
    w.commitment(r, d, kind="count", card="places", value=10, unit="项", operator="<=")


@case("a cap broken", light="红", status="超上限")
def _(w, r, d):
    ledger(w, r, "新增学位", done=11)
    w.commitment(r, d, kind="count", card="places", value=10, unit="项", operator="<=")


@case("a matter done", light="蓝", status="已达标")
def _(w, r, d):
    ledger(w, r, "《年度方案》", status="办结", done_date="2020-08-01", evidence="文件")
    w.commitment(r, d, kind="deliverable", output="年度方案")


@case("a matter done late", light="蓝", status="逾期完成")
def _(w, r, d):
    ledger(w, r, "年度方案", status="办结", done_date="2020-08-01")
    w.commitment(r, d, kind="deliverable", output="《年度方案》", deadline=date(2020, 6, 30))


@case("a matter under way past its day", light="红", status="逾期未完成")
def _(w, r, d):
    ledger(w, r, "年度方案", status="进行中")
    w.commitment(r, d, kind="deliverable", output="年度方案", deadline=date(2020, 6, 30))


@case("a matter nobody reports", light="灰", status="无数据")
def _(w, r, d):
    w.commitment(r, d, kind="deliverable", output="年度方案")


def project(world: World, region: str, name: str, **dates: str) -> None:
    unit = f"U{region}"
    if unit not in {row["unit_code"] for row in world.rows["config__units"]}:
        world.unit(unit, region)
    world.report("projects", unit, SEPTEMBER, dates, records=name, region=region)


@case("two of three projects", actual_value=Decimal(2), progress_pct=Decimal("83.3333"), light="绿", edge_note="差1所")
def _(w, r, d):
    for name in ("甲小学", "乙小学"):
        project(w, r, name, start_date="2020-03-01", completed_date="2020-08-01", evidence="照片")
    project(w, r, "丙小学", preliminary_date="2020-02-01", start_date="2020-03-01")  # 2 of 4 nodes
    w.commitment(r, d, kind="milestone", milestone="建成", projects=["甲小学", "乙小学", "丙小学"])


@case("a later stage proves an earlier one", light="蓝")
def _(w, r, d):
    project(w, r, "甲小学", completed_date="2020-08-01", evidence="照片")
    w.commitment(r, d, kind="milestone", milestone="开工", projects=["甲小学"])


@case("a stage dated tomorrow is not reached", is_met=False)
def _(w, r, d):
    project(w, r, "甲小学", start_date="2020-10-21", evidence="照片")
    w.commitment(r, d, kind="milestone", milestone="开工", projects=["甲小学"])


@case("more schools promised than named", light="灰", status="未列名待核", expected_count=1)
def _(w, r, d):
    project(w, r, "甲小学", start_date="2020-03-01")
    w.commitment(r, d, kind="milestone", milestone="开工", projects=["甲小学"], stated_count=4)


@case("a project of another name", light="灰", status="无数据")
def _(w, r, d):
    project(w, r, "第一小学", start_date="2020-03-01")
    w.commitment(r, d, kind="milestone", milestone="开工", projects=["第二小学"])


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    world = World()
    world.card("fit", "fitness_passed", "fitness_tested", baseline_reference="上年末")
    world.card("fit180", "fitness_passed", "fitness_tested", max_age_days=180)
    world.card("fixed", "fitness_passed", "fitness_tested", baseline_reference="固定年", baseline_year=2018)
    world.card("same_months", "done", source_form="ledger", unit="个", aggregation="last_stock",
               matter_name="上年同期事项", baseline_reference="上年同期")  # fmt: skip
    for code, matter, unit in (("late_curve", "年底集中完成", "个"), ("stepped", "分期拨付", "元"),
                               ("preset_count", "预设事项", "个")):  # fmt: skip
        world.card(code, "done", source_form="ledger", unit=unit, aggregation="last_stock", matter_name=matter)
    world.add("config__progress_curves", applies_to="late_curve", shape="折线", elapsed_pct=50, expected_pct=30)
    world.add("config__progress_curves", applies_to="资金", shape="阶梯", elapsed_pct=50, expected_pct=60)
    world.add("config__light_presets", preset_name="文件活动", yellow_from_lag=20, red_above_lag=60, is_default=False)
    world.card("autumn", "fitness_passed", "fitness_tested", window_from_month=9, window_to_month=11)
    world.card("per_hundred", "teachers", "pupils", multiplier=100, unit="人/百生")
    world.card("revised", "fitness_passed", "fitness_tested", definition_version="1",
               valid_to_date=date(2020, 8, 31))  # fmt: skip
    world.card("revised", "myopic", "fitness_tested", definition_version="2", valid_from_date=date(2020, 9, 1))
    world.card("fit_draft", "fitness_passed", "fitness_tested", confirmed=False)
    world.card("fit_of_pupils", "fitness_passed", "pupils")
    world.card("places", "done", source_form="ledger", unit="个", aggregation="last_stock", matter_name="新增学位")
    world.card("sport", "sport_hours", aggregation="share_meeting", meeting_threshold=1)
    world.card("skills", "sport_skills", "pupils", unit="项")
    for no, (function, _) in enumerate(CASES.values()):
        region = world.region(f"9{no:05d}")
        function(world, region, world.plan(f"plan{no}", region))
    return world.build(tmp_path_factory.mktemp("lights"), EVALUATION, tests=True)


@pytest.fixture(scope="module")
def attainments(warehouse: Warehouse) -> dict[str, dict[str, Any]]:
    return warehouse.attainments()


@pytest.mark.parametrize("name", CASES)
def test_light_by_hand(name: str, attainments: dict[str, dict[str, Any]]) -> None:
    row = attainments[f"9{list(CASES).index(name):05d}"]
    assert {key: row[key] for key in CASES[name][1]} == CASES[name][1], row


def test_a_range_is_settled_by_the_one_that_owes(warehouse: Warehouse) -> None:
    """Short of its floor and past its cap one report would do; the floor's list stands."""
    key = f"9{list(CASES).index('what may lie within a range between its ends is open'):05d}"
    rows = warehouse.rows(
        "select list_name, settled_side, rank_no, reporter_code from marts.fct_deciding_members"
        f" where commitment_id = '{key}' order by settled_side"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("可定达标", "上下限", 1, f"{key}0002"),
        ("可定未达", "下限", 1, f"{key}0002"),
    ]
