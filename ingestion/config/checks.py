"""What must hold beyond each cell's type: required cells, keys, words, references, trees, validity, calendars.

Every check takes the typed frames of all tables and returns problems; none stops at the first, none repairs anything.
What must hold of indicator cards and target sets: card_checks.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise
from types import MappingProxyType

import polars as pl

from ingestion.config.card_checks import check_cards
from ingestion.config.problems import Problem
from ingestion.config.reading import ROW
from ingestion.config.rules import BEFORE, FILES, VALID, FileRules
from ingestion.config.sheets import title_of

KINDS = ("指标", "数量", "资金", "项目节点", "文件活动")
NEVER_EMPTY = ("regions.csv", "light_presets.csv")
Frames = Mapping[str, pl.DataFrame]
Elements = Mapping[str, frozenset[str]]
"""Element codes of each form code."""


def check(
    frames: Frames,
    elements: Elements,
    unreadable: Collection[str] = (),
    form_names: Mapping[str, str] = MappingProxyType({}),
) -> list[Problem]:
    """Every problem of the configuration; `frames` by key of FILES, each with `__row`; `form_names` for messages.

    A table that could not be read would make every reference to it look wrong: references to it are not judged.
    """
    problems: list[Problem] = []
    for file, rules in FILES.items():
        frame = frames[file]
        problems += _cells(file, frame, rules)
        problems += _keys(file, frame, rules)
        for first, last in rules.in_order:
            problems += found(file, frame, pl.col(last) < pl.col(first), last, f"{{}}{BEFORE[first]}")
        if VALID in rules.in_order:
            problems += _overlaps(file, frame, rules)
        for column, (target, key) in rules.references.items():
            if target not in unreadable:
                problems += _references(file, frame, column, frames[target][key].to_list(), title_of(target))
    for file in NEVER_EMPTY:
        if file not in unreadable and frames[file].is_empty():
            problems.append(Problem(file, 0, "", "还没有内容：至少填写一行"))
    problems += _cycles("regions.csv", frames["regions.csv"], "region_code", "parent_region_code")
    problems += _cycles("units.csv", frames["units.csv"], "unit_code", "parent_unit_code")
    problems += _schools_and_units(frames)
    problems += check_cards(frames, elements, form_names)
    problems += _baselines(frames["baselines.csv"])
    problems += _exemptions(frames, elements, unreadable)
    problems += _reporters("registers.csv", frames, unreadable)
    problems += _periods_of_forms("form_deadlines.csv", frames["form_deadlines.csv"], elements)
    problems += _presets(frames["light_presets.csv"])
    problems += _curves(frames)
    return problems


def found(file: str, frame: pl.DataFrame, condition: pl.Expr, column: str, message: str) -> list[Problem]:
    """A problem for each row where the condition holds; {} in the message is the cell's value."""
    rows = frame.filter(condition).select(pl.col(ROW), pl.col(column).cast(pl.String).alias("value"))
    return [
        Problem(file, row, column, message.replace("{}", f"“{value}”" if value is not None else ""))
        for row, value in rows.iter_rows()
    ]


def _cells(file: str, frame: pl.DataFrame, rules: FileRules) -> list[Problem]:
    problems: list[Problem] = []
    for column in rules.required:
        problems += found(file, frame, pl.col(column).is_null(), column, "不能为空")
    for column, words in rules.words.items():
        known = "、".join(words)
        problems += found(file, frame, ~pl.col(column).is_in(words), column, f"{{}}不在可填值之内（{known}）")
    for column, words in rules.word_lists.items():
        unknown = pl.col(column).str.split("|").list.set_difference(list(words)).list.len() > 0
        problems += found(file, frame, unknown, column, f"{{}}含有不认识的词（可填：{'、'.join(words)}）")
    for column, (pattern, hint) in rules.patterns.items():
        problems += found(file, frame, ~pl.col(column).str.contains(pattern), column, f"{{}}不对：{hint}")
    for column, (low, high) in rules.ranges.items():
        outside = ~pl.col(column).is_between(low, high)
        problems += found(file, frame, outside, column, f"{{}}应在 {low} 到 {high} 之间")
    return problems


def _keys(file: str, frame: pl.DataFrame, rules: FileRules) -> list[Problem]:
    repeated = frame.filter(frame.select(rules.key).is_duplicated() & pl.col(rules.key[0]).is_not_null())
    groups: dict[tuple[object, ...], list[int]] = {}
    for row in repeated.select(*rules.key, ROW).iter_rows():
        groups.setdefault(row[:-1], []).append(row[-1])
    return [
        Problem(file, row, rules.key[0], f"“{'·'.join(str(k) for k in key if k)}”与第{rows[0]}行重复：请只保留一行")
        for key, rows in groups.items()
        for row in rows[1:]
    ]


def _references(file: str, frame: pl.DataFrame, column: str, known: list[str], target: str) -> list[Problem]:
    unknown = pl.col(column).is_not_null() & ~pl.col(column).is_in([k for k in known if k is not None])
    return found(file, frame, unknown, column, f"{{}}不在“{target}”表中：请先在该表登记，或改正代码")


