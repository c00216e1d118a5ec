"""The number ledger names every numeral."""

from __future__ import annotations

import re

import pytest

from ingestion.plans.commitments import extract_commitments
from ingestion.plans.coverage import number_ledger
from ingestion.plans.rules import ReasonRule, reason_rules

TEXT = (
    "某教发〔2023〕15号\n2023年工作要点\n一、第3批学校新建5所，"
    "普惠率由80%提高到85%以上，为6周岁儿童服务；落实“四个意识”，去年建成9所。"
)


def labels(text: str) -> dict[str, str]:
    return {e.number_text: e.label for e in number_ledger(text, extract_commitments(text))}


def test_every_numeral_has_a_label():
    found = labels(TEXT)
    assert found["15"] == "文号"
    assert found["2023"] in ("文号", "日期")
    assert found["3"] == "序号"
    assert found["5"] == found["85"] == "目标"
    assert found["80"] == "基数"
    assert found["6"] == "年龄"
    assert found["四"] == "名称"
    assert found["9"] == "过去成绩"


def test_every_digit_is_in_the_ledger_and_targets_point_at_their_commitment():
    commitments = extract_commitments(TEXT)
    entries = number_ledger(TEXT, commitments)
    covered = {i for e in entries for i in range(e.start, e.end)}
    assert all(i in covered for m in re.finditer(r"\d", TEXT) for i in range(*m.span()))
    assert {e.commitment_id for e in entries if e.label == "目标"} == {c.id for c in commitments if c.number_text}
    assert all(TEXT[e.start : e.end] == e.number_text for e in entries)


@pytest.mark.parametrize("rule", reason_rules(), ids=lambda rule: rule.example)
def test_a_reason_holds_for_its_own_example(rule: ReasonRule):
    left, rest = rule.example.split("⟨")
    token, right = rest.split("⟩")
    assert rule.holds(left, token, right)


def test_the_ledger_reads_with_the_year_it_is_given():
    text = "工作要点\n2022年新建幼儿园5所。\n"
    for year, label in ((2022, "目标"), (2024, "过去成绩")):
        entries = number_ledger(text, extract_commitments(text, year=year), year=year)
        assert {e.number_text: e.label for e in entries}["5"] == label


@pytest.mark.parametrize(
    ("text", "number", "label"),
    [
        ("发布时间：2021-03-18 09:42\n", "03", "日期"),
        ("部署阶段（8月20日—8月31日）。\n", "20", "日期"),
        ("联系电话：0877-4410086转803\n", "4410086", "号码"),
        ("12345热线按时办结。\n", "12345", "号码"),
        ("第 1 页 / 共 3 页\n", "3", "页面信息"),
        ("普职比稳定在6:4左右。\n", "6", "比值"),
        ("隐患全部清零。\n", "零", "词语"),
    ],
)
def test_what_is_no_quantity_has_a_reason(text, number, label):
    assert labels(text)[number] == label
