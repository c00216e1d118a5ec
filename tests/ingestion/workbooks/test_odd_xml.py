"""XML as other programs than Excel write it: read cell for cell alike, with no error or uncomputed formula lost."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from ingestion.workbooks.containers import Budget
from ingestion.workbooks.headers import Recogniser
from ingestion.workbooks.reader import read_workbook
from ingestion.workbooks.readings import FileReading
from tests.ingestion.workbooks.building import FORMS, KINDERGARTEN, SECOND, template_rows, text, xlsx

ROWS = template_rows("kindergarten", KINDERGARTEN, SECOND)
PLAIN = xlsx(ROWS)
BOOK, SHEET, STRINGS = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
SPREADSHEET, OFFICE = b"http://schemas.openxmlformats.org/spreadsheetml", b"http://schemas.openxmlformats.org/office"
CELL = b'<c r="C4"><v>90</v></c>'
Parts = dict[str, bytes]


def read(data: bytes, name: str = "表.xlsx") -> FileReading:
    return read_workbook(data, name, Recogniser(FORMS), Budget(64 << 20, 5_000_000))


def changed(*changes: Callable[[Parts], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for change in changes:
        change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def inline_texts(parts: Parts) -> None:
    texts = re.findall(rb"<si>(.*?)</si>", parts.pop(STRINGS), re.DOTALL)

    def inlined(match: re.Match[bytes]) -> bytes:
        return b'<c r="%s" t="inlineStr"><is>%s</is></c>' % (match[1], texts[int(match[2])])

    parts[SHEET] = re.sub(rb'<c r="(\w+)"(?: s="\d+")? t="s"><v>(\d+)</v></c>', inlined, parts[SHEET])


def no_addresses(parts: Parts) -> None:
    parts[SHEET] = re.sub(rb'<(c|row) r="\w+"', rb"<\1", parts[SHEET])


def prefixed(parts: Parts) -> None:
    for name in (SHEET, BOOK, STRINGS):
        named = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", parts[name])
        parts[name] = named.replace(b'xmlns="', b'xmlns:x="')


def strict_names(parts: Parts) -> None:
    for name, content in parts.items():
        book = content.replace(SPREADSHEET + b"/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        parts[name] = book.replace(OFFICE + b"Document/2006/", b"http://purl.oclc.org/ooxml/officeDocument/")


def backslashes(parts: Parts) -> None:
    for name in list(parts):
        parts[name.replace("/", "\\")] = parts.pop(name)


def rows_upside_down(parts: Parts) -> None:
    head, body, foot = re.split(rb"(?<=<sheetData>)(.*)(?=</sheetData>)", parts[SHEET], flags=re.DOTALL)
    parts[SHEET] = head + b"".join(reversed(re.findall(rb"<row.*?</row>", body, re.DOTALL))) + foot


def without(name: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        del parts[name]

    return change


def with_cell(cell: bytes) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        assert CELL in parts[SHEET]
        parts[SHEET] = parts[SHEET].replace(CELL, cell)

    return change


@pytest.mark.parametrize(
    "change",
    [
        inline_texts, no_addresses, prefixed, strict_names, backslashes, rows_upside_down, without("xl/styles.xml"),
        without("[Content_Types].xml"), without("xl/theme/theme1.xml"),
    ],
)  # fmt: skip
def test_the_same_cells_are_read(change: Callable[[Parts], None]) -> None:
    one, other = read(PLAIN).sheets[0], read(changed(change)).sheets[0]
    assert (other.values, other.rows, other.received) == (one.values, one.rows, one.received)
    assert other.problems == []


@pytest.mark.parametrize("also", [None, no_addresses, prefixed, backslashes])
@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (b'<c r="C4" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        (b'<c t = "e" r="C4"><v>#REF!</v></c>', "#REF!"),
        (b'<c r="c4" t="e"><v>#N/A</v></c>', "#N/A"),
        (b'<c r="C4"><f>1+1</f></c>', "（公式没有计算结果）"),
        (b'<c r="C4">\n <f t="shared" si="0"/>\n <v></v>\n</c>', "（公式没有计算结果）"),
        (b'<c r="C4"><v>abc</v></c>', "abc"),
    ],
)
def test_no_error_and_no_formula_without_a_value_is_a_blank(
    cell: bytes, shown: str, also: Callable[[Parts], None] | None
) -> None:
    changes = [with_cell(cell), *([also] if also else [])]
    sheet = read(changed(*changes)).sheets[0]
    assert sheet.values[2] == [shown, 60.0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (without(STRINGS), "FILE02"),
        (without("xl/_rels/workbook.xml.rels"), "FILE02"),
        (with_cell(b'<c r="C4" t="s"><v>999</v></c>'), "FILE02"),
        (lambda parts: parts.update({"xl/styles.xml": parts["xl/styles.xml"][:300]}), "FILE02"),
        (lambda parts: parts.update({SHEET: parts[SHEET].decode().encode("utf-16")}), "FILE09"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(change: Callable[[Parts], None], code: str) -> None:
    refusal = read(changed(change)).refusal
    assert refusal is not None
    assert refusal.code == code


def test_errors_far_below_the_table_are_counted_each() -> None:
    column = [b'<row r="%d"><c r="C%d" t="e"><v>#N/A</v></c></row>' % (n, n) for n in range(100, 2_000)]
    far = lambda parts: parts.update(  # noqa: E731
        {SHEET: parts[SHEET].replace(b"</sheetData>", b"".join(column) + b"</sheetData>")}
    )
    sheet = read(changed(far)).sheets[0]
    assert sheet.received == read(PLAIN).sheets[0].received + len(column)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (text(ROWS).encode("utf-16-le"), "a.csv", ""),
        (b"\xfe\xff" + text(ROWS).encode("utf-16-be"), "a.csv", ""),
        (("sep=;\n" + text(ROWS, ";")).encode(), "a.csv", ""),
        (text(ROWS).encode("utf-32"), "a.csv", "FILE03"),
        (b"a\0b,c\n1,2", "a.csv", "FILE03"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "a.xls", "FILE05"),
    ],
)
def test_texts_of_every_width_are_read_or_refused(data: bytes, name: str, expected: str) -> None:
    reading = read(data, name)
    if expected:
        assert reading.refusal is not None
        assert reading.refusal.code == expected
    else:
        assert reading.sheets[0].values[2] == ["90", "60"]
