"""通报 and 督办单: what stands in the Word file is what the release says, cell by cell, set as official papers are."""

import io
import shutil
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from typer.testing import CliRunner

from app.app_pages.ledger import with_labels
from app.bulletin import bulletin as make_bulletin
from app.context import RunContext
from app.filling import fill
from app.paper_charts import completeness, lights, pictures
from app.papers import promise_frame, share
from app.pictures import chinese_font
from app.presenting import present
from app.queries import commitments
from app.queries.core import release_info
from app.ranking import ranked_units
from app.word_papers import bulletin_paper, notice_papers, zipped
from ingestion.releases import Release, Releases, connect
from ingestion.settings import load_settings
from orchestration.cli import app
from orchestration.reporting import SHIPPED, ReportError, releases_of, write_bulletin, write_notices
from tests.app.showcase import HOSTILE
from tests.app.test_app_pages import opened, text

run = CliRunner().invoke
LIGHTS = "红黄绿蓝灰"
ROOTS = """
from fct_attainments as a
inner join fct_commitments as c on a.commitment_id = c.commitment_id
where a.is_root and a.evaluation_date = (select max(evaluation_date) from fct_attainments)
"""


def asked(release: Release, sql: str) -> list[tuple[Any, ...]]:
    with connect(release) as con:
        con.execute("set schema = 'marts'")
        return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def bulletin(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The 通报 of the showcase, opened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_HOME", str(home))
        (file,) = write_bulletin(load_settings().paths, None, tmp_path_factory.mktemp("papers")).files
    assert file.name == "督查通报_2020-10_第1版.docx"
    return Document(str(file))


def rows_under(document: Any, head: str) -> list[list[str]]:
    """The rows of the table whose header has this cell, without the header."""
    for table in document.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if head in rows[0]:
            return rows[1:]
    raise AssertionError(head)


def test_the_bulletin_says_whose_it_is_and_of_when(bulletin: Any) -> None:
    lines = [paragraph.text for paragraph in bulletin.paragraphs]
    assert lines[:4] == [
        "演示数据：不代表任何单位的实际工作", "2020年10月教育重点工作督查通报",
        "演示市教育局　制表日期：2020年10月20日", "依据第1版，数据截至2020年10月20日",
    ]  # fmt: skip
    assert "第1版　数据截至2020年10月20日" in bulletin.sections[0].footer.paragraphs[0].text


def test_lights_by_plan_and_in_total_are_those_of_the_release(bulletin: Any, release: Release) -> None:
    counts = ", ".join(f"count(*) filter (where coalesce(a.light, '灰') = '{light}')" for light in LIGHTS)
    plans = asked(release, f"select count(*), {counts} {ROOTS} group by c.document_id order by min(c.region_code)")
    total = asked(release, f"select count(*), {counts} {ROOTS}")
    shown = rows_under(bulletin, "项数")
    assert [row[1:] for row in shown] == [[str(n) for n in row] for row in (*plans, *total)]
    assert shown[-1][0] == "合计"


def test_red_rows_are_those_of_the_release_and_of_the_page(bulletin: Any, at_home: Path, release: Release) -> None:
    red = asked(release, f"""select a.commitment_id, a.deadline_date,
        case when a.deadline_date < a.evaluation_date then '逾期 ' || (a.evaluation_date - a.deadline_date) || ' 天'
        else '剩 ' || (a.deadline_date - a.evaluation_date) || ' 天' end {ROOTS} and a.light = '红'
        order by a.deadline_date, c.start_offset""")  # fmt: skip
    shown = rows_under(bulletin, "差距")
    assert [row[-1] for row in shown] == [f"{day}\n{left}" for _, day, left in red]
    page = text(opened("ledger", light="红"))
    for number, row in enumerate(shown, 1):
        assert row[0] == str(number)
        assert all(cell in page for cell in row[1:3] if cell != "—" and "判定" not in cell), row


def test_changes_since_the_last_month_come_with_their_causes(bulletin: Any, release: Release) -> None:
    changes = asked(
        release, "select from_light, to_light from fct_light_changes order by position(to_light in '红黄绿蓝灰')"
    )
    assert changes
    shown = rows_under(bulletin, "上月")
    assert [(row[3][-1], row[4][-1]) for row in shown] == changes
    assert all(row[5] for row in shown)
    assert any("第1版（数据截至 2020-06-01）相比，" in paragraph.text for paragraph in bulletin.paragraphs)


def test_what_nothing_measures_and_what_was_reported_are_listed(bulletin: Any, release: Release) -> None:
    untold = asked(release, f"select c.quote, a.reason {ROOTS} and a.status = '无数可考' order by c.start_offset")
    assert [(row[1], row[3]) for row in rows_under(bulletin, "承诺原文")] == untold
    due = asked(release, """
        select count(*)::varchar, (count(*) filter (where is_accepted))::varchar
        from fct_submissions inner join dim_forms using (form_code)
        where is_expected
        group by form_code, form_name, period_start_date
        having max(due_date) <= (select max(evaluation_date) from fct_attainments)
        qualify row_number() over (partition by form_code order by period_start_date desc) = 1
        order by form_name""")  # fmt: skip
    assert [tuple(row[2:4]) for row in rows_under(bulletin, "应报")] == due


def test_charts_say_what_the_tables_beside_them_say(bulletin: Any, at_home: Path, release: Release) -> None:
    context = RunContext(release, release_info(release), None, None)
    _, tables = make_bulletin(context, date(2020, 10, 1), [release])
    spec = lights(tables["工作要点"])[0].to_dict()
    drawn = {(row["名"], row["灯"]): row["止"] - row["起"] for row in spec["data"]["values"]}
    printed = {
        (row[0], light): int(cell)
        for row in rows_under(bulletin, "项数")
        if row[0] != "合计"
        for light, cell in zip(LIGHTS, row[2:], strict=True)
    }
    assert drawn == printed
    spec = completeness(tables["报送"])[0].to_dict()
    assert [row["字"] for row in spec["data"]["values"]] == [
        f"{row[4]}（{row[3]}/{row[2]}）" for row in rows_under(bulletin, "收齐率")
    ]
    assert len(bulletin.inline_shapes) == 2
    assert not [p.text for p in bulletin.paragraphs if "{{" in p.text]


def test_without_a_chinese_font_the_paper_says_so(
    monkeypatch: pytest.MonkeyPatch, at_home: Path, release: Release
) -> None:
    def nowhere() -> str:
        return chinese_font((str(at_home),))

    monkeypatch.setattr("app.pictures.chinese_font", nowhere)
    context = RunContext(release, release_info(release), None, None)
    written = Document(io.BytesIO(bulletin_paper(load_settings().paths, context, [release])))
    assert len(written.inline_shapes) == 0
    assert sum("请安装中文字体" in p.text for p in written.paragraphs) == 2


def test_the_pages_hand_out_the_notices_of_the_command(at_home: Path, release: Release, tmp_path: Path) -> None:
    context = RunContext(release, release_info(release), None, None)
    papers, _ = notice_papers(load_settings().paths, context)
    files = write_notices(load_settings().paths, None, "", tmp_path).files
    with zipfile.ZipFile(io.BytesIO(zipped(papers))) as bundle:
        assert sorted(bundle.namelist()) == sorted(file.name for file in files)
        for file in files:
            ours = Document(io.BytesIO(bundle.read(file.name)))
            assert [p.text for p in ours.paragraphs] == [p.text for p in Document(str(file)).paragraphs]


def test_a_hostile_sentence_stays_text(at_home: Path, release: Release) -> None:
    context = RunContext(release, release_info(release), None, None)
    values, tables = make_bulletin(context, date(2020, 10, 1), [release])
    roots = with_labels(commitments.standings(release)).filter(pl.col("commitment_id") == "c05")
    tables["无数可考"] = promise_frame([present(row) for row in roots.to_dicts()])
    written = Document(io.BytesIO(fill(SHIPPED / "通报.docx", values, tables, dict.fromkeys(pictures(tables), "图"))))
    (row,) = rows_under(written, "承诺原文")
    assert row[1].endswith(HOSTILE)
    body = written.element.body
    assert not [*body.iter(qn("w:instrText")), *body.iter(qn("w:hyperlink")), *body.iter(qn("w:drawing"))]


@pytest.mark.parametrize("name", ["通报.docx", "督办单.docx"])
def test_shipped_templates_are_set_as_official_papers(name: str) -> None:
    document = Document(str(SHIPPED / name))
    section = document.sections[0]
    page = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(length / Mm(1)) for length in page if length] == [210, 297, 37, 28]
    fonts = {element.get(qn("w:eastAsia")) for element in document.element.iter(qn("w:rFonts"))}
    assert fonts == {"宋体", "黑体", "仿宋"}
    styles = {style: document.styles[style].element.rPr.rFonts for style in ("Normal", "Heading 1")}
    assert [own.get(qn("w:eastAsia")) for own in styles.values()] == ["仿宋", "黑体"]
    assert not [key for own in styles.values() for key in own.attrib if "Theme" in key]
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_a_notice_lists_what_its_unit_owes(at_home: Path, release: Release, tmp_path: Path) -> None:
    written = write_notices(load_settings().paths, None, "", tmp_path)
    owed = asked(release, f"select c.quote {ROOTS} and a.light in ('红', '黄')")
    quotes = []
    for file in written.files:
        document = Document(str(file))
        rows = rows_under(document, "承诺原文")
        quotes += [row[1] for row in rows]
        assert document.paragraphs[2].text.removesuffix("：").replace(" ", "_") in file.name
        assert any("签字" in paragraph.text for paragraph in document.paragraphs)
    assert len(quotes) == len(owed) - written.unnamed
    assert set(quotes) <= {quote for (quote,) in owed}


