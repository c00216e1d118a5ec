"""Workbooks as no one would make them on purpose: random shapes, features and broken XML, the same for the same seed.

Here: making the bytes. Not here: what is expected of reading them (test_robustness.py).
"""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange

from tests.ingestion.workbooks.building import FORMS, KINDERGARTEN, SECOND, template_rows

WORDS = [
    "学校", "合计", "小计", "—", "0", "-5", "(3)", "１２", "95.3%", "2020年9月", "=1+1", "<b>", "\u202e反", "😀", "…",
    "报告期：", "表号", "姓名", "注：", "a" * 300, "", " ", "'", "nan", "inf", "1e999", "True", "在园幼儿数", "1/3",
]  # fmt: skip
ODD_NUMBERS: list[Any] = [0, -1, 1e15, 1e300, -1e-300, 0.1 + 0.2, 3.0e17, 2**53, 1e24, 123456789012345678]
SHEET_NAMES = ["表", "'单引号", "a&b<c>", "😀" * 15, "Sheet 1", " 空格 ", "=SUM", "数据-2020", "x" * 31]


def value(draw: random.Random) -> Any:
    kind = draw.randrange(8)
    if kind == 0:
        return draw.choice(ODD_NUMBERS)
    if kind == 1:
        return draw.randint(0, 3000)
    if kind == 2:
        return draw.random()
    if kind == 3:
        return draw.choice([True, False])
    if kind == 4:
        return datetime(1900, 1, 1) + timedelta(days=draw.randrange(60_000), seconds=draw.randrange(86_400))  # noqa: DTZ001
    if kind == 5:
        return ""
    return draw.choice(WORDS)


def grid(draw: random.Random) -> list[list[Any]]:
    """A form with holes, repeats, shuffles and turns, or a table of no known form."""
    if draw.random() < 0.3:
        width = draw.randint(1, 12)
        return [[value(draw) for _ in range(width)] for _ in range(draw.randint(0, 25))]
    code = draw.choice(list(FORMS))
    width = len(FORMS[code].elements)
    rows = [KINDERGARTEN, SECOND] if code == "kindergarten" else []
    rows = [*rows, *[[value(draw) for _ in range(width)] for _ in range(draw.randint(0, 6))]]
    table = template_rows(code, *rows, period=draw.choice(["2020年9月", "2020年秋季学期", "十三月", ""]))
    for _ in range(draw.randint(0, 4)):
        draw.choice(BENDS)(draw, table)
    return table


def _repeat_row(draw: random.Random, table: list[list[Any]]) -> None:
    table.insert(draw.randrange(len(table) + 1), list(draw.choice(table)) if table else [])


def _drop_row(draw: random.Random, table: list[list[Any]]) -> None:
    if table:
        table.pop(draw.randrange(len(table)))


def _spoil_cell(draw: random.Random, table: list[list[Any]]) -> None:
    row = draw.choice(table) if table else []
    if row:
        row[draw.randrange(len(row))] = value(draw)


def _split_header(draw: random.Random, table: list[list[Any]]) -> None:
    table.insert(min(3, len(table)), [draw.choice(["", "计", "其中女", "人"]) for _ in range(8)])


def _turn(draw: random.Random, table: list[list[Any]]) -> None:
    body, width = table[2:], max(map(len, table), default=0)
    table[2:] = [[row[c] if c < len(row) else "" for row in body] for c in range(width)]


def _shift(draw: random.Random, table: list[list[Any]]) -> None:
    for row in table:
        row[:0] = [""] * draw.choice([1, 1, 2])


BENDS: list[Callable[[random.Random, list[list[Any]]], None]] = [
    _repeat_row, _drop_row, _spoil_cell, _spoil_cell, _split_header, _turn, _shift,
]  # fmt: skip


