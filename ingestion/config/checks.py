"""What must hold beyond each cell's type: required cells, keys, words, references, trees, validity, cards.

Every check takes the typed frames of all files and returns problems; none stops at the first, none repairs anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

import polars as pl

from ingestion.config.problems import Problem
from ingestion.config.reading import ROW
from ingestion.config.rules import FILES, FileRules

Frames = Mapping[str, pl.DataFrame]
Elements = Mapping[str, frozenset[str]]
"""Element codes of each form code."""


def check(frames: Frames, elements: Elements, unreadable: Collection[str] = ()) -> list[Problem]:
    """Every problem of the configuration; `frames` by file name, each with `__row`.

    A file that could not be read would make every reference to it look wrong: references to it are not judged.
    """
    problems: list[Problem] = []
    for file, rules in FILES.items():
        problems += _cells(file, frames[file], rules)
        problems += _keys(file, frames[file], rules)
        for column, (target, key) in rules.references.items():
            if target in unreadable:
                continue
            problems += _references(file, frames[file], column, frames[target][key].to_list(), target)
    problems += _cycles("regions.csv", frames["regions.csv"], "region_code", "parent_region_code")
    problems += _cycles("units.csv", frames["units.csv"], "unit_code", "parent_unit_code")
    problems += _validity(frames["regions.csv"])
    problems += _schools_and_units(frames)
    problems += _cards(frames["indicators.csv"], elements)
    problems += _names(frames["indicators.csv"])
    problems += _baselines(frames["baselines.csv"])
    problems += _exemptions(frames, elements, unreadable)
    problems += _presets(frames["light_presets.csv"])
    return problems


def _found(file: str, frame: pl.DataFrame, condition: pl.Expr, column: str, message: str) -> list[Problem]:
    """A problem for each row where the condition holds; {} in the message is the cell's value."""
    rows = frame.filter(condition).select(pl.col(ROW), pl.col(column).cast(pl.String).alias("value"))
    return [Problem(file, row, column, message.replace("{}", f"“{value}”")) for row, value in rows.iter_rows()]


def _cells(file: str, frame: pl.DataFrame, rules: FileRules) -> list[Problem]:
    problems: list[Problem] = []
    for column in rules.required:
        problems += _found(file, frame, pl.col(column).is_null(), column, "不能为空")
    for column, words in rules.words.items():
        known = "、".join(words)
        problems += _found(file, frame, ~pl.col(column).is_in(words), column, f"{{}}不在可填值之内（{known}）")
    for column, words in rules.word_lists.items():
        unknown = pl.col(column).str.split("|").list.set_difference(list(words)).list.len() > 0
        problems += _found(file, frame, unknown, column, f"{{}}含有不认识的词（可用|连接：{'、'.join(words)}）")
    for column, pattern in rules.patterns.items():
        problems += _found(file, frame, ~pl.col(column).str.contains(pattern), column, "{}的位数或写法不对")
    return problems


def _keys(file: str, frame: pl.DataFrame, rules: FileRules) -> list[Problem]:
    repeated = frame.filter(frame.select(rules.key).is_duplicated() & pl.col(rules.key[0]).is_not_null())
    groups: dict[tuple[object, ...], list[int]] = {}
    for row in repeated.select(*rules.key, ROW).iter_rows():
        groups.setdefault(row[:-1], []).append(row[-1])
    return [
        Problem(file, row, rules.key[0], f"“{key[0]}”与第{rows[0]}行重复")
        for key, rows in groups.items()
        for row in rows[1:]
    ]


def _references(file: str, frame: pl.DataFrame, column: str, known: list[str], target: str) -> list[Problem]:
    unknown = pl.col(column).is_not_null() & ~pl.col(column).is_in([k for k in known if k is not None])
    return _found(file, frame, unknown, column, f"{{}}不在{target}之中")


def _cycles(file: str, frame: pl.DataFrame, key: str, parent: str) -> list[Problem]:
    rows = list(frame.select(key, parent, ROW).iter_rows())
    parents = {code: up for code, up, _ in rows if up is not None}

    def goes_round(code: str) -> bool:
        seen, at = {code}, parents.get(code)
        while at is not None and at not in seen:
            seen.add(at)
            at = parents.get(at)
        return at == code

    return [Problem(file, row, parent, f"“{code}”的上级绕回了自己") for code, _, row in rows if goes_round(code)]


