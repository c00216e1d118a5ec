"""Configuration workbooks → typed frames by key of sheet, every fault with its file, sheet and cell.

Several workbooks may share the sheets out between them. Here: which sheet and column a cell belongs to, and where a
fault of the checks stands on paper. Not here: a cell's value (cells.py), what must hold (checks.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from ingestion.config.cells import BadCell, value_of
from ingestion.config.problems import Problem
from ingestion.config.reading import ROW
from ingestion.config.sheets import BASE_VERSION, CATALOGUE, EXAMPLE, GUIDE, MARK_HEADER, Column, Sheet, sheets
from ingestion.config.sheets import Vocabulary as Words
from ingestion.config.workbook_child import RawBook, RawSheet
from ingestion.sandbox import Failure, Limits, Pool
from ingestion.settings import Settings
from ingestion.workbooks.containers import Budget

HANDLER = "ingestion.config.workbook_child:handler"


@dataclass(frozen=True)
class Place:
    """Where a table stands: file, sheet, and letter of each field's column."""

    file: str
    sheet: Sheet
    letters: Mapping[str, str]


@dataclass
class BookReading:
    """What the workbooks hold. `frames` has every sheet, each row with `__row`; `base_version` is the oldest stated."""

    frames: dict[str, pl.DataFrame]
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    base_version: int | None = None
    unreadable: set[str] = field(default_factory=set)

    def located(self, problem: Problem) -> Problem:
        """A fault of a check (key of the sheet, row, field) as the clerk sees it: file, sheet, cell, header."""
        place = self.places.get(problem.file)
        if place is None:
            return replace(problem, file="", sheet=_title(problem.file))
        header = next((c.header for c in place.sheet.columns if c.field == problem.column), problem.column)
        letter = place.letters.get(problem.column, "")
        cell = f"{letter}{problem.row}" if problem.row and letter else ""
        return replace(problem, file=place.file, sheet=place.sheet.title, column=header, cell=cell)


def read_workbooks(paths: Sequence[Path], words: Words, settings: Settings) -> BookReading:
    """Read workbooks in a child with limits. Nothing raises for what is in a file: it stands among the problems."""
    reading = BookReading({sheet.key: _typed(sheet, []) for sheet in sheets()})
    by_title = {sheet.title: sheet for sheet in sheets()}
    for path, book in zip(paths, _raw_books(paths, settings), strict=True):
        if book.refusal:
            reading.problems.append(Problem(path.name, 0, "", book.refusal))
            reading.unreadable |= set(reading.frames)
        for raw in book.sheets:
            name = raw.name.strip()
            if raw.is_hidden or name == CATALOGUE:
                continue
            if name == GUIDE:
                reading.base_version = _oldest(reading.base_version, raw)
            elif name in by_title:
                _take_sheet(reading, path.name, raw, by_title[name], words)
            elif raw.rows:
                message = f"不认识的工作表：应为{'、'.join(by_title)}之一；不是配置的内容请移到别的文件"
                reading.problems.append(Problem(path.name, 0, "", message, sheet=raw.name))
    if not reading.unreadable:
        _find_missing(reading)
    return reading


def _raw_books(paths: Sequence[Path], settings: Settings) -> list[RawBook]:
    budget = Budget(settings.max_expanded_mb * 2**20, settings.max_cells)
    limits = Limits(settings.parser_memory_mb, settings.parser_seconds)
    with Pool(HANDLER, budget, workers=1, limits=limits) as pool:
        done = dict(pair for chunk in pool.run([str(path.resolve())] for path in paths) for pair in chunk)
    results = [done[str(path.resolve())] for path in paths]
    return [RawBook(refusal=result.reason) if isinstance(result, Failure) else result for result in results]


def _oldest(known: int | None, guide: RawSheet) -> int | None:
    for _, cells in guide.rows:
        match = re.match(rf"{BASE_VERSION}[：:]\s*(\d+)", str(cells[0]))
        if match:
            return int(match[1]) if known is None else min(known, int(match[1]))
    return known


