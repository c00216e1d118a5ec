"""The pdf reader on small made-up documents (tests/fixtures/documents/build.py makes them)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.plans.document import Document, UnreadablePlan, read_document

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "documents"


def read(name: str) -> Document:
    return read_document((FIXTURES / name).read_bytes(), name)


def paragraphs(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.paragraphs]


def test_columns_are_read_one_after_the_other() -> None:
    found = paragraphs(read("columns.pdf"))
    assert [text[:2] for text in found[2:]] == ["一、", "二、", "三、", "四、", "五、"]
    assert found[2].endswith("年内新建学校3所，扩充学位1500个。")
    assert found[3].endswith("体质健康及格率达到96%以上。")


def test_what_stands_below_the_columns_is_read_after_both() -> None:
    found = paragraphs(read("mixed.pdf"))
    assert [text[:2] for text in found[-8:]] == ["一、", "二、", "三、", "四、", "五、", "指标", "近视", "表后"]


def test_a_table_over_pages_is_one_table_with_one_header() -> None:
    document = read("table.pdf")
    rows = [p for p in document.paragraphs if p.kind == "表格行"]
    assert [p.locator for p in rows] == [f"第{1 if n <= 22 else 2}页表1第{n}行" for n in range(1, 42)]
    assert document.text[rows[0].start : rows[0].end] == "序号\t指标\t目标"
    assert document.text[rows[40].start : rows[40].end] == "40\t第40项指标的名称\t90%"


def test_a_row_that_a_page_end_parts_is_one_row_under_one_head() -> None:
    found = [text.split("\t") for text in paragraphs(read("split.pdf"))[1:]]
    assert found[0] == ["序号", "任务", "目标值", "", "责任科室"]
    assert found[1] == ["序号", "任务", "2030年", "2031年", "责任科室"]
    assert [row[0] for row in found[2:]] == [str(n) for n in range(1, 13)]
    assert all(row[1].startswith("统筹城乡") and row[1].endswith(f"改造第{row[0]}批校舍") for row in found[2:])
    assert [row[4] for row in found[2:6]] == ["科室1", "科室1", "科室3", "科室3"]  # merged downwards


def test_a_table_without_rules_keeps_its_columns() -> None:
    found = paragraphs(read("unruled.pdf"))
    assert found[-5:-1] == [
        "指标\t单位\t2030年\t2031年目标", "学前毛入园率\t%\t95.2\t96", "校际差异系数\t\t0.52\t0.48",
        "新增公办学位\t个\t1200\t3000",
    ]  # fmt: skip


def test_running_heads_and_page_numbers_are_dropped() -> None:
    document = read("table.pdf")
    others = [document.text[p.start : p.end] for p in document.paragraphs if p.kind != "表格行"]
    assert others == ["云溪区2031年教育工作要点", "指标见下表。", "表后的一段。"]
    assert document.paragraphs[-1].locator == "第2页第1段"


def test_a_scan_says_that_it_needs_ocr() -> None:
    with pytest.raises(UnreadablePlan) as caught:
        read("scanned.pdf")
    assert "需OCR" in caught.value.reason


def without_pages(trailer: bytes, *more: bytes) -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", *more), 1):
        offsets.append(len(data))
        data += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(offsets) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % count + table + b"trailer<</Size %d/Root 1 0 R" % count + trailer
    return data + b">>\nstartxref\n%d\n%%%%EOF" % data.index(b"xref\n")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            without_pages(
                b"/Encrypt 3 0 R/ID[<00><00>]",
                b"<</Filter/Standard/V 1/R 2/P -60/O<" + b"ab" * 32 + b">/U<" + b"cd" * 32 + b">>>",
            ),
            "密码",
        ),
        (without_pages(b""), "一页也没有"),
    ],
)
def test_a_file_without_a_page_or_with_a_password_says_so(data: bytes, says: str) -> None:
    with pytest.raises(UnreadablePlan) as caught:
        read_document(data, "a.pdf")
    assert says in caught.value.reason


def test_offsets_and_locators_agree_with_the_text() -> None:
    for name in ("columns.pdf", "table.pdf"):
        document = read(name)
        ends = [0, *(p.end + 1 for p in document.paragraphs)]
        assert [p.start for p in document.paragraphs] == ends[:-1]
        assert all(document.text[p.start : p.end].strip() for p in document.paragraphs)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_damage_that_costs_text_is_refused_and_leaves_no_text_in_the_log(
    share: float, caplog: pytest.LogCaptureFixture
) -> None:
    data = bytearray((FIXTURES / "table.pdf").read_bytes())
    first, last = data.index(b"stream\n") + 7, data.index(b"endstream")
    at = first + int(share * (last - first))
    data[at : at + 20] = b"\0" * 20
    with pytest.raises(UnreadablePlan) as caught:
        read_document(bytes(data), "a.pdf")
    assert "损坏" in caught.value.reason
    assert caplog.text == ""
