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


@pytest.mark.parametrize("piece", ["5所、", "达到95%，", "“", "（", "一", "1", "完成", "5\t", "“十四五”到2025年"])
def test_no_long_text_takes_long(piece):
    text = (piece * 200_000)[:200_000]
    before = time.process_time()
    extract_commitments(text)
    assert time.process_time() - before < 10


@pytest.mark.parametrize("piece", ["制定方案、", "5%和", "百分之"])
def test_a_list_costs_what_its_length_costs(piece):
    # lists whose members look at all before them once took minutes
    text = (piece * 40_000)[:40_000]
    before = time.process_time()
    found = extract_commitments(text)
    assert time.process_time() - before < 6
    assert max(len(c.indicator or "") for c in found) <= 400
