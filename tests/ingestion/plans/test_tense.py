"""What looks back promises nothing."""

from __future__ import annotations

import pytest

from ingestion.plans.commitments import extract_commitments

REPORT = """云川县教育局2018年工作总结和2019年工作计划
一、2018年工作完成情况
（一）条件改善。新建校舍2.3万平方米，完成15所学校改造，新增学位3200个。
（二）质量提升。高考本科上线率达到68%，比上年提高3.2个百分点。
二、存在的主要问题
全县缺编教师210名。
三、2019年工作打算
（一）加快建设。改造薄弱学校12所，新增学位2500个。
（二）加强队伍。年底前招聘教师180名。
"""


def read(text: str, year: int | None = None) -> list[tuple[str | None, str]]:
    return [(c.number_text, str(c.deadline)) for c in extract_commitments(text, year=year) if c.number_text]


def test_a_report_promises_in_its_plans_only():
    assert read(REPORT) == [("12所", "2019-12-31"), ("2500个", "2019-12-31"), ("180名", "2019-12-31")]


def test_a_summary_looks_ahead_under_its_last_heading():
    text = "某市教育局关于2021年度工作情况的报告\n一、主要工作成效\n新建学校26所。\n二、下一步工作\n新建中小学10所。\n"
    assert read(text) == [("10所", "2022-12-31")]


def test_a_sentence_about_last_year_in_a_plan():
    assert read("2023年工作要点\n2022年，新建学校7所，新增学位1500个。今年新建学校9所。") == [("9所", "2023-12-31")]


def test_a_five_year_plan_promises_for_its_years():
    text = (
        "云川县“十四五”教育发展规划\n“十三五”期间，新建学校18所。\n到2023年，新建学校10所；到2025年，普惠率达到90%。\n"
    )
    assert read(text) == [("10所", "2023-12-31"), ("90%", "2025-12-31")]


@pytest.mark.parametrize(
    "heading", ["四、夯实发展基础", "五、着力解决突出问题", "二、打造工作亮点", "加强落实情况督查"]
)
def test_a_heading_that_aims_at_something_looks_ahead(heading):
    assert read(f"2023年工作要点\n{heading}\n培训教师1260人次。\n") == [("1260人次", "2023-12-31")]


@pytest.mark.parametrize("heading", ["一、发展基础", "二、存在的突出问题", "三、取得的主要成效", "四、政策落实情况"])
def test_a_heading_that_tells_what_was_looks_back(heading):
    assert read(f"2023年工作要点\n{heading}\n培训教师1260人次。\n") == []