def _cycles(file: str, frame: pl.DataFrame, key: str, parent: str) -> list[Problem]:
    rows = list(frame.select(key, parent, ROW).iter_rows())
    parents: dict[str, set[str]] = {}
    for code, up, _ in rows:
        if up is not None:
            parents.setdefault(code, set()).add(up)

    def goes_round(code: str) -> bool:
        seen: set[str] = set()
        waiting = list(parents.get(code, ()))
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                waiting += parents.get(at, ())
        return code in seen

    return [
        Problem(file, row, parent, f"“{code}”的上级绕回了自己：请改正上级代码")
        for code, up, row in rows
        if up is not None and goes_round(code)
    ]


def _overlaps(file: str, frame: pl.DataFrame, rules: FileRules) -> list[Problem]:
    """Rows of one code (the key without what tells its versions apart) must not be valid on the same day."""
    problems: list[Problem] = []
    spans: dict[tuple[object, ...], list[tuple[str, str, int]]] = {}
    for *code, first, last, row in frame.select(*rules.code, *VALID, ROW).iter_rows():
        if code[0] is not None:
            spans.setdefault(tuple(code), []).append((str(first or ""), str(last or "9999"), row))
    for code, own in spans.items():
        own.sort()
        problems += [
            Problem(file, later[2], VALID[0], f"“{code[0]}”的有效期与第{earlier[2]}行重叠：请填前一行的失效日期")
            for earlier, later in pairwise(own)
            if later[0] <= earlier[1]
        ]
    return problems


def _schools_and_units(frames: Frames) -> list[Problem]:
    schools, units = frames["schools.csv"], frames["units.csv"]
    merged = pl.col("merged_into_code")
    problems = found("schools.csv", schools, pl.col("pupils_registered") < 0, "pupils_registered", "{}不能为负")
    problems += found("schools.csv", schools, merged == pl.col("school_code"), "merged_into_code", "{}是学校自己")
    still_open = merged.is_not_null() & pl.col("closed_date").is_null()
    problems += found("schools.csv", schools, still_open, "closed_date", "已并入其他学校，须填停办日期")
    both = pl.col("unit_code").is_in(schools["school_code"].to_list())
    return problems + found("units.csv", units, both, "unit_code", "{}与一所学校的代码相同")


def _baselines(frame: pl.DataFrame) -> list[Problem]:
    file = "baselines.csv"
    parts = pl.col("numerator_value").is_null() | pl.col("denominator_value").is_null()
    problems = found(file, frame, pl.col("value").is_null() & parts, "value", "须填基数值，或分子分母都填")
    return problems + found(file, frame, pl.col("denominator_value") <= 0, "denominator_value", "{}应大于零")


def _exemptions(frames: Frames, elements: Elements, unreadable: Collection[str]) -> list[Problem]:
    file, frame = "exemptions.csv", frames["exemptions.csv"]
    return _periods_of_forms(file, frame, elements) + _reporters(file, frames, unreadable)


def _reporters(file: str, frames: Frames, unreadable: Collection[str]) -> list[Problem]:
    if {"schools.csv", "units.csv"} & set(unreadable):
        return []
    reporters = frames["schools.csv"]["school_code"].to_list() + frames["units.csv"]["unit_code"].to_list()
    return _references(file, frames[file], "reporter_code", reporters, "学校”或“单位")


def _periods_of_forms(file: str, frame: pl.DataFrame, elements: Elements) -> list[Problem]:
    problems = found(file, frame, ~pl.col("form_code").is_in(list(elements)), "form_code", "{}不是已有的报表")
    not_first = pl.col("period_start_date").dt.day() != 1
    return problems + found(file, frame, not_first, "period_start_date", "{}应为报告期的第一天")


def _presets(frame: pl.DataFrame) -> list[Problem]:
    file = "light_presets.csv"
    wrong = pl.col("yellow_from_lag") > pl.col("red_above_lag")
    problems = found(file, frame, wrong, "yellow_from_lag", "{}高于红灯的滞后线")
    if frame.height and frame.filter(pl.col("is_default")).height != 1:
        problems.append(Problem(file, 0, "is_default", "应有且只有一套默认的亮灯办法"))
    return problems


def _curves(frames: Frames) -> list[Problem]:
    file, frame = "progress_curves.csv", frames["progress_curves.csv"]
    known = [*KINDS, *frames["indicators.csv"]["indicator_code"].to_list()]
    unknown = ~pl.col("applies_to").is_in(known)
    problems = found(file, frame, unknown, "applies_to", f"{{}}不是指标代码，也不是 {' '.join(KINDS)} 之一")
    ordered = frame.sort("applies_to", "elapsed_pct")
    falls = pl.col("expected_pct") < pl.col("expected_pct").shift().over("applies_to")
    problems += found(file, ordered, falls, "expected_pct", "{}低于前一个时间点")
    mixed = pl.col("shape").n_unique().over("applies_to") > 1
    return problems + found(file, frame, mixed, "shape", "同一对象的形状应当一致，这里是{}")
