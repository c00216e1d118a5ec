"""One promise, once; and who answers for it."""

from __future__ import annotations

import pytest

from ingestion.plans.commitments import Commitment, extract_commitments
from ingestion.plans.relations import find_conflicts


def read(text: str) -> list[Commitment]:
    return extract_commitments(text, year=2023)


def test_a_repeated_promise_restates_the_first():
    first, again = read("一、建设\n新建公办幼儿园5所。\n二、实事\n新建公办幼儿园5所。")
    assert (first.restates, again.restates) == (None, first.id)


def test_clauses_that_disagree_are_noted():
    first, other = read("一、建设\n新建公办幼儿园5所。\n二、实事\n新建公办幼儿园4所。")
    assert other.restates is None
    assert first.note is None
    assert "5所 / 4所" in (other.note or "")


def test_what_stands_after_qizhong_is_part_of_the_whole():
    whole, part, sibling = read("招聘教师300名，其中高中教师60名、幼儿园教师80名。")
    assert (whole.part_of, part.part_of, sibling.part_of) == (None, whole.id, whole.id)


def test_a_milestone_belongs_to_its_stated_count():
    found = read("建成锦绣小学、明德中学等学校5所。")
    count = next(c for c in found if c.kind == "count")
    stone = next(c for c in found if c.kind == "milestone")
    assert stone.part_of == count.id


def test_responsible_units_stand_behind_their_text():
    found = read("1.新建学校5所。（责任单位：计财科、基建办）\n2.培训教师300名。（牵头科室：人事科）")
    assert [c.responsible_unit for c in found] == ["计财科、基建办", "人事科"]


def test_responsible_units_of_a_table():
    found = read(
        "任务\t目标\t责任科室\t时限\n建设\t新建学校5所\t计财科\t9月底前\n培训\t培训教师300名\t人事科\t12月底前"
    )
    assert [c.responsible_unit for c in found] == ["计财科", "人事科"]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("开工建设中小学校5所。三、开工建设中小学校4所。", ["前面写5所，这里写4所"]),
        ("学前三年毛入园率达到95%。二、学前三年毛入园率达到93%。", ["前面写95%，这里写93%"]),
        ("6月底前建成锦绣小学。二、8月底前建成锦绣小学。", ["前面写2023-06-30，这里写2023-08-31"]),
        ("建成锦绣小学、明德中学等学校6所。二、建成锦绣小学、明德中学等5所学校。", ["前面写6所，这里写5所"]),
        # stages of their own days, a level and its change, and the same thing twice agree
        ("学前三年毛入园率2023年达到90%，2025年达到95%。", []),
        ("学前三年毛入园率达到95%。二、学前三年毛入园率提高2个百分点。", []),
        ("开工建设中小学校5所。三、开工建设中小学校5所。", []),
        ("6月底前开工锦绣小学。二、12月底前建成锦绣小学。", []),
        # so do a clause with a day and one without, and lists of other schools
        ("建成锦绣小学。二、9月底前建成锦绣小学。", []),
        ("开工锦绣小学、明德中学等学校3所。二、开工云岭小学、松湖中学等学校5所。", []),
    ],
)
def test_clauses_that_disagree(text, reasons):
    found = extract_commitments(text, year=2023)
    conflicts = find_conflicts(found)
    assert [c.reason.rpartition("：")[2] for c in conflicts] == reasons
    ids = {c.id for c in found}
    assert all({c.commitment_id, c.other_commitment_id} <= ids for c in conflicts)
