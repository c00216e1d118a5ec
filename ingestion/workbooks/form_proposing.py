"""A form proposed from a workbook nobody has described yet: columns, types and units, for a person to edit.

Here: guesses from headers and cells, and the files of a form's folder. Not here: judging the edited folder
(form_checking.py). The workbook is read in a sandboxed child through `handler`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingestion.workbooks.containers import Budget, Refused, inspect
from ingestion.workbooks.forms import Form, split_header
from ingestion.workbooks.headers import Problem, read_meta
from ingestion.workbooks.layouts import header_paths, is_column_numbers
from ingestion.workbooks.reader import open_sheets

_NUMBER = re.compile(r"-?[\d,]+(\.\d+)?\s*[%％]?")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
# Said instead of a value: missing, suppressed, not applicable
_MARK = re.compile(r"[-—–/\\.…*†‡]*|无|不适用|未填|暂缺|n/?a|ne|np|supp|low|suppressed|[czxu]|:")
_FLAGS = {"是", "否", "有", "无", "yes", "no", "y", "n", "true", "false"}
_CODE_WORDS = re.compile(
    r"学校(标识)?代?码|学校代碼|学校编号|代码$|標識碼|代碼$|學校代號"
    r"|^urn$|school[_ ]?(urn|id|code|number)|nces.*id|^ncessch$",
    re.IGNORECASE,
)
_NAME_WORDS = re.compile(
    r"学校名称|學校名稱|校名|单位名称|园所名称|sch(ool)?[_ ]?name|establishment name|^school$", re.I
)
SAMPLE_ROWS = 2000
ENUM_WORDS = 6
MARK_LENGTH = 12
# Said the same in every form (values.py)
COMMON_MARKS = {
    "N/A", "NA", "#N/A", "不适用", "不涉及", "…", "......", "...", "……", "未填", "未统计", "待定", "待报", "暂缺",
    "不详", "—", "——", "-", "--", "–", "/", "\\", "无", "暂无", "无数据",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    code: str
    header: str
    name: str
    data_type: str
    unit: str
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """`header_rows` are (first, last), from 1; `marks` stand in columns of numbers instead of a value."""

    sheet_name: str
    title: str
    table_number: str
    header_rows: tuple[int, int]
    columns: tuple[Column, ...]
    marks: tuple[str, ...] = ()


def handler(setup: tuple[dict[str, Form], Budget]) -> Callable[[tuple[str, str]], Proposal | Problem]:
    """The sandbox's entry: (forms, budget) → a function of (path, file name)."""
    forms, budget = setup
    known = {
        split_header(header)[0]: code
        for form in forms.values()
        for template in form.templates
        for code, headers in template.headers.items()
        for header in headers
    }

    def propose(task: tuple[str, str]) -> Proposal | Problem:
        path, file_name = task
        data = Path(path).read_bytes()
        try:
            sheets = open_sheets(data, inspect(data, file_name, budget))
        except Refused as refused:
            return Problem(refused.code, refused.message, refused.fix)
        proposal = _propose([(name, rows) for name, hidden, rows in sheets if rows and not hidden], known)
        if isinstance(proposal, Problem) or proposal.title:
            return proposal
        return replace(proposal, title=Path(file_name).stem)

    return propose


def _propose(sheets: list[tuple[str, list[list[Any]]]], known: dict[str, str]) -> Proposal | Problem:
    none = Problem("FORM01", "没有找到表格：需要一行表头，下面有数据", "请给出一份填好的样表")
    if not sheets:
        return none
    name, rows = max(sheets, key=lambda sheet: sum(len(row) - row.count("") for row in sheet[1]))
    data = next((i for i, row in enumerate(rows[:60]) if i and _is_data(row, rows[max(0, i - 3) : i])), None)
    if data is None:
        return none
    bottom = data - 1
    while bottom > 0 and is_column_numbers(rows[bottom]):
        bottom -= 1
    top = bottom
    while top > 0 and bottom - top < 2 and _is_group_row(rows[top - 1]):
        top -= 1
    stack = rows[top : bottom + 1]
    paths = header_paths(stack, known) if len(stack) > 1 else [str(v) for v in stack[0]]
    meta = read_meta(rows[:top])
    body = rows[data : data + SAMPLE_ROWS]
    columns = _columns(paths, body, known)
    if not columns:
        return none
    return Proposal(
        name, meta.get("title", "") or name, meta.get("table_number", ""), (top + 1, bottom + 1), tuple(columns),
        _marks(paths, body, columns),
    )  # fmt: skip