def _find_missing(reading: BookReading) -> None:
    for sheet in sheets():
        if sheet.key not in reading.places and not sheet.rules.may_be_absent:
            reading.problems.append(Problem("", 0, "", f"缺少“{sheet.title}”工作表", sheet=sheet.title))
            reading.unreadable.add(sheet.key)


def _take_sheet(reading: BookReading, file: str, raw: RawSheet, sheet: Sheet, words: Words) -> None:
    if sheet.key in reading.places:
        message = f"{reading.places[sheet.key].file}中已有“{sheet.title}”：同一张表只能出现一次"
        reading.problems.append(Problem(file, 0, "", message, sheet=sheet.title))
        return
    header = [str(cell).strip() for cell in raw.rows[0][1]] if raw.rows else []
    number = raw.rows[0][0] if raw.rows else 1
    columns, faults = _columns(header, sheet)
    for place, column, message in faults:
        cell = f"{xl_col_to_name(place)}{number}" if place is not None else ""
        reading.problems.append(Problem(file, number, column, message, sheet=sheet.title, cell=cell))
    letters = {column.field: xl_col_to_name(place) for place, column in columns.items()}
    reading.places[sheet.key] = Place(file, sheet, letters)
    if faults:
        reading.unreadable.add(sheet.key)
        return
    mark = header.index(MARK_HEADER) if MARK_HEADER in header else None
    real = [(no, cells) for no, cells in raw.rows[1:] if mark is None or str(cells[mark]).strip() != EXAMPLE]
    rows, problems = _rows(real, columns, mark, sheet, words)
    reading.frames[sheet.key] = _typed(sheet, rows)
    reading.problems += [reading.located(problem) for problem in problems]


def _columns(header: Sequence[str], sheet: Sheet) -> tuple[dict[int, Column], list[tuple[int | None, str, str]]]:
    """Columns by place in the row, and what is wrong with the header as (place, header, message)."""
    known = {re.sub(r"\s", "", column.header): column for column in sheet.columns}
    columns: dict[int, Column] = {}
    faults: list[tuple[int | None, str, str]] = []
    for place, text in enumerate(header):
        column = known.get(re.sub(r"\s", "", text))
        if text in {"", MARK_HEADER}:
            continue
        if column is None:
            faults.append((place, text, "不认识的列：请改回模板的表头，或删去此列"))
        elif column in columns.values():
            faults.append((place, text, "表头重复：请删去其中一列"))
        else:
            columns[place] = column
    missing = [c for c in sheet.columns if c.field in sheet.rules.required and c not in columns.values()]
    return columns, faults + [(None, column.header, "表头缺少此列：请按模板补上") for column in missing]


def _rows(
    raw: Iterable[tuple[int, list[Any]]], columns: Mapping[int, Column], mark: int | None, sheet: Sheet, words: Words
) -> tuple[list[dict[str, Any]], list[Problem]]:
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    ordered = sorted(columns.items(), key=lambda item: item[1].kind != "form")  # the form names the elements
    for number, cells in raw:
        row: dict[str, Any] = {ROW: number}
        for place, column in ordered:
            cell = cells[place] if place < len(cells) else None
            try:
                value = value_of(cell, column, sheet.schema[column.field], words, row.get("source_form"))
            except BadCell as bad:
                problems.append(Problem(sheet.key, number, column.field, str(bad)))
                value = None
            row[column.field] = value
        stray = [place for place, cell in enumerate(cells) if place not in {*columns, mark} and cell not in ("", None)]
        problems += [
            Problem(sheet.key, number, "", f"{xl_col_to_name(place)}{number}没有表头：请移到有表头的列或删去")
            for place in stray
        ]
        if any(value is not None for name, value in row.items() if name != ROW):
            rows.append(row)
    return rows, problems


def _typed(sheet: Sheet, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = sheet.schema | {ROW: pl.Int64}
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema, orient="row")


def _title(key: str) -> str:
    return next((sheet.title for sheet in sheets() if sheet.key == key), key)
