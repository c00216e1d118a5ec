"""A report as a clerk lays it out, cell by cell, and the same as xlsx or GB18030 csv bytes. No figures here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ingestion.sample.processes import Value
from ingestion.workbooks.forms import Form, Template, split_header, unit_scale

FIRST_DATA_ROW = 3
CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 (a fixed moment keeps the bytes the same; workbooks know no time zones)


@dataclass
class Grid:
    """One sheet: rows of cells from A1; `columns` are the element codes of the data columns; `hidden` names another
    sheet that is hidden, with its rows."""

    sheet: str
    rows: list[list[Value]]
    columns: list[str]
    data_rows: int
    hidden: tuple[str, list[list[Value]]] | None = None
    widths: list[int] = field(default_factory=list)

    def cell(self, element: str, row: int = 0) -> str:
        """The A1 address of an element in a data row (0 the first)."""
        return f"{xl_col_to_name(self.columns.index(element))}{FIRST_DATA_ROW + row + 1}"

    def get(self, element: str, row: int = 0) -> Value:
        return self.rows[FIRST_DATA_ROW + row][self.columns.index(element)]

    def put(self, element: str, value: Value, row: int = 0) -> None:
        self.rows[FIRST_DATA_ROW + row][self.columns.index(element)] = value


def make_grid(
    form: Form,
    period: date,
    reporter: str,
    records: Sequence[Mapping[str, Value]],
    *,
    code: str = "",
    total: bool = False,
) -> Grid:
    """Lay records (element → stored value) out on the form's template of that year, in the template's own units."""
    template = template_of(form, period)
    columns = list(template.headers)
    headers = [template.headers[code][0] for code in columns]
    scales = [_scale(form, code, header) for code, header in zip(columns, headers, strict=True)]
    data = [[_written(record.get(c), s) for c, s in zip(columns, scales, strict=True)] for record in records]
    meta: list[Value] = [f"表号：{template.table_number}", f"报告期：{period_text(form, period)}"]
    meta += [f"填报单位：{reporter}", *([f"单位代码：{code}"] if code else [])]
    rows: list[list[Value]] = [
        [f"{template.title}（演示数据）"],
        meta,
        list(headers),
        *data,
    ]
    if total:
        rows.append(_total_row(form, columns, data))
    last = period.replace(day=28)
    rows.append(["填报人：演示填报人", "联系电话：000-00000000", f"制表日期：{last.year}年{last.month}月{last.day}日"])
    return Grid(template.title[:31], rows, columns, len(data), widths=[max(10, len(h) * 2) for h in headers])


def template_of(form: Form, period: date) -> Template:
    """The newest template that was in force in the period's year, else the oldest."""
    versions = sorted(form.templates, key=lambda template: template.version)
    return next((t for t in reversed(versions) if int(t.version) <= period.year), versions[0])


def period_text(form: Form, period: date) -> str:
    """A reporting period as forms state it: 2020年9月, 2020-2021学年, or 2019-2020学年第二学期."""
    if form.frequency == "学年":
        return f"{period.year}-{period.year + 1}学年"
    if form.frequency == "学期":
        year, term = (period.year, "一") if period.month >= 8 else (period.year - 1, "二")
        return f"{year}-{year + 1}学年第{term}学期"
    return f"{period.year}年{period.month}月"


def to_xlsx(grid: Grid) -> bytes:
    """The workbook's bytes: the same grid always gives the same."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": CREATED, "author": "督办演示", "comments": "演示数据"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(grid.sheet)
    for number, width in enumerate(grid.widths):
        sheet.set_column(number, number, width)
    for number, row in enumerate(grid.rows):
        _write_row(sheet, number, row, day, bold if number in (0, 2) else None)
    if grid.hidden:
        name, rows = grid.hidden
        aside = book.add_worksheet(name)
        for number, row in enumerate(rows):
            _write_row(aside, number, row, day, None)
        aside.hide()
    book.close()
    return buffer.getvalue()


def to_csv(grid: Grid) -> bytes:
    """The sheet as the GB18030 csv that older software writes."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    width = max(len(row) for row in grid.rows)
    for row in grid.rows:
        writer.writerow(["" if value is None else value for value in row] + [""] * (width - len(row)))
    return buffer.getvalue().encode("gb18030")


def _write_row(
    sheet: Worksheet,
    number: int,
    row: Iterable[Value],
    day: Format,
    style: Format | None,
) -> None:
    for column, value in enumerate(row):
        if isinstance(value, date):
            sheet.write_datetime(number, column, datetime.combine(value, time()), day)
        elif isinstance(value, str):
            sheet.write_string(number, column, value, style)
        elif value is not None:
            sheet.write_number(number, column, value, style)


def _scale(form: Form, code: str, header: str) -> int:
    return unit_scale(split_header(header)[1], form.elements[code].unit) or 1


def _written(value: Value, scale: int) -> Value:
    return value / scale if scale != 1 and isinstance(value, int | float) else value


def _total_row(form: Form, columns: Sequence[str], data: Sequence[Sequence[Value]]) -> list[Value]:
    row: list[Value] = ["合计"]
    for number, code in enumerate(columns[1:], start=1):
        cells = [line[number] for line in data]
        numbers = [cell for cell in cells if isinstance(cell, int | float)]
        summed = form.elements[code].data_type == "integer" and numbers
        row.append(sum(numbers) if summed else None)
    return row
