"""Everything that is wrong with a form's folder, each with its file and row, for the person who edits it.

Here: the words. Not here: loading a right form (forms.py), running its rules (gates/).
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingestion.workbooks.form_rules import is_across_files, rule_problems
from ingestion.workbooks.forms import (
    BEHAVIOURS,
    COUNTED_FROM,
    DATA_TYPES,
    FREQUENCIES,
    SEVERITIES,
    load_form,
    split_header,
    split_words,
    unit_scale,
)

ELEMENT_COLUMNS = ("element_code", "element_name", "data_type", "unit", "behaviour", "is_key", "allowed_values")
TEMPLATE_COLUMNS = ("template_version", "table_number", "title")
RULE_COLUMNS = ("rule_code", "severity", "kind", "elements", "parameters", "message", "fix")
Rows = list[tuple[int, dict[str, str]]]


def check_form(folder: Path) -> list[str]:
    """Problems in Chinese, each naming file and row; empty where the form can be used."""
    problems: list[str] = []
    toml = _toml(folder / "form.toml", problems)
    elements = _table(folder / "elements.csv", ELEMENT_COLUMNS, problems)
    templates = _table(folder / "columns.csv", TEMPLATE_COLUMNS, problems)
    rules = _table(folder / "rules.csv", RULE_COLUMNS, problems)
    if problems:
        return problems
    codes = {row["element_code"] for _, row in elements}
    problems += [*_toml_problems(toml, codes), *_word_problems(toml, codes)]
    problems += _element_problems(elements)
    problems += _template_problems(templates, {row["element_code"]: row for _, row in elements})
    problems += _rule_problems(rules, codes)
    return problems or _compiled(folder)


def _toml(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        problems.append(f"{path.name}：没有这个文件")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}：格式不对（{error}）")
    return {}


def _table(path: Path, columns: tuple[str, ...], problems: list[str]) -> Rows:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restval="")
            rows = list(enumerate(reader, start=2))
            missing = [name for name in columns if name not in (reader.fieldnames or [])]
    except OSError:
        problems.append(f"{path.name}：没有这个文件")
        return []
    except (UnicodeDecodeError, csv.Error):
        problems.append(f"{path.name}：请保存为 UTF-8 的 CSV")
        return []
    if missing:
        problems.append(f"{path.name} 第1行：缺少列 {'、'.join(missing)}")
    problems += [f"{path.name} 第{number}行：单元格比表头多" for number, row in rows if None in row]
    return rows


def _toml_problems(toml: dict[str, Any], codes: set[str]) -> Iterator[str]:
    for name in ("code", "name", "reporter_type", "stages", "record_key", "rhythm"):
        if name not in toml:
            yield f"form.toml：缺少 {name}"
    if not re.fullmatch(r"[a-z][a-z_]*", str(toml.get("code", "a"))):
        yield "form.toml：code 只能用小写字母和下划线"
    kind = toml.get("reporter_type", "school")
    if kind not in {"school", "unit"}:
        yield f"form.toml：reporter_type“{kind}”应为 school 或 unit"
    if kind == "unit" and not set(split_words(toml.get("record_key", ""))) & codes:
        yield "form.toml：record_key 应为 elements.csv 中的一列，用来区分同一单位的各行"
    rhythm = toml.get("rhythm", {})
    if rhythm.get("frequency") not in FREQUENCIES:
        yield f"form.toml：frequency“{rhythm.get('frequency', '')}”应为 {' '.join(FREQUENCIES)} 之一"
    if rhythm.get("counted_from", COUNTED_FROM[0]) not in COUNTED_FROM:
        yield f"form.toml：counted_from“{rhythm['counted_from']}”应为 {' '.join(COUNTED_FROM)} 之一"
    for name in ("due_days", "lock_days"):
        if type(rhythm.get(name)) is not int or rhythm[name] < 0:
            yield f"form.toml：{name} 应为不小于 0 的整数（天）"


def _word_problems(toml: dict[str, Any], codes: set[str]) -> Iterator[str]:
    for reason, marks in toml.get("marks", {}).items():
        if not isinstance(marks, list) or not all(isinstance(mark, str) and mark for mark in marks):
            yield f'form.toml [marks]：{reason} 应为一串文字，例如 {reason} = ["z", "c"]'
    for code, words in toml.get("rows", {}).items():
        if code not in codes:
            yield f"form.toml [rows]：{code} 不在 elements.csv 中"
        elif not isinstance(words, list) or not words:
            yield f'form.toml [rows]：{code} 应为一串文字，例如 {code} = ["School"]'


def _element_problems(elements: Rows) -> Iterator[str]:
    if not elements:
        yield "elements.csv：没有任何指标"
    seen: dict[str, int] = {}
    for number, row in elements:
        where, code = f"elements.csv 第{number}行", row["element_code"]
        if not re.fullmatch(r"[a-z][a-z_]*", code):
            yield f"{where}：element_code“{code}”只能用小写字母和下划线"
        if seen.setdefault(code, number) != number:
            yield f"{where}：element_code“{code}”与第{seen[code]}行重复"
        if row["data_type"] not in DATA_TYPES:
            yield f"{where}：data_type“{row['data_type']}”应为 {' '.join(DATA_TYPES)} 之一"
        if row["behaviour"] not in BEHAVIOURS:
            yield f"{where}：behaviour“{row['behaviour']}”应为 {' '.join(BEHAVIOURS)} 之一"
        if row["data_type"] == "enum" and not row["allowed_values"]:
            yield f"{where}：enum 须在 allowed_values 写明可填的词，用 | 隔开"


def _template_problems(templates: Rows, elements: dict[str, dict[str, str]]) -> Iterator[str]:
    if not templates:
        yield "columns.csv：没有任何模板版本"
    for number, row in templates:
        where, names = f"columns.csv 第{number}行", {}
        unknown = sorted(set(filter(None, row)) - set(TEMPLATE_COLUMNS) - set(elements))
        if unknown:
            yield f"{where}：{'、'.join(unknown)} 不在 elements.csv 中"
        if not row["template_version"] or not row["title"]:
            yield f"{where}：template_version 和 title 不能为空"
        for code in elements.keys() & {name for name in row if row[name]}:
            for header in row[code].split("|"):
                name, unit = split_header(header)
                if names.setdefault(name, code) != code:
                    yield f"{where}：“{header}”同时指向 {names[name]} 和 {code}"
                if unit_scale(unit, elements[code]["unit"]) is None:
                    yield f"{where}：“{header}”的单位不能换算为 {elements[code]['unit']}"


def _rule_problems(rules: Rows, codes: set[str]) -> Iterator[str]:
    for number, row in rules:
        where = f"rules.csv 第{number}行"
        if row["severity"] not in SEVERITIES:
            yield f"{where}：severity“{row['severity']}”应为 {' '.join(SEVERITIES)} 之一"
        named = set() if row["elements"] == "*" else set(row["elements"].split("|"))
        for code in sorted(named - codes):
            yield f"{where}：{row['rule_code']} 用到了没有定义的指标“{code}”"
        for pair in filter(None, row["parameters"].split(";")):
            if "=" not in pair:
                yield f"{where}：参数“{pair}”应写成 名称=值"


def _compiled(folder: Path) -> list[str]:
    """What only compiling tells: kinds of rules and their parameters."""
    from ingestion.gates.suites import RuleError, compile_rules

    problems: list[str] = []
    try:
        form = load_form(folder, problems)
        across = [rule for rule in form.rules if is_across_files(rule)]
        problems += [f"rules.csv：{problem}" for rule in across for problem in rule_problems(rule)]
        compile_rules(form, [rule for rule in form.rules if rule not in across])
    except (RuleError, KeyError, ValueError) as error:
        problems.append(f"rules.csv：{error}")
    return problems
