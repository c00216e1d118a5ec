"""Error cells and hidden rows and columns of .xls and .xlsb, which calamine reads as empty or does not tell.

Here: just enough of both formats to walk their records; whatever does not parse marks nothing, for calamine has the
last word on whether a file opens. Not here: .xlsx (marks.py). Rows and columns count from 1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_UNKNOWN = "#错误"
_END_OF_CHAIN = 0xFFFFFFFA  # this and above are no sectors
_DIRECTORY_ENTRY = 128


@dataclass
class Marks:
    """Of one sheet: error cells as (row, column, text), and what is hidden."""

    errors: list[tuple[int, int, str]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def xls_marks(data: bytes) -> list[Marks]:
    """One a sheet, in the order of the workbook; [] where the records cannot be walked."""
    try:
        book = _workbook_stream(data)
        offsets = [struct.unpack_from("<I", body)[0] for kind, body in _xls_records(book, 0) if kind == 0x0085]
        return [_xls_sheet(book, offset) for offset in offsets]
    except (struct.error, IndexError, KeyError, ValueError):
        return []


def _xls_sheet(book: bytes, offset: int) -> Marks:
    marks = Marks()
    for kind, body in _xls_records(book, offset):
        if kind == 0x0205 and body[7]:  # BOOLERR
            row, column = struct.unpack_from("<HH", body)
            marks.errors.append((row + 1, column + 1, ERRORS.get(body[6], _UNKNOWN)))
        elif kind == 0x0006 and body[12:14] == b"\xff\xff" and body[6] == 2:  # FORMULA with an error for a result
            row, column = struct.unpack_from("<HH", body)
            marks.errors.append((row + 1, column + 1, ERRORS.get(body[8], _UNKNOWN)))
        elif kind == 0x0208 and body[12] & 0x20:  # ROW
            marks.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == 0x007D and body[8] & 0x01:  # COLINFO
            first, last = struct.unpack_from("<HH", body)
            marks.hidden_columns |= set(range(first + 1, min(last, 255) + 2))
    return marks


def _xls_records(book: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Records from a BOF to its EOF; charts within a sheet have a pair of their own."""
    depth = 0
    while offset + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, offset)
        offset += 4
        depth += (kind == 0x0809) - (kind == 0x000A)
        if depth == 1:
            yield kind, book[offset : offset + size]
        if depth <= 0:
            return
        offset += size


def _workbook_stream(data: bytes) -> bytes:
    """The stream Workbook (BIFF8) or Book (BIFF5) of an OLE file; KeyError where there is none."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    directory_start, mini_cutoff = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 56)[0]
    fat_sectors = list(struct.unpack_from("<109I", data, 76))
    following = struct.unpack_from("<I", data, 68)[0]
    for _ in range(len(data) // size):
        if following >= _END_OF_CHAIN:
            break
        more = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        fat_sectors += more[:-1]
        following = more[-1]
    fat: list[int] = []
    for sector in fat_sectors:
        if sector < _END_OF_CHAIN:
            fat += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    directory = _chained(data, fat, directory_start, size)
    for place in range(0, len(directory) - _DIRECTORY_ENTRY + 1, _DIRECTORY_ENTRY):
        entry = directory[place : place + _DIRECTORY_ENTRY]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", entry, 116)
        if name in {"Workbook", "Book"} and length >= mini_cutoff:
            return _chained(data, fat, start, size)[:length]
    raise KeyError("Workbook")


def _chained(data: bytes, fat: list[int], sector: int, size: int) -> bytes:
    parts = []
    while sector < _END_OF_CHAIN and len(parts) <= len(fat):
        parts.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = fat[sector]
    return b"".join(parts)


def xlsb_marks(sheet: bytes) -> Marks:
    """Of one sheet part; what was found before a record that does not parse."""
    marks, row = Marks(), 0
    try:
        for kind, body in _xlsb_records(sheet):
            if kind == 0x00:  # BrtRowHdr
                row = struct.unpack_from("<I", body)[0] + 1
                if body[11] & 0x10:
                    marks.hidden_rows.add(row)
            elif kind in {0x03, 0x0B}:  # BrtCellError, BrtFmlaError
                column = struct.unpack_from("<I", body)[0] + 1
                marks.errors.append((row, column, ERRORS.get(body[8], _UNKNOWN)))
            elif kind == 0x3C and body[16] & 0x01:  # BrtColInfo
                first, last = struct.unpack_from("<II", body)
                marks.hidden_columns |= set(range(first + 1, min(last, 16_383) + 2))
    except (struct.error, IndexError):
        pass
    return marks


def _xlsb_records(sheet: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(sheet):
        kind = sheet[place]
        place += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (sheet[place] & 0x7F) << 7
            place += 1
        size = shift = 0
        while True:
            size |= (sheet[place] & 0x7F) << shift
            shift += 7
            place += 1
            if not sheet[place - 1] & 0x80 or shift > 21:
                break
        yield kind, sheet[place : place + size]
        place += size


def xlsb_sheet_names(workbook: bytes) -> list[str]:
    """Relation ids of the sheets in the order of the workbook; what was found before a record that does not parse."""
    found = []
    try:
        for kind, body in _xlsb_records(workbook):
            if kind == 0x9C:  # BrtBundleSh
                length = struct.unpack_from("<I", body, 8)[0]
                found.append(body[12 : 12 + 2 * length].decode("utf-16-le", "replace"))
    except (struct.error, IndexError):
        pass
    return found
