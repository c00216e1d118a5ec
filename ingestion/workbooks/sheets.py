"""One sheet as located cells of a known form: header, rows of data, what is ignored and why, what is held.

Here: rows and columns of a recognised sheet, an independent count of filled cells. Not here: opening the file
(reader.py), which form a header is (headers.py). Runs in a sandboxed child: pure Python, no polars.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ingestion.workbooks.handback.records import LIST_SHEET
from ingestion.workbooks.headers import Header, Problem, Recogniser, read_meta
from ingestion.workbooks.layouts import Block, is_column_numbers, turned
from ingestion.workbooks.periods import parse_period
from ingestion.workbooks.readings import SheetReading, ignore, plain, raw
from ingestion.workbooks.row_kinds import holds_identity_numbers, is_note, row_kind

_AS_IT_STANDS = {float, str}
PARTIAL = "部分更正"  # declared: only the cells given take the place of earlier ones


def read_sheet(
    number: int, name: str, hidden: bool, rows: list[list[Any]], recogniser: Recogniser, file_name: str = ""
) -> SheetReading:
    """Read one sheet; `file_name` may say the period, the reporter and the manner where the sheet does not."""
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
    header, meta, private = found.header, _told(found.meta, file_name), found.private or holds_identity_numbers(rows)
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
    return sheet if not any(p.blocks for p in sheet.problems) else _hold(sheet, rows, private=private)


def _told(meta: dict[str, str], file_name: str) -> dict[str, str]:
    """What the sheet says of itself, filled up with what the file's name declares: 表【报告期：2020年9月】.xlsx"""
    stem = file_name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    declared = {name: text.strip("【】[] ") for name, text in read_meta([[stem]]).items() if name != "title"}
    if PARTIAL in stem:
        declared["manner"] = PARTIAL
    return declared | {name: text for name, text in meta.items() if text} | {"file_name": stem}


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
    sheet.is_partial = PARTIAL in meta.get("manner", "") or PARTIAL in meta.get("title", "")
    sheet.period = parse_period(written, form.frequency) or parse_period(meta.get("title", ""), form.frequency)
    if sheet.period is None and not written:
        sheet.period = parse_period(meta["file_name"], form.frequency)
        if sheet.period:
            message = f"表中没有写报告期，按文件名“{meta['file_name'][:60]}”记为 {sheet.period}"
            sheet.problems.append(Problem("PER01", message, "请核对；表头上方请写明报告期", blocks=False))
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
    data = _data_rows(sheet, rows, index, header, recogniser)
    if any(p.blocks for p in sheet.problems):
        return
    if not data and form.reporter_type == "school":
        problem = Problem("STR07", "表头下没有数据行", "请填写数据后重新报送", index + 1, 1, blocks=False)
        sheet.problems.append(problem)
    sheet.rows = [r + 1 for r in data]
    columns = list(zip(*(rows[r] for r in data), strict=True)) if data else [()] * len(rows[index])
    sheet.values = [_column(columns[column - 1]) for column, _, _ in sheet.columns]
    _account_for_other_columns(sheet, rows, data, header)


def _column(values: tuple[Any, ...]) -> list[Any]:
    """Most cells are numbers or text as they stand: a call for each would cost more than reading them."""
    if set(map(type, values)) <= _AS_IT_STANDS:
        return list(values)
    return [plain(value) for value in values]


def _data_rows(
    sheet: SheetReading, rows: list[list[Any]], index: int, header: Header, recogniser: Recogniser
) -> list[int]:
    """Indexes of the rows of data; totals, notes and contact lines below the header are ignored with their reason."""
    form = header.form
    key_code = "school_code" if form.reporter_type == "school" else next(iter(form.record_keys), "")
    places = {code: column - 1 for column, code, _ in sheet.columns}
    key = places.get(key_code, sheet.columns[0][0] - 1)
    name = places.get("school_name", key)
    kept = [(code, words) for code, words in form.kept_rows.items() if code in places]
    last_full = _last_full_row(rows)
    data: list[int] = []
    summed = index + 1
    for r in range(index + 1, len(rows)):
        row = rows[r]
        if row.count("") == len(row):
            continue
        first = row[key] if row[key] != "" else row[name]
        lead = first if first != "" else next(value for value in row if value != "")
        kind = "" if type(lead) is not str else row_kind(lead)
        if kind.endswith("计行"):
            since = 0 if kind == "合计行" else summed
            sheet.totals.append((r + 1, since, [plain(row[column - 1]) for column, _, _ in sheet.columns]))
            summed = r + 1
        elif not kind and (r == index + 1 or (type(lead) is str and (r > last_full or not lead[:1].isdigit()))):
            kind = _no_data(sheet, rows, r, lead, (index, last_full), header, recogniser)
        if kept and not kind and not all(str(row[places[code]]).strip() in words for code, words in kept):
            kind = "不属于本表的行"
        if kind:
            ignore(sheet, rows, range(r, r + 1), kind)
        else:
            data.append(r)
    return data


def _last_full_row(rows: list[list[Any]]) -> int:
    """Index of the last row with more than one filled cell: what follows can only be notes."""
    for r in range(len(rows) - 1, -1, -1):
        if len(rows[r]) - rows[r].count("") > 1:
            return r
    return -1


def _no_data(
    sheet: SheetReading,
    rows: list[list[Any]],
    r: int,
    lead: Any,
    bounds: tuple[int, int],
    header: Header,
    recogniser: Recogniser,
) -> str:
    """Why a row is no row of data though its first words do not say so: column numbers, a note, a repeated header."""
    index, last_full = bounds
    if r == index + 1 and is_column_numbers(rows[r]):
        return "栏号行"
    if type(lead) is not str:
        return ""
    if r > last_full and is_note(lead):
        return "说明"
    if lead[:1].isdigit() or not recogniser.knows(lead):
        return ""
    if any(rows[r] == rows[i] for i in range(index - header.height + 1, index + 1)):
        return "重复的表头"
    if sum(type(value) is str and value != "" and recogniser.knows(value) for value in rows[r]) > 2:
        message = "表格下方还有另一个表头，同一张工作表只能有一张表"
        sheet.problems.append(Problem("STR08", message, "请把下方的表另放一张工作表", r + 1, 1, raw=lead[:80]))
    return ""


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
