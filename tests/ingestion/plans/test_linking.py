"""Phrases to cards: what counts as the same name, what is only near, what must never meet."""

from __future__ import annotations

import polars as pl
import pytest

from ingestion.plans.linking import Link, link, name_key
from ingestion.tables import CONFIG


def card(code: str, name: str, **fields: object) -> dict[str, object]:
    base: dict[str, object] = dict.fromkeys(CONFIG["config__indicators"])
    return base | {"indicator_code": code, "indicator_name": name, "unit": "%", "aggregation": "ratio_of_sums"} | fields


CARDS = pl.DataFrame(
    [
        card("cover", "普惠性幼儿园覆盖率", aliases="普惠性幼儿园覆盖面|普惠园覆盖率"),
        card("share", "普惠性幼儿园占比"),
        card("myopia", "儿童青少年近视率", aliases="总体近视率"),
        card("second", "第二实验小学达标率"),
        card("places", "新增公办学位数", unit="个", aggregation="last_stock", scope_region_code="990100"),
        card("places-own", "新增公办学位", unit="个", aggregation="last_stock", scope_region_code="990102"),
        card("files", "下发文件数", unit="件", aggregation="last_stock", direction="down"),
        card("hour", "每天体育锻炼时间", aggregation="share_meeting"),
        card("built", "建成学校数", unit="所", aggregation="last_stock"),
        card("funds", "生均经费", unit="元"),
    ],
    schema=CONFIG["config__indicators"],
)


def found(indicator: str, unit: str = "%", region: str | None = "990101", **fields: object) -> list[Link]:
    kind = "metric" if unit in ("%", "百分点", "小时") else "count"
    record = {
        "id": "c1",
        "kind": kind,
        "indicator": indicator,
        "unit": unit,
        "operator": ">=",
        "quote": indicator,
        "start": 0,
    }
    return link([record | fields], CARDS, region)


def best(*args: object, **fields: object) -> tuple[str, str] | None:
    links = found(*args, **fields)  # type: ignore[arg-type]
    return (links[0].indicator_code, links[0].link_method) if links else None


@pytest.mark.parametrize(
    ("phrase", "unit", "expected"),
    [
        ("普惠性幼儿园覆盖率", "%", ("cover", "exact")),
        ("全市普惠性幼儿园覆盖率", "%", ("cover", "exact")),
        ("普惠性幼儿园 覆盖率", "%", ("cover", "exact")),
        ("“普惠性”幼儿园的覆盖率", "%", ("cover", "exact")),
        ("普惠性幼兒園覆蓋率", "%", ("cover", "exact")),
        ("普惠性幼儿园覆盖面", "%", ("cover", "alias")),
        ("普惠性幼儿园占比", "%", ("share", "exact")),
        ("确保普惠性幼儿园占比", "%", ("share", "exact")),
        ("建成学校", "所", ("built", "exact")),
        ("全年建成学校数", "所", ("built", "exact")),
        ("每天体育锻炼时间", "小时", ("hour", "exact")),
    ],
)
def test_the_same_name_in_other_dress_is_exact_or_alias(phrase: str, unit: str, expected: tuple[str, str]) -> None:
    assert best(phrase, unit) == expected


def test_words_with_a_meaning_are_never_dropped() -> None:
    assert best("普惠性幼儿园比例") != ("share", "exact")
    assert best("开工学校数", "所") != ("built", "exact")
    assert name_key("新增学位") != name_key("学位")
    assert name_key("第一小学") != name_key("第1小学")


@pytest.mark.parametrize("phrase", ["第一实验小学达标率", "第2实验小学达标率", "实验小学达标率"])
def test_names_whose_numerals_differ_are_not_even_suggested(phrase: str) -> None:
    assert "second" not in [one.indicator_code for one in found(phrase)]


def test_a_change_belongs_to_what_changes() -> None:
    assert best("儿童青少年近视率降幅", "百分点", operator="decrease") == ("myopia", "exact")
    assert best("下发文件数比上年降幅", "%", operator="decrease") == ("files", "exact")
    assert best("下发文件数", "%") is None


def test_the_clause_without_its_number_is_read_too() -> None:
    quote = "建设食堂2处、建成学校3所"
    fields = {
        "quote": quote,
        "start": 100,
        "number_start": 111,
        "number_end": 113,
        "number_text": "3所",
        "operator": "==",
    }
    links = found("建设学校数", "所", **fields)
    assert [(one.indicator_code, one.link_method) for one in links] == [("built", "exact")]
    assert "原文“建成学校”" in links[0].explanation


def test_a_narrower_scope_comes_first_and_a_foreign_one_never() -> None:
    assert best("新增公办学位", "个", region="990102") == ("places-own", "exact")
    assert best("新增公办学位", "个", region="990201") is None
    assert best("新增公办学位", "个", region="990100") == ("places", "exact")
    assert best("新增公办学位", "个", region=None) is None


def test_a_scope_holds_the_districts_of_its_city() -> None:
    cards = CARDS.with_columns(scope_region_code=pl.lit("990100"))
    record = {"id": "c", "kind": "metric", "indicator": "普惠性幼儿园占比", "unit": "%", "quote": "", "start": 0}
    assert [one.indicator_code for one in link([record], cards, "990103")] == ["share"]
    assert link([record], cards, "990203") == []


def test_units_must_agree() -> None:
    assert best("生均经费", "%") is None
    assert best("建成学校数", "%") is None


def test_near_names_are_suggestions_with_a_reason() -> None:
    links = found("普惠性幼儿园的在园幼儿覆盖率")
    assert links[0].link_method == "suggestion"
    assert links[0].indicator_code == "cover"
    assert 0.6 <= links[0].link_score < 1
    assert "须人工确认" in links[0].explanation
    assert len(links) <= 3


def test_one_name_on_two_cards_is_for_a_person_to_decide() -> None:
    cards = pl.concat([CARDS, pl.DataFrame([card("twin", "普惠性幼儿园占比")], schema=CONFIG["config__indicators"])])
    record = {"id": "c", "kind": "metric", "indicator": "普惠性幼儿园占比", "unit": "%", "quote": "", "start": 0}
    links = link([record], cards, "990101")
    assert [(one.indicator_code, one.link_method) for one in links] == [("share", "suggestion"), ("twin", "suggestion")]


def test_milestones_and_outputs_have_no_card() -> None:
    records = [
        {"id": "c", "kind": kind, "indicator": "建成学校数", "unit": None} for kind in ("milestone", "deliverable")
    ]
    assert link(records, CARDS, "990101") == []
