"""One sheet as located cells of a known form: header, rows of data, what is ignored and why, what is held.

Here: rows and columns of a recognised sheet, an independent count of filled cells. Not here: opening the file
(reader.py), which form a header is (headers.py). Runs in a sandboxed child: pure Python, no polars.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ingestion.workbooks.handback.records import LIST_SHEET
from ingestion.workbooks.headers import Header, Problem, Recogniser, heading, read_meta
from ingestion.workbooks.layouts import Block, turned
from ingestion.workbooks.periods import parse_period
from ingestion.workbooks.readings import SheetReading, ignore, plain, raw, shifted
from ingestion.workbooks.row_kinds import holds_identity_numbers, is_note, row_kind
from ingestion.workbooks.table_rows import data_rows, period_in, with_period

_AS_IT_STANDS = {float, str}
TABLE_STEP = 1000  # between the numbers of tables in one sheet
PARTIAL = "部分更正"  # declared: only the cells given take the place of earlier ones


def read_tables(
    number: int, name: str, hidden: bool, rows: list[list[Any]], recogniser: Recogniser, file_name: str = ""
) -> list[SheetReading]:
    """Every table of a sheet, one below the other: the second of sheet 3 has the number 1003, its places are the
    sheet's. What a table does not say of period and reporter, the one above it says."""
    tables: list[SheetReading] = []
    start = 0
    told: dict[str, str] = {}
    while True:
        table = read_sheet(number + TABLE_STEP * len(tables), name, hidden, rows[start:], recogniser, file_name, told)
        tables.append(shifted(table, start))
        if not table.next_row:
            return tables
        start += table.next_row
        told |= table.told


def read_sheet(
    number: int,
    name: str,
    hidden: bool,
    rows: list[list[Any]],
    recogniser: Recogniser,
    file_name: str = "",
    above: dict[str, str] | None = None,
) -> SheetReading:
    """Read the first table of these rows; `above` and `file_name` may say the period, the reporter and the manner where
    the table does not."""
    sheet = SheetReading(number, name, hidden)
    # The independent count: it knows nothing of headers or rows of data.
    sheet.received = sum(map(len, rows)) - sum([row.count("") for row in rows])
    if not sheet.received:
        return sheet
    if hidden:
        ignore(sheet, rows, range(len(rows)), "隐藏工作表")
        return sheet
    if name == LIST_SHEET:  # handed back to the school with its workbook, and come back with it
        ignore(sheet, rows, range(len(rows)), "退改时附的问题清单")
        return sheet
    found = recogniser.find(rows)
    meta = _told(found.meta, file_name, above or {})
    header, private = found.header, found.private or holds_identity_numbers(rows)
    if private:
        message = "含有姓名、身份证号等个人信息，整份隔离，不予入库"
        sheet.problems.append(Problem("PRV01", message, "请只报送汇总数，不要报送个人名单"))
    elif header is None:
        message = (
            f"工作表“{name}”不是已登记的表样，没有找到可识别的表头"
            if name
            else "没有找到可识别的表头，不是已登记的表样"
        )
        sheet.problems.append(Problem("STR01", message, "请使用教育局下发的模板", raw=meta.get("title", "")[:80]))
    elif found.block:
        _read_across(sheet, rows, found.block, header, meta, recogniser)
    else:
        _read_form(sheet, rows, found.index, header, meta, recogniser)
        sheet.told = {name: text for name, text in meta.items() if name not in {"title", "table_number"}}
    if sheet.next_row:
        rows = rows[: sheet.next_row]
        sheet.received = sum(len(row) - row.count("") for row in rows)
    return sheet if not any(p.blocks for p in sheet.problems) else _hold(sheet, rows, private=private)


def _told(meta: dict[str, str], file_name: str, above: dict[str, str]) -> dict[str, str]:
    """What the sheet says of itself, filled up with what the file's name declares: 表【报告期：2020年9月】.xlsx"""
    stem = file_name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    declared = {name: text.strip("【】[] ") for name, text in read_meta([[stem]]).items() if name != "title"}
    if PARTIAL in stem:
        declared["manner"] = PARTIAL
    return declared | above | {name: text for name, text in meta.items() if text} | {"file_name": stem}


