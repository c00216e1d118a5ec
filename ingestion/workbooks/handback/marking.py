"""A school's own workbook with the offending cells filled and commented. Runs in a sandboxed child: openpyxl opens
bytes that a stranger wrote.

Here: marks on an xlsx as submitted. Not here: which findings (orchestration), files that cannot be marked (listing.py).
Content stays; what openpyxl does not keep of a workbook are charts, and the stored results of formulas, which Excel
computes again on opening.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import CellCoordinatesException

from ingestion.workbooks.containers import Budget, Refused, inspect
from ingestion.workbooks.handback.records import BLOCKING, COLUMNS, LIST_SHEET, SENTINEL, Mark

COLOURS = {True: "FFFFC7CE", False: "FFFFEB9C"}  # blocking, doubtful
OWN_COMMENT = "\n\n原批注："
WIDTHS = (20, 14, 9, 16, 8, 9, 50, 44)


def handler(budget: Budget) -> Callable[[tuple[str, str, tuple[Mark, ...]]], bytes | str]:
    """The sandbox's entry: byte budget → a function of (path, file name, marks) that gives the marked workbook, or
    in Chinese why it cannot be marked."""

    def mark(task: tuple[str, str, tuple[Mark, ...]]) -> bytes | str:
        path, file_name, marks = task
        data = Path(path).read_bytes()
        try:
            if inspect(data, file_name, budget).kind != "xlsx":
                return "原文件不是 .xlsx，不能在原表上标注"
        except Refused as refused:
            return refused.message
        return marked(data, marks)

    return mark


def marked(data: bytes, marks: tuple[Mark, ...]) -> bytes:
    """The workbook of `data` with every mark, and the sheet 问题清单 behind its own sheets."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    _unmark(book)
    by_cell: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.cell and mark.sheet_name in book.sheetnames:
            by_cell[mark.sheet_name, mark.cell].append(mark)
    for (sheet_name, address), own in by_cell.items():
        _mark_cell(book[sheet_name], address, own)
    _write_list(book.create_sheet(LIST_SHEET), marks)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _unmark(book: Any) -> None:
    """Take away what an earlier return has marked."""
    if LIST_SHEET in book.sheetnames:
        del book[LIST_SHEET]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.text.startswith(SENTINEL):
                    _, _, own = cell.comment.text.partition(OWN_COMMENT)
                    cell.comment = Comment(own, "") if own else None
                    if cell.fill.fill_type and cell.fill.start_color.rgb in COLOURS.values():
                        cell.fill = PatternFill()


def _mark_cell(sheet: Any, address: str, marks: list[Mark]) -> None:
    try:
        cell = sheet[address]
    except (ValueError, CellCoordinatesException):
        return
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    colour = COLOURS[any(mark.severity in BLOCKING for mark in marks)]
    cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
    text = "\n\n".join(mark.comment for mark in marks)
    if cell.comment is not None:
        text = f"{text}{OWN_COMMENT}{cell.comment.text}"
    cell.comment = Comment(text, "督办", height=160, width=320)


def _write_list(sheet: Any, marks: tuple[Mark, ...]) -> None:
    rows = [("请改正后把这份工作簿原样报送；本清单不必删除，系统按问题编号核销。",), COLUMNS, *(m.row for m in marks)]
    for r, row in enumerate(rows, start=1):
        for c, text in enumerate(row, start=1):
            cell = sheet.cell(r, c, text)
            cell.data_type = "s"  # a value that begins with = is what somebody wrote, no formula
            cell.alignment = Alignment(wrap_text=r > 1, vertical="top")
            if r <= 2:
                cell.font = Font(bold=True)
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[number]].width = width
    sheet.freeze_panes = "A3"
