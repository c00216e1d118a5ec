"""Everything that is wrong with a form's folder, each with its file, row and column, for the person who edits it.

Here: the words for elements, columns, rules and choices. Not here: form.toml (form_toml_checking.py), loading a right
form (forms.py), running its rules (gates/).
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from ingestion.workbooks.containers import Refused
from ingestion.workbooks.form_rules import is_across_files, parameter_problems, rule_problems
from ingestion.workbooks.form_texts import Table, read_table
from ingestion.workbooks.form_toml_checking import read_toml, toml_problems
from ingestion.workbooks.forms import (
    BEHAVIOURS,
    CODE,
    DATA_TYPES,
    ON_TRIAL,
    SEVERITIES,
    load_form,
    split_header,
    split_words,
    unit_scale,
)

ELEMENT_COLUMNS = ("element_code", "element_name", "data_type", "unit", "behaviour", "is_key", "allowed_values")
TEMPLATE_COLUMNS = ("template_version", "table_number", "title")
RULE_COLUMNS = ("rule_code", "severity", "kind", "elements", "parameters", "message", "fix")
CHOICE_COLUMNS = ("element_code", "value_element")
STATES = ("", "启用", ON_TRIAL, "停用")
# columns of a wide batch (gates/suites.py)
RESERVED = {
    "file_id", "sheet_no", "row_no", "reporter_code", "reporter_state", "period_state", "period_no", "record_key",
}  # fmt: skip
Elements = dict[str, dict[str, str]]


def check_form(folder: Path) -> list[str]:
    """Problems in Chinese, each naming file, row and column; empty where the form can be used."""
    return data_problems(folder) or _compiled(folder)


def data_problems(folder: Path) -> list[str]:
    """The same without compiling its rules to expectations, which takes seconds."""
    problems: list[str] = []
    toml = read_toml(folder / "form.toml", problems)
    elements = _table(folder / "elements.csv", ELEMENT_COLUMNS, problems)
    templates = _table(folder / "columns.csv", TEMPLATE_COLUMNS, problems)
    rules = _table(folder / "rules.csv", RULE_COLUMNS, problems)
    choices = folder / "choices.csv"
    chosen = _table(choices, CHOICE_COLUMNS, problems) if choices.exists() else Table((), ())
    if problems:
        return problems
    named = {row["element_code"]: row for row in elements}
    problems += toml_problems(toml, set(named))
    problems += _element_problems(elements)
    problems += _template_problems(templates, named, {row["element_code"] for row in chosen})
    problems += _rule_problems(rules, named)
    problems += _choice_problems(chosen, named, templates)
    return problems


def _table(path: Path, columns: tuple[str, ...], problems: list[str]) -> Table:
    try:
        table = read_table(path)
    except OSError:
        problems.append(f"{path.name}：没有这个文件，请从原来的表样或 duban form new 写出的文件夹补上")
        return Table((), ())
    except (Refused, csv.Error):
        problems.append(f"{path.name}：编码或引号不对，无法读成表格，请用 Excel 另存为“CSV UTF-8”")
        return Table((), ())
    missing = [name for name in columns if name not in table.columns]
    if missing:
        found = "、".join(table.columns) or "无"
        problems.append(
            f"{path.name} 第1行：缺少列 {'、'.join(missing)}（现有 {found}）；第一行须是列名，不要改动或删去"
        )
    twice = sorted({name for name in table.columns if name and table.columns.count(name) > 1})
    problems += [f"{path.name} 第1行：列 {name} 重复，请只留一列" for name in twice]
    problems += [
        f"{path.name} 第{number}行：单元格比表头多；内容里有逗号的要加引号，或用 Excel 修改后另存为 CSV"
        for number in table.extra
    ]
    return table


def _near(code: str, codes: set[str]) -> str:
    near = difflib.get_close_matches(code, sorted(codes), 1)
    return f"，是不是 {near[0]}？" if near else ""


def _element_problems(elements: Table) -> Iterator[str]:
    if not elements.rows:
        yield "elements.csv：没有任何指标，至少要有一行"
    seen: dict[str, int] = {}
    for number, row in elements.rows:
        where, code = f"elements.csv 第{number}行", row["element_code"]
        if not re.fullmatch(CODE, code):
            yield f"{where} element_code：“{code}”只能用小写字母、数字和下划线，字母开头"
        if code in RESERVED:
            yield f"{where} element_code：{code} 是系统用的名称，请换一个"
        if seen.setdefault(code, number) != number:
            yield f"{where} element_code：“{code}”与第{seen[code]}行重复"
        yield from _cell_problems(where, row)


def _cell_problems(where: str, row: dict[str, str]) -> Iterator[str]:
    code = row["element_code"]
    if not row["element_name"]:
        yield f"{where} element_name：不能为空，请写指标的中文名"
    if row["data_type"] not in DATA_TYPES:
        yield f"{where} data_type：“{row['data_type']}”应为 {' '.join(DATA_TYPES)} 之一"
    elif code in {"school_code", "school_name"} and row["data_type"] != "text":
        yield f"{where} data_type：{code} 应为 text，代码和名称不是数"
    if row["behaviour"] not in BEHAVIOURS:
        yield f"{where} behaviour：“{row['behaviour']}”应为 {' '.join(BEHAVIOURS)} 之一"
    if row["is_key"] not in {"", "0", "1"}:
        yield f"{where} is_key：“{row['is_key']}”应为 1 或 0"
    if row["data_type"] == "enum" and not split_words(row["allowed_values"]):
        yield f"{where} allowed_values：enum 须写明可填的词，用 | 隔开"


def _template_problems(templates: Table, elements: Elements, chosen: set[str]) -> Iterator[str]:
    if not templates.rows:
        yield "columns.csv：没有任何模板版本，至少要有一行"
    for code in sorted(set(templates.columns) - set(TEMPLATE_COLUMNS) - set(elements) - {""}):
        yield f"columns.csv 第1行：{code} 不在 elements.csv 中{_near(code, set(elements))}"
    for code in [code for code in elements if code not in chosen and not any(row.get(code) for row in templates)]:
        yield f"columns.csv：没有写 {code} 的表头，这个指标不会有数；不要的指标请从 elements.csv 删去"
    versions: dict[str, int] = {}
    for number, row in templates.rows:
        where = f"columns.csv 第{number}行"
        for name in ("template_version", "title"):
            if not row[name]:
                yield f"{where} {name}：不能为空"
        if versions.setdefault(row["template_version"], number) != number:
            yield f"{where} template_version：“{row['template_version']}”与第{versions[row['template_version']]}行重复"
        yield from _header_problems(where, row, elements)


def _header_problems(where: str, row: dict[str, str], elements: Elements) -> Iterator[str]:
    names: dict[str, str] = {}
    for code in [code for code in elements if row.get(code)]:
        for header in split_words(row[code]):
            name, unit = split_header(header)
            if names.setdefault(name, code) != code:
                yield f"{where} {code}：“{header}”同时指向 {names[name]} 和 {code}，请改掉一个"
            if unit_scale(unit, elements[code]["unit"]) is None:
                yield f"{where} {code}：“{header}”的单位不能换算为 {elements[code]['unit']}"


def _rule_problems(rules: Table, elements: Elements) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, row in rules.rows:
        where, code = f"rules.csv 第{number}行", row["rule_code"]
        if not code:
            yield f"{where} rule_code：不能为空"
        elif seen.setdefault(code, number) != number:
            yield f"{where} rule_code：“{code}”与第{seen[code]}行重复"
        yield from _rule_cell_problems(where, row)
        named = tuple(elements) if row["elements"] == "*" else split_words(row["elements"])
        if not named:
            yield f"{where} elements：不能为空；几个指标用 | 隔开，全部指标写 *"
        for name in [name for name in named if name not in elements]:
            yield f"{where} elements：没有指标“{name}”{_near(name, set(elements))}"
        types = {name: row["data_type"] for name, row in elements.items()}
        for problem in parameter_problems(row["kind"], named, row["parameters"], types):
            yield f"{where} {problem}"


def _rule_cell_problems(where: str, row: dict[str, str]) -> Iterator[str]:
    if row["severity"] not in SEVERITIES:
        yield f"{where} severity：“{row['severity']}”应为 {' '.join(SEVERITIES)} 之一"
    if row.get("status", "") not in STATES:
        yield f"{where} status：“{row['status']}”应为 {' '.join(filter(None, STATES))} 之一，或空着"
    for name in ("message", "fix"):
        if not row[name]:
            yield f"{where} {name}：不能为空，学校要凭它知道错在哪里、怎样改"


def _choice_problems(choices: Table, elements: Elements, templates: Table) -> Iterator[str]:
    for code in sorted(set(choices.columns) - set(CHOICE_COLUMNS) - set(elements) - {""}):
        yield f"choices.csv 第1行：{code} 不在 elements.csv 中{_near(code, set(elements))}"
    written = {code for row in templates for code, header in row.items() if header}
    for number, row in choices.rows:
        where, code, value = f"choices.csv 第{number}行", row["element_code"], row["value_element"]
        if code not in elements:
            yield f"{where} element_code：“{code}”不在 elements.csv 中，请在那里加一行"
        elif code in written:
            yield f"{where} element_code：“{code}”在 columns.csv 里已有表头，二者只能取一"
        if value not in elements or value not in written:
            yield f"{where} value_element：“{value}”应为 elements.csv 和 columns.csv 中放数的那一列"
        if not any(row.get(name) for name in elements):
            yield f"{where}：没有写任何选定的词，请在后面的列里写这一行的词"


def _compiled(folder: Path) -> list[str]:
    """What only compiling tells: that every rule becomes an expectation."""
    from ingestion.gates.suites import RuleError, compile_rules

    problems: list[str] = []
    try:
        form = load_form(folder)
        across = [rule for rule in form.rules if is_across_files(rule)]
        problems += [f"rules.csv：{problem}" for rule in across for problem in rule_problems(rule)]
        compile_rules(form, [rule for rule in form.rules if rule not in across])
    except (RuleError, KeyError, ValueError) as error:
        problems.append(f"rules.csv：{error}")
    return problems
