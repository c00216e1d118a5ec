"""Readings of many files as frames: long cells, sheets, what is held and what is ignored. No loops over cells.

Here: the change of shape from what the children return to columns. Not here: meaning (values.py, submissions.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

import polars as pl

from ingestion.workbooks.forms import Form
from ingestion.workbooks.headers import Problem
from ingestion.workbooks.readings import FileReading, SheetReading, hold_values

_RATE = re.compile(
    r"率|占比|比例|师生比|生师比|生均|平均|人均|%|ratio|percent|perc_|pct|average|mean|rate\b", re.IGNORECASE
)
CELL_SCHEMA = {
    "file_id": pl.Int32, "sheet_no": pl.Int32, "row_no": pl.Int32, "column_no": pl.Int32, "form_code": pl.String,
    "element_code": pl.String, "number": pl.Float64, "text": pl.String, "scale": pl.Int64, "is_total": pl.Boolean,
    "summed_from": pl.Int32,
}  # fmt: skip
SHEET_SCHEMA = {
    "file_id": pl.Int32, "sheet_no": pl.Int32, "sheet_name": pl.String, "is_hidden": pl.Boolean,
    "form_code": pl.String, "template_version": pl.String, "period_start_date": pl.Date, "reporter_text": pl.String,
    "reporter_code_text": pl.String, "cells_received": pl.Int64, "is_stopped": pl.Boolean,
    "is_across": pl.Boolean, "is_partial": pl.Boolean,
}  # fmt: skip
HELD_SCHEMA = {
    "file_id": pl.Int32, "sheet_no": pl.Int32, "row_no": pl.Int32, "column_no": pl.Int32, "raw_text": pl.String,
}  # fmt: skip
IGNORED_SCHEMA = {
    "file_id": pl.Int32, "sheet_no": pl.Int32, "first_row_no": pl.Int32, "last_row_no": pl.Int32,
    "first_column_no": pl.Int32, "last_column_no": pl.Int32, "cell_count": pl.Int64, "ignored_reason": pl.String,
}  # fmt: skip


@dataclass
class Batch:
    """Frames of a number of files; `problems` are (file_id, sheet_no, sheet_name, form_code, period, problem)."""

    cells: pl.DataFrame
    sheets: pl.DataFrame
    held: pl.DataFrame
    ignored: pl.DataFrame
    problems: list[tuple[int, int, str, str, Any, Problem]]


def to_batch(readings: Iterable[FileReading]) -> Batch:
    """Frames of these readings, in order of file_id whatever order they came in."""
    cells: dict[str, list[Any]] = {name: [] for name in CELL_SCHEMA}
    sheets, held, ignored, problems = [], [], [], []
    for reading in sorted(readings, key=lambda r: r.file_id):
        file_id = reading.file_id
        if reading.refusal:
            problems.append((file_id, 0, "", "", None, reading.refusal))
            continue
        stopped = reading.stopped
        for sheet in reading.sheets:
            if stopped and not sheet.is_hidden:
                hold_values(sheet)
            _extend_cells(cells, file_id, sheet)
            sheets.append(_sheet_row(file_id, sheet, stopped))
            held += [(file_id, sheet.sheet_no, *cell) for cell in sheet.held]
            ignored += [(file_id, sheet.sheet_no, *area) for area in sheet.ignored]
            problems += [
                (file_id, sheet.sheet_no, sheet.sheet_name, sheet.form_code, sheet.period, p) for p in sheet.problems
            ]
    return Batch(
        pl.DataFrame(cells, schema=CELL_SCHEMA),
        pl.DataFrame(sheets, schema=SHEET_SCHEMA, orient="row"),
        pl.DataFrame(held, schema=HELD_SCHEMA, orient="row"),
        pl.DataFrame(ignored, schema=IGNORED_SCHEMA, orient="row"),
        problems,
    )


def element_frame(forms: dict[str, Form]) -> pl.DataFrame:
    """form_code, element_code, data_type, unit, allowed of every element, for values.type_cells."""
    rows = [(f.code, e.code, e.data_type, e.unit, list(e.allowed)) for f in forms.values() for e in f.elements.values()]
    schema = {"form_code": pl.String, "element_code": pl.String, "data_type": pl.String, "unit": pl.String}
    return pl.DataFrame(rows, schema=schema | {"allowed": pl.List(pl.String)}, orient="row")


def rate_frame(forms: dict[str, Form]) -> pl.DataFrame:
    """form_code and element_code of what does not add up over schools: rates, ratios, means."""
    rows = [
        (f.code, e.code) for f in forms.values() for e in f.elements.values() if e.unit == "%" or _RATE.search(e.name)
    ]
    return pl.DataFrame(rows, schema={"form_code": pl.String, "element_code": pl.String}, orient="row")


def mark_frame(forms: dict[str, Form]) -> pl.DataFrame:
    """form_code, clean, marked_reason of what stands for a missing value in each form, for values.type_cells."""
    rows = [(f.code, _bare(mark), reason) for f in forms.values() for mark, reason in f.marks.items()]
    schema = {"form_code": pl.String, "clean": pl.String, "marked_reason": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").unique(["form_code", "clean"], keep="first")


def _bare(mark: str) -> str:
    """A mark as values.type_cells looks for it: < 10 is <10."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", mark)).upper()


def _sheet_row(file_id: int, sheet: SheetReading, stopped: bool) -> tuple[Any, ...]:
    return (
        file_id, sheet.sheet_no, sheet.sheet_name, sheet.is_hidden, sheet.form_code, sheet.template_version,
        sheet.period, sheet.reporter, sheet.reporter_code, sheet.received, stopped,
        sheet.is_across, sheet.is_partial,
    )  # fmt: skip


def _extend_cells(cells: dict[str, list[Any]], file_id: int, sheet: SheetReading) -> None:
    if not sheet.columns:
        return
    total_rows = [row for row, _, _ in sheet.totals]
    summed_from = [0] * len(sheet.rows) + [since for _, since, _ in sheet.totals]
    rows = sheet.rows + total_rows
    is_total = [False] * len(sheet.rows) + [True] * len(total_rows)
    count, width = len(rows), len(sheet.columns)
    values = sheet.values
    if sheet.totals:
        sums = zip(*(total for _, _, total in sheet.totals), strict=True)
        values = [[*own, *summed] for own, summed in zip(sheet.values, sums, strict=True)]
    cells["row_no"] += rows * width
    cells["is_total"] += is_total * width
    cells["summed_from"] += summed_from * width
    # A sheet of one row has hundreds of columns: a step for each would cost more than all else here.
    for name, column in zip(("column_no", "element_code", "scale"), zip(*sheet.columns, strict=True), strict=True):
        cells[name] += chain.from_iterable(zip(*[column] * count, strict=True))
    cells["number"] += [v if type(v) is float else None for own in values for v in own]
    cells["text"] += [v if type(v) is str else None for own in values for v in own]
    everything = count * width
    cells["file_id"] += [file_id] * everything
    cells["sheet_no"] += [sheet.sheet_no] * everything
    cells["form_code"] += [sheet.form_code] * everything
