"""Error cells and formulas without a stored value: calamine reads both as empty, which would lose them in silence.

The sheet's own XML tells them apart, and only sheets that contain an error or a formula are looked at. It also tells
which rows are hidden, and which formulas hold a 0 that no program ever computed. xls, xlsb and ods keep no such text:
there an error cell stays an empty cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath
from typing import Any

from ingestion.workbooks.containers import Container

NO_VALUE = "（公式没有计算结果）"
_CELL = re.compile(rb"<c\s([^>]*[^/>])>(.*?)</c>", re.DOTALL)
_ADDRESS = re.compile(rb"""(?:^|\s)r=["']([A-Z]+)(\d+)["']""")
_TYPE = re.compile(rb"""(?:^|\s)t=["'](\w+)["']""")
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v>")
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")


_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s(?=[^>]*\shidden=["'](?:1|true)["'])[^>]*?\br=["'](\d+)["']""")
_RECALCULATE = re.compile(rb"""fullCalcOnLoad=["'](?:1|true)["']""")


@dataclass(frozen=True)
class Doubts:
    """Of one sheet, from 1: hidden rows, and (row, column) of formulas whose stored 0 was left for Excel to compute:
    the writing program asks for a recalculation on opening."""

    hidden_rows: frozenset[int] = frozenset()
    zero_formulas: tuple[tuple[int, int], ...] = ()


def read_doubts(sheet_count: int, container: Container) -> list[Doubts]:
    """One a sheet, in the order of the workbook."""
    workbook = container.parts.get("xl/workbook.xml", b"")
    recalculates = b"fullCalcOnLoad" in workbook and bool(_RECALCULATE.search(workbook))
    suspects = {
        name: xml
        for name, xml in container.parts.items()
        if name.startswith("xl/worksheets/") and (b"hidden=" in xml or (recalculates and b"<f" in xml))
    }
    if not suspects:
        return [Doubts()] * sheet_count
    names = _part_names(container)
    found = []
    for number in range(sheet_count):
        xml = suspects.get(names[number], b"") if number < len(names) else b""
        hidden = frozenset(int(row) for row in _HIDDEN_ROW.findall(xml))
        found.append(Doubts(hidden, tuple(_zero_formulas(xml)) if recalculates else ()))
    return found


def _zero_formulas(xml: bytes) -> Iterator[tuple[int, int]]:
    for attributes, body in _CELL.findall(xml):
        value, address = _VALUE.search(body), _ADDRESS.search(attributes)
        if b"<f" in body and value and address and value[1].strip() == b"0":
            yield int(address[2]), _column_number(address[1])


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def mark_cells(sheets: list[tuple[str, bool, list[list[Any]]]], container: Container) -> None:
    """Write the error's text, or NO_VALUE, into the cells that calamine left empty."""
    suspects = {name: xml for name, xml in container.parts.items() if b'"e"' in xml or b"'e'" in xml or b"<f" in xml}
    suspects = {name: xml for name, xml in suspects.items() if name.startswith("xl/worksheets/")}
    if not suspects:
        return
    for (_, _, rows), part in zip(sheets, _part_names(container), strict=False):
        for row, column, text in _marked(suspects.get(part, b"")):
            _put(rows, row, column, text)


def _marked(xml: bytes) -> list[tuple[int, int, str]]:
    found = []
    for attributes, body in _CELL.findall(xml):
        kind, address = _TYPE.search(attributes), _ADDRESS.search(attributes)
        if address is None:
            continue
        value = _VALUE.search(body)
        is_error = kind is not None and kind[1] == b"e"
        is_text = kind is not None and kind[1] == b"str"  # a formula may honestly give an empty text
        if is_error:
            text = value[1].decode("utf-8", "replace") if value else "#错误"
        elif b"<f" in body and not is_text and (value is None or not value[1]):
            text = NO_VALUE
        else:
            continue
        found.append((int(address[2]), _column_number(address[1]), text))
    return found


def _put(rows: list[list[Any]], row: int, column: int, text: str) -> None:
    width = max((len(r) for r in rows), default=0)
    if column > width:
        for r in rows:
            r.extend([""] * (column - len(r)))
        width = column
    while len(rows) < row:
        rows.append([""] * width)
    rows[row - 1][column - 1] = text


def _part_names(container: Container) -> list[str]:
    """Sheet parts in the order of the workbook's sheets."""
    relations = {}
    for tag in _RELATION.findall(container.parts.get("xl/_rels/workbook.xml.rels", b"").decode("utf-8", "replace")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get("Target", "")
        relations[attributes.get("Id", "")] = target[1:] if target.startswith("/") else normpath(f"xl/{target}")
    names = []
    for tag in _SHEET.findall(container.parts.get("xl/workbook.xml", b"").decode("utf-8", "replace")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        names.append(relations.get(relation, ""))
    return names
