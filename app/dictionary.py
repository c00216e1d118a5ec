"""Tables with their columns as people look them up: searched, in Chinese first. No SQL and no layout."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

_ENGLISH_END = re.compile(r"[.;:)] ")
_CHINESE = re.compile(r"[“（《]?[\u4e00-\u9fff]")
# Sums with decimals are written decimal(24,6) in every column: the width says nothing to a reader.
_WIDTH = re.compile(r"\(.*\)")
TYPES = {"varchar": "文字", "integer": "整数", "bigint": "整数", "hugeint": "整数", "decimal": "小数", "double": "小数",
         "boolean": "是否", "date": "日期", "timestamp": "时间"}  # fmt: skip
LAYERS = {"fct": "事实", "dim": "维度", "bridge": "桥表"}


@dataclass(frozen=True)
class Column:
    """One column: its name, type for people, meaning in Chinese and in English."""

    name: str
    type: str
    meaning: str
    english: str


@dataclass(frozen=True)
class Table:
    """One mart with the columns to show; `layer` is 事实, 维度 or 桥表."""

    name: str
    layer: str
    meaning: str
    english: str
    row_count: int
    columns: list[Column]


def both_languages(comment: str | None) -> tuple[str, str]:
    """(Chinese, English) of "English. 中文。"; a comment in one language has '' for the other."""
    text = (comment or "").strip()
    # English may hold Chinese names; the Chinese begins after the last English sentence
    start = max((end.end() for end in _ENGLISH_END.finditer(text) if _CHINESE.match(text, end.end())), default=None)
    if start is None:
        found = _CHINESE.match(text)
        return (text, "") if found else ("", text)
    return text[start:], text[:start].strip()


def tables(columns: pl.DataFrame, words: str = "") -> list[Table]:
    """Marts by name, facts first; with `words`, those that hold every word, cut to the columns that do."""
    made: list[Table] = []
    for (name,), rows in columns.group_by("table_name", maintain_order=True):
        first = rows.row(0, named=True)
        meaning, english = both_languages(first["table_comment"])
        listed = [_column(row) for row in rows.iter_rows(named=True)]
        wanted = words.lower().split()
        if not _holds(wanted, f"{name} {meaning} {english}"):
            listed = [c for c in listed if _holds(wanted, f"{name} {c.name} {c.meaning} {c.english}")]
        if listed:
            layer = LAYERS.get(str(name).split("_", 1)[0], "")
            made.append(Table(str(name), layer, meaning, english, first["row_count"], listed))
    order = list(LAYERS.values())
    return sorted(made, key=lambda table: (order.index(table.layer) if table.layer in order else 9, table.name))


def _column(row: dict[str, str]) -> Column:
    kind = _WIDTH.sub("", row["data_type"])
    return Column(row["column_name"], TYPES.get(kind, kind), *both_languages(row["comment"]))


def _holds(words: list[str], text: str) -> bool:
    return all(word in text.lower() for word in words)
