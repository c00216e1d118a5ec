"""Documents that belong together: editions of one plan, and a plan with that of the year before.

Belongs here: which documents are compared, and how surely they are one plan. Does not: what changed (diffing.py),
from when to when an edition holds (the warehouse: it knows when each came in).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.plans.matching import Record, match_promises, roots
from ingestion.plans.script import plain_view

EDITION, YEAR = "edition", "year"
# two plans of one bureau and year with titles as unlike as this are two plans: 工作要点, 民生实事
LEAST_TITLE = 0.75
# editions say most things again
LEAST_SHARED = 0.4
_LOOSE = re.compile(
    r"20\d\d|[〇零一二三四五六七八九]{4}年|[（(][^（()）]*[)）]|修订|修改|调整|印发|关于|通知|的|年|版|稿|[\s《》“”\"]"
)


@dataclass(frozen=True)
class PlanFile:
    """A read document: `records` of the JSONL contract; `order` tells which of two came in first."""

    document_id: str
    title: str
    region_code: str | None
    plan_year: int | None
    order: int
    records: Sequence[Record]


@dataclass(frozen=True)
class Kinship:
    """A document and the one before it: relation edition | year, with titles' likeness and the share of promises that
    both make, 0-1."""

    earlier: PlanFile
    later: PlanFile
    relation: str
    title_score: float
    shared_share: float


def find_kin(files: Sequence[PlanFile]) -> list[Kinship]:
    """Each document with its edition before and with the last edition of the year before, where there are such.

    Documents without region or year have no kin: nobody knows whose they are.
    """
    known = sorted(
        (f for f in files if f.region_code and f.plan_year is not None), key=lambda f: (f.order, f.document_id)
    )
    found: list[Kinship] = []
    for later in known:
        before = [f for f in known if f.region_code == later.region_code and f is not later]
        same = [f for f in before if f.plan_year == later.plan_year and _arrival(f) < _arrival(later)]
        last = [f for f in before if f.plan_year == (later.plan_year or 0) - 1]
        found += [k for f in same if (k := _edition(f, later))][-1:]
        found += [k for f in last if (k := _year(f, later))][-1:]
    return found


def _arrival(file: PlanFile) -> tuple[int, str]:
    return file.order, file.document_id


def _edition(a: PlanFile, b: PlanFile) -> Kinship | None:
    title, shared = _titles(a, b), _shared(a, b)
    if title < LEAST_TITLE or shared < LEAST_SHARED:
        return None
    return Kinship(a, b, EDITION, title, shared)


def _year(a: PlanFile, b: PlanFile) -> Kinship | None:
    title = _titles(a, b)
    return Kinship(a, b, YEAR, title, _shared(a, b)) if title >= LEAST_TITLE else None


def _titles(a: PlanFile, b: PlanFile) -> float:
    from rapidfuzz import fuzz

    one, other = (_LOOSE.sub("", plain_view(f.title)) for f in (a, b))
    return round(fuzz.ratio(one, other) / 100, 3) if one and other else float(one == other)


def _shared(a: PlanFile, b: PlanFile) -> float:
    one, other = roots(a.records), roots(b.records)
    least = min(len(one), len(other))
    return round(len(match_promises(one, other)) / least, 3) if least else 0.0
