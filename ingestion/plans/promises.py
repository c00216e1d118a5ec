"""Reading clauses in their context: every quantity of a plan with its verdict and, where promised, its fields.

Belongs here: scope over siblings (dates, verbs, subjects) and putting the fields of one quantity together. Does
not: ids, output records.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date
from itertools import pairwise

from ingestion.plans import indicators, operators, siblings, targets
from ingestion.plans.clauses import Clause, depth_map, split_clauses
from ingestion.plans.layout import Flow
from ingestion.plans.naming import doubts_of, lend_nouns, name_quantity
from ingestion.plans.outline import outline_of
from ingestion.plans.periods import Period, find_periods, horizon
from ingestion.plans.quantities import RATES, Quantity, find_quantities
from ingestion.plans.readings import Memory, Reading
from ingestion.plans.rules import pattern
from ingestion.plans.tables import TableTarget, read_tables
from ingestion.plans.tense import mark_tense

# how far a quantity looks about itself: longer clauses are slips of the pen
_REACH = 120
_CUT = re.compile(r"、|以及|和(?!谐)|(?<![惠普涉遍顾])及(?!格|其)|与(?!会)|，|,|其中")


_STAGE_TITLE = re.compile(r"^.{2,16}(?:阶段|环节|步骤)[（(][^）)]*$")
# 9月召开教育大会，组建学区5个: the day of an event is its own
_EVENT = re.compile(r"份?(?:组织|集中|继续)?(?:举办|召开|举行|出台|印发|发布|承办)")


# 将12所中职学校整合为8所: what is merged is what remains
_MERGES = re.compile(r"([^，。；]{2,12}?)(?:整合|撤并|合并|优化|调整|压缩|缩减|归并|精简|压减)(?:为|成|到|至)$")


class Passage:
    """A document's plain view cut into clauses, with what holds over them."""

    def __init__(self, flow: Flow, year: int | None) -> None:
        self.flow = flow
        self.plain = plain = flow.text
        self.spans = spans = flow.spans
        self.year = year
        items = outline_of(plain, plain, spans)
        self.first_year, self.is_long = horizon(plain, year)
        self.clauses = split_clauses(plain, spans)
        self.quantities = find_quantities(plain)
        begins = self.first_year if self.is_long and year is not None and year - (self.first_year or year) < 5 else None
        self.periods = find_periods(plain, year, begins)
        self.section_years = mark_tense(plain, self.clauses, items, year, self.first_year)
        self.tables = read_tables(plain, spans, self.first_year)
        self._dealt: dict[int, date] = {}
        self._verdicts: dict[tuple[object, ...], str] = {}
        self._compared: dict[tuple[object, ...], operators.Comparison] = {}
        self._row_due = {
            c.paragraph: p.deadline
            for c in self.clauses
            if c.mark in "\t\n" and (p := self._only_period(c)) is not None
        }
        self._cells = {t.start: t for t in self.tables.targets}
        self._quoted = [depth_map(plain, a, b, "“《‘") for a, b in spans]

    def _only_period(self, clause: Clause) -> Period | None:
        """The period that is all a table cell says: 完成时限 → 2023年9月底前."""
        if "\t" not in self.plain[slice(*self.spans[clause.paragraph])] or clause.end - clause.start > 16:
            return None
        i = bisect_left(self.periods, clause.start, key=lambda p: p.start)
        p = self.periods[i] if i < len(self.periods) else None
        return (
            p
            if p is not None
            and p.start - clause.start <= 2
            and 0 <= clause.end - p.end <= 4
            and "（" not in clause.text
            else None
        )

    def nested(self, clause: Clause, q: Quantity | Period) -> bool:
        """Inside quotation marks or a title: a name."""
        return self._quoted[clause.paragraph][q.start - self.spans[clause.paragraph][0]] > 0

    def readings(self) -> list[Reading]:
        """Every quantity in reading order with its verdict."""
        found: list[Reading] = []
        memory = Memory()
        at = near = 0
        for index, clause in enumerate(self.clauses):
            memory = memory.at(clause)
            inside: list[Quantity] = []
            while at < len(self.quantities) and self.quantities[at].start < clause.end:
                if self.quantities[at].start >= clause.start:
                    inside.append(self.quantities[at])
                at += 1
            while near < len(self.periods) and self.periods[near].start < clause.start:
                near += 1
            periods = []
            for p in self.periods[near : near + 40]:
                if p.start >= clause.end:
                    break
                periods.append(p)
            if index and self.clauses[index - 1].mark in "；;":
                memory.forget_day()
            self._scope(clause, periods, inside, memory)
            clause.due = memory.deadline or memory.paragraph_deadline
            read = self._clause(index, clause, inside, periods, memory)
            if self._closes(clause, periods, read):
                self._date_back(found, clause, periods[0].deadline)
            found += read
            memory.texts.append(clause.text)
        return lend_nouns(found)

    def _closes(self, clause: Clause, periods: list[Period], read: list[Reading]) -> bool:
        """改造食堂28所，8月31日前全部完成: a clause that only dates what stands before it."""
        if not periods or not periods[0].fine or any(r.verdict == targets.TARGET for r in read):
            return False
        rest = self.plain[periods[0].end : clause.end]
        head = indicators.trim(self.plain[clause.start : periods[0].start])
        return (
            len(head) <= 2
            and re.fullmatch(
                (
                    r"(?:要|力争|确保|供暖前|开学前)?(?:全部|全面|基本|如期)?(?:完成|建成|竣工|投用|"
                    r"投入使用|到位|整改到位|交付)(?:任务|使用)?"
                ),
                rest,
            )
            is not None
        )

    def _date_back(self, found: list[Reading], clause: Clause, deadline: date) -> None:
        year_end = date(self.year, 12, 31) if self.year else None
        for i in range(len(found) - 1, -1, -1):
            r = found[i]
            if r.clause.sentence != clause.sentence or "；" in self.plain[r.clause.end : clause.start]:
                return
            if r.verdict == targets.TARGET and r.deadline == year_end and not self._inside(r.clause):
                found[i] = replace(r, deadline=deadline)

    def due(self, index: int) -> date | None:
        """The day a promise without a number in clause `index` is due: of the clause, else of its section, else
        of the plan."""
        clause = self.clauses[index]
        own = self.section_years.get(index)
        for p in self.periods[bisect_left(self.periods, clause.start, key=lambda p: p.start) :]:
            if p.start >= clause.end:
                break
            if not self.nested(clause, p) and (self.first_year is None or p.deadline.year >= self.first_year):
                return _in_year(p.deadline, own) if own and p.relative else p.deadline
        if clause.due is not None:
            return clause.due
        year = own or self.year
        return date(year, 12, 31) if year else None

    def is_over(self, clause: Clause) -> bool:
        """2022年3月开工: every date the clause names lies before the plan's years."""
        named = self._inside(clause)
        return bool(named) and self.first_year is not None and all(p.deadline.year < self.first_year for p in named)

    def _scope(self, clause: Clause, periods: list[Period], inside: list[Quantity], memory: Memory) -> None:
        """A date at the head of a clause holds over its siblings; in a plan of several years 到2025年 holds
        over its paragraph."""
        first = next(
            (q.start for q in inside if q.shape != "bare" and not any(p.start <= q.start < p.end for p in periods)),
            clause.end,
        )
        for p in periods:
            head = indicators.trim(indicators.strip_lead(self.plain[max(clause.start, p.start - _REACH) : p.start]))
            if _STAGE_TITLE.search(clause.text[: p.start - clause.start]) and clause.end - p.end <= 16:
                # 试点推进阶段（9月1日至30日）: over all that stands under it
                memory.paragraph_deadline = p.deadline
                continue
            if p.fine and _EVENT.match(self.plain[p.end : clause.end]):
                continue
            if p.start < first and (len(head) <= 3 or (not inside and len(head) <= 8)):
                memory.deadline, memory.fine = p.deadline, p.fine
                if self.is_long and not p.fine:
                    memory.paragraph_deadline = p.deadline

    def _clause(
        self, index: int, clause: Clause, inside: list[Quantity], periods: list[Period], memory: Memory
    ) -> list[Reading]:
        found: list[Reading] = []
        promised: list[Quantity] = []
        bases: list[Quantity] = []
        line = self.spans[clause.paragraph]
        for q in inside:
            if q.start in self._cells:
                found.append(self._cell(index, clause, q, self._cells[q.start]))
                continue
            if q.start in self.tables.reasons:
                found.append(Reading(q, clause, self.tables.reasons[q.start]))
                continue
            verdict = targets.base_reason(self.plain, q, *line) or self._verdict(
                clause, q, periods, more=q is not inside[-1]
            )
            if verdict == targets.TARGET:
                promised.append(q)
                continue
            found.append(Reading(q, clause, verdict))
            if verdict == "基数":
                bases.append(q)
        heads = self._heads(clause, promised, bases)
        for i, q in enumerate(promised):
            due = self._deadline(index, q, periods, memory)
            if due is not None and self.first_year is not None and due.year < self.first_year:
                found.append(Reading(q, clause, "过去成绩"))
                continue
            reading = self._promise(clause, q, heads[i], bases, due, memory)
            memory.last = reading
            memory.units.setdefault(q.unit, reading) if "其中" in clause.text else memory.units.update(
                {q.unit: reading}
            )
            found.append(reading)
        return sorted(found, key=lambda r: r.quantity.start)

    def _cell(self, index: int, clause: Clause, q: Quantity, cell: TableTarget) -> Reading:
        """A target that stands in a table: name, unit and year come from its row and column."""
        scale, unit = 1, cell.unit
        if q.shape == "bare":
            for word, factor in (("万", 10_000), ("亿", 100_000_000)):
                if unit.startswith(word) and len(unit) > 1:
                    scale, unit = factor, unit[1:]
        if q.unit:
            unit = q.unit
        q = replace(q, value=q.value * scale, end=max(cell.end, q.core_end) if not q.unit else q.end)
        rate = unit in ("%", "百分点", "个百分点", "‰")
        operator = cell.operator or operators.compare("", replace(q, shape="percent" if rate else q.shape)).operator
        if operator == "==" and pattern("{add_verb}").match(cell.name):
            operator = "increase"
        due = date(cell.year, 12, 31) if cell.year else self.due(index)
        base = next((b for b in self.quantities if cell.baseline and b.start == cell.baseline[0]), None)
        kind = "metric" if rate else _kind(q, unit, cell.name)
        return Reading(
            q,
            clause,
            targets.TARGET,
            indicators.trim(cell.name),
            operator,
            "百分点" if unit == "个百分点" else unit,
            kind,
            due,
            base,
        )

    def _verdict(self, clause: Clause, q: Quantity, periods: list[Period], *, more: bool) -> str:
        left, right = (
            self.plain[max(clause.start, q.start - _REACH) : q.start],
            self.plain[q.end : min(clause.end, q.end + _REACH)],
        )
        if any(p.start <= q.start < p.end for p in periods):
            return "日期"
        nested = self.nested(clause, q)
        same = (q.shape, q.unit, q.value, q.value_high, q.qualifier, q.chinese, q.unit_text, left, right, nested, more)
        verdict = self._verdicts.get(same)
        if verdict is None:
            verdict = self._verdicts[same] = targets.verdict(q, left, right, nested=nested, more=more)
        return "过去成绩" if verdict == targets.TARGET and clause.past else verdict

    def _heads(self, clause: Clause, promised: list[Quantity], bases: list[Quantity]) -> list[tuple[str, str, str]]:
        """(left, right, subject to use instead or '') for each promised quantity: the clause is shared out
        between neighbours."""
        plain = self.plain
        cuts = [clause.start]
        for a, b in pairwise(promised):
            marks = list(_CUT.finditer(plain, a.end, b.start))
            # 5所小学、3所中学: the noun before the mark is the first one's, what follows the second one's
            cuts.append(marks[-1].end() if marks else b.start if b.start == a.end else a.end)
        heads = []
        for i, q in enumerate(promised):
            after = promised[i + 1].start if i + 1 < len(promised) else clause.end
            right = plain[q.end : min(cuts[i + 1] if i + 1 < len(promised) else after, q.end + _REACH)]
            heads.append(
                [
                    plain[max(cuts[i], q.start - _REACH) : q.start],
                    _CUT.sub("", right[-2:]) and right.rstrip("、和及与，, "),
                    "",
                ]
            )
        for run in siblings.parallel_runs(plain, promised):
            left = heads[run[0]][0]
            if bases and clause.start <= bases[0].start < promised[run[0]].start:
                left = plain[max(clause.start, bases[0].start - _REACH) : bases[0].start]
                left = re.sub(r"(?:分别)?(?:从|由)[^从由]*$", "", left)
                subject = left
            else:
                subject = left[: operators.compare(left, promised[run[0]]).cut]
            due = [p for p in self._inside(clause) if p.end <= promised[run[0]].start]
            if len(due) == len(run):
                # 2023年、2024年分别达到85%、88%: each number its own date
                self._dealt |= {promised[i].start: p.deadline for i, p in zip(run, due, strict=True)}
            for i, name in zip(
                run,
                siblings.deal(indicators.trim(indicators.strip_lead(indicators.trim(subject))), len(run)),
                strict=True,
            ):
                heads[i] = [heads[run[0]][0], heads[i][1], name]
        return [(h[0], h[1], h[2]) for h in heads]

    def _promise(
        self,
        clause: Clause,
        q: Quantity,
        head: tuple[str, str, str],
        bases: list[Quantity],
        due: date | None,
        memory: Memory,
    ) -> Reading:
        left, right, dealt = head
        whole = self.plain[max(clause.start, q.start - _REACH) : q.start]
        comparison = self._compare(left, q)
        operator, subject = comparison.operator, left[: comparison.cut]
        merged = _MERGES.match(self.plain[bases[-1].end : q.start]) if bases and bases[-1].end <= q.start else None
        baseline = next((b for b in bases if b.start < q.start and b.shape == q.shape), None)
        if dealt:
            subject = dealt
        elif baseline is not None:
            subject = re.sub(
                r"(?:分别)?(?:从|由)[^从由]*$",
                "",
                self.plain[max(clause.start, baseline.start - _REACH) : baseline.start],
            )
        verb = siblings.leading_verb(left)
        if merged and len(indicators.trim(indicators.strip_lead(subject))) < 2:
            subject = merged[1]
        unit = q.unit or targets.implied_unit(q, left, right) or ""
        written, q = q, replace(q, shape="money") if q.shape == "bare" and unit == "元" else q
        name, doubts = name_quantity(q, subject, right, operator, verb, memory)
        if (
            operator == "=="
            and not verb
            and memory.last is not None
            and memory.last.operator == "increase"
            and q.shape == "count"
            and memory.last.clause is clause
        ):
            operator = "increase"
        memory.verb = verb or memory.verb
        per = re.search(
            r"每(人|生|年|月|镇|校|天|周|学期|班|师|户|个?[^，、每]{1,6}?)(?=每|[\d一二]|至少|不少于|$)", whole
        )
        if not doubts:
            doubts = doubts_of(q, written, name, right, told=bool(verb) or comparison.said)
        return Reading(
            q, clause, targets.TARGET, name, operator, "百分点" if q.shape == "points" else unit,
            _kind(q, unit, whole), due, baseline, operators.strength_of(whole), per[1] if per else None,
            "每年" if "每年" in whole else None, doubts,
        )  # fmt: skip

    def _compare(self, left: str, q: Quantity) -> operators.Comparison:
        # words recur: what depends on them alone is read once
        same = (left, q.shape, q.unit, q.qualifier, q.value_high)
        if same not in self._compared:
            self._compared[same] = operators.compare(left, q)
        return self._compared[same]

    def _inside(self, clause: Clause) -> list[Period]:
        i = bisect_left(self.periods, clause.start, key=lambda p: p.start)
        return [p for p in self.periods[i : i + 12] if p.end <= clause.end]

    def _deadline(self, index: int, q: Quantity, periods: list[Period], memory: Memory) -> date | None:
        if q.start in self._dealt:
            return self._dealt[q.start]
        before = [p for p in periods if p.end <= q.start]
        own = self.section_years.get(index)
        if before:
            due = before[-1].deadline
            return _in_year(due, own) if own and before[-1].relative else due
        if memory.deadline is not None:
            return memory.deadline
        if self.clauses[index].paragraph in self._row_due:
            return self._row_due[self.clauses[index].paragraph]
        if own:
            return date(own, 12, 31)
        if memory.paragraph_deadline is not None:
            return memory.paragraph_deadline
        return date(self.year, 12, 31) if self.year else None


def _in_year(due: date, year: int) -> date:
    return date(year, due.month, min(due.day, 28) if due.month == 2 else due.day)


def _kind(q: Quantity, unit: str, whole: str) -> str:
    if q.shape in RATES or q.shape == "time" or re.search("生均|人均|每生|师均|每人|班均", whole):
        return "metric"
    return "money" if unit.endswith("元") else "count"
