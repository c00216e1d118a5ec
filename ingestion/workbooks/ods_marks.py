"""Error cells, formulas without a value and hidden rows and columns of .ods: calamine reads an error as empty, or as 0.

Here: walking content.xml with its repeated rows and cells. Not here: other formats. Rows and columns count from 1.
"""

from __future__ import annotations

import io
from typing import Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from ingestion.workbooks.binary_marks import Marks

NO_VALUE = "（公式没有计算结果）"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SIGNS = (b'"error"', b":formula=", b"visibility=")
_MANY = 10_000  # a repetition beyond this is the empty rest of a sheet


def ods_marks(content: bytes) -> list[Marks]:
    """One a sheet, in the order of the workbook; [] where nothing can be marked or the XML does not parse."""
    if not any(sign in content for sign in _SIGNS):
        return []
    found: list[Marks] = []
    row = column = 0
    try:
        # DOCTYPE and entities were refused before (containers.py)
        for event, node in iterparse(io.BytesIO(content), events=("start", "end")):  # noqa: S314
            if event == "start":
                if node.tag == f"{_TABLE}table":
                    found.append(Marks())
                    row = column = 0
                continue
            if node.tag == f"{_TABLE}table-column":
                column = _hide(node, column, found[-1].hidden_columns)
            elif node.tag == f"{_TABLE}table-row":
                _errors(node, row + 1, found[-1])
                row = _hide(node, row, found[-1].hidden_rows)
                node.clear()
    except (ParseError, IndexError):
        return []
    return found


def _repeats(node: Element, name: str) -> int:
    text = node.get(f"{_TABLE}number-{name}-repeated", "1")
    return min(int(text), _MANY) if text.isdecimal() else 1


def _hide(node: Element, before: int, hidden: set[int]) -> int:
    count = _repeats(node, "rows" if node.tag.endswith("row") else "columns")
    if node.get(f"{_TABLE}visibility") in {"collapse", "filter"}:
        hidden |= set(range(before + 1, before + count + 1))
    return before + count


def _errors(row: Element, number: int, marks: Marks) -> None:
    column = 0
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        text = _error(cell)
        if text:
            marks.errors.append((number, column + 1, text))
        column += _repeats(cell, "columns")


def _error(cell: Any) -> str:
    if cell.get(f"{_CALC}value-type") == "error":
        return "".join(cell.itertext()).strip() or "#错误"
    if cell.get(f"{_TABLE}formula") and cell.get(f"{_OFFICE}value-type") is None:
        shown = "".join("".join(p.itertext()) for p in cell.iter(f"{_TEXT}p")).strip()
        return shown or NO_VALUE
    return ""
