"""Rules that need more than one workbook: against the last period, a reporter's history, another form, the register.

Here: their kinds, the parameters each needs, their rows for SQL, where they are judged (int_rule_expectations,
fct_rule_breaches). Not here: rules of one workbook (gates/suites.py).

Every kind expects a value and allows a distance from it, the larger of `percent` of what is expected and `least`:
change_within expects the last accepted period, equals_form another form's element, register_within the register's
pupils, region_change_within (of a region's sum) the sum of the same reporters a period before; modified_z expects the
median of the reporter's earlier periods and allows `limit` modified Z scores (at least `least`).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from ingestion.workbooks.forms import Form, Rule

PARAMETERS: dict[str, tuple[str, ...]] = {
    "change_within": ("percent",),
    "equals_form": ("form", "element", "percent"),
    "register_within": ("percent",),
    "region_change_within": ("percent",),
    "modified_z": ("limit", "periods"),
}
DOUBTS = ("可疑", "宏观")
_NUMBERS = ("percent", "least", "limit", "periods")


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
