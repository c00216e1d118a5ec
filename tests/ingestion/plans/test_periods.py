"""Plan years and deadlines."""

# ruff: noqa: E501 - tables of Chinese wording, counted double-width

from __future__ import annotations

import pytest

from ingestion.plans.periods import find_periods, plan_year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("云川县2021年教育工作要点\n2020年工作回顾", 2021),
        ("云川县教育局2018年工作总结和2019年工作计划\n2018年", 2019),
        ("关于印发2022年\n工作要点的通知", 2022),
        ("学前教育行动计划（2021—2023年）", 2023),
        ("云川教〔2024〕3号\n工作安排\n2024年，全县教育系统", 2024),
        ("某縣教育處112年度施政計畫", 2023),
        ("没有写明年份的要点", None),
    ],
)
def test_plan_year(text, year):
    assert plan_year(text) == year


def test_the_title_wins_over_the_text():
    assert plan_year("2019年以来，2019年，2019年", title="2020年教育工作要点") == 2020


@pytest.mark.parametrize(
    ("phrase", "deadline"),
    [
        ("6月底前", "2023-06-30"), ("6月30日前", "2023-06-30"), ("9月前", "2023-08-31"), ("11月中旬前", "2023-11-20"), ("2月底", "2023-02-28"),
        ("上半年", "2023-06-30"), ("第三季度", "2023-09-30"), ("年底前", "2023-12-31"), ("到2025年", "2025-12-31"), ("2024年6月底前", "2024-06-30"),
        ("十四五末", "2025-12-31"), ("“十四五”期间", "2025-12-31"), ("5年内", "2028-12-31"), ("三年内", "2026-12-31"), ("明年6月前", "2024-05-31"),
        ("今明两年", "2024-12-31"),
    ],
)  # fmt: skip
def test_deadlines(phrase, deadline):
    found = find_periods(phrase, 2023)
    assert [str(p.deadline) for p in found] == [deadline]


@pytest.mark.parametrize("text", ["比2020年下降", "13月", "5年级", "第3年"])
def test_what_is_no_deadline(text):
    assert find_periods(text, 2023) == []