def _validity(regions: pl.DataFrame) -> list[Problem]:
    file, start, end = "regions.csv", pl.col("valid_from_date"), pl.col("valid_to_date")
    problems = _found(file, regions, end < start, "valid_to_date", "{}早于起始日期")
    by_code: dict[str, list[tuple[str, str, int]]] = {}
    for code, first, last, row in regions.select("region_code", "valid_from_date", "valid_to_date", ROW).iter_rows():
        by_code.setdefault(code, []).append((str(first or ""), str(last or "9999"), row))
    for code, spans in by_code.items():
        spans.sort()
        problems += [
            Problem(file, later[2], "valid_from_date", f"“{code}”的有效期与第{earlier[2]}行重叠")
            for earlier, later in pairwise(spans)
            if later[0] <= earlier[1]
        ]
    return problems


def _schools_and_units(frames: Frames) -> list[Problem]:
    schools, units = frames["schools.csv"], frames["units.csv"]
    early = pl.col("closed_date") < pl.col("opened_date")
    problems = _found("schools.csv", schools, early, "closed_date", "{}早于开办日期")
    problems += _found("schools.csv", schools, pl.col("pupils_registered") < 0, "pupils_registered", "{}不能为负")
    both = pl.col("unit_code").is_in(schools["school_code"].to_list())
    return problems + _found("units.csv", units, both, "unit_code", "{}与一所学校的代码相同")


def _terms(text: str | None) -> Iterator[str]:
    yield from (term.strip() for term in (text or "").split("+") if term.strip())


def _cards(cards: pl.DataFrame, elements: Elements) -> list[Problem]:
    file, problems = "indicators.csv", list[Problem]()
    for card in cards.iter_rows(named=True):
        row, form, how = card[ROW], card["source_form"], card["aggregation"]
        known = elements.get(form or "", frozenset())
        if form is not None and form not in elements:
            problems.append(Problem(file, row, "source_form", f"没有“{form}”这张表（有{'、'.join(sorted(elements))}）"))
            continue
        for column in ("numerator", "denominator") if form else ():
            unknown = [term for term in _terms(card[column]) if term not in {*known, "school_count"}]
            problems += [Problem(file, row, column, f"“{term}”不是表{form}的指标项") for term in unknown]
        if how == "ratio_of_sums" and not card["denominator"]:
            problems.append(Problem(file, row, "denominator", "按总和之比计算，必须写明分母"))
        if how == "share_meeting" and card["meeting_threshold"] is None:
            problems.append(Problem(file, row, "meeting_threshold", "按达标学校占比计算，必须写明达标线"))
        if "matter_name" in known and not card["matter_name"]:
            problems.append(Problem(file, row, "matter_name", "取自台账的指标必须写明事项名称"))
    return problems


def _names(cards: pl.DataFrame) -> list[Problem]:
    """A name or alias may point to one card only within one scope; a narrower scope may redefine it."""
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    problems: list[Problem] = []
    for card in cards.iter_rows(named=True):
        scope = card["scope_region_code"] or ""
        for name in dict.fromkeys([card["indicator_name"] or "", *(card["aliases"] or "").split("|")]):
            row, code = seen.setdefault((scope, name.strip()), (card[ROW], card["indicator_code"]))
            if name.strip() and row != card[ROW]:
                message = f"名称或别名“{name.strip()}”在同一范围内已属于第{row}行的{code}"
                problems.append(Problem("indicators.csv", card[ROW], "aliases", message))
    return problems


def _baselines(frame: pl.DataFrame) -> list[Problem]:
    parts = pl.col("numerator_value").is_null() | pl.col("denominator_value").is_null()
    problems = _found("baselines.csv", frame, pl.col("value").is_null() & parts, "value", "须填基数值，或分子分母都填")
    return problems + _found(
        "baselines.csv", frame, pl.col("denominator_value") <= 0, "denominator_value", "{}应大于零"
    )


def _exemptions(frames: Frames, elements: Elements, unreadable: Collection[str]) -> list[Problem]:
    file, frame = "exemptions.csv", frames["exemptions.csv"]
    reporters = frames["schools.csv"]["school_code"].to_list() + frames["units.csv"]["unit_code"].to_list()
    problems: list[Problem] = []
    if not {"schools.csv", "units.csv"} & set(unreadable):
        problems += _references(file, frame, "reporter_code", reporters, "schools.csv或units.csv")
    problems += _found(file, frame, ~pl.col("form_code").is_in(list(elements)), "form_code", "{}不是已有的报表")
    not_first = pl.col("period_start_date").dt.day() != 1
    return problems + _found(file, frame, not_first, "period_start_date", "{}应为报告期的第一天")


def _presets(frame: pl.DataFrame) -> list[Problem]:
    file = "light_presets.csv"
    wrong = pl.col("yellow_from_lag") > pl.col("red_above_lag")
    problems = _found(file, frame, wrong, "yellow_from_lag", "{}高于红灯的滞后线")
    if frame.height and frame.filter(pl.col("is_default")).height != 1:
        problems.append(Problem(file, 0, "is_default", "应有且只有一套默认的亮灯办法"))
    return problems
