"""One table of merged cells in a Word document, a web page and a workbook reads the same; and what its rows promise."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import docx
import openpyxl
import pytest

from ingestion.plans.document import one_line, read_document, said_again
from ingestion.plans.project_tables import day_of
from ingestion.plans.reading import PlanReading, read_plan

TITLE = "青溪县2031年教育重点任务"
# (top, left, height, width) → text; what no entry covers is empty
CELLS = {
    (0, 0, 2, 1): "类别", (0, 1, 2, 1): "指标", (0, 2, 1, 2): "目标值", (0, 4, 2, 1): "单位", (0, 5, 2, 1): "责任单位",
    (0, 6, 2, 1): "完成时限", (1, 2, 1, 1): "2030年", (1, 3, 1, 1): "2031年",
    (2, 0, 2, 1): "普及", (2, 1, 1, 1): "学前毛入园率", (2, 2, 1, 1): "95.2", (2, 3, 1, 1): "96", (2, 4, 1, 1): "%",
    (2, 5, 2, 1): "基教科、学前科", (2, 6, 1, 1): "12月底前",
    (3, 1, 1, 1): "新增公办学位", (3, 3, 1, 1): "3000", (3, 4, 1, 1): "个", (3, 6, 1, 1): "12月底前",
}  # fmt: skip
ROWS = [
    "类别\t指标\t目标值\t\t单位\t责任单位\t完成时限",
    "类别\t指标\t2030年\t2031年\t单位\t责任单位\t完成时限",
    "普及\t学前毛入园率\t95.2\t96\t%\t基教科、学前科\t12月底前",
    "普及\t新增公办学位\t\t3000\t个\t基教科、学前科\t12月底前",
]


def in_word() -> bytes:
    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(rows=4, cols=7)
    for (top, left, height, width), text in CELLS.items():
        cell = table.cell(top, left)
        cell.text = text
        if height > 1 or width > 1:
            cell.merge(table.cell(top + height - 1, left + width - 1))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def in_html() -> bytes:
    covered = {
        (top + i, left + j) for top, left, height, width in CELLS for i in range(height) for j in range(width) if i or j
    }
    rows = []
    for row in range(4):
        cells = []
        for column in range(7):
            if (row, column) in covered:
                continue
            found = next((key for key in CELLS if key[:2] == (row, column)), (row, column, 1, 1))
            cells.append(f"<td rowspan={found[2]} colspan={found[3]}><p>{CELLS.get(found, '')}</p></td>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return f"<html><body><h1>{TITLE}</h1><table>{''.join(rows)}</table></body></html>".encode()


def in_workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    sheet["A1"], sheet["A2"] = "附件2", TITLE
    sheet.merge_cells("A2:G2")
    for (top, left, height, width), text in CELLS.items():
        sheet.cell(top + 3, left + 1, text)
        if height > 1 or width > 1:
            sheet.merge_cells(
                start_row=top + 3, start_column=left + 1, end_row=top + height + 2, end_column=left + width
            )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


FORMATS = pytest.mark.parametrize(("make", "name"), [(in_word, "a.docx"), (in_html, "a.html"), (in_workbook, "a.xlsx")])


@FORMATS
def test_merged_cells_keep_columns_and_say_again_what_they_name(make: Callable[[], bytes], name: str) -> None:
    document = read_document(make(), name)
    assert [document.text[p.start : p.end] for p in document.paragraphs if p.kind == "表格行"] == ROWS
    assert document.title == TITLE


@FORMATS
def test_a_row_gives_value_unit_baseline_and_who_answers(make: Callable[[], bytes], name: str) -> None:
    reading = read_plan(make(), name)
    assert [
        (c.indicator, c.number_text, c.value, c.unit, c.operator, c.baseline, c.responsible_unit, c.deadline)
        for c in reading.commitments
    ] == [
        ("学前毛入园率", "96", 96, "%", ">=", 95.2, "基教科、学前科", date(2031, 12, 31)),
        ("新增公办学位", "3000", 3000, "个", "increase", None, "基教科、学前科", date(2031, 12, 31)),
    ]


def test_a_promise_in_a_merged_cell_is_made_once() -> None:
    assert said_again("学前教育科") == "学前教育科"
    assert said_again("2031年8月底前") == "2031年8月底前"
    assert said_again("新建公办幼儿园4所") == ""
    assert said_again("制定《校园安全办法》") == ""


def test_two_promises_in_a_cell_stay_two_and_a_broken_name_stays_one() -> None:
    assert one_line(["招聘教师60名", "培训校长8名以上"]) == "招聘教师60名；培训校长8名以上"
    assert one_line(["招聘教师60名，", "培训校长8名以上"]) == "招聘教师60名， 培训校长8名以上"
    assert one_line(["义务教育阶段", "大班额比例"]) == "义务教育阶段 大班额比例"


def read(rows: list[str]) -> PlanReading:
    return read_plan("\n".join([TITLE, *rows, ""]).encode(), "a.txt")


def test_the_day_of_a_row_holds_over_projects_outputs_and_cells_of_figures() -> None:
    found = read(
        [
            "序号\t任务\t年度目标\t单位\t完成时限",
            "1\t建成青溪三小\t1\t所\t8月底前",
            "2\t制定《校园安全办法》\t1\t项\t6月底前",
            "3\t项目\t开工松岭中学\t\t9月",
        ]
    ).commitments
    assert {c.milestone or c.output: str(c.deadline) for c in found if c.number_text is None} == {
        "建成": "2031-08-31", "校园安全办法": "2031-06-30", "开工": "2031-09-30"
    }  # fmt: skip
    assert [str(c.deadline) for c in found if c.number_text] == ["2031-08-31", "2031-06-30"]


def test_an_output_ends_where_its_cell_ends() -> None:
    rows = ["序号\t任务\t时限\t科室", "1\t召开全县教育大会\t3月\t办公室", "2\t完成教师轮岗实施方案制定\t6月\t人事科"]
    assert [(c.output, str(c.deadline)) for c in read(rows).commitments] == [
        ("全县教育大会", "2031-03-31"), ("教师轮岗实施方案", "2031-06-30")
    ]  # fmt: skip


def test_a_figure_that_is_to_fall_is_a_ceiling_without_a_sign() -> None:
    rows = [
        "指标\t单位\t2030年\t2031年目标", "总体近视率\t%\t52\t48", "大班额比例\t%\t\t2", "校际差异系数\t\t0.52\t0.48",
        "毛入园率\t%\t92\t95", "近视率降幅\t个百分点\t1\t0.5", "在校生数\t人\t5200\t5000",
    ]  # fmt: skip
    assert [(c.indicator, c.kind, c.operator) for c in read(rows).commitments] == [
        ("总体近视率", "metric", "<="), ("大班额比例", "metric", "<="), ("校际差异系数", "metric", "<="),
        ("毛入园率", "metric", ">="), ("近视率降幅", "metric", ">="), ("在校生数", "count", "=="),
    ]  # fmt: skip


def test_the_number_of_a_row_and_the_word_beside_it_are_no_promise() -> None:
    reading = read(["序号\t类型\t内容\t责任单位", "3\t项目\t开工松岭中学\t计财科", "4\t个人\t招聘教师5名\t人事科"])
    assert [c.number_text for c in reading.commitments if c.kind == "count"] == ["5名"]
    assert {e.label for e in reading.ledger if e.number_text in ("3", "4")} == {"序号"}


PROJECTS = [
    "序号\t项目名称\t建设内容\t总投资（万元）\t开工时间\t竣工时间\t本年进度",
    "1\t松岭中学新建工程\t新建教学楼2栋\t8600\t2031年3月\t2032.8\t主体完工",
    "2\t青溪三小扩建工程\t新增学位540个\t3200\t2030.9\t8月底前\t",
]


def test_the_heads_of_a_project_table_are_the_stages_of_its_rows() -> None:
    reading = read(PROJECTS)
    stones = [c for c in reading.commitments if c.kind == "milestone"]
    assert [(c.projects, c.milestone, c.work_type, str(c.deadline)) for c in stones] == [
        (("松岭中学",), "开工", "新建", "2031-03-31"),
        (("松岭中学",), "建成", "新建", "2032-08-31"),
        (("松岭中学",), "主体完工", None, "2031-12-31"),  # no stage has the day of another
        (("青溪三小",), "建成", "改扩建", "2031-08-31"),  # what began the year before is no promise
    ]
    assert all(reading.document.text[c.start : c.end] == c.quote for c in stones)
    counts = {c.number_text: str(c.deadline) for c in reading.commitments if c.kind == "count"}
    assert counts == {"2栋": "2032-08-31", "540个": "2031-08-31"}
    assert [e.number_text for e in reading.ledger if e.label == "未解析"] == []


def test_a_cell_of_two_projects_names_both_and_a_sum_of_rows_none() -> None:
    rows = ["学校\t计划开工时间\t计划竣工时间", "青溪一中、青溪二中\t2031年3月\t2031年12月", "合计\t2\t2"]
    found = read(rows).commitments
    assert [(c.milestone, c.projects) for c in found] == [
        ("开工", ("青溪一中", "青溪二中")), ("建成", ("青溪一中", "青溪二中"))
    ]  # fmt: skip
    sums = read(["指标\t单位\t2031年目标", "新增小学学位\t个\t600", "新增初中学位\t个\t400", "合计\t个\t1000"])
    assert [c.value for c in sums.commitments] == [600, 400]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2031.8", "2031-08-31"), ("2031-02", "2031-02-28"), ("2031/8/5", "2031-08-05"), ("8月30日", "2031-08-30"),
        ("2032年", "2032-12-31"), ("2032", "2032-12-31"), ("年底前", "2031-12-31"), ("第三季度", "2031-09-30"),
        ("2031年上半年", "2031-06-30"), ("8", None), ("√", None), ("已开工", None), ("2030-2032", None), ("", None),
    ],
)  # fmt: skip
def test_a_cell_names_its_last_day_or_none(cell: str, day: str | None) -> None:
    found = day_of(cell, 2031)
    assert (found and str(found)) == day
