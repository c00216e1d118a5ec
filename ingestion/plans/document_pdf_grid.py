"""Tables on a pdf page: ruled ones by their lines, unruled ones by the wide gaps that their rows share.

What rows of following pages have to do with each other is `document_pdf_layout`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from ingestion.plans.document import said_again
from ingestion.plans.document_pdf_layout import Line, Row

# a gap of this many type sizes parts two cells; blanks of a wide-set title are narrower
CELL_GAP = 1.6


def ruled_tables(page: Any) -> list[Any]:
    """The ruled tables that hold text in more than one cell; a box around running text is none."""
    found = page.find_tables({"explicit_horizontal_lines": _open_ends(page.edges)})
    tables = [table for table in found if len(table.rows) > 1 or len(table.rows[0].cells) > 1]
    return [t for t in tables if any(sum(cell is not None for cell in row.cells) > 1 for row in t.rows)]


def _open_ends(edges: Sequence[dict[str, Any]]) -> list[float]:
    """Where the upright lines of a table end with no line across: its row goes on over the page's end."""
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    # the end of a thin upright box is an edge too
    across = [edge["top"] for edge in edges if edge["orientation"] == "h" and edge["width"] > 5]
    ends: list[float] = []
    for side, last in (("top", min), ("bottom", max)):
        if len({round(edge["x0"]) for edge in upright}) < 3:
            continue
        end = last(edge[side] for edge in upright)
        reaching = {round(edge["x0"]) for edge in upright if abs(edge[side] - end) < 2}
        if len(reaching) >= 3 and not any(abs(top - end) < 3 for top in across):
            ends.append(end)
    return ends


def ruled_rows(page_no: int, key: int, table: Any) -> list[Row]:
    """The rows of a ruled table; a cell merged downwards is said again in the rows it covers."""
    texts = [[_joined(cell) for cell in cells] for cells in table.extract()]
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            if cell is None and (above := _covering(table.rows, number, column)) is not None:
                texts[number][column] = said_again(texts[above][column])
    return [Row(page_no, tuple(cells), row.bbox[1], key) for row, cells in zip(table.rows, texts, strict=True)]


def _covering(rows: Sequence[Any], number: int, column: int) -> int | None:
    """The row above whose cell in this column reaches down over row `number`, None where none does."""
    above = next((i for i in range(number - 1, -1, -1) if rows[i].cells[column] is not None), None)
    return above if above is not None and rows[above].cells[column][3] > rows[number].bbox[1] + 1 else None


def _joined(cell: str | None) -> str:
    return re.sub(r"(?<=[A-Za-z])\s*\n\s*(?=[A-Za-z])", " ", cell or "").replace("\n", "").strip()


def spaced_rows(page_no: int, lines: list[Line], first_key: int) -> tuple[list[Line], list[Row]]:
    """Lines that are no rows, and the rows of unruled tables: two lines or more in a row of three cells or more."""
    rows: list[Row] = []
    others: list[Line] = []
    for is_row, run in groupby(lines, key=lambda line: len(line.cells) >= 3 and not _is_wide_set(line)):
        found = list(run)
        if not is_row or len(found) < 2:
            others += found
            continue
        columns = max(found, key=lambda line: len(line.cells)).cells
        rows += [Row(page_no, _in_columns(line, columns), line.top, first_key + len(rows)) for line in found[:1]]
        rows += [Row(page_no, _in_columns(line, columns), line.top, rows[-1].table_key) for line in found[1:]]
    return others, rows


def _is_wide_set(line: Line) -> bool:
    """工  作  要  点: one character a cell."""
    return sum(len(text) == 1 for _, _, text in line.cells) > 0.6 * len(line.cells)


def _in_columns(line: Line, columns: Sequence[tuple[float, float, str]]) -> tuple[str, ...]:
    """The cells of a line under the columns they stand nearest to, in order."""
    if len(line.cells) == len(columns):
        return tuple(text for _, _, text in line.cells)
    texts = [""] * len(columns)
    at = 0
    for left, right, text in line.cells:
        room = range(at, len(columns))
        at = min(room, key=lambda i: abs(columns[i][0] + columns[i][1] - left - right), default=len(columns) - 1)
        texts[at] += text
        at += 1
    return tuple(texts)


def cells_of(chars: Sequence[dict[str, Any]], size: float) -> tuple[tuple[float, float, str], ...]:
    """(left, right, text) of the stretches of a line that wide gaps part."""
    found: list[list[dict[str, Any]]] = []
    for char in chars:
        if char["text"].isspace():
            continue
        if not found or char["x0"] - found[-1][-1]["x1"] > CELL_GAP * size:
            found.append([])
        found[-1].append(char)
    return tuple((run[0]["x0"], run[-1]["x1"], "".join(char["text"] for char in run)) for run in found)
