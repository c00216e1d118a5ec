"""Milestones: stage, work and project names of constructed clauses."""

# ruff: noqa: E501 - tables of Chinese wording, counted double-width

from __future__ import annotations

import pytest

from ingestion.plans.commitments import extract_commitments


def milestones(text: str) -> list[tuple[str, tuple[str, ...], int | None, str | None]]:
    return [
        (c.milestone or "", c.projects, c.stated_count, c.work_type)
        for c in extract_commitments(text, year=2023)
        if c.kind == "milestone"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("建成锦绣小学。", [("建成", ("锦绣小学",), None, None)]),
        ("开工建设滨江学校、柳林幼儿园和高新区第三小学等12个项目。", [("开工", ("滨江学校", "柳林幼儿园", "高新区第三小学"), 12, None)]),
        ("动建云湖小学、区五中等学校4所。", [("开工", ("云湖小学", "区五中"), 4, None)]),
        ("启动龙溪中学迁建工程。", [("开工", ("龙溪中学",), None, "迁建")]),
        ("完成城南初中迁建、城东小学扩建、区第二幼儿园改造提升工程。",
         [("建成", ("城南初中",), None, "迁建"), ("改扩建", ("城东小学",), None, "改扩建"), ("改建", ("区第二幼儿园",), None, "改建")]),
        ("完成白云幼儿园、青松幼儿园装修。", [("装修", ("白云幼儿园", "青松幼儿园"), None, "装修")]),
        ("完成翠屏小学教学楼主体工程。", [("主体完工", ("翠屏小学教学楼",), None, None)]),
        ("市职教中心二期主体封顶。", [("主体完工", ("市职教中心二期",), None, None)]),
        ("做好科技职业学院新校区项目前期工作。", [("前期", ("科技职业学院新校区",), None, None)]),
        ("一中新校区、实验小学东校区8月底前竣工投用。", [("投用", ("一中新校区", "实验小学东校区"), None, None)]),
        ("桥东幼儿园9月份开园。", [("投用", ("桥东幼儿园",), None, None)]),
        ("东风小学改扩建工程竣工。", [("建成", ("东风小学",), None, "改扩建")]),
        ("改扩建第五中学、第十小学。", [("改扩建", ("第五中学", "第十小学"), None, "改扩建")]),
        ("云湖小学、城西小学等校区实施供暖改造工程。", [("改建", ("云湖小学", "城西小学"), None, "改建")]),
        ("云山小学奠基开工。", [("开工", ("云山小学",), None, None)]),
        ("沙河幼儿园将于9月1日开门迎新。", [("投用", ("沙河幼儿园",), None, None)]),
        ("年内实现龙泉中学新校区主体封闭。", [("主体完工", ("龙泉中学新校区",), None, None)]),
        ("区第八幼儿园续建工程6月底前竣工验收。", [("建成", ("区第八幼儿园",), None, None)]),
        ("完成梅山特殊教育学校初步设计批复。", [("前期", ("梅山特殊教育学校",), None, None)]),
        ("南湖幼儿园完成可研批复和选址。", [("前期", ("南湖幼儿园",), None, None)]),
        ("第七中学教学楼开工、第二小学综合楼封顶。",
         [("开工", ("第七中学教学楼",), None, None), ("主体完工", ("第二小学综合楼",), None, None)]),
        ("青山小学迁建工程：一季度完成招标，二季度开工，年底前完成主体工程。",
         [("前期", ("青山小学",), None, None), ("开工", ("青山小学",), None, None), ("主体完工", ("青山小学",), None, None)]),
        ("城西幼儿园\t项目办\t8月底前投用", [("投用", ("城西幼儿园",), None, None)]),
        ("新建公办幼儿园2所（城东幼儿园、城西幼儿园）。", [("建成", ("城东幼儿园", "城西幼儿园"), None, "新建")]),
        ("建成投用滨江实验学校（东校区）和北辰中学（二期）。", [("投用", ("滨江实验学校（东校区）", "北辰中学（二期）"), None, None)]),
        ("投用“明德学校”。", [("投用", ("明德学校",), None, None)]),
    ],
)  # fmt: skip
def test_a_clause_that_names_projects(text, expected):
    assert milestones(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "启动学区制改革试点，启动新一轮课程改革。",
        "全面建成高质量教育体系。",
        "完成义务教育学校标准化建设，开工一批学校。",
        "新建公办幼儿园10所。",
        "改扩建一批公办普通高中。",
        "做好示范校、特色校等创建提升工作。",
        "2021年，建成了锦绣小学。",
        "建成二级以上标准幼儿园20所。",
        "提升教师队伍素质。",
        "加强项目建设，确保按期完工。",
        "建成市级分中心14个。",
        "滨湖中学迁建项目2021年3月开工。",
        "全市中小学校9月1日正式开学。",
    ],
)
def test_a_clause_that_names_none(text):
    assert milestones(text) == []


def test_names_are_exact_substrings_and_dates_come_from_the_sentence():
    text = "8月底前，建成锦绣小学、明德中学。"
    (c,) = [c for c in extract_commitments(text, year=2023) if c.kind == "milestone"]
    assert all(name in text for name in c.projects)
    assert str(c.deadline) == "2023-08-31"