def test_the_command_tells_what_it_wrote_and_what_to_do(own_home: Path, tmp_path: Path) -> None:
    done = run(app, ["report", "--month", "2020-10", "--out", str(tmp_path / "会议")])
    assert (done.exit_code, [p.suffix for p in (tmp_path / "会议").iterdir()]) == (0, [".docx"])
    assert "依据第1版，数据截至 2020-10-20；演示数据" in done.stderr
    assert run(app, ["report", "--template-out", str(tmp_path / "通报.docx")]).exit_code == 0
    assert (tmp_path / "通报.docx").read_bytes() == (SHIPPED / "通报.docx").read_bytes()
    for arguments, told in (
        (["--month", "2020-11"], "数据中没有 2020-11：现存各版的评价日期在 2020-10"),
        (["--month", "十月"], "请写成 YYYY-MM"),
        (["--notices", "--unit", "没有的科"], "没有名为“没有的科”的单位"),
        (["--unit", "人事科"], "--notices"),
        (["--template-out", str(tmp_path / "通报.docx")], "已经存在"),
    ):
        failed = run(app, ["report", *arguments])
        assert failed.exit_code == 2
        assert told in failed.stderr
    own = own_home / "config" / "templates" / "通报.docx"
    own.parent.mkdir()
    document = Document(str(SHIPPED / "通报.docx"))
    document.add_paragraph("{{局长}}")
    document.save(str(own))
    failed = run(app, ["report"])
    assert "没有占位符 {{局长}}" in failed.stderr
    shutil.rmtree(own_home / "releases")
    assert "尚未发布" in run(app, ["report"]).stderr


