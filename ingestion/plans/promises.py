"""Reading clauses in their context: every quantity of a plan with its verdict and, where promised, its fields.

Belongs here: scope over siblings (dates, verbs, subjects), past passages, lists of quantities. Does not: ids, output records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ingestion.plans import indicators, operators, targets
from ingestion.plans.clauses import Clause, depth_map, split_clauses
from ingestion.plans.outline import OutlineItem
from ingestion.plans.periods import Period, find_periods
from ingestion.plans.quantities import Quantity, find_quantities
from ingestion.plans.rules import pattern


@dataclass(frozen=True)
class Reading:
    """One quantity as read; `verdict` is 目标 or the reason why not, the fields after it hold for 目标 only."""

    quantity: Quantity
    clause: Clause
    verdict: str
    indicator: str = ""
    operator: str = "=="
    unit: str = ""
    kind: str = "count"
    deadline: date | None = None
    baseline: Quantity | None = None
    strength: str = "一般"
    per: str | None = None
    recurrence: str | None = None
    said: bool = False


@dataclass
class _Sentence:
    number: int = -1
    deadline: date | None = None
    verb: str = ""
    topic: str = ""
    past: bool = False


class Passage:
    """A document's plain view cut into clauses, with what holds over them."""

    def __init__(self, plain: str, spans: list[tuple[int, int]], items: list[OutlineItem], year: int | None) -> None:
        self.plain = plain
        self.year = year
        self.items = items
        self.spans = spans
        self.clauses = split_clauses(plain, spans)
        self.quantities = find_quantities(plain)
        self.periods = find_periods(plain, year)
        self._depths = {i: depth_map(plain, a, b) for i, (a, b) in enumerate(spans)}

    def nested(self, clause: Clause, q: Quantity) -> bool:
        """Inside quotation marks or a title: a name."""
        start = self.spans[clause.paragraph][0]
        left = self.plain[clause.start : q.start]
        inside = any(left.count(a) > left.count(b) for a, b in ("“”", "《》", "‘’"))
        return inside and self._depths[clause.paragraph][q.start - start] > 0

    def readings(self) -> list[Reading]:
        """Every quantity in reading order with its verdict."""
        found: list[Reading] = []
        state = _Sentence()
        at = 0
        for clause in self.clauses:
            if clause.sentence != state.number:
                state = _Sentence(clause.sentence)
            inside: list[Quantity] = []
            while at < len(self.quantities) and self.quantities[at].start < clause.end:
                if self.quantities[at].start >= clause.start:
                    inside.append(self.quantities[at])
                at += 1
            self._past(clause, state)
            periods = [p for p in self.periods if clause.start <= p.start < clause.end]
            self._scope(clause, periods, inside, state)
            found += self._clause(clause, inside, periods, state)
        return found

    def _past(self, clause: Clause, state: _Sentence) -> None:
        if pattern("^(?:{future})|力争|确保|争取|计划|拟|将").search(clause.text):
            state.past = False
        if pattern("(?:^|，)(?:{past})|[建完新实举开投达取]?[成现增办展入到得]了|已(?!经?批)").search(clause.text):
            state.past = True
        clause.past = state.past

    def _scope(self, clause: Clause, periods: list[Period], inside: list[Quantity], state: _Sentence) -> None:
        first = inside[0].start if inside else clause.end
        for p in periods:
            head = indicators.trim(indicators.strip_lead(self.plain[clause.start : p.start]))
            if p.start < first and len(head) <= 3:
                state.deadline = p.deadline

    def _clause(self, clause: Clause, inside: list[Quantity], periods: list[Period], state: _Sentence) -> list[Reading]:
        found: list[Reading] = []
        line = self.spans[clause.paragraph]
        kept: list[Quantity] = []
        reasons: dict[int, str] = {}
        for q in inside:
            reason = targets.base_reason(self.plain, q, *line)
            if reason:
                reasons[q.start] = reason
            else:
                kept.append(q)
        baseline: Quantity | None = None
        promised: list[Quantity] = []
        for q in kept:
            left, right = self.plain[clause.start : q.start], self.plain[q.end : clause.end]
            verdict = targets.verdict(q, left, right, nested=self.nested(clause, q))
            if verdict == targets.TARGET and clause.past:
                verdict = "过去成绩"
            if verdict == targets.TARGET:
                promised.append(q)
            else:
                reasons[q.start] = verdict
        for q in inside:
            if q.start in reasons:
                if reasons[q.start] == "基数":
                    baseline = q
                found.append(Reading(q, clause, reasons[q.start]))
        for i, q in enumerate(promised):
            found.append(self._promise(clause, q, promised, i, periods, state, baseline))
        found.sort(key=lambda r: r.quantity.start)
        state.topic = self._topic(clause) or state.topic
        return found

    def _topic(self, clause: Clause) -> str:
        text = indicators.strip_lead(indicators.trim(clause.text))
        m = re.search(pattern("{short_verb}|提质|扩面|扩大|加强|推进|加快|从|由|达|为|占|不|超|保持|控制"), text)
        return indicators.trim(text[: m.start()]) if m else text[:12]

    def _promise(self, clause, q, promised, i, periods, state, baseline) -> Reading:  # noqa: ANN001
        plain = self.plain
        begin = clause.start
        carried = ""
        if i:
            between = plain[promised[i - 1].end : q.start]
            cut = max((between.rfind(s) + len(s) for s in ("、", "和", "及", "与", "，") if s in between), default=-1)
            begin = promised[i - 1].end + max(cut, 0)
            carried = state.verb
        end = clause.end
        if i + 1 < len(promised):
            between = plain[q.end : promised[i + 1].start]
            cuts = [between.rfind(s) for s in ("、", "和", "及", "与") if s in between]
            end = q.end + (max(cuts) if cuts else len(between))
        left, right = plain[begin : q.start], plain[q.end : end]
        whole = plain[clause.start : q.start]
        comparison = operators.compare(left, q)
        operator = comparison.operator
        if operator == "==" and carried and pattern("{add_verb}").search(carried):
            operator = "increase"
        subject = left[: comparison.cut]
        if m := pattern("^.{0,12}?({short_verb})").match(left):
            state.verb = m[0]
        elif not i and not left.strip():
            pass
        unit = q.unit or targets.implied_unit(q, left, right) or ""
        rate = q.shape in ("percent", "points", "universal", "double", "multiple")
        if baseline is not None and baseline.start < q.start:
            subject = plain[begin : baseline.start]
            subject = re.sub(r"(分别)?(从|由)[^从由]*$", "", subject)
        if rate:
            name = indicators.rate_indicator(subject, right, q, operator)
        else:
            if carried and not pattern("{short_verb}").search(subject[:8]):
                subject = carried + subject
            name = indicators.count_indicator(subject, right, q)
        if indicators.BARE.match(name) and state.topic and state.topic not in name:
            name = state.topic + name
        per = re.search(r"每(人|生|年|月|镇|校|天|周|学期|个?[^，、每]{1,6}?)(?=每|[\d一二]|至少|不少于|$)", whole)
        kind = (
            "metric"
            if rate or q.shape == "time" or re.search("生均|人均|每生|师均|每人", whole)
            else "money"
            if unit == "元"
            else "count"
        )
        return Reading(
            q,
            clause,
            targets.TARGET,
            name,
            operator,
            "百分点" if q.shape == "points" else unit,
            kind,
            self._deadline(clause, q, periods, state),
            baseline,
            operators.strength_of(whole),
            per[1] if per else None,
            "每年" if "每年" in whole else None,
            comparison.said,
        )

    def _deadline(self, clause: Clause, q: Quantity, periods: list[Period], state: _Sentence) -> date | None:
        before = [p for p in periods if p.end <= q.start]
        if before:
            return before[-1].deadline
        if state.deadline is not None:
            return state.deadline
        return date(self.year, 12, 31) if self.year else None
