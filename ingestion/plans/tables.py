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

from ingestion.plans import indicators, subjects
from ingestion.plans.layout import is_spaced_row
from ingestion.plans.rules import any_of
from ingestion.plans.table_cells import CellFigure, figures, is_blank, is_figure
from ingestion.plans.table_lines import CATEGORY, LineTable, line_tables

_CELL = re.compile(r"[^\t|│┃]+")
_WIDE = re.compile(r"\S+(?: \S+)*")
_YEAR = re.compile(r"(20\d\d)\s*年?")
_HEAD = re.compile(r"指标|目标|单位|属性|(?:20\d\d)\s*年|类别|项目名称|序号|基期|现状|备注|规划值|预期")
_SKIP_HEAD = re.compile(r"序号|备注|年均|累计|增长|增速|属性|责任|牵头|权重|分值|说明|时间|时限|日期")
_BASE_HEAD = re.compile(r"基期|现状|基数|上年|完成|实际|实绩|已有|基准|底数|十三五末")
_NAME_PARTS = re.compile(
    r"[（(]\s*(?:(?P<unit>[^（()）/／、，,]{1,6})[，,：:])?(?P<of>[^（()）/／、，,]{1,8}(?:[/／、][^（()）/／、，,]{1,8})+)\s*[)）]\s*$"
)
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
    high: str | None = None


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
    group: int | None = None


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
    over = ""
    for row, (start, end) in zip(rows, spans, strict=True):
        if sum(bool(cell.text) for cell in row) < 2:
            # 一、学前教育: a line of its own that parts the rows
            over = _category(plain[start:end]) if header is not None else ""
            header = header if over else None
            continue
        if (columns := _header(row, first_year)) is not None:
            header = columns
            found.reasons |= {cell.start + m.start(): "日期" for cell in row for m in re.finditer(r"\d+", cell.text)}
        elif header is not None:
            if header.group is not None and len(row) == header.count:
                over = _category(row[header.group].text) or over
            _row(row, header, found, over)
    _lines(plain, spans, first_year, found)
    return found


# 在校生数 under 三、高中阶段教育
_OF_ALL = re.compile(
    r"(?:在校(?:学)?生|在园幼儿|专任教师|教职工|学校|毕业生|招生|班级|教师)(?:总)?(?:数|人数|规模|数量)"
)
_PARTED = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)])?\s*(?P<matter>[^\d，。；：:（(]{2,18})(?:[（(][^（()）]*[)）])?$"
)


def _category(line: str) -> str:
    """The matter of a line that parts the rows of a table, 一、学前教育 → 学前教育; '' where it is none."""
    m = _PARTED.match(re.sub(r"[*_\t]+", "", line).strip())
    return m["matter"].strip() if m else ""


def _header(row: list[_Cell], first_year: int | None) -> _Columns | None:
    texts = [re.sub(r"\s", "", cell.text) for cell in row]
    if sum(bool(_HEAD.search(t)) and len(t) <= 16 and not re.search("[，。；]", t) for t in texts) < 2 or any(
        is_figure(t) and not _YEAR.match(t) for t in texts
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
    group = next(
        (i for i, t in enumerate(texts) if i != name and re.fullmatch("类别|分类|领域|维度|类型|一级指标", t)), None
    )
    return _Columns(len(texts), name, unit, targets, bases, sorted([*targets, *bases]), group)


@lru_cache(maxsize=1)
def _a_unit() -> re.Pattern[str]:
    named = any_of("unit_percent", "unit_points", "unit_money", "unit_count", "unit_time")
    return re.compile(rf"{named}|万人|万元|亿元|万个|万平方米")


def _row(row: list[_Cell], columns: _Columns, found: TableReading, over: str = "") -> None:
    if len(row) != columns.count:
        row = [cell for cell in row if cell.text]
    named = columns.name if len(row) == columns.count else None
    numeric = [(i, c) for i, c in enumerate(row) if (is_figure(c.text) or is_blank(c.text)) and i != named]
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
        if cell.text and cell.start not in taken and not is_figure(cell.text) and not is_blank(cell.text)
    ]
    before = [cell for cell in words if values and cell.start < values[0][1].start]
    a_unit = _a_unit()
    own = row[columns.unit].text if len(row) == columns.count and columns.unit is not None else ""
    unit = own if a_unit.fullmatch(own) else next((c.text for c in before[1:] if a_unit.fullmatch(c.text)), "")
    names = [cell.text for cell in before if cell.text != unit]
    if (
        len(row) == columns.count
        and columns.name is not None
        and columns.name < len(row)
        and row[columns.name].text
        and not is_figure(row[columns.name].text)
    ):
        names = [row[columns.name].text]
    for _, cell in numeric:
        if cell.start not in taken and (m := re.search(r"\d", cell.text)):
            found.reasons[cell.start + m.start()] = "序号" if cell is row[0] else "表内数据"
    summed = [cell for _, cell in numeric if cell.start not in taken and cell.text[0] in "[\u3014"]
    aims = [cell for i, cell in values if i in columns.targets]
    if summed and aims and all(is_blank(cell.text) for cell in aims):
        # 新增学位 / — / — / [4.5]: a sum over the years stands for the target
        values = [(max(columns.targets), summed[-1])]
    name = names[-1] if names else ""
    if not over and len(names) > 1 and re.match(r"[一二三四五六七八九十]+[、.．]|[（(]", names[-2]):
        over = _category(names[-2])
    bare = _NAME_UNIT.sub("", name)
    if over and (indicators.BARE.match(bare) or _OF_ALL.match(bare)):
        name = subjects.topic_of_heading(over) + name
    _emit(name, unit, values, columns, found)


