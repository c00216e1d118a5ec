"""A workbook's bytes as located cells of a known form. Runs in a sandboxed child: pure Python and calamine, no polars.

Here: opening the file, its sheets, what makes one doubtful or stops the file. Not here: one sheet (sheets.py), numbers
out of text (values.py), who a row is about (submissions.py), rules (gates/).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from ingestion.workbooks.containers import Budget, Container, Refused, inspect
from ingestion.workbooks.forms import Form
from ingestion.workbooks.handback.records import LIST_SHEET
from ingestion.workbooks.headers import Problem, Recogniser
from ingestion.workbooks.marks import Doubts, mark_cells, read_doubts
from ingestion.workbooks.readings import FileReading, SheetReading, a1
from ingestion.workbooks.sheets import read_tables
from ingestion.workbooks.texts import decode, rows_of


def handler(setup: tuple[dict[str, Form], Budget]) -> Callable[[tuple[int, str, str]], FileReading]:
    """The sandbox's entry: (forms, budget) → a function of (file_id, path, file name)."""
    forms, budget = setup
    recogniser = Recogniser(forms)

    def read(task: tuple[int, str, str]) -> FileReading:
        file_id, path, file_name = task
        return read_workbook(Path(path).read_bytes(), file_name, recogniser, budget, file_id=file_id)

    return read


def read_workbook(
    data: bytes, file_name: str, recogniser: Recogniser, budget: Budget, *, file_id: int = 0
) -> FileReading:
    """Read one workbook. Never raises for what is in the file, save what only the sandbox can stop."""
    reading = FileReading(file_id)
    try:
        container = inspect(data, file_name, budget)
        sheets = open_sheets(data, container)
    except Refused as refused:
        reading.refusal = Problem(refused.code, refused.message, refused.fix)
        return reading
    doubts = read_doubts(len(sheets), container, data)
    for number, (name, hidden, rows) in enumerate(sheets, start=1):
        for table in read_tables(number, name, hidden, rows, recogniser, file_name):
            _doubt(table, doubts[number - 1])
            reading.sheets.append(table)
    _judge_sheets(reading)
    return reading


def open_sheets(data: bytes, container: Container) -> list[tuple[str, bool, list[list[Any]]]]:
    """(name, is hidden, rows) of every sheet. Raises Refused where it cannot be opened."""
    if container.kind == "text":
        return [("", False, rows_of(decode(data)))]
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(container.checked or data))
        sheets = [
            (
                meta.name,
                meta.visible != SheetVisibleEnum.Visible,
                workbook.get_sheet_by_name(meta.name).to_python(False),
            )
            for meta in workbook.sheets_metadata
        ]
    except Exception as error:  # calamine has an exception type for each way a file can be broken
        if "password" in type(error).__name__.lower() or "password" in str(error).lower():
            raise Refused("FILE06", "工作簿设有打开密码", "请取消密码后重新报送") from error
        raise Refused("FILE02", "文件已损坏或没有传完，无法打开", "请重新导出后报送") from error
    mark_cells(sheets, container, data)
    return sheets


def _doubt(sheet: SheetReading, doubts: Doubts) -> None:
    """可疑: values in hidden rows and columns, and formulas that were never computed. The values are kept."""
    if not sheet.rows or doubts == Doubts():
        return
    hidden = [] if sheet.is_across else [row for row in sheet.rows if row in doubts.hidden_rows]
    if hidden:
        message = f"有 {len(hidden)} 行数据被隐藏（第 {'、'.join(map(str, hidden[:10]))} 行），已照常接收"
        sheet.problems.append(
            Problem("HID01", message, "请取消隐藏并核对；不应报送的行请删除", hidden[0], 1, blocks=False)
        )
    unseen = [] if sheet.is_across else [c for c, _, _ in sheet.columns if c in doubts.hidden_columns]
    if unseen:
        names = "、".join(a1(1, column)[:-1] for column in unseen[:10])
        message = f"有 {len(unseen)} 列数据被隐藏（{names} 列），已照常接收"
        place = (sheet.rows[0], unseen[0])
        sheet.problems.append(Problem("HID02", message, "请取消隐藏并核对；不用的列请删除", *place, blocks=False))
    rows, columns = set(sheet.rows), {column for column, _, _ in sheet.columns}
    for row, column in doubts.zero_formulas:
        if (column in rows and row in columns) if sheet.is_across else (row in rows and column in columns):
            message = "公式的结果是 0，且文件由程序生成、没有经过计算，可能不是真实的 0"
            fix = "请用 Excel 或 WPS 打开并保存一次，再重新报送"
            sheet.problems.append(Problem("FML01", message, fix, row, column, raw="0", blocks=False))


def _judge_sheets(reading: FileReading) -> None:
    """A sheet of no known form beside a known one is a note, not a stop; a file with a stopped sheet is held whole."""
    known = any(sheet.form_code for sheet in reading.sheets)
    filled = [s for s in reading.sheets if s.received and not s.is_hidden and s.sheet_name != LIST_SHEET]
    if not filled:
        reading.refusal = Problem("FILE01", "工作簿里没有任何内容", "请重新导出后报送")
        return
    for sheet in filled:
        if known and not sheet.form_code and all(p.code == "STR01" for p in sheet.problems):
            held = sheet.held
            sheet.problems = [Problem(p.code, p.message, p.fix, raw=p.raw, blocks=False) for p in sheet.problems]
            sheet.ignored = [(held[0][0], held[-1][0], 1, max(c for _, c, _ in held), len(held), "不是表样的工作表")]
            sheet.held = []
