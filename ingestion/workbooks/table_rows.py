"""The rows of one table below its header: data, sums, notes, rows of others, and where it ends.

Here: what each row is, and periods that stand in a column. Not here: the header (headers.py), cells as values
(values.py). Runs in a sandboxed child: pure Python, no polars.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ingestion.workbooks.forms import ANY_WORD
from ingestion.workbooks.headers import Header, Problem, Recogniser
from ingestion.workbooks.layouts import is_column_numbers
from ingestion.workbooks.periods import parse_period
from ingestion.workbooks.readings import SheetReading, hold_rows, ignore, plain, raw
from ingestion.workbooks.row_kinds import is_note, row_kind
from ingestion.workbooks.sheet_parts import Part, part_of


def data_rows(
    sheet: SheetReading, rows: list[list[Any]], index: int, header: Header, recogniser: Recogniser
) -> list[int]:
    """Indexes of the rows of data; totals, notes and contact lines below the header are ignored with their reason, and
    another table ends this one."""
    form = header.form
    key_code = "school_code" if form.reporter_type == "school" else next(iter(form.record_keys), "")
    places = {code: column - 1 for column, code, _ in sheet.columns}
    key = places.get(key_code, sheet.columns[0][0] - 1)
    name = places.get("school_name", key)
    kept = [(places[code], words) for code, words in form.kept_rows.items() if code in places]
    part = part_of(rows, index, header, (key, name), recogniser)
    _end_table(sheet, rows, part)
    last_full = _last_full_row(rows, part.end)
    data: list[int] = []
    summed = index + 1
    for r in range(index + 1, part.end):
        row = rows[r]
        if row.count("") == len(row):
            continue
        first = row[key] if row[key] != "" else row[name]
        lead = first if first != "" else next(value for value in row if value != "")
        kind = "" if type(lead) is not str else row_kind(lead)
        if r in part.repeated:
            kind = "重复的表头"
        elif _is_of_others(row, kept, is_total=kind.endswith("计行")):
            kind = kind if kind in {"说明", "联系信息"} else "不属于本表的行"
        elif kind.endswith("计行"):
            since = 0 if kind == "合计行" else summed
            sheet.totals.append((r + 1, since, [plain(row[column - 1]) for column, _, _ in sheet.columns]))
            summed = r + 1
        elif not kind and r == index + 1 and is_column_numbers(row):
            kind = "栏号行"
        elif not kind and r > last_full and type(lead) is str and is_note(lead):
            kind = "说明"
        if kind:
            ignore(sheet, rows, range(r, r + 1), kind)
        else:
            data.append(r)
    return data


def _is_of_others(row: list[Any], kept: list[tuple[int, tuple[str, ...]]], *, is_total: bool) -> bool:
    """Whether a cell says none of the words its column must say; * is whatever is filled in, and asks nothing of a row
    of sums, which names no school."""
    for place, words in kept:
        text = raw(plain(row[place])).strip()
        if text not in words and not (ANY_WORD in words and (text != "" or is_total)):
            return True
    return False


def _end_table(sheet: SheetReading, rows: list[list[Any]], part: Part) -> None:
    """What follows the table: another one, read for itself, or one that nobody knows, whose cells are held."""
    if part.end == len(rows):
        return
    if part.is_other:
        sheet.next_row = part.end
        return
    column, first = next((c, v) for c, v in enumerate(rows[part.end], start=1) if v != "")
    message = "从这里起像是另一张表，表头不是已登记的表样，没有读入"
    fix = "请把下方的表另放一张工作表，或用 duban form new 为它做表样"
    place = (part.end + 1, column, raw(plain(first)))
    sheet.problems.append(Problem("STR08", message, fix, *place, blocks=False))
    hold_rows(sheet, rows, [r for r in range(part.end, len(rows)) if any(v != "" for v in rows[r])])


def _last_full_row(rows: list[list[Any]], end: int) -> int:
    """Index of the last row of the table with more than one filled cell: what follows can only be notes."""
    for r in range(end - 1, -1, -1):
        if len(rows[r]) - rows[r].count("") > 1:
            return r
    return -1


def period_in(value: Any, frequency: str) -> date | None:
    """The period that a cell names; None where it names none."""
    return parse_period(raw(plain(value)), frequency) if value != "" else None


def with_period(
    sheet: SheetReading, rows: list[list[Any]], data: list[int], periods: dict[int, date], column: int
) -> list[int]:
    """The rows whose own cell says their period; the others are held."""
    unread = [r for r in data if r not in periods]
    if unread:
        first = raw(plain(rows[unread[0]][column - 1]))
        message = f"报告期“{first}”无法识别，这样的行有 {len(unread)} 行，已隔离"
        place = (unread[0] + 1, column, first)
        sheet.problems.append(Problem("STR09", message, "请按表样的频次填写报告期", *place, blocks=False))
        hold_rows(sheet, rows, unread)
    return [r for r in data if r in periods]
