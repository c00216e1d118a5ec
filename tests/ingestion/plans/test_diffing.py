"""Plan on plan: what is given up, lowered, put off, new and goes on, and which documents are editions of one plan."""

from __future__ import annotations

import pytest

from ingestion.plans.commitments import extract_commitments, to_record
from ingestion.plans.diffing import CHANGES, diff_plans
from ingestion.plans.editions import PlanFile, find_kin
from ingestion.plans.matching import match_promises


def records(text: str, year: int) -> list[dict]:
    return [to_record(c) for c in extract_commitments(text, year=year)]


def changes(before: str, after: str, years: tuple[int, int] = (2021, 2022)) -> list[tuple[str, str, str]]:
    """(change, number or names before, after)."""
    found = diff_plans(records(before, years[0]), records(after, years[1]), earlier_year=years[0], later_year=years[1])

    def said(r):
        return "" if r is None else r["number_text"] or r["output"] or "、".join(r["projects"])

    return [(c.change, said(c.earlier), said(c.later)) for c in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("学前三年毛入园率达到95%。", "学前三年毛入园率达到95%。", ("延续", "95%", "95%")),
        ("学前三年毛入园率达到95%。", "学前三年毛入园率达到93%。", ("降低", "95%", "93%")),
        ("学前三年毛入园率达到95%。", "学前三年毛入园率达到97%。", ("提高", "95%", "97%")),
        ("新增公办幼儿园学位1000个。", "新增公办幼儿园学位800个。", ("降低", "1000个", "800个")),
        # a ceiling that rises asks less
        ("小学大班额比例控制在3%以内。", "小学大班额比例控制在5%以内。", ("降低", "3%以内", "5%以内")),
        ("制定《校园安全管理办法》。", "制定《校园安全管理办法》。", ("推迟", "校园安全管理办法", "校园安全管理办法")),
        ("6月底前建成锦绣小学。", "8月底前建成锦绣小学。", ("推迟", "锦绣小学", "锦绣小学")),
        ("建成锦绣小学。", "锦绣小学主体封顶。", ("推迟", "锦绣小学", "锦绣小学")),
        ("开工锦绣小学。", "建成锦绣小学。", ("延续", "锦绣小学", "锦绣小学")),
        ("举办第十四届中小学生运动会。", "举办第十五届中小学生运动会。",
         ("延续", "第十四届中小学生运动会", "第十五届中小学生运动会")),
        # the yearly figure is due half a year later in its year
        ("6月底前新增学位1000个。", "新增学位1000个。", ("推迟", "1000个", "1000个")),
        ("到2025年，学前三年毛入园率达到98%。", "到2024年，学前三年毛入园率达到98%。", ("提前", "98%", "98%")),
    ],
)  # fmt: skip
def test_a_promise_that_is_made_again(before, after, expected):
    assert changes(before, after) == [expected]


def test_what_has_no_partner_is_new_or_given_up():
    assert changes("建成锦绣小学。", "举办全县教育大会。") == [("新增", "", "全县教育大会"), ("放弃", "锦绣小学", "")]


def test_numerals_of_names_agree_exactly():
    found = changes("建成城关第一小学。制定第一中学章程修订方案。", "建成城关第二小学。制定第二中学章程修订方案。")
    assert [change for change, *_ in found] == ["新增", "新增", "放弃", "放弃"]


def test_editions_of_one_year_compare_the_days_themselves():
    found = changes("6月底前新增学位1000个。", "9月底前新增学位1000个。", (2022, 2022))
    assert found == [("推迟", "1000个", "1000个")]


def test_a_card_says_what_is_one_whatever_the_words():
    (a,), (b,) = records("普惠园覆盖率达到85%。", 2021), records("普惠性幼儿园在园幼儿占比达到87%。", 2022)
    assert not match_promises([a], [b])
    (pair,) = match_promises([a | {"indicator_code": "x"}], [b | {"indicator_code": "x"}])
    assert pair.score == 1
    assert "指标卡" in pair.why


def test_every_promise_comes_once():
    text = "新增学位1000个。建成锦绣小学、明德中学。制定《甲办法》《乙方案》。毛入学率达到98%，巩固率达到95%。"
    before, after = records(text, 2021), records(text + "举办科技节。", 2022)
    found = diff_plans(before, after, earlier_year=2021, later_year=2022)
    assert sorted(c.earlier["id"] for c in found if c.earlier) == sorted(r["id"] for r in before)
    assert sorted(c.later["id"] for c in found if c.later) == sorted(r["id"] for r in after)
    assert {c.change for c in found} <= set(CHANGES)
    assert all(0 <= c.score <= 1 and c.why for c in found)


PLAN = "新增学位1000个。建成锦绣小学。毛入学率达到98%，巩固率达到95%。"


def plan(document_id: str, title: str, year: int, order: int, text: str = PLAN, region: str = "330303") -> PlanFile:
    return PlanFile(document_id, title, region, year, order, records(text, year))


def test_a_second_edition_and_the_year_before():
    first = plan("a", "甲区2021年教育工作要点", 2021, 1)
    old = plan("b", "甲区2022年教育工作要点", 2022, 2)
    new = plan("c", "甲区2022年教育工作要点（修订）", 2022, 3, PLAN.replace("1000", "800"))
    other = plan("d", "甲区2022年教育惠民实事清单", 2022, 4, "改造食堂3个。")
    far = plan("e", "乙区2022年教育工作要点", 2022, 5, region="330304")
    found = {(k.earlier.document_id, k.later.document_id, k.relation) for k in find_kin([far, new, other, old, first])}
    assert found == {("b", "c", "edition"), ("a", "b", "year"), ("a", "c", "year")}
