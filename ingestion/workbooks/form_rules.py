"""Rules that need more than one workbook: against the last period, a reporter's history, another form, the register.

Here: their kinds, the parameters each needs, their rows for SQL, where they are judged (int_rule_expectations,
fct_rule_breaches). Not here: rules of one workbook (gates/suites.py).

Every kind expects a value and allows a distance from it, the larger of `percent` of what is expected and `least`:
change_within expects the last accepted period, equals_form another form's element, register_within the register's
pupils, region_change_within (of a region's sum) the sum of the same reporters a period before; modified_z expects the
median of the reporter's earlier periods and allows `limit` modified Z scores (at least `least`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from ingestion.workbooks.forms import CODE, DATA_TYPES, Form, Rule

PARAMETERS: dict[str, tuple[str, ...]] = {
    "change_within": ("percent",),
    "equals_form": ("form", "element", "percent"),
    "register_within": ("percent",),
    "region_change_within": ("percent",),
    "modified_z": ("limit", "periods"),
}
# kinds of one workbook: the parameters each needs, and those that name elements
WITHIN: dict[str, tuple[str, ...]] = {
    "readable": (), "minimum": ("minimum",), "maximum": ("maximum",), "whole_number": (), "at_most": ("whole",),
    "not_before": ("earlier",), "ratio_between": ("per", "minimum", "maximum"), "required": (), "unique": (),
    "registered": (), "period_begun": (),
}  # fmt: skip
_NAMING = ("whole", "per", "earlier", "when")
_TYPES = {
    **dict.fromkeys(("minimum", "maximum", "whole_number", "at_most", "ratio_between"), ("integer", "decimal", "flag")),
    "not_before": ("date",),
}
DOUBTS = ("可疑", "宏观")
_NUMBERS = ("percent", "least", "limit", "periods")
_BOUNDS = ("minimum", "maximum")


def is_across_files(rule: Rule) -> bool:
    """Whether the rule looks at more than one workbook, so that no gate can judge it."""
    return rule.kind in PARAMETERS


def rule_problems(rule: Rule) -> Iterator[str]:
    """What is wrong with a rule across files, in Chinese."""
    for name in PARAMETERS[rule.kind]:
        if name not in rule.parameters:
            yield f"{rule.code}（{rule.kind}）缺少参数 {name}"
    for name in _NUMBERS:
        if _number(rule.parameters.get(name, "0")) is None:
            yield f"{rule.code} 的参数 {name} 应为数字，现为“{rule.parameters[name]}”"
    if rule.severity not in DOUBTS:
        yield f"{rule.code}（{rule.kind}）跨表、跨期比较只能存疑，级别应为 {' 或 '.join(DOUBTS)}"


def parameter_problems(kind: str, named: tuple[str, ...], parameters: str, types: dict[str, str]) -> Iterator[str]:
    """What is wrong with a rule's kind, the types of its elements (`types` by code) and its parameters."""
    known = WITHIN | PARAMETERS
    if kind not in known:
        yield f"kind：“{kind}”不认识，应为 {' '.join(known)} 之一"
        return
    pairs = [pair for pair in parameters.split(";") if pair.strip()]
    yield from (f"parameters：“{pair}”应写成 名称=值，几个用 ; 隔开" for pair in pairs if "=" not in pair)
    told = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    for name in [name for name in known[kind] if not told.get(name)]:
        yield f"parameters：{kind} 须写 {name}，例如 {name}={'1' if name in (*_BOUNDS, *_NUMBERS) else '指标代码'}"
    for name in [name for name in (*_BOUNDS, *_NUMBERS) if told.get(name) and _number(told[name]) is None]:
        yield f"parameters：{name} 应为数字，现为“{told[name]}”"
    others = [code for name in _NAMING for code in re.findall(CODE, told.get(name, "").split("=")[0])]
    if kind in WITHIN:
        yield from (f"parameters：没有指标“{code}”" for code in others if code not in types)
    wanted = _TYPES.get(kind, DATA_TYPES)
    unfit = {data_type for data_type in DATA_TYPES if data_type not in wanted}
    for code in [code for code in dict.fromkeys([*named, *others]) if types.get(code) in unfit]:
        yield f"elements：{kind} 不能用于 {code}（{types[code]}），只用于 {'、'.join(wanted)}"


def rule_rows(form: Form) -> Iterator[tuple[Any, ...]]:
    """One row a rule and element, in the order of the table forms__rules."""
    for rule in form.rules:
        told = rule.parameters
        numbers = [_number(told.get(name, "")) for name in _NUMBERS]
        for element in rule.elements:
            yield (
                form.code, rule.code, rule.severity, rule.kind, element, told.get("form"), told.get("element"),
                *numbers, rule.message, rule.fix, rule.is_active, is_across_files(rule),
            )  # fmt: skip


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
