"""A Word template: placeholders become text and nothing else, rows repeat, what is wrong is named."""

import io
from pathlib import Path

import polars as pl
import pytest
from docx import Document
from docx.shared import Pt

from app.filling import TemplateError, fill

ROWS = pl.DataFrame({"名": ["甲 {{单位}}", "=1+1"], "数": ["1", "<w:p/>"]})
VALUES = {"单位": "演示局", "空": "", "乱": "a\x00b\tc"}


def template(tmp_path: Path, *texts: str) -> Path:
    """A paragraph a text, each cut into runs at `|`; then a table with a repeated row."""
    document = Document()
    for text in texts:
        paragraph = document.add_paragraph()
        for number, part in enumerate(text.split("|")):
            paragraph.add_run(part).font.size = Pt(10 + number)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table.rows[1].cells, ("{{逐行:表}}{{名}}", "{{数}}·{{单位}}"), strict=True):
        cell.text = text
    document.sections[0].footer.paragraphs[0].text = "制表：{{单位}}"
    path = tmp_path / "模板.docx"
    document.save(str(path))
    return path


def filled(path: Path, rows: pl.DataFrame = ROWS) -> Document:
    return Document(io.BytesIO(fill(path, VALUES, {"表": rows})))


def test_values_fill_paragraphs_rows_and_footers_and_are_never_read_again(tmp_path: Path) -> None:
    document = filled(template(tmp_path, "由{{|单|位}}制，{{ 乱 }}", "{{空}}", "不变"))
    assert [p.text for p in document.paragraphs] == ["由演示局制，a b c", "不变"]
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells == [["", ""], ["甲 {{单位}}", "1·演示局"], ["=1+1", "<w:p/>·演示局"]]
    assert document.sections[0].footer.paragraphs[0].text == "制表：演示局"


def test_a_replacement_keeps_the_look_of_its_first_run(tmp_path: Path) -> None:
    runs = filled(template(tmp_path, "由{{|单位}}|制")).paragraphs[0].runs
    assert [(run.text, run.font.size) for run in runs] == [("由演示局", Pt(10)), ("", Pt(11)), ("制", Pt(12))]


def test_a_table_without_rows_says_so(tmp_path: Path) -> None:
    rows = filled(template(tmp_path), ROWS.clear()).tables[0].rows
    assert [[cell.text for cell in row.cells] for row in rows] == [["", ""], ["无", ""]]


@pytest.mark.parametrize(
    ("text", "told"),
    [("{{单 位}}", "没有占位符 {{单 位}}"), ("见{{单位", "没有写完整"), ("{{名}}", "没有占位符 {{名}}")],
)
def test_what_is_wrong_in_a_template_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(TemplateError, match=r"模板\.docx") as raised:
        filled(template(tmp_path, text))
    assert told in str(raised.value)


def test_an_unknown_table_and_a_file_that_is_no_docx_are_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="没有名为“表”的表；可用：红灯"):
        fill(template(tmp_path), VALUES, {"红灯": ROWS})
    path = tmp_path / "坏.docx"
    path.write_bytes(b"not a zip")
    with pytest.raises(TemplateError, match="读不出来"):
        filled(path)
