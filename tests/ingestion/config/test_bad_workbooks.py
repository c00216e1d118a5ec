"""A configuration workbook with a fault is refused as a whole, and each fault is named with its cell."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from ingestion.config.problems import ConfigError
from tests.ingestion.config.conftest import Clerk, append

CERTIFIED = {
    "口径版本": "2020", "汇总方式": "总和之比", "数据来源报表": "幼儿园统计月报表", "分子": "持证专任教师数",
    "分母": "专任教师数",
}  # fmt: skip


Fault = tuple[str, str, str, Any, str]
# sheet, a text of the row, header, what is typed, what is said of that cell
FAULTS: list[Fault] = [
    ("学校", "9902010001", "所在区划代码", "990299", "“990299”不在“区划”表中"),
    ("学校", "9902010001", "学校标识码", "99020100", "应为十位数字"),
    ("学校", "9902010001", "学校标识码", "99020100O1", "应为十位数字"),
    ("学校", "9902010003", "学校标识码", "9902010001", "重复"),
    ("学校", "9902010001", "在册学生数", "240", "文字格式的数"),
    ("学校", "9902010001", "在册学生数", 240.5, "不是整数"),
    ("学校", "9902010001", "在册学生数", "二百四", "不是数"),
    ("学校", "9902010001", "开办日期", "去年", "不是日期"),
    ("学校", "9902010001", "开办日期", "2012-09-31", "没有“2012-09-31”这一天"),
    ("学校", "9902010001", "开办日期", 20120901, "不是日期"),
    ("学校", "9902010001", "停办日期", date(2011, 8, 31), "早于开办日期"),
    ("学校", "9902010001", "学校名称", None, "不能为空"),
    ("学校", "9902010001", "学校名称", date(2012, 9, 1), "成了日期"),
    ("学校", "9902010001", "办别", "国有", "不在可填值之内"),
    ("学校", "9902010001", "是否农村", "大概", "应为是或否"),
    ("学校", "9902010002", "并入学校标识码", "9902010099", "不在“学校”表中"),
    ("学校", "9902010002", "停办日期", None, "须填停办日期"),
    ("区划", "990200", "上级区划代码", "990201", "绕回了自己"),
    ("区划", "990201", "区划代码", "99020", "应为六位数字"),
    ("单位", "JY", "上级单位代码", "XQ", "绕回了自己"),
    ("单位", "XQ", "上级单位代码", "XX", "不在“单位”表中"),
    ("单位", "XQ", "失效日期", date(2019, 1, 1), "早于生效日期"),
    ("单位", "XQ", "单位代码", "9902010001", "与一所学校的代码相同"),
    ("指标卡", "area_cv", "分子", "小学用房面积", "不是“义务教育学校办学条件统计表”的指标项"),
    ("指标卡", "area_cv", "权重项", "人数", "不是“义务教育学校办学条件统计表”的指标项"),
    ("指标卡", "area_cv", "分母", None, "必须写明分母"),
    ("指标卡", "area_cv", "数据来源报表", "办学条件", "没有“办学条件”这张表"),
    ("指标卡", "area_cv", "汇总方式", "平均", "不在可填值之内（总和之比、"),
    ("指标卡", "area_cv", "好坏方向", "高", "不在可填值之内（越高越好、越低越好）"),
    ("指标卡", "area_cv", "适用学段", "小学、大学", "含有不认识的词"),
    ("指标卡", "area_cv", "观测截止月", 13, "应在 1 到 12 之间"),
    ("指标卡", "area_cv", "观测截止月", None, "要么都填，要么都留空"),
    ("指标卡", "area_cv", "固定基年", 2020, "基数参照为“固定年”时填写"),
    ("指标卡", "area_cv", "指标名称", "持证比例", "同一范围内已属于"),
    ("指标卡", "area_cv", "别名", "教师持证率", "同一范围内已属于"),
    ("指标卡", "hour", "达标线", None, "必须写明达标线"),
    ("指标卡", "hour", "指标名称", None, "不能为空"),
    ("基数", "certified", "指标代码", "nothing", "不在“指标卡”表中"),
    ("基数", "certified", "基数值", "95.25", "文字格式的数"),
    ("基数", "certified", "基数值", None, "须填基数值"),
    ("基数", "certified", "审批人", None, "不能为空"),
    ("日历", "国庆节", "类型", "休息", "不在可填值之内"),
    ("学期", "第一学期", "结束日期", date(2026, 8, 1), "早于开学日期"),
    ("学年名册", "西山第一幼儿园", "学校标识码或单位代码", "9902019999", "不在“学校”或“单位”表中"),
    ("学年名册", "西山第一幼儿园", "类别", "幼儿园", "不在可填值之内（学校、单位）"),
    ("学年名册", "西山第一幼儿园", "在册截止日期", date(2026, 8, 1), "早于"),
    ("报表期限", "春节顺延", "锁定日期", date(2026, 2, 1), "早于截止日期"),
    ("报表期限", "春节顺延", "报告期首日", date(2026, 1, 15), "应为报告期的第一天"),
    ("报表期限", "春节顺延", "报表", "没有的表", "不是已有的报表"),
    ("用户", "lisi", "角色", "局长", "不在可填值之内"),
    ("用户", "lisi", "区划代码", "110000", "不在“区划”表中"),
    ("免报", "修缮", "学校标识码或单位代码", "9902019999", "不在“学校”或“单位”表中"),
    ("亮灯办法", "书面办法", "黄灯起点", 40, "高于红灯"),
    ("目标集", "own", "学校指标代码", "none", "不在“指标卡”表中"),
    ("目标集", "own", "至少达标项数", 2, "应在 1 到 1"),
    ("目标集", "own", "差异系数指标代码", None, "要么都填，要么都留空"),
]


def rounds() -> list[list[Fault]]:
    """The faults in as few workbooks as leave one fault a sheet: reading a workbook takes a process."""
    by_sheet: dict[str, list[Fault]] = {}
    for fault in FAULTS:
        by_sheet.setdefault(fault[0], []).append(fault)
    return [[fault for fault in faults if fault] for faults in zip_longest(*by_sheet.values())]


@pytest.mark.parametrize("faults", rounds(), ids=lambda faults: faults[0][2])
def test_a_fault_is_named_with_its_cell(clerk: Clerk, faults: list[Fault]) -> None:
    cells = clerk.put_all([fault[:4] for fault in faults])
    problems = clerk.problems()
    for cell, (sheet, _, header, _, says) in zip(cells, faults, strict=True):
        at_cell = [problem for problem in problems if f"配置.xlsx · {sheet} · {cell}「{header}」：" in problem]
        assert any(says in problem for problem in at_cell), (says, problems)
        assert len(at_cell) == 1
    assert clerk.service.versions.numbers() == []


def test_versions_of_a_card_must_not_overlap(clerk: Clerk) -> None:
    cell = clerk.put("指标卡", "certified", "生效日期", date(2025, 12, 31), nth=2)
    assert clerk.problems() == [
        f"配置.xlsx · 指标卡 · {cell}「生效日期」："
        f"“certified”的有效期与第{int(cell[2:]) - 1}行重叠：请填前一行的失效日期"
    ]


def test_a_region_replaced_on_a_day_may_not_overlap_its_successor(clerk: Clerk) -> None:
    row = {"区划代码": "990201", "区划名称": "西山区", "级别": "区县", "生效日期": date(2027, 1, 1)}
    clerk.edit(lambda book: append(book, "区划", row))
    assert any("有效期与第" in problem for problem in clerk.problems())
    clerk.put("区划", "西山县", "失效日期", date(2026, 12, 31))
    regions = clerk.service.read(clerk.path).config.tables["config__regions"]
    assert regions.filter(region_code="990201").height == 2


def test_one_alias_may_serve_two_cards_only_in_different_scopes(clerk: Clerk) -> None:
    twin = CERTIFIED | {"指标代码": "twin", "指标名称": "另一持证率", "别名": "持证比例"}
    clerk.edit(lambda book: append(book, "指标卡", twin))
    assert any("名称或别名“持证比例”" in problem for problem in clerk.problems())
    clerk.put("指标卡", "twin", "适用区划代码", "990201")
    clerk.service.read(clerk.path)


def test_every_fault_is_listed_at_once_and_nothing_is_applied(clerk: Clerk) -> None:
    clerk.put("学校", "9902010001", "所在区划代码", "990299")
    clerk.put("指标卡", "area_cv", "分子", "没有这项")
    clerk.put("单位", "JY", "上级单位代码", "XQ")
    assert len(clerk.problems()) == 4  # both ends of the circle
    with pytest.raises(ConfigError):
        clerk.apply()
    assert clerk.service.versions.numbers() == []
    assert not (clerk.service.versions.folder).exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda book: book.create_sheet("学校2").append(["学校标识码"]), "· 学校2：不认识的工作表"),
        (lambda book: book.remove(book["学校"]), "学校：缺少“学校”工作表"),
        (lambda book: book["学校"].cell(1, 3, "校名"), "C1「校名」：不认识的列"),
        (lambda book: book["学校"].cell(1, 4, "学校名称"), "D1「学校名称」：表头重复"),
        (lambda book: book["学校"].cell(1, 2, " "), "「学校标识码」：表头缺少此列"),
        (lambda book: book["学校"].cell(5, 30, "随手写的"), "AD5没有表头"),
        (lambda book: append(book, "本单位", {"单位名称": "另一个局"}), "只填一行"),
        (lambda book: append(book, "亮灯办法", {"办法名称": "乙", "黄灯起点": 5, "红灯界限": 9, "是否默认": "是"}),
         "应有且只有一套默认的亮灯办法"),
    ],
)  # fmt: skip
def test_a_sheet_that_is_not_the_templates_is_refused(clerk: Clerk, change: Any, says: str) -> None:
    clerk.edit(change)
    problems = clerk.problems()
    assert any(says in problem for problem in problems), problems


def test_a_missing_sheet_does_not_blame_those_that_refer_to_it(clerk: Clerk) -> None:
    clerk.edit(lambda book: book.remove(book["区划"]))
    assert clerk.problems() == ["区划：缺少“区划”工作表"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"<html><table></table></html>"])
def test_a_file_that_is_no_workbook_is_refused(clerk: Clerk, content: bytes) -> None:
    clerk.path.write_bytes(content)
    (problem,) = clerk.problems()
    assert problem.startswith("配置.xlsx：")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["区划", "学校", "单位", "指标卡", "基数", "目标集", "亮灯办法"]),
    st.integers(2, 6),
    st.integers(1, 14),
    st.one_of(st.text(max_size=8), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()),
)
def test_whatever_is_typed_into_a_cell_is_taken_or_refused(
    clerk: Clerk, sheet: str, row: int, column: int, value: Any
) -> None:
    def junk(book: Any) -> None:
        try:
            book[sheet].cell(row, column).value = value
        except (ValueError, IllegalCharacterError):
            book[sheet].cell(row, column).value = "？"

    before = clerk.path.read_bytes()
    clerk.edit(junk)
    try:
        clerk.service.read(clerk.path)
    except ConfigError as refused:
        assert all("配置.xlsx" in str(problem) for problem in refused.problems)
    clerk.path.write_bytes(before)