def test_places_are_shared_and_nobody_is_first_and_last() -> None:
    lights = {"甲": "蓝绿", "乙": "蓝绿", "丙": "蓝红", "丁": "黄红", "戊": "灰"}
    rows = [{"owner": o, "region_name": None, "light": x} for o, own in lights.items() for x in own]
    front, back, note = ranked_units(pl.DataFrame(rows, schema_overrides={"region_name": pl.String}), 3)
    assert front.select("名次", "责任单位", "蓝绿占比").rows() == [
        ("1", "乙", "100.0%"), ("1", "甲", "100.0%"), ("3", "丙", "50.0%"),
    ]  # fmt: skip
    assert back["责任单位"].to_list() == ["丁"]
    assert "并列" not in note
    assert share(2999, 3000) == "99.9%"


def test_a_month_has_its_last_release_and_nothing_that_was_rolled_back(own_home: Path) -> None:
    releases, paths = Releases(own_home / "releases"), load_settings().paths
    first = releases.resolve()
    for day in ("2020-10-31", "2020-11-20"):
        releases.publish(first.path, first.info() | {"evaluation_date": day})
    october, november = date(2020, 10, 1), date(2020, 11, 1)
    assert [release.sequence for release in releases_of(paths, october)] == [1, 2]
    assert [release.sequence for release in releases_of(paths, november)] == [3]
    assert [release.sequence for release in releases_of(paths, None)] == [3]
    releases.rollback(2)
    assert [release.sequence for release in releases_of(paths, None)] == [1, 2]
    with pytest.raises(ReportError, match="没有 2020-11：现存各版的评价日期在 2020-10"):
        releases_of(paths, november)
