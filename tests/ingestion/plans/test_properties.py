"""Whatever comes in: exact spans, the same answer twice, an answer in time."""

# ruff: noqa: E501 - tables of Chinese wording, counted double-width

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.plans.commitments import extract_commitments, to_record
from ingestion.plans.coverage import number_ledger
from ingestion.plans.outline import outline

PIECES = st.sampled_from(
    ["新建", "5所", "达到", "95%以上", "，", "。", "、", "；", "\n", "\r\n", "“", "”", "《", "》", "（", "）", "到2025年", "从", "提高到", "一、", "1.", "　", "\t", " ", "万", "亿元",
     "三分之一", "全覆盖", "分别", "小学", "幼儿园", "６０％", "學校", "制定", "方案", "2023年", "6月底前", "指标", "单位", "目标", "\ufeff", "🙂", "其中", "3-", "每年", "编制全县", "规划", "举办技能大赛", "（责任单位：", "建成", "开工"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_spans_hold_on_any_text(text):
    found = extract_commitments(text)
    for c in found:
        assert text[c.start : c.end] == c.quote
        if c.number_text is not None:
            assert text[c.number_start : c.number_end] == c.number_text
        assert all(name in text for name in c.projects)
        assert 0 <= c.confidence <= 1
    assert [to_record(c) for c in found] == [to_record(c) for c in extract_commitments(text)]
    assert len({c.id for c in found}) == len(found)
    for entry in number_ledger(text, found):
        assert text[entry.start : entry.end] == entry.number_text
    assert all(0 <= item.start <= item.end <= len(text) for item in outline(text))


@pytest.mark.soak
@pytest.mark.parametrize("piece", ["5所、", "达到95%，", "“", "（", "一", "1", "完成", "5\t", "“十四五”到2025年"])
def test_no_long_text_takes_long(piece):
    text = (piece * 200_000)[:200_000]
    before = time.process_time()
    extract_commitments(text)
    assert time.process_time() - before < 10


LISTS = [
    "5所、", "达到95%，", "制定方案、", "5%和", "百分之", "每期50人，", "一、新建5所（完成时限：6月底前）\n", "一、5所\n", "新建5所，8月31日前全部完成，", "5\t6\t7\n", "任务\t2023年目标\n新建5所\t6月底\n",
    "指标\t目标\n幼儿园\t5所\n", "指标名称\t单位\t2020年\t2025年\t属性\n1\t在园幼儿数\t万人\t1.86\t2.10\t预期性\n",
    "| 指标 | 单位 | 2020年 | 2025年 |\n|---|---|---|---|\n| 在园幼儿数 | 万人 | 1.86 | 2.10 |\n", "序号\n任务\n责任单位\n完成时限\n1\n新建幼儿园5所\n市教育局\n2025年6月底\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", LISTS)
def test_a_list_costs_what_its_length_costs(piece):
    # a list whose members look at all before them once took minutes
    text = (piece * 40_000)[:40_000]
    before = time.process_time()
    found = extract_commitments(text)
    assert time.process_time() - before < 6
    assert max((len(c.indicator or "") for c in found), default=0) <= 400
