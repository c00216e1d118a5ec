"""Files as people and attackers really make them: each is read right or refused with a reason, never a crash."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.sandbox import Failure, Limits, Pool
from ingestion.workbooks.containers import Budget, inspect
from ingestion.workbooks.headers import Recogniser
from ingestion.workbooks.periods import parse_period
from ingestion.workbooks.reader import read_workbook
from ingestion.workbooks.readings import FileReading
from ingestion.workbooks.row_kinds import row_kind
from tests.ingestion.workbooks.building import FORMS, KINDERGARTEN, SECOND, template_rows, text, xlsx

RECOGNISER = Recogniser(FORMS)
BUDGET = Budget(64 << 20, 5_000_000)
GOOD = template_rows("kindergarten", KINDERGARTEN)


def read(data: bytes, name: str = "表.xlsx") -> FileReading:
    return read_workbook(data, name, RECOGNISER, BUDGET)


def refusal(data: bytes, name: str = "表.xlsx") -> str:
    problem = read(data, name).refusal
    assert problem is not None
    assert problem.fix
    return problem.code


def codes(reading: FileReading) -> list[str]:
    return [problem.code for sheet in reading.sheets for problem in sheet.problems]


def repacked(data: bytes, changes: dict[str, bytes], *, more: dict[str, bytes] | None = None) -> bytes:
    """The workbook with parts rewritten: `changes` maps part → bytes to put instead."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(data: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(SHEET)


def with_cell(reference: str) -> bytes:
    data = xlsx(GOOD)
    row = "".join(filter(str.isdigit, reference))
    cell = f'<row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>'.encode()
    return repacked(data, {SHEET: sheet_xml(data).replace(b"</sheetData>", cell)})


def test_a_far_cell_is_refused_before_any_reader_allocates_the_sheet() -> None:
    assert refusal(with_cell("XFD1048576")) == "FILE10"
    assert refusal(with_cell("A9999999")) == "FILE10"
    single = with_cell("XFD1048576")
    hidden = sheet_xml(single).replace(b'"XFD1048576"', b"'XFD1048576'").replace(b'r="A1"', b"r='A1'")
    assert refusal(repacked(single, {SHEET: hidden})) == "FILE10"


def test_a_far_cell_without_its_own_address_is_refused_by_its_row() -> None:
    data = xlsx(GOOD)
    cells = b'<row r="1048576">' + b"<c><v>1</v></c>" * 9 + b"</row></sheetData>"
    assert refusal(repacked(data, {SHEET: sheet_xml(data).replace(b"</sheetData>", cells)})) == "FILE10"


def test_many_blank_formatted_rows_are_no_reason_to_refuse() -> None:
    data = xlsx(GOOD)
    blank = b"".join(b'<row r="%d"><c r="A%d" s="0"/><c r="ZZ%d" s="0"/></row>' % (n, n, n) for n in range(10, 20_000))
    reading = read(repacked(data, {SHEET: sheet_xml(data).replace(b"</sheetData>", blank + b"</sheetData>")}))
    assert codes(reading) == []
    assert reading.sheets[0].rows == [4]


def test_a_wrong_dimension_tag_loses_no_row() -> None:
    data = xlsx(template_rows("kindergarten", *[[f"21{n:08d}", "园", *SECOND[2:]] for n in range(300)]))
    xml = sheet_xml(data)
    start = xml.index(b"<dimension")
    wrong = xml[:start] + b'<dimension ref="A1"/>' + xml[xml.index(b"/>", start) + 2 :]
    assert len(read(repacked(data, {SHEET: wrong})).sheets[0].rows) == 300


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", SHEET, "xl/styles.xml", "docProps/core.xml", "[Content_Types].xml"]
)
def test_a_doctype_in_any_part_is_refused(part: str) -> None:
    data = xlsx(GOOD)
    content = zipfile.ZipFile(io.BytesIO(data)).read(part)
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    declared = content.replace(b"?>", b"?>" + entity, 1)
    assert refusal(repacked(data, {part: declared})) == "FILE09"


def test_zip_bombs_lying_headers_and_floods_of_members_are_refused() -> None:
    data = xlsx(GOOD)
    assert refusal(repacked(data, {}, more={"xl/media/a.bin": b"\0" * (70 << 20)})) == "FILE08"
    lying = bytearray(repacked(data, {}, more={"xl/media/a.bin": b"\0" * (8 << 20)}))
    place = lying.rindex(b"xl/media/a.bin") - 46
    struct.pack_into("<I", lying, place + 24, 10)
    assert refusal(bytes(lying)) == "FILE08"
    assert refusal(repacked(data, {}, more={f"xl/x{n}": b"" for n in range(6000)})) == "FILE08"


def test_a_lying_count_of_texts_is_refused_before_room_is_made_for_them() -> None:
    data = xlsx(GOOD)
    strings = zipfile.ZipFile(io.BytesIO(data)).read("xl/sharedStrings.xml")
    lying = strings.replace(b'uniqueCount="', b'uniqueCount="99999999')
    assert refusal(repacked(data, {"xl/sharedStrings.xml": lying})) == "FILE02"


