"""Files to take away: every value as on the screen, text never computed, numbers still numbers."""

import io
from datetime import date, datetime
from decimal import Decimal

import fastexcel
import polars as pl
import pytest

from app.exports import to_csv, to_parquet, to_xlsx

FRAME = pl.DataFrame(
    {
        "单位": ["=cmd()", "@SUM(A1)", "-5以内", "甲校\n乙校", None],
        "数": [-3, 0, 12, None, 5],
        "率": [Decimal("94.96"), Decimal("-0.5"), None, Decimal(100), Decimal(1)],
        "日": [date(2020, 2, 29), None, date(2020, 10, 20), date(1999, 12, 31), date(2026, 1, 1)],
        "时": [datetime.fromisoformat("2020-01-01T08:30"), None, None, None, None],
        "达标": [True, False, None, True, False],
    },
    schema_overrides={"率": pl.Decimal(24, 6)},
)


def cells(content: bytes) -> list[list[object]]:
    sheet = fastexcel.read_excel(content).load_sheet(0, header_row=None)
    return [list(row) for row in sheet.to_polars().iter_rows()]


def test_excel_holds_title_notes_header_and_every_value() -> None:
    rows = cells(to_xlsx(FRAME, "目标台账", ["第3版", "制表日期：2020-10-20"]))
    assert [row[0] for row in rows[:4]] == ["目标台账", "第3版", "制表日期：2020-10-20", "单位"]
    assert [row[0] for row in rows[4:]] == FRAME["单位"].to_list()
    by_name = {name: [row[i] for row in rows[4:]] for i, name in enumerate(rows[3])}
    assert [None if x is None else float(str(x)) for x in by_name["数"]] == [-3, 0, 12, None, 5]
    assert [None if x is None else float(str(x)) for x in by_name["率"]] == [94.96, -0.5, None, 100, 1]
    assert by_name["达标"] == ["是", "否", None, "是", "否"]
    assert str(by_name["日"][0]).startswith("2020-02-29")


def test_excel_has_no_formula() -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(FRAME, "=标题", ["+注"])))
    sheet = book.active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:F8"


def test_csv_escapes_text_and_leaves_negative_numbers() -> None:
    content = to_csv(FRAME)
    assert content.startswith(b"\xef\xbb\xbf")
    read = pl.read_csv(io.BytesIO(content[3:]), infer_schema=False)
    assert read["单位"].to_list()[:3] == ["'=cmd()", "'@SUM(A1)", "'-5以内"]
    assert read["数"].to_list()[0] == "-3"


def test_csv_takes_lists() -> None:
    assert "甲" in to_csv(pl.DataFrame({"名单": [["甲", "乙"]]})).decode()


def test_parquet_keeps_types() -> None:
    assert pl.read_parquet(io.BytesIO(to_parquet(FRAME))).schema == FRAME.schema


@pytest.mark.parametrize("title", ["a/b:c?", "", "很" * 40])
def test_any_title_makes_a_sheet(title: str) -> None:
    assert cells(to_xlsx(FRAME.head(1), title))[2][0] == "=cmd()"
