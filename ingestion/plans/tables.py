"""Indicator tables in a text: rows of cells parted by tabs, bars or wide blanks, or one cell a line.

Belongs here: which cell of a row is the target, with its name, unit and year. Does not: task tables, whose
cells are sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from ingestion.plans.layout import is_spaced_row
from ingestion.plans.rules import any_of
from ingestion.plans.table_lines import LineTable, line_tables

_CELL = re.compile(r"[^\t|│┃]+")
_WIDE = re.compile(r"\S+(?: \S+)*")
_NUMBER = re.compile(
    r"^(?P<op>≥|>=|≧|>|≤|<=|≦|<|达到|达|不低于|不少于|超过|低于|"
    r"约)?\s*[\[(（\u3014]?(?P<n>\d[\d,]*(?:\.\d+)?)[\])）\u3015]?\s*(?P<rest>(?![月日年季级、"
    r".．)）])[^\d\s（(]{0,8})(?:[（(][^（()）]{1,12}[)）])?$"
)
_NONE = re.compile(r"^(?:[-—–/一－]+|无|暂无)$")
_YEAR = re.compile(r"(20\d\d)\s*年?")
_HEAD = re.compile(r"指标|目标|单位|属性|(?:20\d\d)\s*年|类别|项目名称|序号|基期|现状|备注|规划值|预期")
_SKIP_HEAD = re.compile(r"序号|备注|年均|累计|增长|增速|属性|责任|牵头|权重|分值|说明|时间|时限|日期")
_BASE_HEAD = re.compile(r"基期|现状|基数|上年|完成|实际|实绩|已有|基准|底数|十三五末")
_NAME_UNIT = re.compile(r"[（(]\s*([^（()）]{1,8})\s*[)）]\s*$")


@dataclass(frozen=True)
class TableTarget:
    """A promised cell: the numeral at [start, end) of the text, its row's name, unit, year and operator sign."""

    start: int
    end: int
    name: str
    unit: str
    year: int | None
    operator: str | None
    baseline: tuple[int, int] | None


@dataclass
class TableReading:
    """Promised cells, and the other numerals of the tables with why they are none: {offset: reason}. `sheets` are the
    tables of one cell a line."""

    targets: list[TableTarget] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    sheets: list[LineTable] = field(default_factory=list)


@dataclass(frozen=True)
class _Cell:
    start: int
    end: int
    text: str


@dataclass
class _Columns:
    count: int
    name: int | None
    unit: int | None
    targets: dict[int, int | None]
    bases: set[int]
    values: list[int]


@lru_cache(maxsize=1)
def _unit_pattern() -> re.Pattern[str]:
    unit = any_of("unit_percent", "unit_money", "unit_count", "quality_after", "unit_time")
    return re.compile(rf"(?:万|亿)?(?:{unit})?(?:以上|以内)?$")


def _cells(plain: str, start: int, end: int) -> list[_Cell]:
    line = plain[start:end]
    if "\t" in line:
        # an empty cell keeps its column
        edges = [-1, *(m.start() for m in re.finditer("\t", line)), len(line)]
        return [_cell(line, start, a + 1, b) for a, b in pairwise(edges)]
    if "|" in line or "│" in line:
        found = [(m.start(), m.end()) for m in _CELL.finditer(line)]
    elif " " not in line:
        return []
    elif (
        re.search(r"\S {2,}\S", line) or (len(line) <= 60 and len(re.findall(r" \d", line)) >= 2) or is_spaced_row(line)
    ):
        gap = r"\S+(?: (?! )\S+)*" if re.search(r"\S {2,}\S", line) else r"\S+"
        found = [(m.start(), m.end()) for m in re.finditer(gap, line)]
    else:
        return []
    cells = [_cell(line, start, a, b) for a, b in found]
    return [cell for cell in cells if cell.text]


def _cell(line: str, offset: int, a: int, b: int) -> _Cell:
    text = line[a:b]
    begin = offset + a + len(text) - len(text.lstrip())
    return _Cell(begin, begin + len(text.strip()), text.strip())


def read_tables(plain: str, spans: list[tuple[int, int]], first_year: int | None) -> TableReading:
    """Indicator tables among the paragraphs; a table begins with a header row that names 指标, 目标 or years."""
    found = TableReading()
    rows = [_cells(plain, a, b) for a, b in spans]
    header: _Columns | None = None
    for row in rows:
        if sum(bool(cell.text) for cell in row) < 2:
            header = None
            continue
        if (columns := _header(row, first_year)) is not None:
            header = columns
            found.reasons |= {cell.start + m.start(): "日期" for cell in row for m in re.finditer(r"\d+", cell.text)}
        elif header is not None:
            _row(row, header, found)
    _lines(plain, spans, first_year, found)
    return found


