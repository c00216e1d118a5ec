"""When reports are due: by a form's rhythm, from the first day of a snapshot, or on the day the bureau moved it to."""

from __future__ import annotations

from datetime import date

import pytest
from world import Warehouse, World, at

AUGUST, SEPTEMBER = date(2020, 8, 1), date(2020, 9, 1)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    world = World()
    region = world.region("430102")
    for no in (1, 2):
        world.school(f"430102000{no}", region)
    world.school("4301020003", region, closed_date=date(2020, 12, 31))
    world.school("4301020004", region, opened_date=date(2020, 9, 15))
    world.add("config__form_deadlines", form_code="basic", period_start_date=AUGUST, due_date=date(2020, 9, 30),
              lock_date=date(2020, 12, 31), reason="开学顺延")  # fmt: skip
    # the tenth of November 2020, a Tuesday, and the rest of its week are off, the Sunday is worked
    for day in (10, 11, 12, 13):
        world.add("config__calendar_days", calendar_date=date(2020, 11, day), day_type="放假", day_name="校庆")
    world.add("config__calendar_days", calendar_date=date(2020, 11, 15), day_type="上班", day_name="调休")
    for school, received in (("4301020001", "2020-09-25"), ("4301020002", "2020-10-05")):
        for period in (AUGUST, SEPTEMBER):
            late = period == AUGUST  # as landed by the form's own rhythm: ten days after the month
            world.report("basic", school, period, {"pupils": 9}, region=region, received_at=at(received), is_late=late)
    world.report("conditions", "4301020001", SEPTEMBER, {"primary_pupils": 9}, region=region)
    # a unit that was stated anew counts once
    for name, first, last in (("旧名", None, date(2020, 1, 31)), ("新名", date(2020, 2, 1), None)):
        world.add("config__units", unit_code="U1", unit_name=name, unit_type="科室", region_code=region,
                  valid_from_date=first, valid_to_date=last)  # fmt: skip
    return world.build(tmp_path_factory.mktemp("deadlines"), only="fct_submissions int_reporters")


def test_a_moved_due_day_decides_what_is_late(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select reporter_code, due_date, is_late from marts.fct_submissions"
        f" where form_code = 'basic' and period_start_date = date '{AUGUST}' order by 1"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("4301020001", date(2020, 9, 30), False),
        ("4301020002", date(2020, 9, 30), True),
        ("4301020003", date(2020, 9, 30), False),
    ]


def test_other_periods_keep_the_forms_own_days(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select distinct due_date, lock_date, is_due_moved from intermediate.int_form_periods"
        f" where form_code = 'basic' and period_start_date = date '{SEPTEMBER}'"
    )
    assert [tuple(row.values()) for row in rows] == [(date(2020, 10, 10), date(2020, 11, 9), False)]


def test_a_day_off_moves_to_the_next_day_of_work(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select due_date, lock_date, is_due_moved from intermediate.int_form_periods"
        " where form_code = 'basic' and period_start_date = date '2020-10-01'"
    )
    assert [tuple(row.values()) for row in rows] == [(date(2020, 11, 15), date(2020, 12, 10), False)]


def test_a_snapshot_is_due_after_the_first_day_of_its_school_year(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select due_date, lock_date from intermediate.int_form_periods"
        f" where form_code = 'conditions' and period_start_date = date '{SEPTEMBER}'"
    )
    assert [tuple(row.values()) for row in rows] == [(date(2020, 10, 11), date(2020, 11, 30))]


def test_whoever_is_open_on_the_first_day_owes_the_snapshot(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select reporter_code, submission_state from marts.fct_submissions where form_code = 'conditions' order by 1"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("4301020001", "已收"),
        ("4301020002", "未报"),
        ("4301020003", "未报"),
    ]


def test_a_unit_stated_anew_stands_once_under_its_present_name(warehouse: Warehouse) -> None:
    names = warehouse.rows("select reporter_name from intermediate.int_reporters where reporter_code = 'U1'")
    assert names == [{"reporter_name": "新名"}]
