"""A workbook's bytes as located cells of a known form. Runs in a sandboxed child: pure Python and calamine, no polars.

Here: sheets, header, data rows, what is ignored and why, an independent count of filled cells. Not here: numbers out of
text (values.py), who a row is about (submissions.py), rules (gates/). Rows and columns count from 1, as in A1.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from ingestion.workbooks.containers import Budget, Container, Refused, inspect
from ingestion.workbooks.forms import Form, normalise
from ingestion.workbooks.headers import CONTACT_HEADERS, Header, Problem, Recogniser
from ingestion.workbooks.layouts import Block, is_column_numbers, turned
from ingestion.workbooks.marks import Doubts, mark_cells, read_doubts
from ingestion.workbooks.periods import parse_period
from ingestion.workbooks.texts import decode, rows_of

# 合计, 龙湾区小计, 合计（12所）; a school is never called so
_TOTAL = re.compile(r"[^\d:]{0,10}(合计|总计|小计|共计)(?:\([^()]*\))?")
_NOTE = re.compile(r"\s*(?:[(（]?\d{1,2}[)）.、．]|[①-⑳※*#])|[^。；：:]*[。；：:]")
# region, year, month, day and order of an ID number, alone among its neighbours
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-8]\d{5}(?:19\d|20[0-4])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
NOTE_PREFIXES = (
    "说明",
    "备注",
    "注:",
    "注1",
    "填表说明",
    "制表日期",
    "填报日期",
    "报出日期",
    "数据来源",
    "单位公章",
    "盖章",
)
MAX_QUARANTINED_TEXT = 200


@dataclass
class SheetReading:
    """One sheet. `values[i]` is the column of `columns[i]` over `rows`; a quarantined sheet has only `held` cells.

    `totals` are (row, sum from which row on, values). In a table that runs across (`is_across`) `rows` and `totals` are
    sheet columns and `columns` are sheet rows; all other places are as in the sheet.
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
    ignored: list[tuple[int, int, int, int, int, str]] = field(default_factory=list)
    held: list[tuple[int, int, str | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class FileReading:
    """One file: refused as a whole (`refusal`), stopped (a sheet has a blocking problem), or read."""

    file_id: int
    refusal: Problem | None = None
    sheets: list[SheetReading] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        return self.refusal is not None or any(p.blocks for sheet in self.sheets for p in sheet.problems)


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
    doubts = read_doubts(len(sheets), container)
    for number, (name, hidden, rows) in enumerate(sheets, start=1):
        reading.sheets.append(_read_sheet(number, name, hidden, rows, recogniser))
        _doubt(reading.sheets[-1], doubts[number - 1])
    _judge_sheets(reading)
    return reading


def open_sheets(data: bytes, container: Container) -> list[tuple[str, bool, list[list[Any]]]]:
    """(name, is hidden, rows) of every sheet. Raises Refused where it cannot be opened."""
    if container.kind == "text":
        return [("", False, rows_of(decode(data)))]
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
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
    mark_cells(sheets, container)
    return sheets


def _read_sheet(number: int, name: str, hidden: bool, rows: list[list[Any]], recogniser: Recogniser) -> SheetReading:
    sheet = SheetReading(number, name, hidden)
    # The independent count: it knows nothing of headers or rows of data.
    sheet.received = sum(len(row) - row.count("") for row in rows)
    if not sheet.received:
        return sheet
    if hidden:
        _ignore(sheet, rows, range(len(rows)), "隐藏工作表")
        return sheet
    found = recogniser.find(rows)
    header, meta, private = found.header, found.meta, found.private or holds_identity_numbers(rows)
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
    sheet.period = parse_period(written, form.frequency) or parse_period(meta.get("title", ""), form.frequency)
    if sheet.period is None:
        message = f"报告期“{written}”无法识别" if written else "没有填写报告期"
        fix = "请在表头上方填写，如“报告期：2020年9月”" if form.frequency == "月" else f"请按{form.frequency}填写报告期"
        sheet.problems.append(Problem("STR05", message, fix, raw=written))
    if any(p.blocks for p in sheet.problems):
        return
    sheet.columns = list(header.columns)
    top = index - header.height + 1
    _ignore(sheet, rows, range(top), "标题和表头信息")
    _ignore(sheet, rows, range(top, index + 1), "表头")
    data = _data_rows(sheet, rows, index, header, recogniser)
    if any(p.blocks for p in sheet.problems):
        return
    if not data and form.reporter_type == "school":
        problem = Problem("STR07", "表头下没有数据行", "请填写数据后重新报送", index + 1, 1, blocks=False)
        sheet.problems.append(problem)
    sheet.rows = [r + 1 for r in data]
    sheet.values = [[_plain(rows[r][column - 1]) for r in data] for column, _, _ in sheet.columns]
    _account_for_other_columns(sheet, rows, data, header)


def _data_rows(
    sheet: SheetReading, rows: list[list[Any]], index: int, header: Header, recogniser: Recogniser
) -> list[int]:
    """Indexes of the rows of data; totals, notes and contact lines below the header are ignored with their reason."""
    form = header.form
    key_code = "school_code" if form.reporter_type == "school" else form.record_key
    places = {code: column - 1 for column, code, _ in sheet.columns}
    key = places.get(key_code, sheet.columns[0][0] - 1)
    name = places.get("school_name", key)
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
            sheet.totals.append((r + 1, since, [_plain(row[column - 1]) for column, _, _ in sheet.columns]))
            summed = r + 1
        elif not kind and (r == index + 1 or (type(lead) is str and (r > last_full or not lead[:1].isdigit()))):
            kind = _no_data(sheet, rows, r, lead, (index, last_full), header, recogniser)
        if kind:
            _ignore(sheet, rows, range(r, r + 1), kind)
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
    _ignore(sheet, rows, range(block.first), "标题和表头信息")
    for r in range(block.last + 1, len(rows)):
        texts = [value for value in rows[r] if value != ""]
        if texts and type(texts[0]) is str and (row_kind(texts[0]) or is_note(texts[0])):
            _ignore(sheet, rows, range(r, r + 1), row_kind(texts[0]) or "说明")
        elif texts:
            sheet.held += [(r + 1, c, _raw(_plain(v))) for c, v in enumerate(rows[r], start=1) if v != ""]
            message = "表格下方的内容没有对应的指标"
            sheet.problems.append(Problem("STR06", message, "请补上指标名称，或清除这一行", r + 1, 1, blocks=False))


@lru_cache(maxsize=65_536)
def row_kind(lead: str) -> str:
    """Why a row that begins with this text is no row of data, or ''.

    >>> row_kind("合  计")
    '合计行'
    """
    if lead[:1].isdigit() or (len(lead) > 30 and not lead.lstrip().startswith(("填", "联", "制", "注", "说", "备"))):
        return ""
    text = normalise(lead)
    if len(text) <= 15 and (match := _TOTAL.fullmatch(text)):
        return "小计行" if match[1] == "小计" else "合计行"
    if re.split(r"[:(]", text, maxsplit=1)[0] in CONTACT_HEADERS and (":" in text or text in CONTACT_HEADERS):
        return "联系信息"
    return "说明" if text.startswith(NOTE_PREFIXES) else ""


@lru_cache(maxsize=4096)
def is_note(text: str) -> bool:
    """Whether a text that stands alone below a table reads as a note, not as the name of a school.

    >>> is_note("1.本表由各校填写，于次月10日前报送。"), is_note("甲第一小学")
    (True, False)
    """
    return len(text) > 40 or bool(
        re.match(r"\s*(?:[(（]?\d{1,2}[)）.、．]|[①-⑳※*#])", text) or re.search(r"[。；：:]", text)
    )


def holds_identity_numbers(rows: list[list[Any]]) -> bool:
    """Whether any cell is an 18-digit number of a person, as text or as a number (which keeps 15 of its digits)."""
    long = [
        v for row in rows for v in row if (type(v) is str and len(v) > 17) or (type(v) is float and 1.1e17 <= v < 9e17)
    ]
    return any(_IDENTITY.search(v if type(v) is str else f"{v:.0f}") for v in long)


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
            sheet.held.append((r + 1, column, _raw(rows[r][column - 1])))
        message = f"该列没有表头，但有 {len(filled)} 个单元格有内容"
        problem = Problem("STR06", message, "请补上表头，或清除这些单元格", filled[0] + 1, column, blocks=False)
        sheet.problems.append(problem)


def _doubt(sheet: SheetReading, doubts: Doubts) -> None:
    """可疑: values in hidden rows, and formulas that were never computed. The values are kept."""
    if not sheet.rows or not (doubts.hidden_rows or doubts.zero_formulas):
        return
    hidden = [] if sheet.is_across else [row for row in sheet.rows if row in doubts.hidden_rows]
    if hidden:
        message = f"有 {len(hidden)} 行数据被隐藏（第 {'、'.join(map(str, hidden[:10]))} 行），已照常接收"
        sheet.problems.append(
            Problem("HID01", message, "请取消隐藏并核对；不应报送的行请删除", hidden[0], 1, blocks=False)
        )
    rows, columns = set(sheet.rows), {column for column, _, _ in sheet.columns}
    for row, column in doubts.zero_formulas:
        if (column in rows and row in columns) if sheet.is_across else (row in rows and column in columns):
            message = "公式的结果是 0，且文件由程序生成、没有经过计算，可能不是真实的 0"
            fix = "请用 Excel 或 WPS 打开并保存一次，再重新报送"
            sheet.problems.append(Problem("FML01", message, fix, row, column, raw="0", blocks=False))


def _judge_sheets(reading: FileReading) -> None:
    """A sheet of no known form beside a known one is a note, not a stop; a file with a stopped sheet is held whole."""
    known = any(sheet.form_code for sheet in reading.sheets)
    filled = [sheet for sheet in reading.sheets if sheet.received and not sheet.is_hidden]
    if not filled:
        reading.refusal = Problem("FILE01", "工作簿里没有任何内容", "请重新导出后报送")
        return
    for sheet in filled:
        if known and not sheet.form_code and all(p.code == "STR01" for p in sheet.problems):
            held = sheet.held
            sheet.problems = [Problem(p.code, p.message, p.fix, raw=p.raw, blocks=False) for p in sheet.problems]
            sheet.ignored = [(held[0][0], held[-1][0], 1, max(c for _, c, _ in held), len(held), "不是表样的工作表")]
            sheet.held = []


def hold_values(sheet: SheetReading) -> None:
    """Move what was read of a sheet to `held`: its file is stopped by another sheet."""
    for (column, _, _), values in zip(sheet.columns, sheet.values, strict=True):
        places = [(column, r) if sheet.is_across else (r, column) for r in sheet.rows]
        sheet.held += [(*place, _raw(v)) for place, v in zip(places, values, strict=True) if v != ""]
    sheet.rows, sheet.values, sheet.columns, sheet.totals = [], [], [], []


def _hold(sheet: SheetReading, rows: list[list[Any]], *, private: bool) -> SheetReading:
    """Every filled cell is quarantined; of private sheets and contact lines the places are kept, never the content."""
    sheet.ignored, sheet.rows, sheet.values, sheet.columns = [], [], [], []
    sheet.held = []
    for r, row in enumerate(rows, start=1):
        contact = private or any(type(value) is str and row_kind(value) == "联系信息" for value in row if value)
        sheet.held += [(r, c, None if contact else _raw(_plain(v))) for c, v in enumerate(row, start=1) if v != ""]
    return sheet


def _ignore(sheet: SheetReading, rows: list[list[Any]], span: range, reason: str) -> None:
    counts = [len(rows[r]) - rows[r].count("") for r in span]
    if not any(counts):
        return
    filled = [r for r, count in zip(span, counts, strict=True) if count]
    columns = list(chain.from_iterable([c for c, v in enumerate(rows[r], start=1) if v != ""] for r in filled))
    area = (filled[0] + 1, filled[-1] + 1, min(columns), max(columns))
    sheet.ignored.append((*area, sum(counts), reason))


def _plain(value: Any) -> Any:
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


def _raw(value: Any) -> str:
    text = str(int(value)) if type(value) is float and value.is_integer() and abs(value) < 1e15 else str(value)
    return text[:MAX_QUARANTINED_TEXT]
