"""Headers that are more than one row: paths over merged group cells, and tables whose elements run down a column.

Here: making one header row out of several, finding the block of a table that runs across. Not here: which template a
header row is (headers.py), the cells of the table (reader.py). Runs in a sandboxed child: no polars.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.workbooks.forms import is_unit, normalise, split_header

MAX_HEIGHT = 5
MAX_TEXT = 120  # of a header cell
MAX_START = 12  # a header of several rows begins among the first rows
MAX_WIDTH = 500  # and is no wider than this
LABEL_COLUMNS = 3  # a table that runs across has its labels in one of the first columns
MAX_LABELS = 300
# What a lower header cell says where the group itself is meant: 在园幼儿数 / 计
_WHOLE_WORDS = {"计", "小计", "合计", "总计", "总数", "人数", "数量", "个数", "数值", "計", "小計", "合計", "總計"}


@dataclass(frozen=True)
class Block:
    """A table that runs across: rows `first`..`last` (indexes), labels in `height` columns that end at `label`."""

    first: int
    last: int
    label: int
    height: int


def header_paths(rows: Sequence[Sequence[Any]], vocabulary: Collection[str]) -> list[str]:
    """One header row out of several. A group cell, merged or written once, holds for the columns right of it.

    >>> header_paths([["校名", "幼儿数（人）", ""], ["", "计", "其中女"]], {"校名", "幼儿数", "幼儿数/其中女"})
    ['校名', '幼儿数(人)', '幼儿数/其中女(人)']
    """
    carried = [""] * len(rows)
    paths = []
    for column in range(min(max(map(len, rows), default=0), MAX_WIDTH)):
        texts = [_text(row, column) for row in rows]
        parts: list[str] = []
        for level, text in enumerate(texts):
            if text:
                carried[level:] = [text] + [""] * (len(rows) - level - 1)
            part = text or (carried[level] if any(texts[level + 1 :]) else "")
            if part and part not in parts[-1:]:
                parts.append(part)
        paths.append(_named(parts, vocabulary))
    return paths


def _text(row: Sequence[Any], column: int) -> str:
    value = row[column] if column < len(row) else ""
    return value if isinstance(value, str) and len(value) <= MAX_TEXT and normalise(value) else ""


def _named(parts: list[str], vocabulary: Collection[str]) -> str:
    """The longest known ending of the path, with the lowest unit that is written anywhere on it, or below it alone."""
    if len(parts) > 1 and is_unit(unit := normalise(parts[-1]).strip("()")):
        parts = [*parts[:-2], f"{parts[-2]}({unit})"]
    split = [split_header(part) for part in parts]
    names = [name for name, _ in split]
    unit = next((unit for _, unit in reversed(split) if unit), "")
    for candidate in _candidates(names):
        if candidate in vocabulary:
            return f"{candidate}({unit})" if unit else candidate
    return "/".join(names) + (f"({unit})" if unit else "")


def _candidates(names: list[str]) -> Iterator[str]:
    for start in range(len(names)):
        yield "/".join(names[start:])
        yield "".join(names[start:])
    if len(names) > 1 and names[-1] in _WHOLE_WORDS:
        yield from _candidates(names[:-1])


def stacked_rows(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, Sequence[Sequence[Any]]]]:
    """(index of the last row, the rows) of every place where a header of several rows could stand."""
    for start in range(min(len(rows) - 1, MAX_START)):
        for height in range(2, MAX_HEIGHT + 1):
            below = start + height
            if below < len(rows) and is_unit_row(rows[below]):
                continue  # the units belong to the header
            if below <= len(rows):
                yield start + height - 1, rows[start : start + height]


def is_unit_row(row: Sequence[Any]) -> bool:
    """A row of units below the names of a header: 人 人 万元."""
    texts = [value for value in row if value != ""]
    return len(texts) > 1 and all(type(text) is str and is_unit(normalise(text).strip("()")) for text in texts)


def blocks(rows: Sequence[Sequence[Any]], vocabulary: Collection[str]) -> Iterator[Block]:
    """Places where a table could run across: a column with at least three known labels, from the first to the last."""
    width = max((len(row) for row in rows[:MAX_LABELS]), default=0)
    for label in range(min(LABEL_COLUMNS, width - 1)):
        known = [
            index for index, row in enumerate(rows[:MAX_LABELS]) if split_header(_text(row, label))[0] in vocabulary
        ]
        if len(known) >= 3:
            yield Block(known[0], known[-1], label, 1)
    for label in range(1, min(LABEL_COLUMNS, width - 1)):
        labels = [index for index, row in enumerate(rows[:MAX_LABELS]) if _text(row, label) or _text(row, label - 1)]
        paths = header_paths(turned(rows, 0, min(len(rows), MAX_LABELS) - 1)[label - 1 : label + 1], vocabulary)
        known = [i for i in labels if i < len(paths) and split_header(paths[i])[0] in vocabulary]
        if len(known) >= 3:
            yield Block(known[0], known[-1], label, 2)


def turned(rows: Sequence[Sequence[Any]], first: int, last: int) -> list[list[Any]]:
    """Rows `first`..`last` with rows and columns exchanged."""
    return [list(column) for column in zip(*rows[first : last + 1], strict=True)]


_STEMS = "甲乙丙丁戊己庚辛壬癸"


def is_column_numbers(row: Sequence[Any]) -> bool:
    """The row 甲 乙 1 2 3 below a header.

    >>> is_column_numbers(["甲", "乙", 1.0, 2.0, "3", ""])
    True
    """
    filled = [str(int(v)) if type(v) is float and v.is_integer() else str(v).strip() for v in row if v != ""]
    numbers = [text for text in filled if text.isdecimal()]
    rest = [text for text in filled if text not in numbers]
    counted = numbers == [str(n) for n in range(1, len(numbers) + 1)]
    lettered = "".join(rest) == _STEMS[: len(rest)]
    return len(filled) > 2 and counted and (lettered or (bool(numbers) and all(text in _STEMS for text in rest)))