def test_an_honest_file_that_packs_well_is_read() -> None:
    rows = template_rows("kindergarten", *[[f"21{n:08d}", "园" * 20, *SECOND[2:]] for n in range(3000)])
    assert len(read(xlsx(rows)).sheets[0].rows) == 3000


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "FILE01"),
        (b"\0" * 4096, "a.xlsx", "FILE01"),
        (b"PK\x03\x04 not a zip", "a.xlsx", "FILE02"),
        (OLE, "a.xls", "FILE02"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "FILE06"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.doc", "FILE04"),
        (OLE + "Workbook".encode("utf-16-le"), "a.et", "FILE04"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.wps", "FILE04"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "FILE05"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "a.xls", "FILE05"),
        (b"<?xml version='1.0'?><Workbook/>", "a.xls", "FILE05"),
        (b"%PDF-1.7 ...", "a.xlsx", "FILE04"),
        (zipped(word__document_dot_xml=b"<a/>"), "a.xlsx", "FILE04"),
        (zipped(OFD_dot_xml=b"<a/>"), "a.ofd", "FILE04"),
        (zipped(inner_dot_xlsx=b"x"), "a.zip", "FILE04"),
        (zipped(xl__workbook_dot_xml=b"<a/>", xl__vbaProject_dot_bin=b"x"), "a.xlsm", "FILE07"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.png", "FILE04"),
    ],
)
def test_what_is_no_workbook_is_named_for_what_it_is(data: bytes, name: str, code: str) -> None:
    assert refusal(data, name) == code


def test_an_xls_that_is_really_csv_is_read_as_csv() -> None:
    reading = read(text(GOOD, "\t").encode("gb18030"), "a.xls")
    assert reading.sheets[0].rows == [4]


@pytest.mark.parametrize(
    "data",
    [
        "表号，\ufffd\ufffd报告期".encode(),
        "锟斤拷锟斤拷,1,2".encode(),
        "学校标识码,\0学校名称".encode(),
        b"\xff\xff\xfa\x00\x81",
    ],
)
def test_broken_text_is_refused(data: bytes) -> None:
    assert refusal(data, "a.csv") == "FILE03"


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_every_line_ending_gives_the_same_rows(newline: str) -> None:
    assert read(text(GOOD, newline=newline).encode(), "a.csv").sheets[0].rows == [4]


def test_ragged_rows_and_a_very_long_line_are_read() -> None:
    rows = [*GOOD[:3], [*KINDERGARTEN], [*SECOND[:4]], ["备注：" + "长" * 3_000_000]]
    sheet = read(text(rows).encode(), "a.csv").sheets[0]
    assert sheet.rows == [4, 5]
    assert sheet.values[8] == ["1200", ""]


def test_title_only_and_unknown_forms_are_named() -> None:
    assert codes(read(xlsx([["幼儿园统计月报表"]]))) == ["STR01"]
    assert codes(read(xlsx([["课程表"], ["星期一", "星期二"], ["语文", "数学"]]))) == ["STR01"]
    assert read(xlsx([[""]])).refusal is not None


def test_merged_title_cells_and_rows_below_the_table_do_not_disturb() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in GOOD:
        sheet.append([value if value != "" else None for value in row])
    sheet.merge_cells("A1:I1")
    sheet.merge_cells("C2:D2")
    buffer = io.BytesIO()
    book.save(buffer)
    reading = read(buffer.getvalue())
    assert codes(reading) == []
    assert reading.sheets[0].rows == [4]
    assert reading.sheets[0].period == date(2020, 9, 1)


def test_a_label_and_its_value_may_stand_in_two_cells() -> None:
    rows = [["幼儿园统计月报表"], ["表号", "", "报告期：", date(2020, 9, 30), "填报单位：", "甲一幼儿园"], *GOOD[2:]]
    sheet = read(xlsx(rows)).sheets[0]
    assert (sheet.period, sheet.reporter) == (date(2020, 9, 1), "甲一幼儿园")


def test_values_without_a_header_are_held_not_dropped() -> None:
    rows = template_rows("kindergarten", [*KINDERGARTEN, "旁注"])
    sheet = read(xlsx(rows)).sheets[0]
    assert [p.code for p in sheet.problems] == ["STR06"]
    assert sheet.held == [(4, 10, "旁注")]


def test_a_repeated_header_stops_the_file() -> None:
    header = [h[0] for h in FORMS["kindergarten"].templates[-1].headers.values()]
    rows = template_rows("kindergarten", [*KINDERGARTEN, 91], header=[*header, header[2]])
    assert codes(read(xlsx(rows))) == ["STR03"]


@pytest.mark.parametrize("cut", range(5, 100, 5))
def test_truncated_workbooks_are_refused(cut: int) -> None:
    data = xlsx(GOOD)
    assert refusal(data[: len(data) * cut // 100]) in {"FILE02", "FILE08"}


def test_flipped_bits_never_raise() -> None:
    data = xlsx(GOOD)
    for place in range(0, len(data), 97):
        broken = bytearray(data)
        broken[place] ^= 0x55
        read(bytes(broken))


@pytest.mark.parametrize(
    ("written", "frequency", "expected"),
    [
        ("2020年9月", "月", date(2020, 9, 1)),
        ("２０２０年０９月", "月", date(2020, 9, 1)),
        ("2020-09", "月", date(2020, 9, 1)),
        ("2020.9", "月", date(2020, 9, 1)),
        ("202009", "月", date(2020, 9, 1)),
        ("20200930", "月", date(2020, 9, 1)),
        ("2020年1-9月", "月", None),
        ("二〇二〇年十一月", "月", date(2020, 11, 1)),
        ("2020年10月", "月", date(2020, 10, 1)),
        ("本月", "月", None),
        ("2020年第三季度", "季", date(2020, 7, 1)),
        ("2020年第3季度", "季", date(2020, 7, 1)),
        ("2019-2020学年第二学期", "学期", date(2020, 2, 1)),
        ("2019—2020学年第一学期", "学期", date(2019, 9, 1)),
        ("2020年春季学期", "学期", date(2020, 2, 1)),
        ("2019学年下学期", "学期", date(2020, 2, 1)),
        ("2020年秋季学期", "学期", date(2020, 9, 1)),
        ("2020学年", "学年", date(2020, 9, 1)),
        ("2020年", "年", date(2020, 1, 1)),
    ],
)
def test_periods_as_people_write_them(written: str, frequency: str, expected: date | None) -> None:
    assert parse_period(written, frequency) == expected


@pytest.mark.parametrize(
    ("lead", "kind"),
    [
        ("合计", "合计行"), ("总  计", "合计行"), ("填报人：王某", "联系信息"), ("联系电话：0577-1", "联系信息"),
        ("注：数据截至月底", "说明"), ("合计镇中心小学", ""), ("总后勤部幼儿园", ""),
        ("制表日期：2020年9月1日", "说明"),
    ],
)  # fmt: skip
def test_rows_below_the_header_are_told_apart(lead: str, kind: str) -> None:
    assert row_kind(lead) == kind


def unchecked(setup: Any) -> Any:
    """A child's handler that parses without any pre-check."""
    from python_calamine import CalamineWorkbook

    def handle(path: str) -> int:
        book = CalamineWorkbook.from_filelike(io.BytesIO(Path(path).read_bytes()))
        return len(book.get_sheet_by_index(0).to_python(skip_empty_area=False))

    return handle


def test_a_workbook_that_aborts_the_parser_takes_only_its_own_child(tmp_path: Path) -> None:
    (tmp_path / "bad.xlsx").write_bytes(with_cell("XFD1048576"))
    (tmp_path / "good.xlsx").write_bytes(xlsx(GOOD))
    target = "tests.ingestion.workbooks.test_bad_files:unchecked"
    with Pool(target, None, workers=1, limits=Limits(1024, 20)) as pool:
        tasks = [str(tmp_path / name) for name in ("good.xlsx", "bad.xlsx")]
        done = dict(pair for chunk in pool.run([tasks, tasks[:1]]) for pair in chunk)
    assert isinstance(done[tasks[1]], Failure)
    assert done[tasks[0]] == 5


def moved(data: bytes, sheet: str) -> bytes:
    """The workbook with its first sheet kept under another name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[sheet] = parts.pop(SHEET)
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        parts[name] = parts[name].replace(b"worksheets/sheet1.xml", sheet.removeprefix("xl/").encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("sheet", ["xl/sheets/table.xml", "xl/Worksheets/Sheet1.xml"])
def test_a_sheet_is_checked_wherever_the_workbook_keeps_it(sheet: str) -> None:
    row = ["2130000001", "甲一幼儿园", ("=A1/0", "#DIV/0!"), *KINDERGARTEN[3:]]
    found = read(moved(xlsx(template_rows("kindergarten", row)), sheet)).sheets[0]
    assert found.values[2] == ["#DIV/0!"]
    assert refusal(moved(with_cell("XFD1048576"), sheet)) == "FILE10"


def test_the_reader_sees_the_bytes_that_were_checked() -> None:
    data = xlsx(GOOD)
    checked = inspect(data, "a.xlsx", BUDGET).checked
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(io.BytesIO(checked)) as after:
        assert after.testzip() is None
        assert {name: after.read(name) for name in after.namelist()}.items() <= {
            name: before.read(name) for name in before.namelist()
        }.items()
    wrong = bytearray(data)
    place = wrong.rindex(SHEET.encode()) - 46 + 16
    wrong[place] ^= 1
    assert refusal(bytes(wrong)) == "FILE02"
