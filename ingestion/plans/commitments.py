"""From plan text to commitments: every promise of a plan with its number, indicator, operator, deadline and exact place.

Belongs here: putting the readings of a document together, ids, records. Does not: the readings themselves (promises.py, milestones.py,
deliverables.py), documents and files (document.py), indicator cards (linking.py).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ingestion.plans.deliverables import find_deliverables
from ingestion.plans.milestones import find_milestone
from ingestion.plans.numerals import as_number
from ingestion.plans.outline import outline, path_at, spans_of
from ingestion.plans.periods import plan_year
from ingestion.plans.promises import Passage, Reading
from ingestion.plans.script import plain_view
from ingestion.plans.targets import TARGET

if TYPE_CHECKING:
    from ingestion.plans.document import Paragraph


@dataclass(frozen=True)
class Commitment:
    """One promise of a plan; the fields are the keys of a `duban extract` record, offsets are str indexes into the source text."""

    id: str
    kind: str
    quote: str
    start: int
    end: int
    number_text: str | None = None
    number_start: int | None = None
    number_end: int | None = None
    indicator: str | None = None
    indicator_code: str | None = None
    operator: str | None = None
    value: int | float | None = None
    value_high: int | float | None = None
    unit: str | None = None
    baseline: int | float | None = None
    deadline: date | None = None
    strength: str = "一般"
    confidence: float = 0.5
    responsible_unit: str | None = None
    per: str | None = None
    recurrence: str | None = None
    item_path: str = ""
    locator: str = ""
    milestone: str | None = None
    work_type: str | None = None
    projects: tuple[str, ...] = ()
    stated_count: int | None = None
    output: str | None = None
    restates: str | None = None
    part_of: str | None = None
    note: str | None = None


def to_record(c: Commitment) -> dict:
    """The JSONL record of a commitment: its fields, dates as YYYY-MM-DD, projects as a list."""
    record = asdict(c)
    record["deadline"] = c.deadline.isoformat() if c.deadline else None
    record["projects"] = list(c.projects)
    return record


def extract_commitments(
    text: str, *, year: int | None = None, paragraphs: Sequence[Paragraph] | None = None, document_key: str = ""
) -> list[Commitment]:
    """Commitments of a decoded plan in reading order. `year` overrides the year the text states; without either, deadlines that
    name no year are null. `paragraphs` locate the text; without them its lines are the paragraphs."""
    plain = plain_view(text)
    spans = spans_of(text, paragraphs)
    items = outline(text, paragraphs)
    passage = Passage(plain, spans, items, year if year is not None else plan_year(text))
    drafts = [*_numbers(text, passage), *_milestones(text, plain, passage), *_deliverables(text, plain, passage)]
    drafts.sort(key=lambda c: (c.start, c.number_start or c.start, c.kind))
    located = [
        replace(c, item_path=path_at(items, c.start), locator=_locator(paragraphs, spans, c.start)) for c in drafts
    ]
    return _identified(located, document_key or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def _locator(paragraphs: Sequence[Paragraph] | None, spans: list[tuple[int, int]], offset: int) -> str:
    if paragraphs is not None:
        return next((p.locator for p in paragraphs if p.start <= offset < p.end), "")
    return next((f"第{i}段" for i, (a, b) in enumerate(spans, 1) if a <= offset < b), "")


def _numbers(text: str, passage: Passage) -> Iterator[Commitment]:
    for reading in passage.readings():
        if reading.verdict == TARGET:
            yield _number(text, reading)


def _number(text: str, r: Reading) -> Commitment:
    q = r.quantity
    return Commitment(
        id="", kind=r.kind, quote=text[r.clause.start : r.clause.end], start=r.clause.start, end=r.clause.end,
        number_text=text[q.start : q.end], number_start=q.start, number_end=q.end, indicator=r.indicator, operator=r.operator,
        value=as_number(q.value), value_high=as_number(q.value_high), unit=r.unit or None,
        baseline=as_number(r.baseline.value) if r.baseline else None, deadline=r.deadline, strength=r.strength,
        per=r.per, recurrence=r.recurrence, confidence=0.8 if r.doubts else 0.92,
    )  # fmt: skip


def _milestones(text: str, plain: str, passage: Passage) -> Iterator[Commitment]:
    end_of_year = date(passage.year, 12, 31) if passage.year else None
    for clause in passage.clauses:
        if clause.past:
            continue
        if (m := find_milestone(plain, text, clause)) is not None:
            yield Commitment(
                id="", kind="milestone", quote=text[m.start : m.end], start=m.start, end=m.end, milestone=m.stage, confidence=0.8,
                work_type=m.work_type, projects=m.projects, stated_count=m.stated_count, deadline=end_of_year,
            )  # fmt: skip


def _deliverables(text: str, plain: str, passage: Passage) -> Iterator[Commitment]:
    end_of_year = date(passage.year, 12, 31) if passage.year else None
    for start, end in passage.spans:
        for d in find_deliverables(plain, start, end):
            clause = next((c for c in passage.clauses if c.start <= d.start < c.end), None)
            if clause is not None and not clause.past:
                yield Commitment(
                    id="", kind="deliverable", quote=text[d.start : d.end], start=d.start, end=d.end, confidence=0.8,
                    output=text[d.output_start : d.output_end], deadline=end_of_year,
                )  # fmt: skip


def _identified(drafts: list[Commitment], key: str) -> list[Commitment]:
    """Ids that survive a re-extraction: over document, quote and number (or output, projects) and its occurrence."""
    seen: Counter[str] = Counter()
    result: list[Commitment] = []
    for c in drafts:
        what = c.number_text or c.output or "、".join(c.projects)
        basis = "\x1f".join((key, c.kind if c.number_text is None else "", c.quote, what))
        seen[basis] += 1
        digest = hashlib.sha256(f"{basis}\x1f{seen[basis]}".encode("utf-8", "surrogatepass")).hexdigest()
        result.append(replace(c, id=digest[:16]))
    return result