def _header(row: list[_Cell], first_year: int | None) -> _Columns | None:
    texts = [re.sub(r"\s", "", cell.text) for cell in row]
    if sum(bool(_HEAD.search(t)) and len(t) <= 16 and not re.search("[，。；]", t) for t in texts) < 2 or any(
        _NUMBER.match(t) and not _YEAR.match(t) for t in texts
    ):
        return None
    return _columns(texts, first_year)


def _columns(texts: list[str], first_year: int | None) -> _Columns | None:
    name = next(
        (
            i
            for i, t in enumerate(texts)
            if re.search(r"指标名|指标$|^主要指标|^指标|项目|内容|任务", t) and not re.search("值|属性|目标", t)
        ),
        None,
    )
    unit = next((i for i, t in enumerate(texts) if "单位" in t and not re.search("责任|牵头", t)), None)
    targets: dict[int, int | None] = {}
    bases: set[int] = set()
    years = [int(m[1]) for t in texts if (m := _YEAR.search(t))]
    for i, t in enumerate(texts):
        if i in (name, unit) or _SKIP_HEAD.search(t):
            continue
        year = int(m[1]) if (m := _YEAR.search(t)) else None
        aim = re.search("目标|规划|预期|计划", t)
        if _BASE_HEAD.search(t) or (
            year is not None
            and not aim
            and (
                (first_year is not None and year < first_year)
                or (len(years) > 1 and year == min(years) and first_year is None)
            )
        ):
            bases.add(i)
        elif year is not None or aim or re.search("指标值|数值|十四五末|十五五末", t):
            targets[i] = year
    if not targets:
        return None
    if (
        len(targets) > 1
        and not bases
        and first_year is not None
        and years
        and min(years) < max(years)
        and min(years) < first_year
    ):
        bases.add(next(i for i in targets if targets[i] == min(years)))
        targets = {i: y for i, y in targets.items() if i not in bases}
    return _Columns(len(texts), name, unit, targets, bases, sorted([*targets, *bases]))


def _row(row: list[_Cell], columns: _Columns, found: TableReading) -> None:
    if len(row) != columns.count:
        row = [cell for cell in row if cell.text]
    numeric = [(i, cell) for i, cell in enumerate(row) if _NUMBER.match(cell.text) or _NONE.match(cell.text)]
    if len(row) == columns.count:
        values = [(i, cell) for i, cell in numeric if i in columns.values]
    else:
        # merged cells shift a row: its last values stand under the last value columns
        # and what no name stands before is the row's number
        tail = [cell for i, cell in numeric if i or 0 in columns.values][-len(columns.values) :]
        values = list(zip(columns.values[-len(tail) :], tail, strict=False)) if tail else []
    taken = {cell.start for _, cell in values}
    words = [
        cell
        for cell in row
        if cell.text and cell.start not in taken and not _NUMBER.match(cell.text) and not _NONE.match(cell.text)
    ]
    before = [cell for cell in words if values and cell.start < values[0][1].start]
    named = any_of("unit_percent", "unit_points", "unit_money", "unit_count", "unit_time")
    a_unit = re.compile(rf"{named}|万人|万元|亿元|万个|万平方米")
    own = row[columns.unit].text if len(row) == columns.count and columns.unit is not None else ""
    unit = own if a_unit.fullmatch(own) else next((c.text for c in before[1:] if a_unit.fullmatch(c.text)), "")
    names = [cell.text for cell in before if cell.text != unit]
    if (
        len(row) == columns.count
        and columns.name is not None
        and columns.name < len(row)
        and row[columns.name].text
        and not _NUMBER.match(row[columns.name].text)
    ):
        names = [row[columns.name].text]
    for _, cell in numeric:
        if cell.start not in taken and (m := re.search(r"\d", cell.text)):
            found.reasons[cell.start + m.start()] = "序号" if cell is row[0] else "表内数据"
    summed = [cell for _, cell in numeric if cell.start not in taken and cell.text[0] in "[\u3014"]
    aims = [cell for i, cell in values if i in columns.targets]
    if summed and aims and all(_NONE.match(cell.text) for cell in aims):
        # 新增学位 / — / — / [4.5]: a sum over the years stands for the target
        values = [(max(columns.targets), summed[-1])]
    _emit(names[-1] if names else "", unit, values, columns, found)


