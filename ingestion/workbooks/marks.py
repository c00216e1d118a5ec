"""Error cells and formulas without a stored value: calamine reads both as empty, which would lose them in silence.

The sheet's own XML tells them apart, and only sheets that contain an error or a formula are looked at. It also tells
which rows and columns are hidden, and which formulas hold a 0 that no program ever computed. Of xls, xlsb and ods the
errors and what is hidden are found by binary_marks.py and ods_marks.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath
from typing import Any

from ingestion.workbooks.binary_marks import Marks, xls_marks, xlsb_marks, xlsb_sheet_names
from ingestion.workbooks.containers import SHEET_SIGN, Container
from ingestion.workbooks.ods_marks import NO_VALUE, ods_marks

# A row's tag, an empty cell, or a cell with what is in it; with a prefix (<x:c>) or without
_PIECE = re.compile(
    rb"<(?:\w+:)?(?:row(?P<row>\s[^>]*)?>|c(?P<empty>\s[^>]*)?/>|c(?P<cell>\s[^>]*[^/>])?>(?P<body>.*?)</(?:\w+:)?c>)",
    re.DOTALL,
)
_IS_ROW = re.compile(rb"<(?:\w+:)?row")
_ROW = re.compile(rb"""\sr\s*=\s*["'](\d+)["']""")
_ADDRESS = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)(\d+)["']""")
_TYPE = re.compile(rb"""\st\s*=\s*["'](\w+)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</(?:\w+:)?v>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")


_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s(?=[^>]*\shidden=["'](?:1|true)["'])[^>]*?\br=["'](\d+)["']""")
_HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col(?=\s)(?=[^>]*\shidden=["'](?:1|true)["'])[^>]*>""")
_SPAN = re.compile(rb"""\s(min|max)=["'](\d+)["']""")
_RECALCULATE = re.compile(rb"""fullCalcOnLoad=["'](?:1|true)["']""")


@dataclass(frozen=True)
class Doubts:
    """Of one sheet, from 1: hidden rows and columns, and (row, column) of formulas whose stored 0 was left for Excel to
    compute: the writing program asks for a recalculation on opening."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    zero_formulas: tuple[tuple[int, int], ...] = ()


def read_doubts(sheet_count: int, container: Container, data: bytes) -> list[Doubts]:
    """One a sheet, in the order of the workbook."""
    if container.kind != "xlsx":
        marks = other_marks(container, data) + [Marks()] * sheet_count
        return [Doubts(frozenset(m.hidden_rows), frozenset(m.hidden_columns)) for m in marks[:sheet_count]]
    workbook = container.parts.get("xl/workbook.xml", b"")
    recalculates = b"fullCalcOnLoad" in workbook and bool(_RECALCULATE.search(workbook))
    suspects = {
        name: xml
        for name, xml in container.parts.items()
        if SHEET_SIGN in xml and (b"hidden=" in xml or (recalculates and _may_compute(xml)))
    }
    if not suspects:
        return [Doubts()] * sheet_count
    names = _part_names(container)
    found = []
    for number in range(sheet_count):
        xml = suspects.get(names[number], b"") if number < len(names) else b""
        hidden = frozenset(int(row) for row in _HIDDEN_ROW.findall(xml))
        zeros = tuple(_zero_formulas(xml)) if recalculates else ()
        found.append(Doubts(hidden, frozenset(_hidden_columns(xml)), zeros))
    return found


def other_marks(container: Container, data: bytes) -> list[Marks]:
    """Of an xls, xlsb or ods, one a sheet; shorter where its sheets cannot be told."""
    if container.kind == "xls":
        return xls_marks(data)
    if container.kind == "ods":
        return ods_marks(container.parts.get("content.xml", b""))
    if container.kind == "xlsb":
        targets = _targets(container.parts.get("xl/_rels/workbook.bin.rels", b""))
        names = [
            targets.get(relation, "") for relation in xlsb_sheet_names(container.parts.get("xl/workbook.bin", b""))
        ]
        return [xlsb_marks(container.parts.get(name, b"")) for name in names]
    return []


def _hidden_columns(xml: bytes) -> Iterator[int]:
    for tag in _HIDDEN_COLUMN.findall(xml[: xml.find(b"sheetData")]):
        span = {name: int(number) for name, number in _SPAN.findall(tag)}
        yield from range(span.get(b"min", 1), min(span.get(b"max", 0), 16_384) + 1)


def _may_compute(xml: bytes) -> bool:
    return b"<f" in xml or b":f" in xml


def _cells(xml: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """(row, column, attributes, content) of every cell that is not empty. One without an address stands right of the
    one before, a row without a number below the row before."""
    row = column = 0
    for piece in _PIECE.finditer(xml):
        attributes, body = piece["cell"] or piece["empty"] or b"", piece["body"]
        if piece.lastgroup in {None, "row"} and _IS_ROW.match(piece[0]):
            number = _ROW.search(piece["row"] or b"")
            row, column = int(number[1]) if number else row + 1, 0
            continue
        address = _ADDRESS.search(attributes)
        row, column = (int(address[2]), _column_number(address[1])) if address else (row, column + 1)
        if body:
            yield row, column, attributes, body


def _zero_formulas(xml: bytes) -> Iterator[tuple[int, int]]:
    for row, column, _, body in _cells(xml):
        value = _VALUE.search(body)
        if value and value[1].strip() == b"0" and _FORMULA.search(body):
            yield row, column


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def mark_cells(sheets: list[tuple[str, bool, list[list[Any]]]], container: Container, data: bytes) -> None:
    """Write the error's text, or NO_VALUE, into the cells that calamine left empty or read as 0."""
    for (_, _, rows), marks in zip(sheets, other_marks(container, data), strict=False):
        for row, column, text in marks.errors:
            _put(rows, row, column, text)
    suspects = {
        name: xml
        for name, xml in container.parts.items()
        if SHEET_SIGN in xml and (b'"e"' in xml or _may_compute(xml) or (b"'" in xml and b"'e'" in xml))
    }
    if not suspects:
        return
    for (_, _, rows), part in zip(sheets, _part_names(container), strict=False):
        for row, column, text in _marked(suspects.get(part, b"")):
            _put(rows, row, column, text)


def _marked(xml: bytes) -> list[tuple[int, int, str]]:
    found = []
    for row, column, attributes, body in _cells(xml):
        kind, value = _TYPE.search(attributes), _VALUE.search(body)
        is_error = kind is not None and kind[1] == b"e"
        is_text = kind is not None and kind[1] == b"str"  # a formula may honestly give an empty text
        if is_error:
            found.append((row, column, value[1].decode("utf-8", "replace") if value else "#错误"))
        elif not is_text and (value is None or not value[1]) and _FORMULA.search(body):
            found.append((row, column, NO_VALUE))
    return found


def _put(rows: list[list[Any]], row: int, column: int, text: str) -> None:
    if row <= len(rows) and column <= len(rows[row - 1]):
        rows[row - 1][column - 1] = text
        return
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
    relations = _targets(container.parts.get("xl/_rels/workbook.xml.rels", b""))
    names = []
    for tag in _SHEET.findall(container.parts.get("xl/workbook.xml", b"").decode("utf-8", "replace")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        names.append(relations.get(relation, ""))
    return names


def _targets(relations: bytes) -> dict[str, str]:
    """Parts by relation id."""
    targets = {}
    for tag in _RELATION.findall(relations.decode("utf-8", "replace")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get("Target", "")
        path = target[1:] if target.startswith("/") else normpath(f"xl/{target}")
        targets[attributes.get("Id", "")] = path.lower()
    return targets
