"""What a workbook was read as: its sheets with their cells, what is held and what is ignored, as plain records.

Here: the records and how a cell is written in them. Not here: reading (sheets.py, reader.py). Runs in a sandboxed
child. Rows and columns count from 1, as in A1.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any

from ingestion.workbooks.headers import Problem

MAX_QUARANTINED_TEXT = 200


@dataclass
class SheetReading:
    """One sheet. `values[i]` is the column of `columns[i]` over `rows`; a quarantined sheet has only `held` cells.

    `next_row` is the index of the first row of another table below, 0 where there is none; `told` is what the table's
    head says. `totals` are (row, sum from which row on, values). In a table that runs across (`is_across`) `rows` and
    `totals` are sheet columns and `columns` are sheet rows; all other places are as in the sheet.
    """

    sheet_no: int
    sheet_name: str
    is_hidden: bool = False
    received: int = 0
    form_code: str = ""
    template_version: str = ""
    period: date | None = None
    reporter: str = ""
    reporter_code: str = ""
    columns: list[tuple[int, str, int]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    values: list[list[Any]] = field(default_factory=list)
    totals: list[tuple[int, int, list[Any]]] = field(default_factory=list)
    is_across: bool = False
    is_partial: bool = False
    ignored: list[tuple[int, int, int, int, int, str]] = field(default_factory=list)
    held: list[tuple[int, int, str | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    next_row: int = 0
    told: dict[str, str] = field(default_factory=dict)


@dataclass
class FileReading:
    """One file: refused as a whole (`refusal`), stopped (a sheet has a blocking problem), or read."""

    file_id: int
    refusal: Problem | None = None
    sheets: list[SheetReading] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        return self.refusal is not None or any(p.blocks for sheet in self.sheets for p in sheet.problems)


def hold_values(sheet: SheetReading) -> None:
    """Move what was read of a sheet to `held`: its file is stopped by another sheet."""
    for (column, _, _), values in zip(sheet.columns, sheet.values, strict=True):
        places = [(column, r) if sheet.is_across else (r, column) for r in sheet.rows]
        sheet.held += [(*place, raw(v)) for place, v in zip(places, values, strict=True) if v != ""]
    sheet.rows, sheet.values, sheet.columns, sheet.totals = [], [], [], []


def hold_rows(sheet: SheetReading, rows: list[list[Any]], held: list[int]) -> None:
    """Quarantine the filled cells of these rows (indexes)."""
    sheet.held += [(r + 1, c, raw(plain(v))) for r in held for c, v in enumerate(rows[r], start=1) if v != ""]


def shifted(sheet: SheetReading, down: int) -> SheetReading:
    """The table with its places as they are when `down` rows stand above it."""
    if not down:
        return sheet
    if sheet.is_across:
        sheet.columns = [(column + down, code, scale) for column, code, scale in sheet.columns]
    else:
        sheet.rows = [row + down for row in sheet.rows]
        sheet.totals = [(row + down, since and since + down, values) for row, since, values in sheet.totals]
    sheet.held = [(row + down, column, text) for row, column, text in sheet.held]
    sheet.ignored = [(r1 + down, r2 + down, c1, c2, count, why) for r1, r2, c1, c2, count, why in sheet.ignored]
    sheet.problems = [replace(p, row_no=p.row_no + down) if p.row_no else p for p in sheet.problems]
    return sheet


def ignore(sheet: SheetReading, rows: list[list[Any]], span: range, reason: str) -> None:
    """Count the filled cells of these rows as ignored, with the reason."""
    counts = [len(rows[r]) - rows[r].count("") for r in span]
    if not any(counts):
        return
    filled = [r for r, count in zip(span, counts, strict=True) if count]
    columns = list(chain.from_iterable([c for c, v in enumerate(rows[r], start=1) if v != ""] for r in filled))
    area = (filled[0] + 1, filled[-1] + 1, min(columns), max(columns))
    sheet.ignored.append((*area, sum(counts), reason))


def plain(value: Any) -> Any:
    """A cell as float, text or '' (empty): dates become ISO text, truth values 是 and 否."""
    kind = type(value)
    if kind is float or kind is str:
        return value
    if kind is bool:
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return float(value) if kind is int else str(value)


def raw(value: Any) -> str:
    """A cell as it is shown of held cells, cut short."""
    text = str(int(value)) if type(value) is float and value.is_integer() and abs(value) < 1e15 else str(value)
    return text[:MAX_QUARANTINED_TEXT]


def a1(row_no: int | None, column_no: int | None) -> str:
    """The address of a cell; '' for a sheet as a whole.

    >>> a1(4, 28)
    'AB4'
    """
    if not row_no or not column_no:
        return ""
    letters = ""
    while column_no:
        column_no, rest = divmod(column_no - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row_no}"
