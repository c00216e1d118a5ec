"""A form proposed from a workbook nobody has described yet, for a person to edit.

Here: which sheet and which rows are the table, its header of one or several rows, a table that runs across. Not here:
what its columns are (form_guessing.py), the files of the form (form_writing.py), judging the edited folder
(form_checking.py). The workbook is read in a sandboxed child through `handler`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingestion.workbooks.containers import Budget, Refused, inspect
from ingestion.workbooks.form_guessing import Guess, guess, is_number
from ingestion.workbooks.forms import Form, normalise, split_header
from ingestion.workbooks.headers import CONTACT_HEADERS, IGNORED_HEADERS, PERSON_HEADERS, Problem, heading, read_meta
from ingestion.workbooks.layouts import MAX_HEIGHT, MAX_TEXT, header_paths, is_column_numbers, turned
from ingestion.workbooks.periods import parse_period
from ingestion.workbooks.reader import open_sheets
from ingestion.workbooks.row_kinds import row_kind

SAMPLE_ROWS, SEARCHED_ROWS = 5000, 60
Sheet = tuple[str, list[list[Any]]]
_SCHOOL = re.compile(r"(学校|小学|中学|幼儿园|校区|國小|國中|高中|學校|School|Academy|College)\d*$", re.IGNORECASE)
_LINE = re.compile(r"\s*(单位|單位|制表|日期|unit|date)\s*[:：]", re.IGNORECASE)
_YEARLY = re.compile(
    r"[学學]年|academic|school year|census|20\d\d\s*[-/–]\s*(20)?\d\d(?!\d)|20\d{4}"
    r"|(january|march|may|june|september|october|november|december)\s+20\d\d",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Proposal:
    """`header_rows` are (first, last), from 1. `frequency` is '' where nothing tells it. `others` are further sheets
    with a table; `private` headers of persons; `is_across`: the schools stand side by side."""

    sheet_name: str
    title: str
    table_number: str
    header_rows: tuple[int, int]
    guess: Guess
    frequency: str = ""
    others: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    is_across: bool = False
    has_period: bool = False


def handler(setup: tuple[dict[str, Form], Budget]) -> Callable[[tuple[str, str, str]], Proposal | Problem]:
    """The sandbox's entry: (forms, budget) → a function of (path, file name, name of a sheet or '')."""
    forms, budget = setup
    known = {
        split_header(header)[0]: code
        for form in forms.values()
        for template in form.templates
        for code, headers in template.headers.items()
        for header in headers
    }

    def propose(task: tuple[str, str, str]) -> Proposal | Problem:
        path, file_name, wanted = task
        data = Path(path).read_bytes()
        try:
            sheets = open_sheets(data, inspect(data, file_name, budget))
        except Refused as refused:
            return Problem(refused.code, refused.message, refused.fix)
        shown = [(name, rows) for name, hidden, rows in sheets if rows and not hidden]
        if wanted and wanted not in {name for name, _ in shown}:
            names = "、".join(name for name, _ in shown)
            return Problem("FORM02", f"没有工作表“{wanted}”", f"有内容的工作表：{names or '无'}")
        shown = [sheet for sheet in shown if wanted in {"", sheet[0]}]
        return _propose(shown, known, Path(file_name).stem)

    return propose


def _propose(sheets: list[Sheet], known: dict[str, str], stem: str) -> Proposal | Problem:
    if not any(v != "" for _, rows in sheets for row in rows for v in row):
        return Problem("FORM01", "工作簿里没有任何内容", "请给出一份填好的样表：一行表头，下面有数据")
    tables = [(name, rows, place) for name, rows in sheets if (place := _header_place(rows))]
    if not tables:
        first = next(str(v) for _, rows in sheets for row in rows for v in row if v != "")
        fix = "请给出一份填好的样表：一行或几行表头，下面至少一行数据；只有标题或空表头时无法推测"
        return Problem("FORM01", f"没有找到表格（文件以“{first[:30]}”开头）", fix)
    name, rows, place = max(tables, key=lambda table: sum(len(row) - row.count("") for row in table[1]))
    proposal = _of_table(name, rows, place, known, stem)
    return replace(proposal, others=tuple(other for other, _, _ in tables if other != name))


def _of_table(
    name: str, rows: list[list[Any]], place: tuple[int, int, int], known: dict[str, str], stem: str
) -> Proposal:
    top, bottom, data = place
    paths = _paths(rows[top : bottom + 1], known)
    meta, head = read_meta(rows[:top]), heading(rows[:top])
    is_across = _runs_across(paths, rows[data:])
    body = rows[data : data + SAMPLE_ROWS]
    if is_across:
        grid = turned(rows, top, len(rows) - 1)
        paths, body = _paths(grid[:1], known), grid[1:]
        known = known | {split_header(paths[0])[0] or "名称": "school_name"}
    named = [split_header(path)[0] for path in paths]
    unwanted = {*CONTACT_HEADERS, *IGNORED_HEADERS}
    found = guess(paths, _data_rows(body), known, unwanted)
    said = [meta.get("period", ""), meta.get("title", ""), *head, stem]
    return Proposal(
        name,
        meta.get("title", "") or stem,
        meta.get("table_number", ""),
        (top + 1, bottom + 1),
        found,
        found.frequency or _frequency(said, paths),
        private=tuple(name for name in named if name in PERSON_HEADERS),
        is_across=is_across,
        has_period=any(parse_period(text, "年") for text in said),
    )


