"""A frame as a file to take away: Excel with its title and source, CSV, Parquet. The same rows as on the screen.

Text is never a formula: Excel gets it as a string cell, CSV with a quote before what a spreadsheet would compute.
Numbers stay numbers, negative ones too.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

EXCEL_ROWS = 1_048_576
EXCEL_TEXT = 32_767
NARROWEST, WIDEST = 8, 48
COMPUTED = r"^[=+\-@\t\r]"


def to_xlsx(frame: pl.DataFrame, title: str, notes: Sequence[str] = ()) -> bytes:
    """One sheet: title, notes (单位、制表日期、条件 …), a frozen header with filters, the rows. No formulas."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "bg_color": "#E6EEFB", "border": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
        top = book.add_format({"valign": "top", "text_wrap": True})
        sheet.write_string(0, 0, title, bold)
        for row_no, note in enumerate(notes, 1):
            sheet.write_string(row_no, 0, note)
        first = len(notes) + 1
        for column_no, name in enumerate(frame.columns):
            sheet.write_string(first, column_no, name, head)
            sheet.set_column(column_no, column_no, _width(frame, name))
        for row_no, row in enumerate(frame.head(EXCEL_ROWS - first - 1).iter_rows(), first + 1):
            for column_no, value in enumerate(row):
                _write(sheet, row_no, column_no, value, {date: day, datetime: moment}.get(type(value), top))
        if frame.width:
            sheet.autofilter(first, 0, first + max(frame.height, 1), frame.width - 1)
        sheet.freeze_panes(first + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first)
    return buffer.getvalue()


def _write(sheet: Worksheet, row_no: int, column_no: int, value: object, look: Format) -> None:
    """One value by its type; what is missing stays an empty cell."""
    match value:
        case None:
            pass
        case bool():
            sheet.write_string(row_no, column_no, "是" if value else "否", look)
        case int() | float() | Decimal():
            sheet.write_number(row_no, column_no, float(value), look)
        case datetime():
            sheet.write_datetime(row_no, column_no, value.replace(tzinfo=None), look)
        case date():
            sheet.write_datetime(row_no, column_no, datetime.combine(value, time()), look)
        case _:
            sheet.write_string(row_no, column_no, str(value)[:EXCEL_TEXT], look)


def to_csv(frame: pl.DataFrame) -> bytes:
    """UTF-8 with a byte order mark, which Excel needs to read Chinese."""
    text = [name for name, kind in frame.schema.items() if kind == pl.String]
    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    shown = frame.with_columns(pl.col(nested).map_elements(str, return_dtype=pl.String)) if nested else frame
    escaped = [
        pl.when(pl.col(name).str.contains(COMPUTED)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in text
    ]
    return b"\xef\xbb\xbf" + shown.with_columns(escaped).write_csv().encode()


def to_parquet(frame: pl.DataFrame) -> bytes:
    """For other tools; types are kept."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "数据"


def _width(frame: pl.DataFrame, name: str) -> int:
    """Columns wide enough for their first rows; a Chinese character takes two."""
    texts = [name, *(str(value) for value in frame[name].head(50) if value is not None)]
    return max(NARROWEST, min(WIDEST, 2 + max(sum(2 if ord(c) > 0x2E80 else 1 for c in text) for text in texts)))
