"""The sheets of the configuration workbook: headers, choices, and how forms and elements are named to a clerk.

The words stand in sheets.toml. Here: their records and the vocabulary of forms. Not here: cells in or out
(workbook_reading.py, workbook_writing.py), what must hold (rules.py, checks.py).
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion.config.rules import FILES, FileRules
from ingestion.tables import CONFIG

if TYPE_CHECKING:
    from ingestion.workbooks.forms import Form

GUIDE, CATALOGUE = "填写说明", "报表与指标项"
MARK_HEADER, EXAMPLE = "标记", "示例"
BASE_VERSION = "依据版本"
SCHOOL_COUNT, SCHOOL_COUNT_NAME = "school_count", "学校数"
BUREAU = "bureau"
Dtype = pl.DataType | type[pl.DataType]
BUREAU_SCHEMA: dict[str, Dtype] = {"name": pl.String, "evaluation_date": pl.Date, "is_demo": pl.Boolean}
BUREAU_RULES = FileRules(table=BUREAU, required=("name",), key=("name",))


@dataclass(frozen=True)
class Column:
    """One column: `field` of the table, `header` as the clerk sees it; `choices` maps stored words to shown ones."""

    field: str
    header: str
    note: str
    examples: tuple[Any, ...] = ()
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    is_list: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet. `key` names its rules (FILES) and its frame among the checks; `schema` is its table's."""

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]

    @property
    def rules(self) -> FileRules:
        return BUREAU_RULES if self.key == BUREAU else FILES[self.key]

    @property
    def schema(self) -> dict[str, Dtype]:
        return BUREAU_SCHEMA if self.key == BUREAU else CONFIG[self.rules.table]

    def shown_words(self, column: Column) -> tuple[str, ...]:
        """What may be picked from a list in this column; empty where anything may be typed."""
        if self.schema[column.field] == pl.Boolean:
            return "是", "否"
        if column.is_list:
            return ()
        return tuple(column.choices.values()) or self.rules.words.get(column.field, ())


@lru_cache(maxsize=1)
def sheets() -> tuple[Sheet, ...]:
    """Every sheet in the order of the workbook."""
    text = Path(__file__).with_name("sheets.toml").read_text(encoding="utf-8")
    return tuple(
        Sheet(said["key"], said["title"], said["about"], tuple(_column(column) for column in said["columns"]))
        for said in tomllib.loads(text)["sheets"]
    )


def _column(said: Mapping[str, Any]) -> Column:
    own = {name: said[name] for name in ("field", "header", "note", "choices", "kind") if name in said}
    return Column(**own, examples=tuple(said["examples"]), is_list=said.get("list", False))


def title_of(key: str) -> str:
    """The Chinese name of a table by the key of its rules."""
    return next((sheet.title for sheet in sheets() if sheet.key == key), key)


@dataclass(frozen=True)
class Vocabulary:
    """Names of forms and of their elements, both ways. Where a name is not unique, or holds a +, the code is shown."""

    form_names: Mapping[str, str]
    element_names: Mapping[str, Mapping[str, str]]

    @staticmethod
    def of(forms: Mapping[str, Form]) -> Vocabulary:
        names = _unambiguous({code: form.name for code, form in forms.items()})
        elements = {
            code: _unambiguous({e.code: e.name for e in form.elements.values()} | {SCHOOL_COUNT: SCHOOL_COUNT_NAME})
            for code, form in forms.items()
        }
        return Vocabulary(names, elements)

    def form_code(self, shown: str) -> str:
        return _reversed(self.form_names).get(_plain(shown), shown)

    def element_codes(self, form: str | None, shown: str) -> str:
        """持证专任教师数 + 保育员数 → teachers_certified+carers; an unknown name stays, for the check to blame."""
        codes = _reversed(self.element_names.get(form or "", {}))
        terms = [term.strip() for term in re.split(r"[+＋]", shown)]
        return "+".join(codes.get(_plain(term), term) for term in terms if term)

    def show_elements(self, form: str | None, stored: str) -> str:
        names = self.element_names.get(form or "", {})
        return " + ".join(names.get(term.strip(), term.strip()) for term in stored.split("+"))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def _reversed(names: Mapping[str, str]) -> dict[str, str]:
    return {_plain(name): code for code, name in names.items()}


def _unambiguous(names: Mapping[str, str]) -> dict[str, str]:
    taken = list(names.values())
    fits = {code: name for code, name in names.items() if taken.count(name) == 1 and not re.search(r"[+＋]", name)}
    return {code: fits.get(code, code) for code in names}
