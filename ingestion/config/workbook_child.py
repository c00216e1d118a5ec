"""Configuration workbooks as plain cells, read in a sandboxed child. Not here: what a cell means (workbook_reading.py).

Sandboxed children import this module: no polars.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingestion.workbooks.containers import Budget, Refused, inspect
from ingestion.workbooks.reader import open_sheets

MAX_COLUMNS = 200


@dataclass(frozen=True)
class RawSheet:
    """The filled rows of one sheet as (row number from 1, cells from column A)."""

    name: str
    is_hidden: bool
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)


@dataclass(frozen=True)
class RawBook:
    """One file: its sheets, or why it was refused."""

    sheets: list[RawSheet] = field(default_factory=list)
    refusal: str = ""


def handler(budget: Budget) -> Callable[[str], RawBook]:
    """The sandbox's entry: a byte budget → a function of a file's path."""

    def read(path: str) -> RawBook:
        data = Path(path).read_bytes()
        try:
            opened = open_sheets(data, inspect(data, Path(path).name, budget))
        except Refused as refused:
            return RawBook(refusal=f"{refused.message}：{refused.fix}")
        return RawBook([RawSheet(name, hidden, _filled(rows)) for name, hidden, rows in opened])

    return read


def _filled(rows: list[list[Any]]) -> list[tuple[int, list[Any]]]:
    numbered = enumerate((row[:MAX_COLUMNS] for row in rows), start=1)
    return [(number, row) for number, row in numbered if any(cell not in ("", None) for cell in row)]
