"""上报: the page says what `duban check` says, hands in what `duban submit` hands in, and writes nothing else."""

import io
import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from app import uploading
from app.app_pages import upload
from app.context import RunContext
from app.queries import uploads
from ingestion.arrivals import Arrivals
from ingestion.config.loader import applied_config
from ingestion.releases import Releases
from ingestion.settings import load_settings
from ingestion.workbooks.checking import check_file
from ingestion.workbooks.forms import load_forms
from tests.app.test_app_pages import opened, text
from tests.ingestion.workbooks.building import template_rows, xlsx

SCHOOL, OTHER = "9900010001", "9900020001"
GOOD = [90, 3, 12, 10, 4, 15, 1200]


@pytest.fixture
def run(own_home: Path) -> RunContext:
    release = Releases(own_home / "releases").resolve()
    Arrivals(own_home / "arrivals").all("workbook")  # makes the register, whose numbers go on after the release's
    with sqlite3.connect(own_home / "arrivals" / "register.sqlite") as register:
        register.execute("insert into sqlite_sequence values ('attempts', ?)", [uploads.last_file_id(release)])
    return RunContext(release, release.info(), None, None)


def workbook(school: str = SCHOOL, values: Sequence[float] = GOOD, period: str = "2020年9月") -> bytes:
    name = uploading.reporters(None)[school]
    return xlsx(template_rows("kindergarten", [school, name, *values], period=period, unit=name))


def files(home: Path) -> dict[str, int]:
    """Files and when they changed. The log is left out: it is put in order when the fixture's connection is let go."""
    found = {str(p.relative_to(home)): p.stat().st_mtime_ns for p in home.rglob("*") if p.is_file()}
    return {name: at for name, at in found.items() if not name.startswith("registry.sqlite")}


def test_findings_are_those_of_the_command_and_checking_writes_nothing(own_home: Path, tmp_path: Path) -> None:
    data = workbook(values=[90, 3, 12, 20, 4, 15, -5])
    before = files(own_home)
    checked = uploading.examine(data, "表.xlsx")
    assert files(own_home) == before
    path = tmp_path / "表.xlsx"
    path.write_bytes(data)
    known = applied_config(load_settings().paths.config)
    assert known is not None
    commanded = check_file(path, load_settings(), known.reporters())
    path.unlink()
    columns = ["finding_id", "cell", "severity", "message", "fix"]
    assert checked.findings.select(columns).sort(columns).equals(commanded.findings.select(columns).sort(columns))
    cells = {cell["cell"] for group in upload.grouped(checked.findings) for cell in group["cells"]}
    assert {"I4"} <= cells
    assert sum(len(group["cells"]) for group in upload.grouped(checked.findings)) == checked.findings.height


def test_handing_in_keeps_the_bytes_counts_the_attempt_and_gives_a_receipt(run: RunContext, own_home: Path) -> None:
    first, second = workbook(), workbook(values=[91, *GOOD[1:]])
    before = files(own_home)
    made = [
        uploading.hand_in(run, data, "表.xlsx", uploading.examine(data, "表.xlsx")) for data in (first, second, first)
    ]
    assert [r.arrival.is_new for r in made] == [True, True, False]
    counts = [r.times[0][1] for r in made]
    assert counts[1] == counts[0] + 1
    assert counts[2] == counts[0]
    kept = Arrivals(own_home / "arrivals").all("workbook")
    assert [a.path.read_bytes() for a in kept] == [first, second]
    changed = {name for name, at in files(own_home).items() if before.get(name) != at}
    assert {name.split("/")[0] for name in changed} == {"arrivals"}
    paper = Document(io.BytesIO(uploading.receipt_paper(run, made[1], uploading.reporters(None), load_forms())))
    words = "\n".join(
        [*(p.text for p in paper.paragraphs), *(c.text for t in paper.tables for r in t.rows for c in r.cells)]
    )
    assert made[1].arrival.sha256 in words
    assert f"第 {counts[1]} 次" in words
    assert "2020年9月" in words
    assert "{{" not in words


