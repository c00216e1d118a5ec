"""Promises made twice: an item repeated elsewhere in a plan restates the first, a part belongs to its whole.

Belongs here: `restates` and `part_of` within one plan, and notes on clauses that disagree. Does not: matching
across plans or years.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestion.plans.commitments import Commitment

_YEAR_END = re.compile(r"(?:12|十二)月|年[底末内]|岁末")
_PART = re.compile(r"其中|含|包括")


def relate(found: Sequence[Commitment]) -> list[Commitment]:
    """The same commitments with `restates`, `part_of` and `note` filled in; ids must be final."""
    result = list(found)
    _restatements(result)
    _parts(result)
    return result


@dataclass(frozen=True)
class Conflict:
    """Two clauses of one plan that cannot both hold, in the order of the text; `reason` in Chinese."""

    commitment_id: str
    other_commitment_id: str
    reason: str


def find_conflicts(found: Sequence[Commitment]) -> list[Conflict]:
    """Pairs of related commitments that disagree: one indicator and deadline with two figures (5所 / 4所), the count
    that one list of projects states, one project at one stage with two deadlines. Each later clause once."""
    conflicts: dict[str, Conflict] = {}
    first: dict[tuple[object, ...], tuple[Commitment, _Claim]] = {}
    named = {c.part_of: set(c.projects) for c in found if c.kind == "milestone" and c.part_of and c.projects}
    for c in found:
        for claim in _claims(c):
            root, was = first.setdefault(claim.about, (c, claim))
            # 开工甲小学等3所 and 开工乙中学等2所 are counts of other schools
            is_other = named.keys() >= {c.id, root.id} and named[c.id].isdisjoint(named[root.id])
            # 小学、初中年辍学率分别…: what one clause tells apart is no contradiction
            if was.figure != claim.figure and c.start >= root.end and c.id not in conflicts and not is_other:
                reason = f"{claim.name}：前面写{was.said}，这里写{claim.said}"
                conflicts[c.id] = Conflict(c.id, root.id, reason)
    return list(conflicts.values())


@dataclass(frozen=True)
class _Claim:
    """What a commitment claims: about what, which figure or day, in which words."""

    about: tuple[object, ...]
    figure: object
    name: str
    said: str


def _claims(c: Commitment) -> list[_Claim]:
    if c.kind == "milestone":
        stage = c.milestone or ""
        is_dated = c.deadline is not None and _is_written(c)
        days = [_Claim((stage, n), c.deadline, f"{stage}{n}", str(c.deadline)) for n in c.projects if is_dated]
        if c.stated_count is None or c.part_of:  # the count that it belongs to claims it
            return days
        listed = (stage, c.projects[0], "count")
        return [*days, _Claim(listed, c.stated_count, f"{stage}{c.projects[0]}等", f"{c.stated_count}所")]
    key = _key(c)
    if key is None or c.part_of or c.number_text is None:
        return []
    # a level, a change and a running total of one indicator are three promises, and so is a figure for each school
    way = ("累计" in c.quote, c.operator if c.operator in ("increase", "decrease") else "", c.per, c.recurrence)
    return [_Claim((*key, c.deadline, *way), (c.value, c.value_high), c.indicator or "", c.number_text)]


def _is_written(c: Commitment) -> bool:
    """Whether the day is the text's own: the year's end is also what a clause without a day is due by."""
    return (c.deadline is not None and c.deadline.strftime("%m%d") != "1231") or _YEAR_END.search(c.quote) is not None


def _key(c: Commitment) -> tuple[str, str] | None:
    if c.kind == "deliverable" and c.output:
        return ("output", c.output)
    if c.number_text is not None and c.indicator and len(c.indicator) >= 4:
        return (c.unit or "", _bare_name(c.indicator))
    return None


@lru_cache(maxsize=1024)
def _bare_name(indicator: str) -> str:
    return re.sub(r"全[市区县省]|[的数]", "", indicator)


def _with(c: Commitment, **changed: str) -> Commitment:
    # as dataclasses.replace, without setting every field of a frozen record by itself
    other = copy(c)
    vars(other).update(changed)
    return other


def _restatements(found: list[Commitment]) -> None:
    first: dict[tuple[str, str], int] = {}
    named: dict[tuple[str, str], int] = {}
    for i, c in enumerate(found):
        if c.kind == "milestone":
            # one named project at one stage is promised once, however many clauses name it
            for name in c.projects:
                at = named.setdefault((c.milestone or "", name), i)
                if at != i and found[i].restates is None and found[at].quote != c.quote:
                    found[i] = _with(found[i], restates=found[at].id)
            continue
        key = _key(c)
        if key is None:
            continue
        at = first.setdefault(key, i)
        if at == i or found[at].deadline != c.deadline:
            continue
        root = found[at]
        if (root.value, root.value_high, root.operator) == (c.value, c.value_high, c.operator):
            found[i] = _with(c, restates=root.id)
        elif c.start != root.start:
            found[i] = _with(c, note=f"与“{root.quote[:40]}”不一致：{root.number_text} / {c.number_text}")


def _parts(found: list[Commitment]) -> None:
    """招聘教师300名，其中高中教师60名: what stands after 其中 is part of the count before it; a stated count
    belongs to its milestone."""
    by_clause: dict[tuple[int, int], list[int]] = defaultdict(list)
    whole: Commitment | None = None
    for i, c in enumerate(found):
        by_clause[c.start, c.end].append(i)
        if c.number_text is None:
            continue
        offset = (c.number_start or c.start) - c.start
        inside = _PART.search(c.quote[:offset]) is not None
        if (
            inside
            and whole is not None
            and whole.item_path == c.item_path
            and whole.unit == c.unit
            and (c.start - whole.end) < 60
        ):
            found[i] = _with(c, part_of=whole.id)
        elif whole is None or not _continues(found[i - 1] if i else None, c, whole):
            whole = c
        else:
            found[i] = _with(c, part_of=whole.id)
    for members in by_clause.values():
        stones = [i for i in members if found[i].kind == "milestone" and found[i].stated_count is not None]
        for i in members:
            if stones and found[i].kind == "count" and found[i].value == found[stones[0]].stated_count:
                found[stones[0]] = _with(found[stones[0]], part_of=found[i].id)


def _continues(before: Commitment | None, c: Commitment, whole: Commitment) -> bool:
    """A sibling of a part, 其中特岗教师60名、幼儿教师80名, is a part too."""
    return (
        before is not None and before.part_of == whole.id and before.unit == c.unit and before.item_path == c.item_path
        and c.start == before.start
    )  # fmt: skip
