"""Workbooks that are plans: indicator tables and task tables, a row a paragraph, cells parted by tabs.

The same safety checks as for reports come first (containers.py); openpyxl then reads values with their formats, so that
95% is no 0.95. Hidden sheets and rows are not read. What a row promises is tables.py's and duties.py's business.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import Any

from ingestion.plans.document import (
    MAX_EXPANDED_BYTES,
    Document,
    TextBuilder,
    UnreadablePlan,
    one_line,
    said_again,
)
from ingestion.plans.document_text import title_of

# a plan's table is read by people; what lies beyond is a formatted blank or a report
MAX_ROWS, MAX_COLUMNS = 5_000, 60
NO_TITLE = re.compile(r"附[件表]\S{0,3}$|单位|填[报表]|制表|注[:：]|说明|合计")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read_xlsx(data: bytes, file_name: str) -> Document:
    """Read an .xlsx; locators are 工作表名!A3:F3, the title is a row of one cell. Raises UnreadablePlan."""
    from ingestion.workbooks.containers import Budget, Refused, inspect

    try:
        inspect(data, file_name, Budget(MAX_EXPANDED_BYTES, MAX_ROWS * MAX_COLUMNS * 4))
    except Refused as error:
        raise UnreadablePlan(f"{error}：{error.fix}") from error
    book = _opened(data)
    builder = TextBuilder()
    headings: list[str] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        for row_no, texts in enumerate(_rows(sheet), 1):
            filled = [i for i, text in enumerate(texts) if text]
            if not filled or sheet.row_dimensions[row_no].hidden:
                continue
            place = f"{sheet.title}!{_column(filled[0])}{row_no}"
            if len(filled) == 1:
                # a title, a heading or a note across the table
                headings.append(texts[filled[0]])
                builder.add(texts[filled[0]], place, "正文")
            else:
                builder.add("\t".join(texts[: filled[-1] + 1]), f"{place}:{_column(filled[-1])}{row_no}", "表格行")
    title = title_of([heading for heading in headings if not NO_TITLE.match(heading)])
    return Document(file_name, "xlsx", "", title, builder.text, tuple(builder.paragraphs))


def _opened(data: bytes) -> Any:
    import openpyxl

    try:
        return openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # openpyxl has no common error for the ways a file can be broken
        raise UnreadablePlan("工作簿损坏或有密码，打不开：请用 WPS 或 Excel 另存为新的 xlsx 后再提交") from error


def _rows(sheet: Any) -> Any:
    """Rows of cells as texts; one merged downwards is said again in each row, one merged across stands in its first."""
    merged = {
        (row, span.min_col): said_again(_text(sheet.cell(span.min_row, span.min_col)))
        for span in sheet.merged_cells.ranges
        for row in range(span.min_row + 1, min(span.max_row, MAX_ROWS) + 1)
        if span.max_row - span.min_row < MAX_ROWS
    }
    last_row, last_column = min(sheet.max_row, MAX_ROWS), min(sheet.max_column, MAX_COLUMNS)
    for row_no, row in enumerate(sheet.iter_rows(max_row=last_row, max_col=last_column), 1):
        yield [merged.get((row_no, column_no)) or _text(cell) for column_no, cell in enumerate(row, 1)]


def _text(cell: Any) -> str:
    """A cell as it is shown: 0.95 formatted 0% is 95%, a date is 2025年6月30日, line breaks are blanks."""
    value = cell.value
    if value is None or isinstance(value, bool):
        return "" if value is None else "是" if value else "否"
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | float):
        if "%" in (cell.number_format or ""):
            return f"{_plain(round(value * 100, 10))}%"
        return _plain(value)
    return one_line(str(value).splitlines())


def _plain(number: float) -> str:
    return f"{number:.0f}" if float(number).is_integer() else f"{number:.10g}"


def _column(index: int) -> str:
    """0 → A, 26 → AA."""
    high, low = divmod(index, 26)
    return (_column(high - 1) if high else "") + _LETTERS[low]