def _paths(stack: list[list[Any]], known: dict[str, str]) -> list[str]:
    """One header a column: as it is written where its lowest cell is enough to name it, else with its groups."""
    lowest = [
        next((str(row[c]) for row in reversed(stack) if c < len(row) and row[c] != ""), "") for c in _width(stack)
    ]
    if len(stack) == 1:
        return lowest
    paths = [_as_written(path, stack) for path in header_paths(stack, known)]
    names = Counter(split_header(text)[0] for text in lowest)
    return [text if _is_enough(text, path, names) else path for path, text in zip(paths, lowest, strict=False)]


def _is_enough(text: str, path: str, names: Counter[str]) -> bool:
    """Whether the lowest cell alone names the column: no other has its name, and its groups add no unit."""
    name, unit = split_header(text)
    return "/" in path and len(name) > 1 and names[name] == 1 and unit == split_header(path)[1]


def _as_written(path: str, stack: list[list[Any]]) -> str:
    """With the spaces its words have in the table."""
    written = {normalise(v): re.sub(r"\s+", " ", v).strip() for row in stack for v in row if type(v) is str}
    return "/".join(written.get(part, part) for part in path.split("/"))


def _width(stack: list[list[Any]]) -> range:
    return range(max(map(len, stack)))


def _header_place(rows: list[list[Any]]) -> tuple[int, int, int] | None:
    """Indexes of the header's first and last row and of the first row of data."""
    data = next(
        (i for i in range(1, min(len(rows), SEARCHED_ROWS)) if _is_data(rows[i], rows[max(0, i - 3) : i])), None
    )
    if data is None:
        return None
    bottom = data - 1
    while bottom > 0 and (is_column_numbers(rows[bottom]) or all(v == "" for v in rows[bottom])):
        bottom -= 1
    top = bottom
    while top > 0 and bottom - top < MAX_HEIGHT - 1 and _is_group_row(rows[top - 1]):
        top -= 1
    return top, bottom, data


def _is_data(row: list[Any], above: list[list[Any]]) -> bool:
    """A row with a number or more, most of whose columns have a text in the rows of texts above."""
    filled = [column for column, v in enumerate(row) if v != ""]
    if len(filled) < 2 or is_column_numbers(row) or not any(is_number(row[column]) for column in filled):
        return False
    headed: set[int] = set()
    for head in reversed(above):
        if is_column_numbers(head):
            continue
        texts = [column for column, v in enumerate(head) if v != ""]
        if any(type(head[column]) is not str or is_number(head[column]) for column in texts):
            break
        headed |= set(texts) if len(texts) > 1 else set()
    return len(headed) > 1 and len(headed & set(filled)) >= 0.5 * len(filled)


def _is_group_row(row: list[Any]) -> bool:
    filled = [v for v in row if v != ""]
    if len(filled) < 2 or not all(type(v) is str and len(v) <= MAX_TEXT and not is_number(v) for v in filled):
        return False
    return len(read_meta([row])) < 2 and not any(_LINE.match(v) for v in filled)


def _runs_across(paths: list[str], below: list[list[Any]]) -> bool:
    """Whether the header's cells are schools, and the first column has the names of figures."""
    named = [path for path in paths[1:] if path.strip()]
    labels = [row[0] for row in below if row and row[0] != ""]
    schools = sum(bool(_SCHOOL.search(normalise(path))) for path in named)
    return len(named) > 1 and schools >= 0.6 * len(named) and len(labels) > 2 and not any(is_number(v) for v in labels)


def _data_rows(body: Sequence[list[Any]]) -> list[list[Any]]:
    """Without blank rows, sums, notes, and what stands alone in its row below the table."""
    rows = [row for row in body if len(row) - row.count("") > 1]
    kinds = [next((v for v in row if v != ""), "") for row in rows]
    return [row for row, lead in zip(rows, kinds, strict=True) if type(lead) is not str or not row_kind(lead)]


def _frequency(said: list[str], paths: list[str]) -> str:
    text = " ".join([*said, *paths])
    if re.search(r"学期|學期", text):
        return "学期"
    if _YEARLY.search(text):
        return "学年"
    if re.search(r"月", " ".join(said)):
        return "月"
    return "年" if re.search(r"20\d\d年?度?|民國", " ".join(said)) else ""
