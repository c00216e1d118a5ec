"""The files of a proposed form: four that are read, with comments in Chinese, and one page on what to edit.

Here: texts. Not here: what is proposed (form_proposing.py, form_guessing.py).
"""

from __future__ import annotations

import csv
import io
import re

from ingestion.workbooks.form_advice import UNKNOWN_FREQUENCY, guide, is_school_form
from ingestion.workbooks.form_guessing import Column
from ingestion.workbooks.form_proposing import Proposal

GUIDE = "怎样修改.md"
_FLOWS = re.compile(r"招生|毕业|畢業|新增|支出|收入|经费|經費|intake|graduat|expend|incident|exclusion", re.IGNORECASE)
_SURVEYS = re.compile(r"筛查|測驗|检测|测试|體適能|tested|assess", re.IGNORECASE)
_RHYTHMS = {"月": (10, 40), "季": (15, 60), "学期": (30, 90), "学年": (365, 3650), "年": (365, 3650), "": (10, 40)}


def form_files(proposal: Proposal, code: str) -> dict[str, str]:
    """The files of the form's folder by name."""
    columns = [["template_version", "table_number", "title", *(c.code for c in proposal.guess.columns)]]
    columns.append(
        ["1", proposal.table_number, proposal.title, *(c.header.replace("|", "/") for c in proposal.guess.columns)]
    )
    return {
        "form.toml": _toml(proposal, code),
        "elements.csv": _csv(_elements(proposal)),
        "columns.csv": _csv(columns),
        "rules.csv": _csv(_rules(proposal, code)),
        GUIDE: guide(proposal),
    }


def _subject(proposal: Proposal) -> str:
    """The element that says what a row is about."""
    codes = [column.code for column in proposal.guess.columns]
    for code in ("school_code", "school_name"):
        if code in codes:
            return code
    return next((c.code for c in proposal.guess.columns if c.data_type == "text"), codes[0])


def _toml(proposal: Proposal, code: str) -> str:
    found = proposal.guess
    first, last = proposal.header_rows
    keys = "|".join(found.record_keys) or ("" if is_school_form(proposal) else _subject(proposal))
    due, lock = _RHYTHMS[proposal.frequency]
    period = (
        f"period_column = {_quoted(found.period_column)}   # 逐行写明报告期的列"
        if found.period_column
        else ('# period_column = "year"   # 表里有一列逐行写明报告期时，写这一列的代码')
    )
    digits = f"code_digits = {found.code_digits}" if found.code_digits else "# code_digits = 6"
    kept = "\n".join(f"{element} = {_list(words)}" for element, words in found.kept.items())
    marks = "\n".join(f"{_quoted(reason)} = {_list(words)}" for reason, words in found.marks.items())
    return f"""# 由“{proposal.sheet_name or "文本表"}”第 {first} 至 {last} 行表头推测；逐项核对后运行 duban form check
# 井号后面是说明，不起作用；带引号的词可以改，等号左边的名称不要改
code = "{code}"
name = {_quoted(proposal.title[:60] or code)}
reporter_type = "{"school" if is_school_form(proposal) else "unit"}"   # school：一行一所学校；unit：科室等单位填报
stages = []          # 哪些学段的学校要报，例如 ["小学", "初中"]；空表示全部
record_key = "{keys}"      # 同一学校（单位）有多行时，区分各行的列，几列用 | 隔开；一校一行就留空
{digits}      # 学校代码的位数：表格软件丢掉的前导 0 会补回

[rhythm]
frequency = "{proposal.frequency or UNKNOWN_FREQUENCY}"       # 次 月 季 学期 学年 年
due_days = {due}          # 报告期结束后多少天内为按时
lock_days = {lock}         # 报告期结束后多少天锁定，以后再交须先解锁
{period}

[rows]               # 只收这些行：列的代码 = [这一列可以出现的词]；"*" 表示填了就收；其余的行不收，并写明原因
{kept or '# school_level = ["School"]'}

[columns]            # 表里有而不收的列，写表头；"*" 表示没有登记的列一律不收
ignored = {_list(found.ignored)}

[marks]              # 数字列里代替数值的记号，等号左边是原因，可以改；这些格子算“没有数”，不算 0
{marks or '# "隐去" = ["*", "c"]'}
"""


def _elements(proposal: Proposal) -> list[list[str]]:
    subject = _subject(proposal)
    head = ["element_code", "element_name", "data_type", "unit", "behaviour", "is_key", "allowed_values"]
    return [
        head,
        *([*_element(c), "1" if c.code == subject else "0", "|".join(c.allowed)] for c in proposal.guess.columns),
    ]


def _element(column: Column) -> list[str]:
    is_number = column.data_type in {"integer", "decimal"}
    behaviour = "stock"
    if is_number and _FLOWS.search(column.name):
        behaviour = "flow"
    elif is_number and _SURVEYS.search(column.name):
        behaviour = "survey"
    return [column.code, column.name, column.data_type, column.unit if is_number else "", behaviour]


def _rules(proposal: Proposal, code: str) -> list[list[str]]:
    prefix, subject = re.sub(r"[^A-Z]", "", code.upper())[:2] or "FM", _subject(proposal)
    columns = proposal.guess.columns
    numbers = [c.code for c in columns if c.data_type in {"integer", "decimal"} and not c.is_signed]
    percents = [c.code for c in columns if c.unit == "%" and not c.is_signed]
    counts = [c.code for c in columns if c.data_type == "integer"]
    rules = [["有效性", "readable", "*", "", "无法识别为应填的内容", "请按表头填写；没有数据请留空，真实为零请填0"]]
    if numbers:
        rules.append(["有效性", "minimum", "|".join(numbers), "minimum=0", "不应为负数", "请核对后填写不小于0的数"])
    if percents:
        rules.append(["可疑", "maximum", "|".join(percents), "maximum=100", "百分比大于100", "请核对；属实请说明"])
    if counts:
        rules.append(["有效性", "whole_number", "|".join(counts), "", "应为整数", "请填写整数"])
    rules += [
        [
            "结构",
            "unique",
            subject,
            "",
            "同一张表中重复出现",
            "请只保留一行；确实一校多行的，在 form.toml 写明 record_key",
        ],
        ["结构", "registered", subject, "", "填报单位或学校不在名录中或不在开办期内", "请核对代码和名称"],
        ["结构", "period_begun", subject, "", "报告期晚于收到日期", "请核对报告期"],
    ]
    head = ["rule_code", "severity", "kind", "elements", "parameters", "message", "fix"]
    return [head, *([f"{prefix}{number:03d}", *rule] for number, rule in enumerate(rules, start=1))]


def _list(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(map(_quoted, words)) + "]"


def _quoted(text: str) -> str:
    return '"' + re.sub(r'[\\"\x00-\x1f]', "", text) + '"'


def _csv(rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()