def _emit(name: str, unit: str, values: list[tuple[int, _Cell]], columns: _Columns, found: TableReading) -> None:
    base: tuple[int, int] | None = None
    for i, cell in values:
        told = figures(cell.text)
        # a sum of rows promises nothing that its rows do not
        is_named = name != "" and re.fullmatch(r"[合小总]\s*计", name) is None
        for figure in told if i in columns.bases or not is_named else ():
            base = (cell.start + figure.start, cell.start + figure.end)
            found.reasons[base[0]] = "基数" if is_named else "表内数据"
        if i in columns.bases or not is_named:
            continue
        own = _NAME_UNIT.search(name)
        # （小学/初中） names the two figures of 10/12
        split = _NAME_PARTS.search(name)
        parts = re.split("[/／、]", split["of"]) if split else []
        label = name[: own.start()] if own and not split else name[: split.start()] if split else name
        label = re.sub(r"^\d+[.、．]?\s*(?![\d人所个])|^[（(]\d+[）)]", "", label)
        for n, figure in enumerate(told):
            of = parts[n] if len(parts) == len(told) > 1 else ""
            written = (split["unit"] or "") if split else own[1] if own else ""
            stated = figure.unit or unit or written
            found.targets.append(_target(cell, figure, of + label, stated, columns.targets.get(i), base))


def _target(
    cell: _Cell, figure: CellFigure, name: str, unit: str, year: int | None, base: tuple[int, int] | None
) -> TableTarget:
    start, end = cell.start + figure.start, cell.start + figure.end
    return TableTarget(start, end, name, unit, year, figure.operator, base, figure.high)


def _lines(plain: str, spans: list[tuple[int, int]], first_year: int | None, found: TableReading) -> None:
    """Tables whose cells came apart into lines: 指标 / 2020年 / 2025年 / 学前毛入园率（%） / 89 / 95."""
    cells = [_Cell(a + len(plain[a:b]) - len(plain[a:b].lstrip()), b, plain[a:b].strip()) for a, b in spans]
    found.sheets = line_tables([cell.text for cell in cells])
    laid: set[int] = set()
    for sheet in found.sheets:
        laid |= _sheet(sheet, cells, first_year, found)
    for block in _blocks([cell for i, cell in enumerate(cells) if i not in laid]):
        texts = [re.sub(r"\s", "", cell.text) for cell in block]
        body = next((i for i, t in enumerate(texts) if is_figure(t) and not _YEAR.match(t)), None)
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
        is_figure(cells[line].text) for row in sheet.rows for i in columns.targets if (line := row[i]) is not None
    )
    over = ""
    for row in sheet.rows:
        first = next((line for line in row if line is not None), 0)
        over = _category(cells[first - 1].text) if CATEGORY.match(cells[first - 1].text) else over
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
            over,
        )
    return laid


def _blocks(cells: list[_Cell]) -> Iterator[list[_Cell]]:
    block: list[_Cell] = []
    for cell in [*cells, None]:
        if cell is not None and len(cell.text) <= 30 and not re.search(r"[。；，]|\t", cell.text):
            block.append(cell)
            continue
        if len(block) >= 6 and sum(bool(is_figure(c.text)) for c in block) >= 2:
            yield block
        block = []


def _line_rows(body: list[_Cell], columns: _Columns, found: TableReading) -> None:
    row: list[_Cell] = []
    seen = False
    for cell in [*body, None]:
        value = cell is not None and bool(is_figure(cell.text) or is_blank(cell.text))
        if cell is None or (seen and not value):
            if seen:
                _row(row, _Columns(-1, None, None, columns.targets, columns.bases, columns.values), found)
            row, seen = [], False
        if cell is not None:
            seen = seen or (value and bool(row))
            row.append(cell)