def _read_form(
    sheet: SheetReading,
    rows: list[list[Any]],
    index: int,
    header: Header,
    meta: dict[str, str],
    recogniser: Recogniser,
) -> None:
    form = header.form
    sheet.form_code, sheet.template_version = form.code, header.template.version
    sheet.reporter, sheet.reporter_code = meta.get("reporter", ""), meta.get("reporter_code", "")
    sheet.problems.extend(header.problems)
    written = meta.get("period", "")
    own = next((column for column, code, _ in header.columns if code == form.period_column), 0)
    sheet.is_partial = PARTIAL in meta.get("manner", "") or PARTIAL in meta.get("title", "")
    sheet.period = parse_period(written, form.frequency) or parse_period(meta.get("title", ""), form.frequency)
    periods: dict[int, date] = {}
    if own and not written:
        periods = {r: day for r in range(index + 1, len(rows)) if (day := period_in(rows[r][own - 1], form.frequency))}
        sheet.period = max(periods.values(), default=sheet.period)
    elif sheet.period is None and not written:
        _period_elsewhere(sheet, heading(rows[:index]), meta["file_name"], form.frequency)
    if sheet.period is None:
        message = f"报告期“{written}”无法识别" if written else "没有填写报告期"
        fix = "请在表头上方填写，如“报告期：2020年9月”" if form.frequency == "月" else f"请按{form.frequency}填写报告期"
        sheet.problems.append(Problem("STR05", message, fix, raw=written))
    if any(p.blocks for p in sheet.problems):
        return
    sheet.columns = list(header.columns)
    top = index - header.height + 1
    ignore(sheet, rows, range(top), "标题和表头信息")
    ignore(sheet, rows, range(top, index + 1), "表头")
    data = data_rows(sheet, rows, index, header, recogniser)
    if any(p.blocks for p in sheet.problems):
        return
    if periods:
        data = with_period(sheet, rows, data, periods, own)
    if not data and form.reporter_type == "school":
        problem = Problem("STR07", "表头下没有数据行", "请填写数据后重新报送", index + 1, 1, blocks=False)
        sheet.problems.append(problem)
    sheet.rows = [r + 1 for r in data]
    columns = list(zip(*(rows[r] for r in data), strict=True)) if data else [()] * len(rows[index])
    sheet.values = [_column(columns[column - 1]) for column, _, _ in sheet.columns]
    _account_for_other_columns(sheet, rows, data, header)


def _period_elsewhere(sheet: SheetReading, head: list[str], file_name: str, frequency: str) -> None:
    """The period out of a line below the title, or of the file's name: taken, and doubted."""
    for place, text in (*(("表头上方的", text) for text in head), ("文件名", file_name)):
        sheet.period = parse_period(text, frequency)
        if sheet.period:
            message = f"表中没有写报告期，按{place}“{text[:60]}”记为 {sheet.period}"
            sheet.problems.append(Problem("PER01", message, "请核对；表头上方请写明报告期", blocks=False))
            return


def _column(values: tuple[Any, ...]) -> list[Any]:
    """Most cells are numbers or text as they stand: a call for each would cost more than reading them."""
    if set(map(type, values)) <= _AS_IT_STANDS:
        return list(values)
    return [plain(value) for value in values]


def _read_across(
    sheet: SheetReading,
    rows: list[list[Any]],
    block: Block,
    header: Header,
    meta: dict[str, str],
    recogniser: Recogniser,
) -> None:
    """A table whose elements run down: read turned, then every place is turned back."""
    sheet.is_across = True
    grid = turned(rows, block.first, block.last)
    _read_form(sheet, grid, block.label, header, meta, recogniser)
    shift = block.first
    sheet.columns = [(column + shift, code, scale) for column, code, scale in sheet.columns]
    sheet.held = [(column + shift, row, raw) for row, column, raw in sheet.held]
    sheet.ignored = [(c1 + shift, c2 + shift, r1, r2, count, why) for r1, r2, c1, c2, count, why in sheet.ignored]
    sheet.problems = [
        replace(p, row_no=p.column_no + shift, column_no=p.row_no) if p.row_no else p for p in sheet.problems
    ]
    ignore(sheet, rows, range(block.first), "标题和表头信息")
    for r in range(block.last + 1, len(rows)):
        texts = [value for value in rows[r] if value != ""]
        if texts and type(texts[0]) is str and (row_kind(texts[0]) or is_note(texts[0])):
            ignore(sheet, rows, range(r, r + 1), row_kind(texts[0]) or "说明")
        elif texts:
            sheet.held += [(r + 1, c, raw(plain(v))) for c, v in enumerate(rows[r], start=1) if v != ""]
            message = "表格下方的内容没有对应的指标"
            sheet.problems.append(Problem("STR06", message, "请补上指标名称，或清除这一行", r + 1, 1, blocks=False))


def _account_for_other_columns(sheet: SheetReading, rows: list[list[Any]], data: list[int], header: Header) -> None:
    mapped = {column for column, _, _ in sheet.columns}
    width = max((len(rows[r]) for r in data), default=0)
    if len(mapped) == width:
        return
    for column in sorted(set(range(1, width + 1)) - mapped):
        filled = [r for r in data if rows[r][column - 1] != ""]
        if not filled:
            continue
        if column in header.ignored:
            reason = header.ignored[column]
            sheet.ignored.append((filled[0] + 1, filled[-1] + 1, column, column, len(filled), reason))
            continue
        for r in filled:
            sheet.held.append((r + 1, column, raw(rows[r][column - 1])))
        message = f"该列没有表头，但有 {len(filled)} 个单元格有内容"
        problem = Problem("STR06", message, "请补上表头，或清除这些单元格", filled[0] + 1, column, blocks=False)
        sheet.problems.append(problem)


def _hold(sheet: SheetReading, rows: list[list[Any]], *, private: bool) -> SheetReading:
    """Every filled cell is quarantined; of private sheets and contact lines the places are kept, never the content."""
    sheet.ignored, sheet.rows, sheet.values, sheet.columns = [], [], [], []
    sheet.held = []
    for r, row in enumerate(rows, start=1):
        contact = private or any(type(value) is str and row_kind(value) == "联系信息" for value in row if value)
        sheet.held += [(r, c, None if contact else raw(plain(v))) for c, v in enumerate(row, start=1) if v != ""]
    return sheet
