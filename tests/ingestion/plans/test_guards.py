"""Cheap signs before costly patterns: each sign admits all that its pattern can begin or end with."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from ingestion.plans import milestones, outline, projects, tense
from ingestion.plans.rules import pattern

# stands for any character at all
ANY = "∀"


def edge(nodes: Iterable[Any], *, last: bool = False) -> tuple[set[str], bool]:
    """The characters that what the nodes match can begin (or end) with, and whether they can match nothing."""
    found: set[str] = set()
    for op, value in reversed(list(nodes)) if last else nodes:
        if last and op is ops.ASSERT and value[0] == 1 and not edge(value[1])[1]:
            # something has to follow: nothing ends here
            return found, False
        chars, empty = _of(op, value, last=last)
        found |= chars
        if not empty:
            return found, False
    return found, True


def _of(op: Any, value: Any, *, last: bool) -> tuple[set[str], bool]:
    if op is ops.LITERAL:
        return {chr(value)}, False
    if op is ops.IN:
        return _in(value), False
    if op is ops.BRANCH:
        ways = [edge(way, last=last) for way in value[1]]
        return set().union(*(chars for chars, _ in ways)), any(empty for _, empty in ways)
    if op is ops.SUBPATTERN:
        return edge(value[3], last=last)
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        chars, empty = edge(value[2], last=last)
        return chars, empty or value[0] == 0
    if op in (ops.AT, ops.ASSERT, ops.ASSERT_NOT):
        return set(), True
    assert op in (ops.ANY, ops.NOT_LITERAL), op
    return {ANY}, False


def _in(members: Any) -> set[str]:
    found: set[str] = set()
    for op, value in members:
        if op is ops.LITERAL:
            found.add(chr(value))
        elif op is ops.RANGE:
            found |= {chr(code) for code in range(value[0], value[1] + 1)}
        else:
            found |= set("0123456789") if value is ops.CATEGORY_DIGIT and op is ops.CATEGORY else {ANY}
    return found


def begins(wording: str) -> set[str]:
    chars, empty = edge(parser.parse(pattern(wording).pattern))
    assert not empty
    return chars


def ends(rule: re.Pattern[str]) -> set[str]:
    return edge(parser.parse(rule.pattern), last=True)[0]


def test_edges_are_found():
    assert begins("(?:甲|乙丙)?丁|[0-2]") == set("甲乙丁012")
    assert ends(re.compile("(?:甲|乙丙(?=甲))+丁?$")) == set("甲丁")
    assert begins("[^甲]乙") == {ANY}


@pytest.mark.parametrize("name", ["_AHEAD_CLAUSE", "_STRONG_AHEAD", "_TURN", "_PLANNED"])
def test_wording_that_looks_ahead_is_tried(name):
    assert begins(getattr(tense, name)) <= set(tense._AHEAD_BEGINS)


def test_wording_that_looks_back_is_tried():
    guard = tense._back().pattern
    allowed = _in(parser.parse(guard)[0][1][1][0][1])
    # a word of the past may stand at the very beginning, where no mark comes before it
    assert begins(tense._BACK_CLAUSE) <= allowed
    assert begins(tense._TOLD) <= set(tense._TOLD_BEGINS)


def test_every_heading_mark_is_tried():
    for _, mark in outline._LINE_MARKS:
        own = mark.pattern.removeprefix(outline._JUNK)
        refused = {char for char in begins(own) if not outline._BEGINS.match(char)}
        assert not refused, own


def test_nothing_that_trails_a_name_ends_like_a_school():
    assert not ends(projects._TRAIL) & {ANY, *(end for end in projects.SCHOOL_ENDS if len(end) == 1)}
    assert [end for end in projects.SCHOOL_ENDS if projects._TRAIL.search("甲" + end)] == []


def test_every_tail_of_a_project_is_tried():
    assert ends(milestones._PROJECT_TAIL) <= milestones._LAST
