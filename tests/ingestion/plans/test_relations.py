"""One promise, once; and who answers for it."""

from __future__ import annotations

from ingestion.plans.commitments import Commitment, extract_commitments


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
