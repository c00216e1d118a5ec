"""Several tables in one sheet, several forms in one workbook, headers repeated on every printed page."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.ingestion.workbooks.building import FORMS, KINDERGARTEN, SECOND, Home, template_rows, xlsx
from tests.ingestion.workbooks.test_intake import balance

HEADERS = [headers[0] for headers in FORMS["kindergarten"].templates[-1].headers.values()]
VOCATIONAL = [headers[0] for headers in FORMS["vocational"].templates[-1].headers.values()]
COLLEGE = ["4130000001", "甲职业学校", 500, 12, 40, 20, 200, 80]
PUPILS = {"2130000001": Decimal(90), "2130000002": Decimal(60)}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def taken(home: Home, *sheets: list[list[Any]]) -> set[str]:
    """Reasons of what was ignored; the cells balance and nothing was found."""
    home.put("汇总.xlsx", xlsx(*sheets))
    home.take_in()
    assert home.findings() == []
    balance(home)
    return set(home.landing.read("forms__ignored_cells")["ignored_reason"])


def test_a_table_of_another_form_below_is_read_with_its_own_places(home: Home) -> None:
    first = template_rows("kindergarten", KINDERGARTEN, SECOND)
    taken(home, [*first, [], *template_rows("vocational", COLLEGE)])
    assert home.values("pupils") == PUPILS | {"4130000001": Decimal(500)}
    cell = home.landing.read("forms__values").filter(form_code="vocational", element_code="pupils")
    assert cell.select("sheet_no", "row_no", "column_no").row(0) == (1001, len(first) + 5, 3)
    sheets = home.landing.read("forms__sheets").sort("sheet_no")
    assert sheets["sheet_no"].to_list() == [1, 1001]
    assert sheets["sheet_name"].unique().to_list() == ["表1"]


def test_a_header_of_another_form_within_the_rows_begins_its_table(home: Home) -> None:
    rows = template_rows("kindergarten", KINDERGARTEN, VOCATIONAL, COLLEGE)
    taken(home, rows)
    assert home.values("pupils") == {"2130000001": Decimal(90), "4130000001": Decimal(500)}


def test_blocks_of_one_form_keep_their_own_head_and_columns(home: Home) -> None:
    turned = [HEADERS[1], HEADERS[0], *HEADERS[2:]]
    below = template_rows("kindergarten", [SECOND[1], SECOND[0], *SECOND[2:]], header=turned, period="2020年8月")
    taken(home, [*template_rows("kindergarten", KINDERGARTEN, footer=False), [], *below])
    periods = home.landing.read("forms__submissions").select("reporter_code", "period_start_date").sort("reporter_code")
    assert [(code, str(day)) for code, day in periods.iter_rows()] == [
        ("2130000001", "2020-09-01"), ("2130000002", "2020-08-01"),
    ]  # fmt: skip
    assert home.values("pupils") == PUPILS


def test_one_school_a_block_under_its_own_name(home: Home) -> None:
    blocks: list[list[Any]] = []
    for own in (KINDERGARTEN, SECOND):
        blocks += [*template_rows("kindergarten", own, unit=str(own[1])), [], []]
    taken(home, blocks)
    assert home.values("pupils") == PUPILS


def test_headers_printed_again_on_every_page_are_no_schools(home: Home) -> None:
    head = template_rows("kindergarten", footer=False)
    head = [*head, ["甲", "乙", *range(1, len(HEADERS) - 1)]]
    reasons = taken(home, [*head, KINDERGARTEN, [], *head, SECOND, [], ["填报人：某人"]])
    assert "重复的表头" in reasons
    assert home.values("pupils") == PUPILS
    assert len(home.landing.read("forms__sheets")) == 1


def test_each_sheet_may_be_another_form(home: Home) -> None:
    taken(home, template_rows("kindergarten", KINDERGARTEN), template_rows("vocational", COLLEGE))
    assert home.values("pupils") == {"2130000001": Decimal(90), "4130000001": Decimal(500)}
    assert sorted(home.landing.read("forms__submissions")["form_code"]) == ["kindergarten", "vocational"]


def test_a_table_nobody_knows_is_held_and_its_first_cell_named(home: Home) -> None:
    other = ["单位", "项目", "图书册数", "操场面积", "教室间数", "实验室间数", "机房", "食堂", "宿舍"]
    rows = template_rows("kindergarten", KINDERGARTEN, other, ["甲一幼儿园", "合计", 3, 4, 5, 6, 7, 8, 9])
    home.put("a.xlsx", xlsx(rows))
    home.take_in()
    assert home.findings() == [("STR08", "A5")]
    assert home.values("pupils") == {"2130000001": Decimal(90)}
    held = home.landing.read("forms__quarantined_cells")
    assert held.filter(pl.col("row_no") == 6)["raw_text"].to_list() == ["甲一幼儿园", "合计", *"3456789"]
    balance(home)


def test_two_tables_side_by_side_stop_the_file_at_the_repeated_header(home: Home) -> None:
    rows = template_rows("kindergarten", [*KINDERGARTEN, "", *SECOND], header=[*HEADERS, "", *HEADERS])
    home.put("a.xlsx", xlsx(rows))
    assert home.take_in().files_quarantined == 1
    assert [rule for rule, _ in home.findings()] == ["STR03"]
    balance(home)
