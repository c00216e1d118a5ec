"""xls, xlsb, ods and Big5 read like xlsx, errors and hidden columns included; and what a file's name may declare."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.workbooks.containers import Budget
from ingestion.workbooks.forms import load_forms
from ingestion.workbooks.handback.records import LIST_SHEET
from ingestion.workbooks.headers import Recogniser
from ingestion.workbooks.reader import read_workbook
from ingestion.workbooks.readings import FileReading
from ingestion.workbooks.texts import decode
from tests.ingestion.workbooks.binary_books import Error, xls, xlsb
from tests.ingestion.workbooks.building import KINDERGARTEN, SECOND, Home, template_rows, text, xlsx

FORMS = load_forms()
ROWS = template_rows("kindergarten", KINDERGARTEN, SECOND)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def read(data: bytes, name: str) -> FileReading:
    return read_workbook(data, name, Recogniser(FORMS), Budget(1 << 28, 5_000_000))


def ods(rows: list[list[Any]], columns: str = "") -> bytes:
    """A cell that is a str of XML stands as it is."""

    def cell(value: Any) -> str:
        if isinstance(value, str) and value.startswith("<"):
            return value
        if value == "":
            return "<table:table-cell/>"
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    calc = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f'<?xml version="1.0"?><office:document-content{names}{calc}><office:body><office:spreadsheet>'
        f'<table:table table:name="表">{columns}{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<?xml version="1.0"?><m:manifest xmlns:m="{space}"/>')
    return buffer.getvalue()


@pytest.mark.parametrize("made", ["xls", "xlsb", "ods"])
def test_other_formats_read_cell_for_cell_like_xlsx(made: str) -> None:
    data = {"xls": xls({"表1": ROWS}), "xlsb": xlsb({"表1": ROWS}), "ods": ods(ROWS)}[made]
    one, other = read(xlsx(ROWS), "a.xlsx").sheets[0], read(data, f"a.{made}").sheets[0]
    assert (other.values, other.rows, other.received) == (one.values, one.rows, one.received)
    assert (other.period, other.problems) == (date(2020, 9, 1), [])


ODS_ERRORS = {
    0x07: '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>',
    0x17: '<table:table-cell table:formula="of:=x" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>',
}


@pytest.mark.parametrize("made", ["xls", "xlsb", "ods"])
def test_error_cells_of_other_formats_are_no_silent_blanks(home: Home, made: str) -> None:
    def with_errors(first: Any, second: Any) -> list[list[Any]]:
        return template_rows("kindergarten", [*KINDERGARTEN[:2], first, second, *KINDERGARTEN[4:]])

    plain = with_errors(Error(0x07), Error(0x17, is_formula=True))
    data = {"xls": xls, "xlsb": xlsb}[made]({"表": plain}) if made != "ods" else ods(
        with_errors(ODS_ERRORS[0x07], ODS_ERRORS[0x17])
    )  # fmt: skip
    home.put(f"a.{made}", data)
    home.take_in()
    found = home.landing.read("intake__findings").sort("cell")
    assert found.select("rule_code", "cell", "raw_value").rows() == [
        ("KG001", "C4", "#DIV/0!"),
        ("KG001", "D4", "#REF!"),
    ]


def hidden_column_books() -> dict[str, bytes]:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(ROWS)))
    book.worksheets[0].column_dimensions["D"].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    columns = (
        '<table:table-column table:number-columns-repeated="3"/><table:table-column table:visibility="collapse"/>'
        '<table:table-column table:number-columns-repeated="5"/>'
    )
    return {"xlsx": stream.getvalue(), "ods": ods(ROWS, columns)}


@pytest.mark.parametrize("made", ["xlsx", "ods"])
def test_hidden_columns_are_kept_and_doubted(home: Home, made: str) -> None:
    home.put(f"a.{made}", hidden_column_books()[made])
    home.take_in()
    assert home.values("classes") == {"2130000001": Decimal(3), "2130000002": Decimal(2)}
    assert home.findings() == [("HID02", "D4")]


TRADITIONAL = ["學校代碼,學校名稱,學生數\n0001,市立建國國小,100\n", "代碼,校名,班級數,男,女,合計\n1,私立,1,2,3,5\n"]
SIMPLIFIED = ["学校标识码,学校名称,在校生数（人）\n2130000001,甲第一小学,90\n", "合计\n"]  # not to be written in Big5


@pytest.mark.parametrize(
    ("encoding", "written"),
    [(encoding, text) for encoding in ("gb18030", "utf-8") for text in TRADITIONAL + SIMPLIFIED]
    + [("big5", text) for text in TRADITIONAL],
)
def test_double_byte_text_is_told_apart_by_its_common_characters(encoding: str, written: str) -> None:
    assert decode(written.encode(encoding)) == written


@pytest.mark.parametrize(
    ("name", "period", "rules"),
    [
        ("幼儿园2020年9月.xlsx", date(2020, 9, 1), ["PER01"]),
        ("表【报告期：2020年9月】.xlsx", date(2020, 9, 1), []),
        ("2020/08/幼儿园.xlsx", None, ["STR05"]),
    ],
)
def test_a_period_may_stand_in_the_files_name(name: str, period: date | None, rules: list[str]) -> None:
    rows = [ROWS[0], ["表号：KG-2020"], *ROWS[2:]]
    sheet = read(xlsx(rows), name).sheets[0]
    assert sheet.period == period
    assert [p.code for p in sheet.problems] == rules


def test_the_sheet_itself_outranks_the_files_name() -> None:
    sheet = read(xlsx(ROWS), "表【报告期：2020年8月】【填报单位：乙】.xlsx").sheets[0]
    assert (sheet.period, sheet.reporter) == (date(2020, 9, 1), "甲一幼儿园")


def test_the_list_that_was_handed_back_is_no_report(home: Home) -> None:
    listed = [["请改正后报送"], ["问题编号", "工作表"], ["f" * 16, "表1"]]
    home.put("a.xlsx", xlsx(ROWS, listed, names=["表1", LIST_SHEET]))
    assert home.take_in().findings == 0
    alone = read(xlsx(listed, names=[LIST_SHEET]), "b.xlsx")
    assert alone.refusal is not None
    assert alone.refusal.code == "FILE01"


def test_a_partial_correction_replaces_only_the_cells_it_gives(home: Home) -> None:
    home.put("a.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN, SECOND)))
    home.put(
        "b部分更正.xlsx", xlsx(template_rows("kindergarten", [*KINDERGARTEN[:2], 95, *[""] * 6])), "2020-10-09 08:00:00"
    )
    home.take_in()
    submissions = home.landing.read("forms__submissions").sort("reporter_code", "attempt_no")
    assert submissions.select("reporter_code", "submission_state", "is_current").rows() == [
        ("2130000001", "已收", True),
        ("2130000001", "部分更正", True),
        ("2130000002", "已收", True),
    ]
    given = home.landing.read("forms__values").filter(file_id=2)["element_code"].to_list()
    assert given == ["school_code", "school_name", "pupils"]


def test_a_partial_correction_of_nothing_does_not_count(home: Home) -> None:
    head = template_rows("kindergarten", [*KINDERGARTEN[:2], 95, *[""] * 6])
    head[1].append("报送方式：部分更正")
    home.put("a.xlsx", xlsx(head))
    home.take_in()
    states = home.landing.read("forms__submissions").select("submission_state", "is_current").rows()
    assert states == [("部分更正", False)]


def test_a_name_that_is_anothers_is_doubted_and_the_code_decides(home: Home) -> None:
    home.put("a.xlsx", xlsx(template_rows("kindergarten", ["2130000001", "甲二幼儿园", *KINDERGARTEN[2:]])))
    home.take_in()
    assert home.findings() == [("NAM01", "B4")]
    assert home.values("pupils") == {"2130000001": Decimal(90)}
    assert "2130000002" in home.landing.read("intake__findings")["message"][0]


def test_a_finding_keeps_its_id_from_attempt_to_attempt(home: Home) -> None:
    bad = [*KINDERGARTEN[:2], -1, *KINDERGARTEN[3:]]
    home.put("a.xlsx", xlsx(template_rows("kindergarten", bad, SECOND)))
    home.put("第二次.csv", text(template_rows("kindergarten", SECOND, bad)).encode(), "2020-10-09 08:00:00")
    home.take_in()
    findings = home.landing.read("intake__findings").sort("file_id")
    assert findings["cell"].to_list() == ["C4", "C5"]
    assert findings["finding_id"].n_unique() == 1
