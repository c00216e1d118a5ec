"""Which form and template version a sheet is, by its header row and its 表号, never by position alone.

Here: candidate header rows, the choice of a template, unmapped and missing columns, units, private columns. Not here:
the data rows (reader.py). Runs in a sandboxed child: no polars.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from ingestion.workbooks.forms import ANY_WORD, Form, Template, normalise, split_header, unit_scale
from ingestion.workbooks.layouts import MAX_TEXT, Block, blocks, header_paths, is_unit_row, stacked_rows, turned

HEADER_ROWS = 30
PERSON_HEADERS = {
    "姓名", "学生姓名", "幼儿姓名", "家长姓名", "监护人", "监护人姓名", "教师姓名", "身份证", "身份证号",
    "身份证号码", "身份证件号", "身份证件号码", "证件号", "证件号码", "公民身份号码", "学籍号", "手机", "手机号",
    "手机号码", "家长电话", "家庭住址", "出生日期", "出生年月",
}  # fmt: skip
CONTACT_HEADERS = {
    "填报人",
    "填表人",
    "联系人",
    "联系电话",
    "电话",
    "制表人",
    "审核人",
    "负责人",
    "单位负责人",
    "统计负责人",
}
NOT_WANTED = "表样不收的列"
IGNORED_HEADERS = {"序号": "序号列", "编号": "序号列", "备注": "备注列", "说明": "备注列"}
_LABELS = re.compile(
    r"(表\s*号|报\s*告\s*期|统计时间|统计时点|所属期|统计月份|填\s*报\s*单\s*位|填报学校|报送单位|单位代码|单位编码|报送方式|报送类型)\s*:\s*"
)
_ABOUT_THE_FILE = re.compile(r"日期|电话|打印|电邮|更新|date|updated|published|downloaded", re.IGNORECASE)
_MEANINGS = {
    "表号": "table_number", "报告期": "period", "统计时间": "period", "统计时点": "period", "所属期": "period",
    "统计月份": "period", "填报单位": "reporter", "填报学校": "reporter", "报送单位": "reporter",
    "单位代码": "reporter_code", "单位编码": "reporter_code", "报送方式": "manner", "报送类型": "manner",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """A finding of the reader: `blocks` stops the file. Places are 1-based; 0 means the sheet as a whole."""

    code: str
    message: str
    fix: str
    row_no: int = 0
    column_no: int = 0
    raw: str = ""
    blocks: bool = True


@dataclass(frozen=True)
class Header:
    """A recognised header of `height` rows. `columns` are (column_no, element_code, scale), column_no from 1; `gaps`
    counts the columns that are missing or not known."""

    form: Form
    template: Template
    columns: tuple[tuple[int, str, int], ...]
    ignored: dict[int, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    gaps: int = 0
    height: int = 1


@dataclass(frozen=True)
class Found:
    """Where the header stands: `index` of its last row or -1. `block` is there for a table that runs across, and then
    `index` counts in the turned block. `private`: columns of person grain stand in the sheet."""

    index: int
    header: Header | None
    meta: dict[str, str]
    private: bool
    block: Block | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """Fewer gaps are better, then fewer rows."""
        return (self.header.gaps, self.header.height) if self.header else (10_000, 0)


class Recogniser:
    """Recognises header rows; equal rows are worked out once."""

    def __init__(self, forms: dict[str, Form]) -> None:
        self._templates = [(form, template) for form in forms.values() for template in form.templates]
        self._names = [
            {split_header(h)[0]: code for code, headers in template.headers.items() for h in headers}
            for _, template in self._templates
        ]
        self._vocabulary = set().union(*self._names)
        self._scores: dict[tuple[Any, ...], tuple[int, tuple[int, ...]]] = {}
        self._headers: dict[tuple[tuple[Any, ...], int, int], Header] = {}

    def find(self, rows: Sequence[Sequence[Any]]) -> Found:
        """The header row; where no single row is a whole header, one of several rows, or one that runs across."""
        index, private = self._best_row(rows)
        meta = read_meta(rows[: max(index, 0)])
        header = None if index < 0 else self._recognised(rows[index], index, meta)
        found = Found(index, header, meta, private)
        if index + 1 < len(rows) and is_unit_row(rows[index + 1]):
            found = replace(found, header=None)  # its units stand below it
        elif header is not None and not header.gaps:
            return found
        for other in chain(self._stacked(rows), self._across(rows)):
            if found.header is None or other.rank < found.rank:
                found = replace(other, private=private)
        return found if found.header else replace(found, header=header)

    def knows(self, text: str) -> bool:
        """Whether the text is a header of some template."""
        return len(text) <= MAX_TEXT and split_header(text)[0] in self._vocabulary

    def is_header(self, row: Sequence[Any]) -> bool:
        """Whether the row is the header of some template, by itself."""
        _, scores = self._score(row)
        return self._choose(scores, "") >= 0

    def _best_row(self, rows: Sequence[Sequence[Any]]) -> tuple[int, bool]:
        best, best_index, private = 0, -1, False
        for index, row in enumerate(rows[:HEADER_ROWS]):
            count, _ = self._score(row)
            private = private or count < 0
            if abs(count) > best:
                best, best_index = abs(count), index
                if self._is_whole(row):
                    break
        return best_index, private

    def _stacked(self, rows: Sequence[Sequence[Any]]) -> Iterator[Found]:
        for index, stack in stacked_rows(rows):
            top = index - len(stack) + 1
            meta = read_meta(rows[:top])
            header = self._recognised(header_paths(stack, self._vocabulary), index, meta)
            if header:
                yield Found(index, replace(header, height=len(stack)), meta, private=False)

    def _across(self, rows: Sequence[Sequence[Any]]) -> Iterator[Found]:
        for block in blocks(rows, self._vocabulary):
            grid = turned(rows, block.first, block.last)
            labels = grid[block.label - block.height + 1 : block.label + 1]
            row = header_paths(labels, self._vocabulary) if block.height > 1 else labels[0]
            meta = read_meta(rows[: block.first])
            header = self._recognised(row, block.label, meta)
            if header:
                yield Found(block.label, replace(header, height=block.height), meta, private=False, block=block)

    def _recognised(self, row: Sequence[Any], index: int, meta: dict[str, str]) -> Header | None:
        _, scores = self._score(row)
        choice = self._choose(scores, meta.get("table_number", "")) if scores else -1
        if choice < 0:
            return None
        key = (tuple(row), choice, index)
        if key not in self._headers:
            self._headers[key] = self._header(row, choice, index + 1)
        return self._headers[key]

    def _score(self, row: Sequence[Any]) -> tuple[int, tuple[int, ...]]:
        """(known headers in the row, negative where one is of person grain; matches by template)."""
        key = tuple(row)
        found = self._scores.get(key)
        if found is None:
            texts = [split_header(v)[0] for v in row if isinstance(v, str) and v and len(v) <= MAX_TEXT]
            known = [text for text in texts if text in self._vocabulary]
            private = len(texts) > 1 and any(text in PERSON_HEADERS for text in texts)
            scores = tuple(len(set(known) & names.keys()) for names in self._names) if len(known) > 1 else ()
            count = len(known) if scores else 0
            found = (-max(count, 1) if private else count, scores)
            if len(self._scores) < 20_000 and (scores or private):
                self._scores[key] = found
        return found

    def _is_whole(self, row: Sequence[Any]) -> bool:
        """Whether nearly every column of some template stands in the row: no later row can be a better header."""
        _, scores = self._score(row)
        return any(
            score > 2 and score >= 0.8 * len(template.headers)
            for score, (_, template) in zip(scores, self._templates, strict=False)
        )

    def _choose(self, scores: tuple[int, ...], table_number: str) -> int:
        """The template named by 表号 where it fits at all, else the one that shares most headers; ties: the newest."""
        if not scores:
            return -1
        number = normalise(table_number).upper()
        for index, (_, template) in enumerate(self._templates):
            if number and normalise(template.table_number).upper() == number and scores[index] > 1:
                return index
        # Columns of the template that are there: a template of 3 whole beats one of 17 half there.
        share = [score / max(1, len(t.headers)) for score, (_, t) in zip(scores, self._templates, strict=True)]
        index = max(range(len(scores)), key=lambda i: (scores[i] * share[i], i))
        return index if share[index] >= 0.4 else -1

    def _header(self, row: Sequence[Any], choice: int, row_no: int) -> Header:
        form, template = self._templates[choice]
        names = self._names[choice]
        columns: list[tuple[int, str, int]] = []
        ignored: dict[int, str] = {}
        unmapped: list[tuple[int, str]] = []
        problems: list[Problem] = []
        for column_no, value in enumerate(row, start=1):
            if value == "" or value is None:
                continue
            name, unit = split_header(str(value))
            if name in names:
                scale, problem = _scale(form, template, names[name], unit, (row_no, column_no, str(value)))
                columns.append((column_no, names[name], scale))
                problems.extend([problem] if problem else [])
            elif name in form.ignored_headers:
                ignored[column_no] = NOT_WANTED
            elif name in CONTACT_HEADERS:
                ignored[column_no] = "联系信息"
            elif name in IGNORED_HEADERS:
                ignored[column_no] = IGNORED_HEADERS[name]
            elif name and ANY_WORD in form.ignored_headers:
                ignored[column_no] = NOT_WANTED
            elif name:
                unmapped.append((column_no, str(value)))
        problems += _set_problems(template, columns, unmapped, row_no)
        gaps = len(unmapped) + len(template.headers.keys() - {code for _, code, _ in columns})
        return Header(form, template, tuple(columns), ignored, tuple(problems), gaps)


def _scale(
    form: Form, template: Template, code: str, unit: str, place: tuple[int, int, str]
) -> tuple[int, Problem | None]:
    element = form.elements[code]
    own = split_header(template.headers[code][0])[1]
    if not unit and unit_scale(own, element.unit) != 1:
        message = f"“{place[2]}”没有注明单位，无法判断是{own}还是{element.unit}"
        return 1, Problem("STR04", message, f"请在表头注明单位，如“{template.headers[code][0]}”", *place)
    scale = unit_scale(unit, element.unit)
    if scale is None:
        message = f"“{place[2]}”的单位与应填的{element.unit}不能换算"
        return 1, Problem("STR04", message, f"请按模板表头填写：{template.headers[code][0]}", *place)
    return scale, None


def _set_problems(
    template: Template, columns: list[tuple[int, str, int]], unmapped: list[tuple[int, str]], row_no: int
) -> list[Problem]:
    codes = [code for _, code, _ in columns]
    missing = [headers[0] for code, headers in template.headers.items() if code not in codes]
    twice = sorted({template.headers[code][0] for code in codes if codes.count(code) > 1})
    problems = []
    if missing or unmapped:
        message = f"表头与模板 {template.table_number} 不一致。缺少的列：{'、'.join(missing) or '无'}；"
        message += f"多出的列：{'、'.join(text for _, text in unmapped) or '无'}"
        column_no, raw = unmapped[0] if unmapped else (1, "")
        problems.append(Problem("STR02", message, "请使用最新模板，或联系教育局登记新的表头", row_no, column_no, raw))
    if twice:
        message = f"表头重复：{'、'.join(twice)}"
        again = next(column for n, (column, code, _) in enumerate(columns) if code in codes[:n])
        fix = "同一列只保留一个；并排的两张表请上下放，或各放一张工作表"
        problems.append(Problem("STR03", message, fix, row_no, again))
    return problems


def read_meta(rows: Sequence[Sequence[Any]]) -> dict[str, str]:
    """表号, 报告期 and 填报单位 from the cells above the header; a label's value may stand in the next filled cell."""
    meta: dict[str, str] = {}
    for row in rows:
        cells = [cell for cell in row if cell != "" and cell is not None]
        for position, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            for meaning, value in _labelled(cell):
                following = str(cells[position + 1]) if not value and position + 1 < len(cells) else ""
                meta.setdefault(meaning, value or following)
        if cells and "title" not in meta:
            meta["title"] = str(cells[0])
    return meta


def heading(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The short texts above the header, line by line: where a published table names its year below its title."""
    texts = [cell.strip() for row in rows for cell in row if type(cell) is str]
    return [text for text in texts if 0 < len(text) <= MAX_TEXT and not _ABOUT_THE_FILE.search(text)]


@lru_cache(maxsize=4096)
def _labelled(cell: str) -> tuple[tuple[str, str], ...]:
    text = unicodedata.normalize("NFKC", cell)
    matches = list(_LABELS.finditer(text))
    ends = [match.start() for match in matches[1:]] + [len(text)] * bool(matches)
    return tuple(
        (_MEANINGS[re.sub(r"\s", "", match[1])], text[match.end() : end].strip())
        for match, end in zip(matches, ends, strict=True)
    )
