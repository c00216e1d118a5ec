"""Promises made twice: an item repeated elsewhere in a plan restates the first, a part belongs to its whole.

Belongs here: `restates` and `part_of` within one plan, and notes on clauses that disagree. Does not: matching
across plans or years.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestion.plans.commitments import Commitment

_PART = re.compile(r"其中|含|包括")


def relate(found: Sequence[Commitment]) -> list[Commitment]:
    """The same commitments with `restates`, `part_of` and `note` filled in; ids must be final."""
    result = list(found)
    _restatements(result)
    _parts(result)
    return result


def _key(c: Commitment) -> tuple[str, str] | None:
    if c.kind == "deliverable" and c.output:
        return ("output", c.output)
    if c.number_text is not None and c.indicator and len(c.indicator) >= 4:
        return (c.unit or "", re.sub(r"全[市区县省]|[的数]", "", c.indicator))
    return None


def _restatements(found: list[Commitment]) -> None:
    first: dict[tuple[str, str], int] = {}
    named: dict[tuple[str, str], int] = {}
    for i, c in enumerate(found):
        if c.kind == "milestone":
            # one named project at one stage is promised once, however many clauses name it
            for name in c.projects:
                at = named.setdefault((c.milestone or "", name), i)
                if at != i and found[i].restates is None and found[at].quote != c.quote:
                    found[i] = replace(found[i], restates=found[at].id)
            continue
        key = _key(c)
        if key is None:
            continue
        at = first.setdefault(key, i)
        if at == i or found[at].deadline != c.deadline:
            continue
        root = found[at]
        if (root.value, root.value_high, root.operator) == (c.value, c.value_high, c.operator):
            found[i] = replace(c, restates=root.id)
        elif c.start != root.start:
            found[i] = replace(c, note=f"与“{root.quote[:40]}”不一致：{root.number_text} / {c.number_text}")


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
            found[i] = replace(c, part_of=whole.id)
        elif whole is None or not _continues(found[i - 1] if i else None, c, whole):
            whole = c
        else:
            found[i] = replace(c, part_of=whole.id)
    for members in by_clause.values():
        stones = [i for i in members if found[i].kind == "milestone" and found[i].stated_count is not None]
        for i in members:
            if stones and found[i].kind == "count" and found[i].value == found[stones[0]].stated_count:
                found[stones[0]] = replace(found[stones[0]], part_of=found[i].id)


def _continues(before: Commitment | None, c: Commitment, whole: Commitment) -> bool:
    """A sibling of a part, 其中特岗教师60名、幼儿教师80名, is a part too."""
    return (
        before is not None and before.part_of == whole.id and before.unit == c.unit and before.item_path == c.item_path
        and c.start == before.start
    )  # fmt: skip
