"""From plan text to commitments: every promise of a plan with its number, indicator, operator, deadline and
exact place.

Belongs here: putting the readings of a document together, ids, records. Does not: the readings themselves
(promises.py, milestones.py,
deliverables.py), documents and files (document.py), indicator cards (linking.py).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from ingestion.plans.deliverables import find_deliverables
from ingestion.plans.duties import Duties
from ingestion.plans.layout import flow_of
from ingestion.plans.milestones import find_milestones, is_title, named_projects, stage_heading
from ingestion.plans.naming import confidence_of
from ingestion.plans.numerals import as_number
from ingestion.plans.outline import outline, path_at, spans_of
from ingestion.plans.periods import plan_year
from ingestion.plans.projects import Spans
from ingestion.plans.promises import Passage
from ingestion.plans.relations import relate
from ingestion.plans.script import plain_view, source_script
from ingestion.plans.stages import work_type as kind_of_work
from ingestion.plans.targets import TARGET
from ingestion.plans.works import Milestone

if TYPE_CHECKING:
    from ingestion.plans.document import Paragraph

# the fields of a commitment before it has its place and its id
Draft = dict[str, Any]


@dataclass(frozen=True)
class Commitment:
    """One promise of a plan; the fields are the keys of a `duban extract` record, offsets are str indexes into
    the source text."""

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
    record = {f.name: getattr(c, f.name) for f in fields(c)}
    record["deadline"] = c.deadline.isoformat() if c.deadline else None
    record["projects"] = list(c.projects)
    return record


def extract_commitments(
    text: str, *, year: int | None = None, paragraphs: Sequence[Paragraph] | None = None, document_key: str = ""
) -> list[Commitment]:
    """Commitments of a decoded plan in reading order. `year` overrides the year the text states; without
    either, deadlines that
    name no year are null. `paragraphs` locate the text; without them its lines are the paragraphs."""
    spans = spans_of(text, paragraphs)
    passage = Passage(flow_of(text, paragraphs), year if year is not None else plan_year(text))
    drafts = [draft for read in (_numbers, _milestones, _staged_cells, _deliverables) for draft in read(text, passage)]
    drafts.sort(key=lambda draft: (draft["start"], draft.get("number_start", draft["start"]), draft["kind"]))
    items = outline(text, paragraphs)
    duties = Duties(passage.flow)
    starts = [start for start, _ in spans]
    named = None if paragraphs is None else [p.locator for p in paragraphs if p.end > p.start]
    for draft in drafts:
        at = draft["start"]
        line = bisect_right(starts, at) - 1
        draft["item_path"] = path_at(items, at)
        draft["locator"] = f"第{line + 1}段" if named is None else named[line]
        draft["responsible_unit"] = duties.at(bisect_left(passage.flow.index, at))
    key = document_key or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return relate(_identified(drafts, key))


def _numbers(text: str, passage: Passage) -> Iterator[Draft]:
    script = source_script(text, plain_view(text))
    for r in passage.readings():
        if r.verdict != TARGET:
            continue
        q = r.quantity
        start, end = passage.flow.source(r.clause.start, r.clause.end)
        first, last = passage.flow.source(q.start, q.end)
        yield Draft(
            kind=r.kind, quote=text[start:end], start=start, end=end,
            number_text=text[first:last], number_start=first, number_end=last,
            indicator=r.indicator.translate(script) if script else r.indicator, operator=r.operator,
            value=as_number(q.value), value_high=as_number(q.value_high),
            unit=(r.unit.translate(script) if script and q.shape != "points" else r.unit) or None,
            baseline=as_number(r.baseline.value) if r.baseline else None, deadline=r.deadline, strength=r.strength,
            per=r.per, recurrence=r.recurrence, confidence=confidence_of(r.doubts, r.per),
        )  # fmt: skip


def _milestones(text: str, passage: Passage) -> Iterator[Draft]:
    subject: Spans = ()
    line, titled = -1, False
    headed: str | None = None
    for i, clause in enumerate(passage.clauses):
        if clause.paragraph != line:
            # a title on its own line lends its project to the next
            subject, line = subject if titled else (), clause.paragraph
            titled = False
        found = [] if clause.past or passage.is_over(clause) else find_milestones(passage.plain, clause, subject)
        after = passage.clauses[i + 1] if i + 1 < len(passage.clauses) else None
        named = found[-1].projects if found else named_projects(passage.plain, clause)
        if not clause.past and (heading := stage_heading(clause)):
            headed = heading
        elif headed is not None:
            # 竣工项目：甲小学、乙中学
            found = found or [Milestone(clause.start, clause.end, headed, None, named, None)] if named else found
            headed = headed if named and found[-1].stage == headed else None
        if named:
            subject = named
            titled = not found and clause.mark == "\n" and clause.start - passage.spans[line][0] <= 6
        for m in [] if is_title(clause, found, after) else found:
            start, end = passage.flow.source(m.start, m.end)
            names = tuple(text[a:b] for a, b in (passage.flow.source(*span) for span in m.projects))
            yield Draft(
                kind="milestone", quote=text[start:end], start=start, end=end, milestone=m.stage, confidence=0.8,
                work_type=m.work_type, projects=names, stated_count=m.stated_count, deadline=passage.due(i),
            )  # fmt: skip


def _staged_cells(text: str, passage: Passage) -> Iterator[Draft]:
    """Milestones of tables whose heads are stages; days before the plan's years are past."""
    for cell in passage.deadlines.projects.cells:
        if passage.first_year is not None and cell.due.year < passage.first_year:
            continue
        start, end = passage.flow.source(cell.head, cell.end)
        names = tuple(text[a:b] for a, b in (passage.flow.source(*span) for span in cell.names))
        yield Draft(
            kind="milestone", quote=text[start:end], start=start, end=end, milestone=cell.stage, confidence=0.8,
            work_type=kind_of_work(cell.work), projects=names, stated_count=None, deadline=cell.due,
        )  # fmt: skip


