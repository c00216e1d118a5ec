"""Which promise of one plan is which of another: the same card, the same wording, the same projects, the same output.

Belongs here: scores of pairs with their reasons, one partner each. Does not: what changed between them (diffing.py),
indicator cards (linking.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingestion.plans.linking import NUMERAL, name_key
from ingestion.plans.script import plain_view

# a record of the JSONL contract, or a row with the same names
Record = Mapping[str, Any]

# below it two wordings are two promises; a person may say otherwise
LEAST_LIKENESS = 0.75
NUMBERED = ("metric", "count", "money")
# 2020年, 第十四届, （2019—2022年）, （试行）: the edition of a thing, not the thing
_EDITION = re.compile(
    r"20\d\d(?:[-—–~至]20\d\d)?(?:学年度?|年度?)?|第[〇零一二两三四五六七八九十百\d]+[届次轮批]|[（(](?:试行|修订|暂行|征求意见稿|\d{4}年?版)[)）]"
)


@dataclass(frozen=True)
class Pair:
    """Positions of two promises in their plans that are one; `score` 0-1, `why` in Chinese."""

    earlier: int
    later: int
    score: float
    why: str


def match_promises(earlier: Sequence[Record], later: Sequence[Record]) -> list[Pair]:
    """Pairs of promises, at most one for each, the likeliest first; order and result depend on the records alone.

    Numbers pair with numbers of one unit by card (`indicator_code`, where both have one) or indicator, projects by
    name, outputs by title. Numerals in names must agree exactly: 第二小学 is not 第一小学.
    """
    before, after = [_Promise.of(r) for r in earlier], [_Promise.of(r) for r in later]
    candidates = [
        Pair(i, j, score, why)
        for i, a in enumerate(before)
        for j, b in enumerate(after)
        if (found := _likeness(a, b)) is not None
        for score, why in (found,)
    ]
    # what stands at the same place among equals is the same: 第一项 with 第一项
    candidates.sort(key=lambda p: (-p.score, abs(p.earlier - p.later), p.earlier, p.later))
    taken: tuple[set[int], set[int]] = set(), set()
    pairs: list[Pair] = []
    for pair in candidates:
        if pair.earlier not in taken[0] and pair.later not in taken[1]:
            pairs.append(pair)
            taken[0].add(pair.earlier)
            taken[1].add(pair.later)
    return sorted(pairs, key=lambda p: (p.later, p.earlier))


@dataclass(frozen=True)
class _Promise:
    kind: str
    unit: str
    code: str | None
    operator: str
    stage: str
    name: str
    key: str
    numerals: tuple[str, ...]
    projects: frozenset[str]

    @staticmethod
    def of(record: Record) -> _Promise:
        kind = "number" if record["kind"] in NUMBERED else record["kind"]
        name = (record.get("output") if kind == "deliverable" else record.get("indicator")) or ""
        key = _key(name)
        return _Promise(
            kind, record.get("unit") or "", record.get("indicator_code"), _way(record.get("operator")),
            record.get("milestone") or "", name, key, tuple(sorted(NUMERAL.findall(key))),
            frozenset(project_key(p) for p in record.get("projects") or ()),
        )  # fmt: skip


def _way(operator: str | None) -> str:
    """A level and a change are two promises of one indicator: 达到95%, 提高3个百分点."""
    return operator if operator in ("increase", "decrease") else "level"


@lru_cache(maxsize=20_000)
def _key(name: str) -> str:
    return name_key(_EDITION.sub("", plain_view(name)), counted=True)


_WORK = re.compile(r"(?:新改扩建|改扩建|迁扩建|扩建|迁建|新建|改建|重建|装修|改造|提升|建设)*(?:工程|项目|主体)*$")


@lru_cache(maxsize=20_000)
def project_key(name: str) -> str:
    """A project's name as it is compared: 城西小学迁建工程 is 城西小学."""
    bare = re.sub(r"[“”\"《》\s]", "", plain_view(name))
    return _WORK.sub("", bare) or bare


def _likeness(a: _Promise, b: _Promise) -> tuple[float, str] | None:
    if a.kind != b.kind:
        return None
    if a.kind == "milestone":
        return _same_projects(a, b)
    if a.kind == "number" and (a.unit != b.unit or (a.operator != b.operator and a.unit in ("%", "百分点"))):
        return None
    if a.code and b.code:
        return (1.0, f"同一张指标卡 {a.code}") if a.code == b.code else None
    if not a.key or not b.key or a.numerals != b.numerals:
        return None
    if a.key == b.key:
        return 1.0, f"名称一致：{b.name}"
    from rapidfuzz import fuzz

    score = fuzz.ratio(a.key, b.key, score_cutoff=100 * LEAST_LIKENESS) / 100
    return (round(score, 3), f"名称相近（{score:.2f}）：{a.name} / {b.name}") if score else None


def _same_projects(a: _Promise, b: _Promise) -> tuple[float, str] | None:
    both = a.projects & b.projects
    if not both:
        return None
    share = len(both) / len(a.projects | b.projects)
    # the same stage of the same project comes before another stage of it
    score = round((0.8 if a.stage == b.stage else 0.5) + 0.2 * share, 3)
    return score, f"同一项目：{'、'.join(sorted(both))}"


def roots(records: Iterable[Record]) -> list[Record]:
    """The promises that repeat no other, in the plan's order."""
    return [record for record in records if not record.get("restates")]
