"""What must hold of indicator cards and target sets: terms that exist, one card a name, windows, bases, limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from ingestion.config.problems import Problem
from ingestion.config.reading import ROW

CARDS, TARGETS = "indicators.csv", "target_sets.csv"
SCHOOL_COUNT = "school_count"


def check_cards(
    frames: Mapping[str, pl.DataFrame], elements: Mapping[str, frozenset[str]], form_names: Mapping[str, str]
) -> list[Problem]:
    """Every problem of cards and target sets; `elements` are the element codes of each form, `form_names` its names."""
    problems = list[Problem]()
    for card in frames[CARDS].iter_rows(named=True):
        problems += _terms(card, elements, form_names)
        problems += _ways(card, elements)
        problems += _windows(card)
    return problems + list(_names(frames[CARDS])) + list(_targets(frames[TARGETS]))


def split_terms(text: str | None) -> list[str]:
    """The element codes of a numerator, denominator or weight."""
    return [term.strip() for term in (text or "").split("+") if term.strip()]


def _fault(card: Mapping[str, Any], column: str, message: str) -> Problem:
    return Problem(CARDS, card[ROW], column, message)


def _terms(
    card: Mapping[str, Any], elements: Mapping[str, frozenset[str]], form_names: Mapping[str, str]
) -> Iterator[Problem]:
    form = card["source_form"]
    if form is None:
        return
    if form not in elements:
        known = "、".join(sorted(form_names.get(code, code) for code in elements))
        yield _fault(card, "source_form", f"没有“{form}”这张表（现有：{known}）")
        return
    for column in ("numerator", "denominator", "weight"):
        for term in split_terms(card[column]):
            if term not in elements[form] and term != SCHOOL_COUNT:
                yield _fault(
                    card, column, f"“{term}”不是“{form_names.get(form, form)}”的指标项：请从“报表与指标项”中选"
                )


def _ways(card: Mapping[str, Any], elements: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    how = card["aggregation"]
    if how in {"ratio_of_sums", "coefficient_of_variation"} and not card["denominator"]:
        way = "总和之比" if how == "ratio_of_sums" else "差异系数"
        yield _fault(card, "denominator", f"按{way}计算，必须写明分母")
    if card["weight"] and how != "coefficient_of_variation":
        yield _fault(card, "weight", "权重项只用于差异系数：其他算法按分母加权，请留空")
    if how == "share_meeting" and card["meeting_threshold"] is None:
        yield _fault(card, "meeting_threshold", "按达标学校占比计算，必须写明达标线")
    if "matter_name" in elements.get(card["source_form"] or "", ()) and not card["matter_name"]:
        yield _fault(card, "matter_name", "取自台账的指标必须写明事项名称")
    if (card["baseline_reference"] == "固定年") != (card["baseline_year"] is not None):
        yield _fault(card, "baseline_year", "基数参照为“固定年”时填写，否则留空")


def _windows(card: Mapping[str, Any]) -> Iterator[Problem]:
    first, last = card["window_from_month"], card["window_to_month"]
    if (first is None) != (last is None):
        column = "window_from_month" if first is None else "window_to_month"
        yield _fault(card, column, "观测起始月和截止月要么都填，要么都留空")


def _names(cards: pl.DataFrame) -> Iterator[Problem]:
    """A name or alias may point to one card only within one scope on one day; a narrower scope may redefine it."""
    seen: dict[tuple[str, str], list[tuple[int, str, str, str]]] = {}
    for card in cards.iter_rows(named=True):
        scope, code = card["scope_region_code"] or "", card["indicator_code"]
        first, last = _text(card["valid_from_date"], ""), _text(card["valid_to_date"], "9999")
        said = [card["indicator_name"] or "", *(card["aliases"] or "").split("|")]
        own = dict.fromkeys(name.strip() for name in said)
        for place, name in enumerate(filter(None, own)):
            others = seen.setdefault((scope, name), [])
            for row, other, from_day, to_day in others:
                if other != code and first <= to_day and from_day <= last:
                    column = "indicator_name" if place == 0 and name == card["indicator_name"] else "aliases"
                    message = f"名称或别名“{name}”在同一范围内已属于第{row}行的{other}：请删去其中一个"
                    yield _fault(card, column, message)
                    break
            others.append((card[ROW], code, first, last))


def _text(day: date | None, missing: str) -> str:
    return missing if day is None else day.isoformat()


def _targets(targets: pl.DataFrame) -> Iterator[Problem]:
    sizes = {
        (code, stage): count
        for code, stage, count in targets.group_by("set_code", "stage")
        .agg(pl.col("indicator_code").n_unique())
        .iter_rows()
    }
    for row in targets.iter_rows(named=True):
        count, wanted = sizes[row["set_code"], row["stage"]], row["required_count"]
        if wanted is not None and not 0 < wanted <= count:
            yield Problem(TARGETS, row[ROW], "required_count", f"“{wanted}”应在 1 到 {count}（该学段的项数）之间")
        if (row["cv_limit"] is None) != (row["cv_indicator_code"] is None):
            column = "cv_limit" if row["cv_limit"] is None else "cv_indicator_code"
            yield Problem(TARGETS, row[ROW], column, "差异系数指标代码和上限要么都填，要么都留空")
