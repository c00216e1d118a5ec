"""The files of a form's folder as people save them: any encoding Excel or a notepad leaves, comma, semicolon or tab.

Here: bytes to tables of text. Not here: what stands in them (forms.py), what is wrong with it (form_checking.py).
Sandboxed children import this module: no polars.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.workbooks.texts import decode

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Table:
    """A CSV file: `rows` are (row number in the file, cells by column name); `extra` are rows wider than the header."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    extra: tuple[int, ...] = ()

    def __iter__(self) -> Iterator[dict[str, str]]:
        return (row for _, row in self.rows)


def file_text(path: Path) -> str:
    """The text of a file in UTF-8 (BOM or not), UTF-16, GB18030 or Big5. Raises OSError, containers.Refused."""
    return decode(path.read_bytes()).removeprefix("\ufeff")


def read_table(path: Path) -> Table:
    """The rows of a CSV file without the blank ones. Raises OSError, containers.Refused, csv.Error."""
    text = file_text(path)
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=lambda sign: (head.count(sign), -_DELIMITERS.index(sign)))
    grid = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = tuple(name.strip() for name in next(grid, []))
    rows: list[tuple[int, dict[str, str]]] = []
    extra = []
    number = 1
    for cells in grid:
        number += 1
        if any(cell.strip() for cell in cells):
            padded = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
            rows.append((number, dict(zip(columns, padded, strict=False))))
            if any(padded[len(columns) :]):
                extra.append(number)
    return Table(columns, tuple(rows), tuple(extra))
