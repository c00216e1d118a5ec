"""Works that a clause promises done on named projects: 完成甲校装修、乙校扩建 · 改扩建甲小学 · 对甲校实施改造.

Belongs here: the work as the stage, each project with its own. Does not: stages that are told as such (milestones.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingestion.plans.clauses import Clause
from ingestion.plans.numerals import number_value
from ingestion.plans.projects import COUNTED, Spans, read_projects, split_names
from ingestion.plans.stages import WORK, stage_of_work, work_type


@dataclass(frozen=True)
class Milestone:
    """[start, end) of the clause's promise, its stage, the work, the spans of the named projects in order, the
    count that the text states."""

    start: int
    end: int
    stage: str
    work_type: str | None
    projects: Spans
    stated_count: int | None


# what is done to no building: 语言文字示范校创建提升
_OTHER = re.compile(r"创建|评估|评选|认定|申报|能力|质量|水平|素养|素质|品质|形象|效能|培训|制度|机制|方案")


@lru_cache(maxsize=1)
def _works() -> tuple[re.Pattern[str], ...]:
    done = r"(?:工程|项目|任务|工作|建设|施工)*"
    return (
        # 完成城西幼儿园装修、城东小学扩建: each project its own work
        re.compile(rf"^.{{0,24}}?完成(?P<names>.{{3,}}?(?:的)?(?:{WORK}|建设){done})(?:[（(].*)?$"),
        # 对城西小学、城东小学进行改扩建 · 城西小学等校区实施供暖改造工程
        re.compile(rf"^.{{0,12}}?(?:对|为)?(?P<names>.{{3,}}?(?:进行|实施).{{0,14}}(?:{WORK}){done})$"),
        # 实施城西小学改扩建工程 · …，城东小学扩建工程
        re.compile(rf"^.{{0,12}}?实施(?P<names>.{{3,}}?(?:{WORK})(?:工程|项目|任务|工作)*)$"),
        re.compile(rf"^(?P<names>[^完实推加]{{3,}}?(?:{WORK})(?:工程|项目|任务)+)$"),
    )


_BEFORE_NAMES = re.compile(
    r"^.{0,12}?(?P<work>新改扩建|改扩建|扩建|迁建|改建|新建|重建|装修改造|改造提升|提升改造|维修改造|改造|修缮)(?![、和与及等工项])(?P<names>.{3,})$"
)


def by_works(plain: str, clause: Clause, known: bool) -> Iterator[Milestone]:
    body = clause.text
    if _OTHER.search(body) or clause.mark in "：:":
        return
    for i, rule in enumerate(_works()):
        m = rule.search(body)
        # a work that nothing governs is a title
        if m is None or (i == 3 and plain[clause.start - 1 : clause.start] not in tuple("，,；;、")):
            continue
        found = _each_its_work(plain, clause, clause.start + m.start("names"), clause.start + m.end("names"), known)
        if found:
            yield from found
            return
    if m := _BEFORE_NAMES.search(body):
        named = read_projects(plain, clause.start + m.start("names"), clause.start + m.end("names"), known=known)
        if named.names:
            kind = m["work"]
            yield Milestone(
                clause.start, clause.end, stage_of_work(kind), work_type(kind), named.names, named.stated_count
            )


_EACH_WORK = re.compile(f"{WORK}|建设")


def _each_its_work(plain: str, clause: Clause, first: int, last: int, known: bool) -> list[Milestone]:
    """完成甲校装修、乙校和丙校扩建 → 装修: 甲校, 改扩建: 乙校 丙校. A project without a work of its own shares
    the next one's."""
    end, count = last, None
    if (
        m := re.search(
            rf"(?:等[^、，]{{0,8}}?)?(?P<n>\d+|[一二三四五六七八九十]+)(?:{COUNTED})(?:[^、，]{{0,12}})$",
            plain[first:last],
        )
    ) and (m.start() > 2):
        value = number_value(m["n"])
        count, end = (int(value) if value is not None else None), first + m.start()
    tail = _EACH_WORK.findall(plain[first:last])
    groups: list[tuple[str, Spans]] = []
    waiting: list[tuple[int, int]] = []
    spans = split_names(plain, first, end)
    for i, (a, b) in enumerate(spans):
        words = _EACH_WORK.findall(plain[a:b])
        word = words[-1] if words else (tail[-1] if i == len(spans) - 1 and tail else None)
        waiting.append((a, b))
        if word is not None:
            names = read_projects(plain, waiting[0][0], waiting[-1][1], known=known or bool(groups)).names
            groups, waiting = [*groups, (word, names)], []
    return [
        Milestone(clause.start, clause.end, stage_of_work(word), work_type(word), names, count)
        for word, names in groups
        if names
    ]
