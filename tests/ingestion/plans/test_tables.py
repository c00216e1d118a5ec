"""Indicator tables in text: cells with tabs, wide blanks, or one a line."""

# ruff: noqa: E501 - tables of Chinese wording, counted double-width

from __future__ import annotations

import pytest

from ingestion.plans.commitments import extract_commitments

TABBED = "2023年主要指标\n序号\t指标名称\t单位\t2022年完成\t2023年目标\n1\t学前毛入园率\t%\t90.2\t92\n2\t大班额比例\t%\t2.1\t≤1.5\n3\t新增学位\t万个\t0.5\t0.8\n"
WIDE = (
    "2023年主要指标\n指标名称      单位    2022年   2023年\n学前毛入园率    %    "
    "90.2    92\n大班额比例    %    2.1    ≤1.5\n新增学位    万个   0.5    0.8\n"
)
LINES = "2023年主要指标\n指标\n2022年\n2023年\n属性\n学前毛入园率（%）\n90.2\n92\n预期性\n大班额比例（%）\n2.1\n≤1.5\n约束性\n新增学位（万个）\n0.5\n0.8\n预期性\n"


@pytest.mark.parametrize("text", [TABBED, WIDE, LINES])
def test_target_columns_become_commitments(text):
    found = extract_commitments(text)
    assert [(c.indicator, c.number_text, c.operator, c.value, c.unit, c.baseline, str(c.deadline)) for c in found] == [
        ("学前毛入园率", "92", ">=", 92, "%", 90.2, "2023-12-31"),
        ("大班额比例", "1.5", "<=", 1.5, "%", 2.1, "2023-12-31"),
        ("新增学位", "0.8", "increase", 8000, "个", 0.5, "2023-12-31"),
    ]


def test_a_task_table_gives_its_rows_their_date():
    text = "2023年任务表\n任务\t目标要求\t责任单位\t完成时限\n学校建设\t新建小学3所\t计财科\t9月底前\n"
    (c,) = extract_commitments(text)
    assert (c.number_text, str(c.deadline)) == ("3所", "2023-09-30")


TITLE = "某市教育发展规划（2021—2025年）\n专栏1 主要指标\n"
ROWS = [
    ("学前三年毛入园率", "%", "89.2", "95"),
    ("义务教育巩固率", "%", "96.1", "98以上"),
    ("在园幼儿数", "万人", "3.2", "3.6"),
    ("总体近视率", "%", "52", "≤48"),
]
HEADS = ("指标", "单位", "2020年", "2025年")


def laid_out(
    between: str, heads: tuple[str, ...] = HEADS, *, numbered: bool, groups: bool = False, line: str = "\n"
) -> str:
    """The rows with `between` parting cells, optionally numbered and under group headings."""
    rows = [((str(i),) if numbered else ()) + row for i, row in enumerate(ROWS, 1)]
    head = (("序号",) if numbered else ()) + heads
    written = [between.join(head)]
    for i, row in enumerate(rows):
        if groups and i % 2 == 0:
            written.append(f"{'一二三'[i // 2]}、普及水平")
        written.append(between.join(row))
    return TITLE + line.join(written) + "\n第三章 主要任务\n坚持立德树人。\n"


@pytest.mark.parametrize(
    "text",
    [
        laid_out("\t", numbered=False),
        laid_out("\t", numbered=True),
        laid_out("   ", numbered=True),
        laid_out(" ", numbered=True),
        laid_out(" | ", numbered=False),
        laid_out("\n", numbered=False),
        laid_out("\n", numbered=True),
        laid_out("\n", numbered=True, groups=True),
        laid_out("\n", ("指标名称", "单位", "2020年", "现状值", "2025年", "目标值"), numbered=False),
        laid_out("\n", ("指标", "单位", "2020年实际", "2025年目标"), numbered=True),
        laid_out("\t", ("主要指标", "计量单位", "基期值", "2025年"), numbered=True),
    ],
)
def test_a_table_reads_the_same_however_it_was_flattened(text):
    found = extract_commitments(text)
    assert [(c.indicator, c.value, c.operator, c.unit, str(c.deadline)) for c in found] == [
        ("学前三年毛入园率", 95, ">=", "%", "2025-12-31"),
        ("义务教育巩固率", 98, ">=", "%", "2025-12-31"),
        ("在园幼儿数", 36000, "==", "人", "2025-12-31"),
        ("总体近视率", 48, "<=", "%", "2025-12-31"),
    ]


def test_a_sum_over_the_years_stands_for_a_target_that_a_row_leaves_out():
    heads = "序号\n指标\n2020年\n2025年\n年均增速[累计]\n属性\n"
    rows = "1\n毛入园率（%）\n89.2\n95\n[5.8]\n预期性\n2\n新增学位（万个）\n—\n—\n[4.5]\n预期性\n"
    found = extract_commitments(TITLE + heads + rows)
    assert [(c.indicator, c.value) for c in found] == [("毛入园率", 95), ("新增学位", 45000)]


