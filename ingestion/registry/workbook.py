"""The office's own workbooks: written with locked columns, lists and instructions, read back as located text.

Here: sheets, cells, faults by cell. Not here: what a sheet means (task_workbook.py, calendar_workbook.py). What
comes back is read in a sandboxed child under the same limits as every upload.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from ingestion.registry.events import RegistryError
from ingestion.sandbox import Failure, Limits, Pool
from ingestion.settings import Settings
from ingestion.workbooks.containers import Budget, Refused, inspect
from ingestion.workbooks.reader import open_sheets

HEADER_WITHIN_ROWS = 10
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00:00)?")


@dataclass(frozen=True)
class Column:
    """One column: `choices` is a list to choose from, or `choices_from` names the list sheet that holds it."""

    header: str
    width: int = 14
    is_locked: bool = False
    is_date: bool = False
    choices: tuple[str, ...] = ()
    choices_from: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Paper:
    """A workbook to write: one table, its head, instructions, and list sheets (name → entries)."""

    sheet: str
    title: str
    head: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    spare_rows: int = 50


@dataclass(frozen=True)
class Row:
    """One row that came back: its number as in the sheet, and its filled cells as text by header."""

    number: int
    cells: dict[str, str]

    def get(self, header: str) -> str:
        return self.cells.get(header, "")


class Faults:
    """What is wrong with a sheet, cell by cell."""

    def __init__(self, file_name: str, sheet: str, letters: Mapping[str, str]) -> None:
        self.place, self.letters = f"{file_name} {sheet}", letters
        self.found: list[tuple[int, str, str]] = []

    def add(self, row: Row, header: str, message: str) -> None:
        self.found.append((row.number, self.letters.get(header, ""), message))

    def attempt(self, row: Row, header: str, act: Callable[[], Any]) -> Any:
        """The result of `act`, or None with its refusal noted against the cell."""
        try:
            return act()
        except RegistryError as error:
            self.add(row, header, str(error))
            return None

    def refuse_if_any(self) -> None:
        """Raises RegistryError with every fault by cell."""
        if self.found:
            lines = [f"{self.place} {letter}{number}：{message}" for number, letter, message in sorted(self.found)]
            raise RegistryError(f"有 {len(lines)} 处问题，整份没有采用：\n" + "\n".join(lines))


def read_table(path: Path, sheet: str, headers: Sequence[str], settings: Settings) -> tuple[list[Row], Faults]:
    """The filled rows below the header of a sheet. Raises RegistryError where the file is not this workbook."""
    sheets = _opened(path, settings)
    if sheet not in sheets:
        raise RegistryError(f"{path.name} 没有“{sheet}”工作表（有：{'、'.join(sheets)}），请使用导出的工作簿填写")
    rows = sheets[sheet]
    for number, row in enumerate(rows[:HEADER_WITHIN_ROWS], start=1):
        named = {text.strip().rstrip("*"): column for column, text in enumerate(row) if text}
        if all(header in named for header in headers[:3]):
            missing = [header for header in headers if header not in named]
            if missing:
                raise RegistryError(f"{path.name} {sheet} 第{number}行表头缺少：{'、'.join(missing)}，请不要删改表头")
            letters = {header: column_letter(column) for header, column in named.items()}
            return list(_filled(rows, number, named)), Faults(path.name, sheet, letters)
    raise RegistryError(f"{path.name} {sheet} 前{HEADER_WITHIN_ROWS}行没有找到表头（{'、'.join(headers[:3])}…）")


def as_day(text: str) -> str:
    """YYYY-MM-DD of a day as people write it. Raises RegistryError where it is none."""
    match = _DAY.fullmatch(text.strip())
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        pass
    raise RegistryError(f"“{text}”不是日期：请写成 2020-06-30 或 2020年6月30日")


def write(path: Path, paper: Paper, *further: Paper) -> None:
    """Write the workbook: title, head, header, rows, some spare rows; then `further` tables, instructions and lists."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": paper.title, "created": datetime(2000, 1, 1)})  # noqa: DTZ001 - equal files for equal content
    for each in (paper, *further):
        _write_table(book, each)
    _write_notes(book, paper)
    book.close()