def _is_data(row: list[Any], above: list[list[Any]]) -> bool:
    """A row with a number or more, most of whose columns have a text in the rows of texts above."""
    filled = [column for column, v in enumerate(row) if v != ""]
    if len(filled) < 2 or is_column_numbers(row) or not any(_is_number(row[column]) for column in filled):
        return False
    headed: set[int] = set()
    for head in reversed(above):
        if is_column_numbers(head):
            continue
        texts = [column for column, v in enumerate(head) if v != ""]
        if any(type(head[column]) is not str or _is_number(head[column]) for column in texts):
            break
        headed |= set(texts) if len(texts) > 1 else set()
    return len(headed) > 1 and len(headed & set(filled)) >= 0.5 * len(filled)


def _is_number(value: Any) -> bool:
    return type(value) in {float, int} or (type(value) is str and bool(_NUMBER.fullmatch(value.strip())))


def _is_group_row(row: list[Any]) -> bool:
    filled = [v for v in row if v != ""]
    return len(filled) > 1 and all(type(v) is str and len(v) <= 40 for v in filled) and len(read_meta([row])) < 2


def _columns(paths: list[str], body: list[list[Any]], known: dict[str, str]) -> list[Column]:
    columns: list[Column] = []
    for index, header in enumerate(paths):
        cells = [row[index] for row in body if index < len(row) and row[index] != ""]
        if not header.strip():
            continue
        name, unit = split_header(header)
        kind, allowed = _kind(cells)
        if not unit and (
            name.startswith("%")
            or name.endswith(("率", "占比", "比例"))
            or any("%" in str(v) or "％" in str(v) for v in cells)
        ):
            unit = "%" if kind in {"integer", "decimal"} else ""
        code = _code(name, header, index, known, {column.code for column in columns})
        kind = "text" if code in {"school_code", "school_name"} else kind
        kind = "decimal" if unit == "%" else kind
        columns.append(
            Column(code, header.strip(), name, kind, unit if kind in {"integer", "decimal"} else "", allowed)
        )
    return columns


def _marks(paths: list[str], body: list[list[Any]], columns: list[Column]) -> tuple[str, ...]:
    """Short words in columns of numbers that nobody else's form knows: suppressed, low coverage, not collected."""
    numeric = {column.header for column in columns if column.data_type in {"integer", "decimal"}}
    places = [index for index, header in enumerate(paths) if header.strip() in numeric]
    found = {str(row[i]).strip() for row in body for i in places if i < len(row) and type(row[i]) is str}
    words = {word for word in found if word and not word[0].isdigit() and len(word) <= MARK_LENGTH}
    return tuple(sorted(words - COMMON_MARKS - {word for word in words if word.upper() in COMMON_MARKS}))


def _kind(cells: list[Any]) -> tuple[str, tuple[str, ...]]:
    """The type that most filled cells have: suppressed cells and footnote marks do not make a column of text."""
    cells = [v for v in cells if not _MARK.fullmatch(str(v).strip().lower())]
    texts = [str(v).strip() for v in cells]
    numbers = [v for v in cells if _is_number(v)]
    if texts and len(numbers) >= 0.6 * len(texts):
        values = [float(re.sub(r"[,%％\s]", "", str(v)) or 0) for v in numbers]
        return ("integer" if all(value.is_integer() for value in values) else "decimal"), ()
    if (
        texts
        and sum(bool(_DATE.match(t)) or hasattr(v, "year") for t, v in zip(texts, cells, strict=True)) > len(texts) / 2
    ):
        return "date", ()
    words = sorted(set(texts))
    if words and all(word.lower() in _FLAGS for word in words):
        return "flag", ("是", "否")
    if len(texts) >= 3 * ENUM_WORDS and len(words) <= ENUM_WORDS:
        return "enum", tuple(words)
    return "text", ()