def _emit(name: str, unit: str, values: list[tuple[int, _Cell]], columns: _Columns, found: TableReading) -> None:
    base: tuple[int, int] | None = None
    for i, cell in values:
        m = _NUMBER.match(cell.text)
        if m is None:
            continue
        start, end = cell.start + m.start("n"), cell.start + m.end("n")
        rest = m["rest"] if _unit_pattern().match(m["rest"]) else ""
        # a sum of rows promises nothing that its rows do not
        is_named = name != "" and re.fullmatch(r"[合小总]\s*计", name) is None
        if i in columns.bases or not is_named:
            base = (start, end)
            found.reasons[start] = "基数" if is_named else "表内数据"
            continue
        own = _NAME_UNIT.search(name)
        bound = re.search("(?:以上|以内)$", rest)
        stated = rest[: bound.start() if bound else len(rest)] or unit or (own[1] if own else "")
        label = name[: own.start()] if own else name
        sign = {
            "≥": ">=",
            ">=": ">=",
            "≧": ">=",
            ">": ">=",
            "≤": "<=",
            "<=": "<=",
            "≦": "<=",
            "<": "<=",
            "低于": "<=",
            "约": None,
        }.get(m["op"] or "", ">=" if m["op"] else None)
        sign = {"以上": ">=", "以内": "<="}[bound[0]] if bound else sign
        found.targets.append(
            TableTarget(
                start,
                end + len(rest),
                re.sub(r"^\d+[.、．]?\s*|^[（(]\d+[）)]", "", label),
                stated,
                columns.targets.get(i),
                sign,
                base,
            )
        )


def _lines(plain: str, spans: list[tuple[int, int]], first_year: int | None, found: TableReading) -> None:
    """Tables whose cells came apart into lines: 指标 / 2020年 / 2025年 / 学前毛入园率（%） / 89 / 95."""
    cells = [_Cell(a + len(plain[a:b]) - len(plain[a:b].lstrip()), b, plain[a:b].strip()) for a, b in spans]
    found.sheets = line_tables([cell.text for cell in cells])
    laid: set[int] = set()
    for sheet in found.sheets:
        laid |= _sheet(sheet, cells, first_year, found)
    for block in _blocks([cell for i, cell in enumerate(cells) if i not in laid]):
        texts = [re.sub(r"\s", "", cell.text) for cell in block]
        body = next((i for i, t in enumerate(texts) if _NUMBER.match(t) and not _YEAR.match(t)), None)
        heads = [i for i, t in enumerate(texts[:body]) if _HEAD.search(t)]
        if body is None or len(heads) < 2:
            continue
        columns = _columns(texts[: heads[-1] + 1], first_year)
        if columns is not None:
            _line_rows(block[heads[-1] + 1 :], columns, found)


def _sheet(sheet: LineTable, cells: list[_Cell], first_year: int | None, found: TableReading) -> set[int]:
    """Read a table of one cell a line; returns its line numbers."""
    laid = {line for row in sheet.rows for line in row if line is not None}
    columns = _columns(sheet.heads, first_year)
    numbered = re.search("序号|编号", sheet.heads[0]) is not None
    valued = columns is not None and any(
        _NUMBER.match(cells[line].text) for row in sheet.rows for i in columns.targets if (line := row[i]) is not None
    )
    for row in sheet.rows:
        if numbered and row[0] is not None:
            found.reasons[cells[row[0]].start] = "序号"
        if columns is None or not valued:
            continue
        body = [cells[line] for line in (row[1:] if numbered else row) if line is not None]
        full = None not in row
        shift = 1 if numbered else 0
        _row(
            body,
            _Columns(
                len(row) - shift if full else -1,
                columns.name - shift if columns.name is not None else None,
                None,
                {i - shift: year for i, year in columns.targets.items()},
                {i - shift for i in columns.bases},
                [i - shift for i in columns.values],
            ),
            found,
        )
    return laid


def _blocks(cells: list[_Cell]) -> Iterator[list[_Cell]]:
    block: list[_Cell] = []
    for cell in [*cells, None]:
        if cell is not None and len(cell.text) <= 30 and not re.search(r"[。；，]|\t", cell.text):
            block.append(cell)
            continue
        if len(block) >= 6 and sum(bool(_NUMBER.match(c.text)) for c in block) >= 2:
            yield block
        block = []


def _line_rows(body: list[_Cell], columns: _Columns, found: TableReading) -> None:
    row: list[_Cell] = []
    seen = False
    for cell in [*body, None]:
        value = cell is not None and bool(_NUMBER.match(cell.text) or _NONE.match(cell.text))
        if cell is None or (seen and not value):
            if seen:
                _row(row, _Columns(-1, None, None, columns.targets, columns.bases, columns.values), found)
            row, seen = [], False
        if cell is not None:
            seen = seen or (value and bool(row))
            row.append(cell)