def _write_table(book: xlsxwriter.Workbook, paper: Paper) -> None:
    sheet = book.add_worksheet(paper.sheet)
    formats = {
        (locked, is_date): book.add_format(
            {
                "locked": locked,
                "border": 1,
                "text_wrap": True,
                "valign": "top",
                "num_format": "yyyy-mm-dd" if is_date else "@",
            }
            | ({"bg_color": "#F2F2F2"} if locked else {})
        )
        for locked in (True, False)
        for is_date in (True, False)
    }
    last = len(paper.columns) - 1
    sheet.merge_range(0, 0, 0, last, paper.title, book.add_format({"bold": True, "font_size": 16, "align": "center"}))
    sheet.write_string(1, 0, paper.head)
    header = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#DDEBF7"})
    rows = [*paper.rows, *([[None] * len(paper.columns)] * paper.spare_rows)]
    for number, column in enumerate(paper.columns):
        sheet.write_string(2, number, column.header, header)
        sheet.set_column(number, number, column.width)
        for place, row in enumerate(rows, start=3):
            locked = column.is_locked and place - 3 < len(paper.rows)
            _put(sheet, place, number, row[number], column, formats[locked, column.is_date])
        _validate(sheet, number, column, len(rows), paper.lists)
    sheet.freeze_panes(3, 0)
    sheet.autofilter(2, 0, max(2 + len(rows), 3), last)
    sheet.protect("", {"insert_rows": True, "format_columns": True, "format_rows": True, "autofilter": True})


def column_letter(column: int) -> str:
    """A for 0, AA for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def handler(budget: Budget) -> Callable[[tuple[str, str]], dict[str, list[list[str]]] | str]:
    """The sandbox's entry: (path, file name) → sheet name → rows of text, or why it cannot be read."""

    def read(task: tuple[str, str]) -> dict[str, list[list[str]]] | str:
        data = Path(task[0]).read_bytes()
        try:
            sheets = open_sheets(data, inspect(data, task[1], budget))
        except Refused as refusal:
            return f"{refusal.message}；{refusal.fix}"
        return {name: [[_text(cell) for cell in row] for row in rows] for name, _, rows in sheets}

    return read


def _opened(path: Path, settings: Settings) -> dict[str, list[list[str]]]:
    if not path.is_file():
        raise RegistryError(f"找不到文件 {path}")
    budget = Budget(settings.max_expanded_mb * 2**20, settings.max_cells)
    limits = Limits(settings.parser_memory_mb, settings.parser_seconds)
    with Pool("ingestion.registry.workbook:handler", budget, workers=1, limits=limits) as pool:
        (result,) = [result for chunk in pool.run(iter([[(str(path.resolve()), path.name)]])) for _, result in chunk]
    if isinstance(result, Failure):
        raise RegistryError(f"{path.name}：{result.reason}")
    if isinstance(result, str):
        raise RegistryError(f"{path.name}：{result}")
    return result


def _filled(rows: list[list[str]], header_row: int, named: Mapping[str, int]) -> Iterable[Row]:
    for number, row in enumerate(rows[header_row:], start=header_row + 1):
        cells = {header: row[column] for header, column in named.items() if column < len(row) and row[column]}
        if cells:
            yield Row(number, cells)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() if value is not None else ""


def _put(sheet: Any, row: int, column: int, value: object, spec: Column, style: Any) -> None:
    if value in (None, ""):
        sheet.write_blank(row, column, None, style)
    elif spec.is_date:
        sheet.write_datetime(row, column, datetime.fromisoformat(str(value)), style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value), style)


def _validate(sheet: Any, column: int, spec: Column, rows: int, lists: Mapping[str, Sequence[str]]) -> None:
    rule: dict[str, Any] = {}
    if spec.choices:
        rule = {"validate": "list", "source": list(spec.choices)}
    elif spec.choices_from and lists.get(spec.choices_from):
        rule = {"validate": "list", "source": f"='{spec.choices_from}'!$A$2:$A${len(lists[spec.choices_from]) + 1}"}
    elif spec.is_date:
        rule = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
        rule |= {"error_title": "不是日期", "error_message": "请写成 2020-06-30"}
    if not rule and not spec.hint:
        return
    rule = rule or {"validate": "any"}
    if spec.hint:
        rule |= {"input_title": spec.header, "input_message": spec.hint}
    sheet.data_validation(3, column, 2 + max(rows, 1), column, rule)


def _write_notes(book: xlsxwriter.Workbook, paper: Paper) -> None:
    if paper.notes:
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
        for row, line in enumerate(paper.notes):
            notes.write_string(row, 0, line)
    for name, entries in paper.lists.items():
        listed = book.add_worksheet(name)
        listed.set_column(0, 0, 40)
        listed.write_string(0, 0, name)
        for row, entry in enumerate(entries, start=1):
            listed.write_string(row, 0, entry)
