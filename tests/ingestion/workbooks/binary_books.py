"""Small .xls (BIFF8 in an OLE file) and .xlsb workbooks made by hand: nothing here that runs writes them any more.

A cell is a text, a number, or an Error.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass(frozen=True)
class Error:
    """An error cell: 0x07 is #DIV/0!, 0x17 #REF!, 0x2A #N/A."""

    code: int
    is_formula: bool = False


Cell = str | float | int | Error
Rows = Sequence[Sequence[Cell]]


def xls(sheets: dict[str, Rows], *, hidden: Sequence[str] = ()) -> bytes:
    """A BIFF8 workbook in an OLE file."""
    bof = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    sheet_bof = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    codepage = _biff(0x0042, struct.pack("<H", 1200))
    bodies = [sheet_bof + _xls_cells(rows) + _biff(0x000A, b"") for rows in sheets.values()]

    def bound(name: str, offset: int) -> bytes:
        state = 1 if name in hidden else 0
        return _biff(
            0x0085, struct.pack("<IBB", offset, state, 0) + struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
        )

    length = len(bof + codepage) + sum(len(bound(name, 0)) for name in sheets) + len(_biff(0x000A, b""))
    offsets = [length + sum(map(len, bodies[:i])) for i in range(len(bodies))]
    head = bof + codepage + b"".join(map(bound, sheets, offsets)) + _biff(0x000A, b"")
    return _ole(b"Workbook", head + b"".join(bodies))


def _biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _xls_cells(rows: Rows) -> bytes:
    width = max(map(len, rows))
    out = [_biff(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            place = struct.pack("<HHH", r, c, 0)
            if isinstance(value, Error) and value.is_formula:
                result = bytes([2, 0, value.code, 0, 0, 0, 0xFF, 0xFF])
                out.append(_biff(0x0006, place + result + struct.pack("<HIH", 0, 0, 0)))
            elif isinstance(value, Error):
                out.append(_biff(0x0205, place + bytes([value.code, 1])))
            elif isinstance(value, str):
                if value:
                    text = value.encode("utf-16-le")
                    out.append(_biff(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text))
            else:
                out.append(_biff(0x0203, place + struct.pack("<d", value)))
    return b"".join(out)


def _ole(name: bytes, stream: bytes) -> bytes:
    """One stream of at least 4096 bytes: FAT in sector 0, directory in sector 1, the stream behind."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    chain = [FAT, END, *range(3, 2 + count), END]
    fat = struct.pack(f"<{SECTOR // 4}I", *chain, *[FREE] * (SECTOR // 4 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = title.encode("utf-16-le") + b"\0\0"
        body = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + struct.pack("<III", FREE, FREE, child)
        return body + b"\0" * 36 + struct.pack("<IQ", start, size)

    empty = b"\0" * 64 + struct.pack("<HBB", 0, 0, 0) + struct.pack("<III", FREE, FREE, FREE) + b"\0" * 48
    directory = entry("Root Entry", 5, 1, END, 0) + entry(name.decode(), 2, FREE, 2, len(stream)) + empty * 2
    return header + fat + directory + stream


def xlsb(sheets: dict[str, Rows]) -> bytes:
    """An xlsb workbook with the texts in its cells."""
    bundles = b""
    relations = []
    parts = {}
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        bundles += _record(0x9C, struct.pack("<II", 0, number) + _wide(f"rId{number}") + _wide(name))
        relations.append(
            f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships'
            f'/worksheet" Target="worksheets/sheet{number}.bin"/>'
        )
        parts[f"xl/worksheets/sheet{number}.bin"] = _xlsb_sheet(rows)
    workbook = _record(0x83, b"") + _record(0x8F, b"") + bundles + _record(0x90, b"") + _record(0x84, b"")
    parts["xl/workbook.bin"] = workbook
    parts["xl/_rels/workbook.bin.rels"] = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{''.join(relations)}</Relationships>"
    ).encode()
    parts["[Content_Types].xml"] = (
        b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        b'<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def _record(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([(kind & 0x7F) | 0x80, kind >> 7])
    size = len(body)
    length = b""
    while True:
        length += bytes([(size & 0x7F) | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _xlsb_sheet(rows: Rows) -> bytes:
    width = max(map(len, rows))
    out = [_record(0x81, b""), _record(0x94, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1)), _record(0x91, b"")]
    for r, row in enumerate(rows):
        out.append(_record(0x00, struct.pack("<IIHHBI", r, 0, 300, 0, 0, 0)))
        for c, value in enumerate(row):
            place = struct.pack("<II", c, 0)
            if isinstance(value, Error):
                kind = 0x0B if value.is_formula else 0x03
                out.append(_record(kind, place + bytes([value.code]) + (b"\0" * 10 if value.is_formula else b"")))
            elif isinstance(value, str):
                if value:
                    out.append(_record(0x06, place + _wide(value)))
            else:
                out.append(_record(0x05, place + struct.pack("<d", value)))
    return b"".join([*out, _record(0x92, b""), _record(0x82, b"")])
