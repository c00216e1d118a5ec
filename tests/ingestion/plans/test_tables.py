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