@pytest.mark.parametrize(
    ("form", "reporter", "told"),
    [
        ("basic", "", "您选的是《中小学统计月报表》"),
        ("kindergarten", OTHER, "不是您选的单位"),
        ("kindergarten", SCHOOL, None),
    ],
)
def test_the_wrong_form_or_unit_is_said_with_what_to_do(
    own_home: Path, form: str, reporter: str, told: str | None
) -> None:
    checked = uploading.examine(workbook(), "表.xlsx")
    refused = upload.refusal(checked, load_forms()[form], reporter, uploading.reporters(None))
    if told is None:
        assert refused is None
        return
    assert refused is not None
    assert told in refused[0]
    assert refused[1].startswith("请")


def test_units_outside_a_persons_region_are_not_taken(own_home: Path) -> None:
    checked = uploading.examine(workbook(OTHER), "表.xlsx")
    allowed = uploading.reporters(None, frozenset({"990001"}))
    assert SCHOOL in allowed
    refused = upload.refusal(checked, None, "", allowed)
    assert refused is not None
    assert OTHER in refused[0]


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("加密.xlsx", OLE + "EncryptedPackage".encode("utf-16-le").ljust(4096, b"\0"), "设有打开密码"),
        ("表.et", OLE.ljust(4096, b"\0"), "不接收 .et 格式"),
        ("表.wps", OLE.ljust(4096, b"\0"), "不接收 .wps 格式"),
        ("表.doc", OLE + "WordDocument".encode("utf-16-le").ljust(4096, b"\0"), "这是 Word 文档（.doc）"),
        ("表.zip", zipped({"甲.xlsx": b"x"}), "这是压缩包"),
        ("坏.xlsx", b"PK\x03\x04not a workbook", ""),
    ],
)
def test_what_is_no_workbook_is_refused_in_the_words_of_the_command(
    own_home: Path, tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    checked = uploading.examine(data, name)
    refused = upload.refusal(checked, None, "", {})
    assert upload.unreadable(name, len(data), 64) is None
    path = tmp_path / name
    path.write_bytes(data)
    commanded = check_file(path, load_settings(), None)
    assert refused is not None
    assert commanded.reason
    assert told in commanded.reason
    fix = commanded.findings["fix"][0]
    assert refused == (f"整份不能入库：{commanded.reason.removesuffix(f'；{fix}')}", fix)


def test_a_file_that_swells_is_refused_by_what_it_becomes(own_home: Path) -> None:
    bomb = zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>",
                   "xl/worksheets/sheet1.xml": bytes(600 * 2**20)})  # fmt: skip
    assert len(bomb) < 2**20
    refused = upload.refusal(uploading.examine(bomb, "炸弹.xlsx"), None, "", {})
    assert refused is not None
    assert "解压后超过体积上限" in refused[0]


def test_files_too_large_are_not_looked_into() -> None:
    large = upload.unreadable("表.xlsx", 65 * 2**20, 64)
    assert large is not None
    assert "超过 64 MB" in large[0]
    assert upload.unreadable("表.XLSX", 64 * 2**20, 64) is None


def test_the_blank_template_names_the_school_and_reads_back_without_a_finding(own_home: Path) -> None:
    name = uploading.reporters(None)[SCHOOL]
    book = openpyxl.load_workbook(io.BytesIO(uploading.blank(load_forms()["kindergarten"], SCHOOL, name)))
    sheet = book.worksheets[0]
    assert [sheet["A4"].value, sheet["B4"].value] == [SCHOOL, name]
    sheet["B2"] = "报告期：2020年9月"
    for column, value in enumerate(GOOD, 3):
        sheet.cell(4, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    assert uploading.examine(buffer.getvalue(), "模板.xlsx").findings.is_empty()


def test_the_page_lists_earlier_attempts_and_what_stays_open(own_home: Path) -> None:
    page = opened("upload", unit=f"{uploading.reporters(None)[SCHOOL]}（{SCHOOL}）")
    shown = text(page)
    assert "以前的报送" in shown
    assert "还没有改的问题" in shown
    assert "没能打开" not in shown