@pytest.mark.parametrize("between", ["\t", "\n"])
def test_a_date_column_dates_its_row_and_no_other(between):
    heads = ("序号", "工作任务", "具体目标", "责任科室", "完成时限")
    rows = [
        ("1", "学校建设", "新增学位1080个", "计财科", "8月31日前"),
        ("2", "教师招聘", "公开招聘教师96名", "人事科", "全年"),
        ("3", "教师培训", "培训校长60人次", "人事科", "5月底前"),
    ]
    text = "某区2023年重点工作任务分解表\n" + "\n".join(between.join(row) for row in (heads, *rows)) + "\n"
    found = extract_commitments(text)
    assert [(c.number_text, str(c.deadline)) for c in found] == [
        ("1080个", "2023-08-31"),
        ("96名", "2023-12-31"),
        ("60人次", "2023-05-31"),
    ]


def test_a_column_under_a_half_year_is_due_then():
    text = "2023年任务表\n重点任务\t年度目标\t上半年进度\n学校改造\t改造食堂73所\t改造40所\n"
    found = extract_commitments(text)
    assert [(c.number_text, str(c.deadline)) for c in found] == [("73所", "2023-12-31"), ("40所", "2023-06-30")]


@pytest.mark.parametrize("cells", [("1", "新增公办学位", "个", "", "3000", "预期性"), ("1", "新增公办学位", "个", "", "3000"),
                                   ("", "新增公办学位", "个", "—", "3000", "预期性")])  # fmt: skip
def test_an_empty_cell_keeps_its_column(cells: tuple[str, ...]):
    head = "序号\t指标名称\t单位\t2020年\t2025年\t属性"
    first = "2\t九年义务教育巩固率\t%\t95\t96\t约束性"
    found = extract_commitments("某县“十四五”教育发展主要指标\n" + "\n".join((head, first, "\t".join(cells))) + "\n")
    assert [(c.indicator, c.value, c.unit) for c in found] == [
        ("九年义务教育巩固率", 96, "%"), ("新增公办学位", 3000, "个")
    ]  # fmt: skip


PLAN = "某县教育事业发展“十三五”规划（2016—2020年）\n"


def cells(text: str) -> list[tuple[str | None, str | None, str | None, float | None, float | None, str | None]]:
    return [
        (c.indicator, c.number_text, c.operator, c.value, c.value_high, c.unit)
        for c in extract_commitments(text)
        if c.number_text
    ]


def test_category_lines_part_a_table_and_own_its_bare_names():
    text = (
        PLAN + "序号\t指标名称\t单位\t2015年\t2020年\t属性\n一、学前教育\n1\t毛入园率\t%\t75.2\t＞85\t预期性\n"
        "二、义务教育\n2\t在校学生数\t万人\t6.8\t7.4\t预期性\n3\t56人以上大班额比例\t%\t31.5\t＜5\t约束性\n"
    )
    assert cells(text) == [
        ("学前教育毛入园率", "85", ">=", 85, None, "%"),
        ("义务教育在校学生数", "7.4", "==", 74000, None, "人"),
        ("56人以上大班额比例", "5", "<=", 5, None, "%"),
    ]


def test_a_cell_of_two_figures_and_a_cell_of_a_range():
    text = (
        PLAN + "指标\t2015年\t2020年\n百生计算机（台，小学/初中）\t6.1/8.4\t10/12\n在校生数（万人）\t3.5\t3.6-3.8\n"
        "特岗教师占比（%）\t—\t45左右\n"
    )
    assert cells(text) == [
        ("小学百生计算机", "10", "==", 10, None, "台"),
        ("初中百生计算机", "12", "==", 12, None, "台"),
        ("在校生数", "3.6-3.8", "range", 36000, 38000, "人"),
        ("特岗教师占比", "45左右", "==", 45, None, "%"),
    ]


TASKS = "某县2024年重点工作任务分解表\n"


def due(text: str) -> list[tuple[str | None, str]]:
    return [(c.number_text, str(c.deadline)) for c in extract_commitments(text) if c.number_text]


def test_a_number_that_spans_rows_of_a_task_table_of_one_cell_a_line():
    text = TASKS + (
        "序号\n重点任务\n具体措施\n牵头科室\n完成时限\n1\n学位建设\n新建小学3所。\n基建科\n6月底\n改扩建幼儿园4所。\n"
        "基建科\n第三季度\n2\n队伍建设\n招聘教师60名。\n人事科\n2024.5\n3\n平安校园\n更换监控600个。\n安全科\n持续推进\n"
    )
    assert due(text) == [("3所", "2024-06-30"), ("4所", "2024-09-30"), ("60名", "2024-05-31"), ("600个", "2024-12-31")]


def test_rows_without_numbers_end_with_their_time():
    text = TASKS + (
        "重点任务\n工作举措\n责任科室\n完成时限\n学位建设\n新建小学3所。\n基建科\n2024.8\n队伍建设\n招聘教师60名。\n人事科\n7月底前\n"
    )
    assert due(text) == [("3所", "2024-08-31"), ("60名", "2024-07-31")]
