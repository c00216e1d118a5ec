"""Golden table of commitments: constructed sentences of a 2023 plan and what each promises. A row without a
number promises none."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from ingestion.plans.commitments import Commitment, extract_commitments, to_record

ROWS = list(csv.DictReader(Path(__file__).with_name("commitment_sentences.csv").open(encoding="utf-8", newline="")))
SENTENCES = {sentence: list(rows) for sentence, rows in groupby(ROWS, key=lambda row: row["sentence"])}

CONTRACT = [
    "id",
    "kind",
    "quote",
    "start",
    "end",
    "number_text",
    "number_start",
    "number_end",
    "indicator",
    "indicator_code",
    "operator",
    "value",
    "value_high",
    "unit",
    "baseline",
    "deadline",
    "strength",
    "confidence",
    "responsible_unit",
    "per",
    "recurrence",
    "item_path",
    "locator",
    "milestone",
    "work_type",
    "projects",
    "stated_count",
    "output",
    "restates",
    "part_of",
    "note",
]


def numbers(text: str, year: int | None = 2023) -> list[Commitment]:
    return [c for c in extract_commitments(text, year=year) if c.number_text]


def similar(a: str, b: str) -> bool:
    """Indicators agree when their characters overlap by three fifths: wording is free, the thing measured is not."""
    return 2 * sum((Counter(a) & Counter(b)).values()) >= 0.6 * (len(a) + len(b))


def test_the_table_is_large_and_holds_negatives():
    assert len(SENTENCES) >= 300
    assert sum(not rows[0]["number_text"] for rows in SENTENCES.values()) >= 50


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentence(sentence):
    expected = [row for row in SENTENCES[sentence] if row["number_text"]]
    found = numbers(sentence)
    assert [c.number_text for c in found] == [row["number_text"] for row in expected]
    for c, row in zip(found, expected, strict=True):
        assert sentence[c.start : c.end] == c.quote
        assert c.value == pytest.approx(float(row["value"]), rel=1e-3)
        assert c.value_high == (float(row["value_high"]) if row["value_high"] else None)
        assert c.unit == row["unit"]
        assert c.operator == row["operator"], (c.operator, row)
        assert c.deadline is not None
        assert c.deadline.isoformat() == row["deadline"]
        assert not row["indicator"] or similar(c.indicator or "", row["indicator"]), (c.indicator, row["indicator"])


def test_records_carry_the_contract_keys_and_survive_json():
    for c in extract_commitments("6月底前建成城西小学、城东小学等学校3所；制定《校园安全办法》。", year=2023):
        record = to_record(c)
        assert list(record) == CONTRACT
        assert json.loads(json.dumps(record, ensure_ascii=False)) == record
        assert record["deadline"] == ("2023-12-31" if c.kind == "deliverable" else "2023-06-30")


def test_a_stated_count_is_its_own_record_beside_its_milestone():
    found = extract_commitments("建成城西小学、城东小学等学校3所。", year=2023)
    count, milestone = sorted(found, key=lambda c: c.kind)
    assert (count.kind, count.value, count.number_text) == ("count", 3, "3所")
    assert (milestone.kind, milestone.stated_count, milestone.number_text) == ("milestone", 3, None)
    assert milestone.projects == ("城西小学", "城东小学")


def test_kinds_tell_money_from_ratios_per_head():
    text = "投入资金3亿元，生均公用经费达到1200元，普惠率达到90%，新建学校3所。"
    assert [c.kind for c in numbers(text)] == ["money", "metric", "metric", "count"]


def test_without_a_year_only_named_years_give_deadlines():
    text = "新建学校3所。到2025年普惠率达到90%。"
    found = extract_commitments("新建学校3所。", year=None)
    assert [c.deadline for c in found if c.number_text] == [None]
    assert numbers(text, year=2024)[1].deadline == date(2025, 12, 31)


def test_ids_are_stable_and_tell_repetitions_apart():
    text = "新建学校3所。\n新建学校3所。"
    first, again = extract_commitments(text, year=2023), extract_commitments(text, year=2023)
    assert [c.id for c in first] == [c.id for c in again]
    assert len({c.id for c in first}) == len(first)
    assert {c.id for c in first}.isdisjoint(c.id for c in extract_commitments(text, year=2023, document_key="other"))


def test_indicators_keep_the_script_of_their_source():
    found = numbers("全縣新建學校８所，普惠性幼兒園覆蓋率達到９５％以上，辦理教師研習，參訓教師五百人次。")
    assert [c.indicator for c in found][:2] == ["新建學校數", "普惠性幼兒園覆蓋率"]
    assert [c.value for c in found][:2] == [8, 95]