def xlsx_bytes(draw: random.Random) -> bytes:
    """A valid workbook with whatever features a workbook may have."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"nan_inf_to_errors": True, "strings_to_formulas": draw.random() < 0.3})
    styles = [
        book.add_format({"num_format": f}) for f in ("0%", "yyyy-mm-dd", "@", "[h]:mm", '"约"0.0"万"', "0.00E+00")
    ]
    for number in range(draw.randint(1, 3)):
        sheet = book.add_worksheet((draw.choice(SHEET_NAMES)[:29] + str(number)).replace("'", "’"))
        for r, row in enumerate(grid(draw)):
            for c, cell in enumerate(row):
                _write(draw, sheet, (r, c), cell, styles)
        for _ in range(draw.randint(0, 3)):
            draw.choice(FEATURES)(draw, book, sheet)
    if draw.random() < 0.1:
        book.add_chartsheet()
    if draw.random() < 0.2:
        book.define_name("范围", "=#REF!$A$1")
    book.close()
    return buffer.getvalue()


def _write(draw: random.Random, sheet: Any, place: tuple[int, int], cell: Any, styles: list[Any]) -> None:
    style = draw.choice([None, None, *styles])
    if isinstance(cell, datetime | date):
        sheet.write_datetime(*place, cell, styles[1])
    elif draw.random() < 0.05:
        sheet.write_formula(*place, "=1/0", style, draw.choice([0, "", "#DIV/0!", 3]))
    elif cell != "":
        sheet.write(*place, cell, style)


def _merge(draw: random.Random, book: Any, sheet: Any) -> None:
    row, column = draw.randrange(30, 60), draw.randrange(12)
    with suppress(OverlappingRange):
        sheet.merge_range(row, column, row + draw.randint(1, 3), column + draw.randint(0, 3), "合并")


def _hide(draw: random.Random, book: Any, sheet: Any) -> None:
    sheet.set_row(draw.randrange(8), None, None, {"hidden": True})
    sheet.set_column(3, 4, None, None, {"hidden": True})


def _annotate(draw: random.Random, book: Any, sheet: Any) -> None:
    sheet.write_comment(2, 2, "批注")
    sheet.write_rich_string(20, 3, "粗", book.add_format({"bold": True}), "体", "字")
    sheet.write_url(21, 3, "external:C:\\别处.xlsx#表!A1")
    sheet.data_validation(3, 3, 9, 3, {"validate": "list", "source": ["是", "否"]})
    sheet.conditional_format(0, 0, 9, 9, {"type": "data_bar"})


def _wide(draw: random.Random, book: Any, sheet: Any) -> None:
    sheet.write(draw.choice([0, 2, 5]), 16_383, "很远")


def _giant(draw: random.Random, book: Any, sheet: Any) -> None:
    sheet.write(25, 0, draw.choice(["长", "1", "x\n"]) * draw.choice([2_000, 30_000 // 2]))


FEATURES = [_merge, _hide, _annotate, _wide, _giant]
_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}
_RAW_CELLS = [b'<c r="A3"><v>NaN</v></c>', b'<c r="ZZ1" t="b"><v>1</v></c>', b'<c t="s"><v>99999</v></c>', b"<c/>"]
_RAW_CELLS += [b'<c r="B4" t="d"><v>2020-02-30</v></c>', b'<c r="B5" t="e"><v>#SPILL!</v></c>', b'<c r="C3"><f/></c>']
_RAW_CELLS += [
    b'<c r="D4"><v>1E400</v></c>',
    b'<c r="D5" t="inlineStr"><is><t>x</t></is></c>',
    b'<c r="D6"><v>-1</v></c>',
]


def mutated(draw: random.Random, data: bytes) -> bytes:
    """The workbook with one part of its XML changed, moved, cut or missing."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw.choice(list(parts))
    kind = draw.randrange(7)
    if kind == 0:
        del parts[name]
    elif kind == 1:
        parts[name] = parts[name][: draw.randrange(len(parts[name]) + 1)]
    elif kind == 2:
        parts = {n: _strict(content) for n, content in parts.items()}
    elif kind == 3:
        sheet = "xl/worksheets/sheet1.xml"
        cell = b'<row r="%d">%s</row></sheetData>' % (draw.randint(1, 90), draw.choice(_RAW_CELLS))
        parts[sheet] = parts[sheet].replace(b"</sheetData>", cell)
    elif kind == 4:
        numbers = re.findall(rb'"\d+"', parts[name])
        if numbers:
            parts[name] = parts[name].replace(draw.choice(numbers), b'"%d"' % draw.choice([-1, 0, 7, 2**31, 10**30]), 1)
    elif kind == 5:
        parts["xl/pivotCache/pivotCacheDefinition1.xml"] = b"<pivotCacheDefinition/>"
        parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
    else:
        spoiled = bytearray(parts[name])
        for _ in range(draw.randint(1, 4)):
            spoiled[draw.randrange(len(spoiled))] = draw.randrange(256)
        parts[name] = bytes(spoiled)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return buffer.getvalue()


def _strict(content: bytes) -> bytes:
    for transitional, strict in _STRICT.items():
        content = content.replace(transitional, strict)
    return content


def csv_bytes(draw: random.Random) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=draw.choice(",\t;"), lineterminator=draw.choice(["\r\n", "\n", "\r"]))
    writer.writerows(grid(draw))
    data = stream.getvalue().encode(draw.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"]), "replace")
    return data[: draw.randrange(len(data) + 1)] if draw.random() < 0.2 else data


def ods_bytes(draw: random.Random) -> bytes:
    cells = ['<table:table-cell table:number-columns-repeated="16384"/>']
    cells += ['<table:table-cell office:value-type="percentage" office:value="0.953"/>']
    cells += ['<table:table-cell office:value-type="date" office:date-value="1899-12-01"/>']
    cells += [
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
        "<table:covered-table-cell/>",
    ]
    rows = ""
    for row in grid(draw):
        body = "".join(
            f"<table:table-cell office:value-type='string'><text:p>{_escaped(v)}</text:p></table:table-cell>"
            for v in row
        )
        times = draw.choice([1, 1, 1, 3])
        rows += (
            f'<table:table-row table:number-rows-repeated="{times}">{body}{draw.choice(["", *cells])}</table:table-row>'
        )
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
    return buffer.getvalue()


def _escaped(cell: Any) -> str:
    return str(cell).replace("&", "&amp;").replace("<", "&lt;").replace("\b", "")


def odd_file(seed: int) -> tuple[str, bytes]:
    """(name, bytes) of the odd file of this seed."""
    draw = random.Random(seed)
    kind = draw.randrange(10)
    if kind == 0:
        return f"{seed}.csv", csv_bytes(draw)
    if kind == 1:
        return f"{seed}.ods", ods_bytes(draw)
    data = xlsx_bytes(draw)
    return f"{seed}.xlsx", mutated(draw, data) if kind < 6 else data