def _code(name: str, header: str, index: int, known: dict[str, str], taken: set[str]) -> str:
    code = known.get(name, "")
    if not code and _CODE_WORDS.search(name):
        code = "school_code"
    if not code and _NAME_WORDS.search(name):
        code = "school_name"
    if not code and name.isascii():
        code = re.sub(r"[^a-z]+", "_", header.lower()).strip("_")[:40].strip("_")
    return code if code and code not in taken else f"column_{_letters(index + 1)}"


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(97 + rest) + letters
    return letters


def form_files(proposal: Proposal, code: str) -> dict[str, str]:
    """The four files of the form's folder by name."""
    codes = {column.code for column in proposal.columns}
    is_school = bool(codes & {"school_code", "school_name"})
    key = next((c.code for c in proposal.columns if c.data_type == "text"), proposal.columns[0].code)
    first, last = proposal.header_rows
    toml = f"""# 由“{proposal.sheet_name or "文本表"}”第 {first} 至 {last} 行表头推测，请逐项核对后运行 duban form check
code = "{code}"
name = {_quoted(proposal.title[:60] or code)}
reporter_type = "{"school" if is_school else "unit"}"   # school | unit
stages = []          # 空表示全部学段
record_key = "{"" if is_school else key}"      # 同一填报单位多行时区分各行的列

[rhythm]
frequency = "月"       # 次 月 季 学期 学年 年
due_days = 10          # 报告期结束后多少天内为按时
lock_days = 40         # 报告期结束后多少天锁定
{_mark_lines(proposal)}"""
    subject = "school_code" if "school_code" in codes else "school_name" if is_school else key
    elements = [["element_code", "element_name", "data_type", "unit", "behaviour", "is_key", "allowed_values"]]
    elements += [
        [c.code, c.name, c.data_type, c.unit, "stock", "1" if c.code == subject else "0", "|".join(c.allowed)]
        for c in proposal.columns
    ]
    columns = [["template_version", "table_number", "title", *(c.code for c in proposal.columns)]]
    columns.append(
        ["1", proposal.table_number, proposal.title, *(c.header.replace("|", "/") for c in proposal.columns)]
    )
    return {
        "form.toml": toml,
        "elements.csv": _csv(elements),
        "columns.csv": _csv(columns),
        "rules.csv": _csv(_rules(proposal, code, subject)),
    }


def _mark_lines(proposal: Proposal) -> str:
    if not proposal.marks:
        return ""
    words = ", ".join(_quoted(mark) for mark in proposal.marks)
    return (
        f'\n[marks]              # 数字列里代替数值的记号，等号左边是原因：隐去、未填、不适用 …\n"隐去" = [{words}]\n'
    )


def _rules(proposal: Proposal, code: str, subject: str) -> list[list[str]]:
    prefix = re.sub(r"[^A-Z]", "", code.upper())[:2] or "FM"
    counts = [c.code for c in proposal.columns if c.data_type == "integer"]
    numbers = [c.code for c in proposal.columns if c.data_type in {"integer", "decimal"}]
    rules = [["有效性", "readable", "*", "", "无法识别为应填的内容", "请按表头填写；没有数据请留空，真实为零请填0"]]
    if numbers:
        rules.append(["有效性", "minimum", "|".join(numbers), "minimum=0", "不应为负数", "请核对后填写不小于0的数"])
    if counts:
        rules.append(["有效性", "whole_number", "|".join(counts), "", "应为整数", "请填写整数"])
    rules += [
        ["结构", "unique", subject, "", "同一张表中重复出现", "请只保留一行"],
        ["结构", "registered", subject, "", "填报单位或学校不在名录中或不在开办期内", "请核对代码和名称"],
        ["结构", "period_begun", subject, "", "报告期晚于收到日期", "请核对报告期"],
    ]
    head = ["rule_code", "severity", "kind", "elements", "parameters", "message", "fix"]
    return [head, *([f"{prefix}{number:03d}", *rule] for number, rule in enumerate(rules, start=1))]


def _quoted(text: str) -> str:
    return '"' + re.sub(r'[\\"\x00-\x1f]', "", text) + '"'


def _csv(rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()