def _deliverables(text: str, passage: Passage) -> Iterator[Draft]:
    starts = [c.start for c in passage.clauses]
    for span in passage.spans:
        for d in find_deliverables(passage.plain, *span):
            i = bisect_right(starts, d.start) - 1
            if i < 0 or passage.clauses[i].past or (d.is_event and _heads(passage, i)):
                continue
            start, end = passage.flow.source(d.start, d.end)
            first, last = passage.flow.source(d.output_start, d.output_end)
            yield Draft(
                kind="deliverable", quote=text[start:end], start=start, end=end, confidence=0.8,
                output=text[first:last], deadline=passage.due(i),
            )  # fmt: skip


_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]")


def _heads(passage: Passage, i: int) -> bool:
    """6.办好技能大赛。…: whether a clause is the numbered heading of the text that follows in its paragraph."""
    clause = passage.clauses[i]
    start, end = passage.spans[clause.paragraph]
    short = clause.mark == "。" and clause.start - start <= 4 and clause.end - clause.start <= 14
    return short and end - clause.end > 20 and _NUMBERED.match(passage.plain, start) is not None


def _identified(drafts: list[Draft], key: str) -> list[Commitment]:
    """Ids that survive a re-extraction: over document, quote and number (or output, projects) and its occurrence."""
    seen: Counter[str] = Counter()
    result: list[Commitment] = []
    for draft in drafts:
        number = draft.get("number_text")
        what = number or draft.get("output") or "、".join(draft.get("projects", ()))
        basis = "\x1f".join((key, "" if number else draft["kind"], draft["quote"], what))
        seen[basis] += 1
        digest = hashlib.sha256(f"{basis}\x1f{seen[basis]}".encode("utf-8", "surrogatepass")).hexdigest()
        result.append(Commitment(id=digest[:16], **draft))
    return result
