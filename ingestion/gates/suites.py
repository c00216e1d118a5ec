"""Form rules compiled to Great Expectations suites over wide batches.

Here: which expectation a rule becomes, and the helper columns it needs. Not here: running (runner.py), what a failure
does to the cells (quarantine.py). A wide batch has one row a workbook row: `file_id`, `sheet_no`, `row_no`,
`reporter_code`, `reporter_state`, `period_state`, `record_key`, and of every element a column and `<element>#state`
(可读, 无法识别). Importing this module imports Great Expectations (2 s): do so only when there is something to check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import great_expectations.expectations
import polars as pl

from ingestion.workbooks.assembly import BEGUN, READABLE
from ingestion.workbooks.form_rules import PARAMETERS, is_across_files
from ingestion.workbooks.forms import CODE, Form, Rule
from ingestion.workbooks.reporters import REGISTERED

gxe: Any = great_expectations.expectations  # the package does not declare what it exports
RECORD_KEY = "record_key"
_BLOCKING = {"结构", "有效性"}


@dataclass(frozen=True)
class Gate:
    """One expectation of a rule: `elements` are named in its findings and, where it blocks, quarantined; of one over
    cells (`of_cells`) only the element that failed."""

    rule: Rule
    elements: tuple[str, ...]
    expectation: Any
    helpers: dict[str, pl.Expr] = field(default_factory=dict)
    whole_row: bool = False
    of_cells: bool = False

    @property
    def blocks(self) -> bool:
        return self.rule.severity in _BLOCKING

    @property
    def columns(self) -> set[str]:
        """Columns of the batch that the expectation looks at, helpers included."""
        parts = [getattr(self.expectation, name, None) for name in ("column", "column_A", "column_B", "column_list")]
        return {name for part in parts if part for name in ([part] if isinstance(part, str) else part)}

    @property
    def sources(self) -> set[str]:
        """Columns that a batch must bring: of the expectation, and what the helpers are made of."""
        made_of = {name for helper in self.helpers.values() for name in helper.meta.root_names()}
        return (self.columns - self.helpers.keys()) | made_of


class RuleError(Exception):
    """A rule of a kind or with parameters that cannot be compiled."""


def compile_form(form: Form) -> list[Gate]:
    """Every active rule of one workbook as gates, in the order of rules.csv. Raises RuleError for an unknown kind."""
    return compile_rules(form, [rule for rule in form.rules if rule.is_active and not is_across_files(rule)])


def compile_rules(form: Form, rules: Sequence[Rule]) -> list[Gate]:
    """The gates of these rules, active or not."""
    gates: list[Gate] = []
    for rule in rules:
        if rule.kind not in _MAKERS | _CELL_MAKERS:
            kinds = " ".join([*_CELL_MAKERS, *_MAKERS, *PARAMETERS])
            raise RuleError(f"{form.code}/rules.csv：{rule.code} 的 kind“{rule.kind}”不认识，应为 {kinds}")
        try:
            if rule.kind in _CELL_MAKERS:
                gates.append(_of_cells(rule))
            elif rule.kind == "unique" and (form.choices or len(form.record_keys) > (form.reporter_type == "unit")):
                gates.append(_unique_record(rule))
            else:
                gates += [_MAKERS[rule.kind](rule, element) for element in rule.elements]
        except KeyError as error:
            raise RuleError(f"{form.code}/rules.csv：{rule.code} 缺少参数 {error}") from error
    return gates


def _of_cells(rule: Rule) -> Gate:
    """One expectation for all elements of the rule: the cost of one hardly depends on its rows."""
    judged, bounds = _CELL_MAKERS[rule.kind](rule.parameters)
    column = f"{rule.kind}#{rule.code}"
    helper = pl.when(pl.col("element_code").is_in(rule.elements)).then(judged)
    maker = gxe.ExpectColumnValuesToBeInSet if "value_set" in bounds else gxe.ExpectColumnValuesToBeBetween
    return Gate(rule, rule.elements, maker(column=column, **bounds), {column: helper}, of_cells=True)


def _at_most(rule: Rule, element: str) -> Gate:
    parts = tuple(re.findall(CODE, rule.parameters["whole"]))
    column = f"{element}#whole#{rule.code}"
    whole = pl.col(parts[0])
    for part in parts[1:]:
        whole = whole + pl.col(part)
    return Gate(rule, (element, *parts), _pair(column, element), {column: whole})


def _not_before(rule: Rule, element: str) -> Gate:
    earlier = rule.parameters["earlier"]
    return Gate(rule, (element, earlier), _pair(element, earlier))


def _pair(larger: str, smaller: str) -> Any:
    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=larger, column_B=smaller, or_equal=True, ignore_row_if="either_value_is_missing"
    )


def _ratio_between(rule: Rule, element: str) -> Gate:
    per = rule.parameters["per"]
    column = f"{element}#per#{per}"
    ratio = pl.when(pl.col(per) > 0).then(pl.col(element) / pl.col(per))
    bounds = gxe.ExpectColumnValuesToBeBetween(
        column=column, min_value=float(rule.parameters["minimum"]), max_value=float(rule.parameters["maximum"])
    )
    return Gate(rule, (element, per), bounds, {column: ratio})


def _required(rule: Rule, element: str) -> Gate:
    """`when=other` asks for the element where the other one is filled, `when=other=词` where it says that word."""
    column = f"{element}#required#{rule.code}"
    other, _, word = rule.parameters.get("when", "").partition("=")
    asked = pl.lit(True) if not other else pl.col(other) == word if word else pl.col(other).is_not_null()
    state = pl.when(asked.fill_null(False) & pl.col(element).is_null()).then(pl.lit("缺")).otherwise(pl.lit("有"))
    expectation = gxe.ExpectColumnValuesToBeInSet(column=column, value_set=["有"])
    return Gate(rule, (element,), expectation, {column: state})


def _unique(rule: Rule, element: str) -> Gate:
    key = "reporter_code" if element == "school_code" else element
    return Gate(rule, (element,), _compound(key), whole_row=True)


def _unique_record(rule: Rule) -> Gate:
    """Where several columns, or the kind of a number, tell the rows of one reporter apart: each of them once."""
    return Gate(rule, rule.elements[:1], _compound("reporter_code", RECORD_KEY), whole_row=True)


def _compound(*key: str) -> Any:
    return gxe.ExpectCompoundColumnsToBeUnique(
        column_list=["file_id", "period_no", *key], ignore_row_if="any_value_is_missing"
    )


def _registered(rule: Rule, element: str) -> Gate:
    expectation = gxe.ExpectColumnValuesToBeInSet(column="reporter_state", value_set=[REGISTERED])
    return Gate(rule, (element,), expectation, whole_row=True)


def _period_begun(rule: Rule, element: str) -> Gate:
    expectation = gxe.ExpectColumnValuesToBeInSet(column="period_state", value_set=[BEGUN])
    return Gate(rule, (element,), expectation, whole_row=True)


_NUMBER = pl.col("number")
# What of a cell is judged, and within which bounds.
_CELL_MAKERS: dict[str, Callable[[dict[str, str]], tuple[pl.Expr, dict[str, Any]]]] = {
    "readable": lambda _: (pl.col("state"), {"value_set": [READABLE]}),
    "minimum": lambda parameters: (_NUMBER, {"min_value": float(parameters["minimum"])}),
    "maximum": lambda parameters: (_NUMBER, {"max_value": float(parameters["maximum"])}),
    "whole_number": lambda _: (_NUMBER - _NUMBER.floor(), {"min_value": 0, "max_value": 0}),
}
_MAKERS: dict[str, Callable[[Rule, str], Gate]] = {
    "at_most": _at_most,
    "not_before": _not_before,
    "ratio_between": _ratio_between,
    "required": _required,
    "unique": _unique,
    "registered": _registered,
    "period_begun": _period_begun,
}
