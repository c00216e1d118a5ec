"""Reading clauses in their context: every quantity of a plan with its verdict and, where promised, its fields.

Belongs here: scope over siblings (dates, verbs, subjects) and putting the fields of one quantity together. Does
not: ids, output records.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from ingestion.plans import indicators, operators, siblings, targets
from ingestion.plans.clauses import Clause, split_clauses
from ingestion.plans.deadlines import Deadlines, frame_of
from ingestion.plans.layout import Flow
from ingestion.plans.naming import doubts_of, lend_nouns, name_quantity
from ingestion.plans.outline import outline_of
from ingestion.plans.periods import Period
from ingestion.plans.quantities import RATES, Quantity, find_quantities
from ingestion.plans.readings import Memory, Reading
from ingestion.plans.rules import pattern
from ingestion.plans.subjects import Headings
from ingestion.plans.tables import TableTarget, read_tables
from ingestion.plans.tense import mark_tense

# how far a quantity looks about itself: longer clauses are slips of the pen
# rates without a unit, and what is better the less there is of it: names of rows in tables of indicators
_RATIO = re.compile(r"系数$|(?:生师|师生|班师|师班)比$")
_LOWER = re.compile(r"近视|辍学|流失|失学|肥胖|大班额|差异系数|生师比|事故|死亡|投诉|不合格|未达标|缺口|负债")
_REACH = 120
_CUT = re.compile(r"、|以及|和(?!谐)|(?<![惠普涉遍顾])及(?!格|其)|与(?!会)|，|,|其中")


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
        self.clauses = split_clauses(plain, spans)
        self.quantities = find_quantities(plain)
        self.deadlines = Deadlines(frame_of(plain, spans, self.clauses, items, year))
        self.first_year = self.deadlines.frame.first_year
        self.deadlines.section_years = mark_tense(plain, self.clauses, items, year, self.first_year)
        self.tables = read_tables(plain, spans, self.first_year)
        self.tables.reasons = self.deadlines.projects.reasons | self.tables.reasons
        self.deadlines.lay_out(self.tables.sheets)
        self.opening = plain[:400]
        self.headings = Headings(self.clauses, items, self.tables.sheets)
        self._verdicts: dict[tuple[object, ...], str] = {}
        self._compared: dict[tuple[object, ...], operators.Comparison] = {}
        self._cells = {t.start: t for t in self.tables.targets}
        bases = {t.baseline[0] for t in self.tables.targets if t.baseline}
        self._bases = {q.start: q for q in self.quantities if q.start in bases} if bases else {}

    def due(self, index: int) -> date | None:
        """The day a promise without a number in clause `index` is due."""
        return self.deadlines.due(index)

    def is_over(self, clause: Clause) -> bool:
        """2022年3月开工: every date the clause names lies before the plan's years."""
        return self.deadlines.is_over(clause)

    def readings(self) -> list[Reading]:
        """Every quantity in reading order with its verdict."""
        found: list[Reading] = []
        memory = Memory()
        at = 0
        for index, clause in enumerate(self.clauses):
            memory = memory.at(clause)
            memory.heading, memory.opening = self.headings.of(index), self.opening
            inside: list[Quantity] = []
            while at < len(self.quantities) and self.quantities[at].start < clause.end:
                if self.quantities[at].start >= clause.start:
                    inside.append(self.quantities[at])
                at += 1
            periods = self.deadlines.inside(clause)
            if index and self.clauses[index - 1].mark in "；;":
                memory.forget_local()
                memory.part()
            if periods:
                self.deadlines.scope(clause, periods, inside, memory)
            clause.due = memory.deadline or memory.paragraph_deadline
            read = self._clause(index, clause, inside, periods, memory) if inside else []
            if (
                periods
                and not any(r.verdict == targets.TARGET for r in read)
                and self.deadlines.closes(clause, periods)
            ):
                self._date_back(found, clause, periods[0].deadline)
            found += read
            memory.texts.append(clause.text)
        return lend_nouns(found)

    def _date_back(self, found: list[Reading], clause: Clause, deadline: date) -> None:
        year_end = date(self.year, 12, 31) if self.year else None
        for i in range(len(found) - 1, -1, -1):
            r = found[i]
            if r.clause.sentence != clause.sentence or "；" in self.plain[r.clause.end : clause.start]:
                return
            if (
                r.verdict == targets.TARGET
                and r.kind != "money"
                and r.deadline == year_end
                and not self.deadlines.inside(r.clause)
            ):
                found[i] = replace(r, deadline=deadline)

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
        heads = self._heads(clause, promised, bases, memory) if promised else []
        for i, q in enumerate(promised):
            due = self.deadlines.of(index, q, periods, memory)
            if due is not None and self.first_year is not None and due.year < self.first_year:
                found.append(Reading(q, clause, "过去成绩"))
                continue
            reading = self._promise(clause, q, heads[i], bases, due, memory)
            memory.keep(reading)
            memory.units.setdefault(q.unit, reading) if "其中" in clause.text else memory.units.update(
                {q.unit: reading}
            )
            found.append(reading)
        return sorted(found, key=lambda r: r.quantity.start) if promised else found

    def _cell(self, index: int, clause: Clause, q: Quantity, cell: TableTarget) -> Reading:
        """A target that stands in a table: name, unit and year come from its row and column."""
        scale, unit = 1, cell.unit
        if q.shape == "bare":
            for word, factor in (("万", 10_000), ("亿", 100_000_000)):
                if unit.startswith(word) and len(unit) > 1:
                    scale, unit = factor, unit[1:]
        if q.unit:
            unit = q.unit
        high = Decimal(cell.high.replace(",", "")) * scale if cell.high else None
        end = cell.end if high is not None or not q.unit else q.end
        q = replace(q, value=q.value * scale, value_high=high, end=max(end, q.core_end))
        base = self._bases.get(cell.baseline[0]) if cell.baseline else None
        rate = unit in ("%", "百分点", "个百分点", "‰") or _RATIO.search(cell.name) is not None
        operator = cell.operator or operators.compare("", replace(q, shape="percent" if rate else q.shape)).operator
        lowers = _LOWER.search(cell.name) is not None or (base is not None and base.value > q.value)
        if cell.operator is None and operator == ">=" and lowers and "百分点" not in unit:
            # 近视率 52 → 48: what a row lowers is a ceiling; a change of points is none
            operator = "<="
        if operator == "==" and pattern("{add_verb}").match(cell.name):
            operator = "increase"
        due = date(cell.year, 12, 31) if cell.year else self.due(index)
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
        if periods and any(p.start <= q.start < p.end for p in periods):
            return "日期"
        nested = self.deadlines.nested(clause, q)
        same = (q.shape, q.unit, q.value, q.value_high, q.qualifier, q.chinese, q.unit_text, left, right, nested, more)
        verdict = self._verdicts.get(same)
        if verdict is None:
            verdict = self._verdicts[same] = targets.verdict(q, left, right, nested=nested, more=more)
        return "过去成绩" if verdict == targets.TARGET and clause.past else verdict

    def _respectively(self, clause: Clause, left: str, count: int, memory: Memory) -> list[str] | None:
        """培养甲50名、乙30名，每年分别奖励6000元、5000元: subjects that stand with the numbers before, None where the
        clause names its own."""
        m = ("分别" in left or "依次" in left) and re.search(r"(?:分别|依次)(?P<verb>[^，、分]{0,6})$", left)
        subject = indicators.trim(left[: m.start()]) if m else ""
        if not m or "、" in left or len(memory.recent) < count or re.search("达|提|升|降|增|为$", m["verb"]):
            return None
        if indicators.RATE_END.search(subject) or subject.endswith("”"):
            return None
        named = memory.recent[-count:]
        if any(r.clause.sentence != clause.sentence or r.clause is not named[0].clause for r in named):
            return None
        verb = indicators.trim(m["verb"])
        nouns = [pattern("^(?:{short_verb}|{add_verb})+").sub("", r.indicator).removesuffix("数") for r in named]
        return [noun + verb if re.search("奖|补|贴|助", verb) else verb + noun for noun in nouns]

    def _heads(
        self, clause: Clause, promised: list[Quantity], bases: list[Quantity], memory: Memory
    ) -> list[tuple[str, str, str]]:
        """(left, right, subject to use instead or '') for each promised quantity: the clause is shared out
        between neighbours."""
        plain = self.plain
        cuts = [clause.start]
        for a, b in pairwise(promised):
            marks = list(_CUT.finditer(plain, a.end, b.start))
            # 5所小学、3所中学: the noun before the mark is the first one's, what follows the second one's
            cuts.append(marks[-1].end() if marks else _verb_between(plain, a.end, b.start))
        heads = []
        for i, q in enumerate(promised):
            after = promised[i + 1].start if i + 1 < len(promised) else clause.end
            placed = plain.startswith("在", cuts[i])
            right = plain[q.end : min(cuts[i + 1] if i + 1 < len(promised) and not placed else after, q.end + _REACH)]
            heads.append(
                [
                    plain[max(cuts[i], q.start - _REACH) : q.start],
                    # 获奖12个、总分保持前列: what a list goes on with is another matter
                    "" if right.startswith("、") else _CUT.sub("", right[-2:]) and right.rstrip("、和及与，, "),
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
            self.deadlines.deal(clause, [promised[i] for i in run], left)
            if (lent := self._respectively(clause, left, len(run), memory)) is not None:
                for i, name in zip(run, lent, strict=True):
                    heads[i] = [heads[run[0]][0], heads[i][1], name]
                continue
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
        baseline = next((b for b in bases if b.start < q.start and b.shape == q.shape), None) if bases else None
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
        name, doubts = name_quantity(q, subject, right, operator, verb, memory, left)
        # 5%和5%和5%: where each borrows from the one before, no name grows without end
        name = name[: 3 * _REACH]
        if (
            operator == "=="
            and not verb
            and memory.last is not None
            and (memory.last.operator == "increase" or _at_least(self.plain, memory.last, q))
            and q.shape == "count"
            and memory.last.clause is clause
        ):
            operator = memory.last.operator
        memory.verb = verb or memory.verb
        # a noun lent by a sibling is as good as its own
        doubts = tuple(doubt for doubt in doubts if doubt != "承前名词")
        if not doubts:
            doubts = doubts_of(q, written, name, right, told=bool(verb) or comparison.said)
        return Reading(
            q, clause, targets.TARGET, name, operator, "百分点" if q.shape == "points" else unit,
            _kind(q, unit, whole), due, baseline, operators.strength_of(whole), _per(whole),
            "每年" if "每年" in whole else None, doubts,
        )  # fmt: skip

    def _compare(self, left: str, q: Quantity) -> operators.Comparison:
        # words recur: what depends on them alone is read once
        same = (left, q.shape, q.unit, q.qualifier, q.value_high)
        if same not in self._compared:
            self._compared[same] = operators.compare(left, q)
        return self._compared[same]


def _verb_between(plain: str, start: int, end: int) -> int:
    """Where the noun of 4个乡镇新建幼儿园5所 ends that the first number counts, `start` where it has none."""
    m = pattern("{short_verb}|{add_verb}").search(plain, start + 1, end) if 3 <= end - start <= 20 else None
    return m.start() if m is not None and m.start() - start <= 6 else start


def _at_least(plain: str, last: Reading, q: Quantity) -> bool:
    """每校至少1个俱乐部、2支社团: 至少 holds over the list."""
    before, between = (
        plain[max(last.clause.start, last.quantity.start - 4) : last.quantity.start],
        plain[last.quantity.end : q.start],
    )
    return last.operator == ">=" and before.endswith(("至少", "不少于")) and "、" in between and len(between) <= 10


@lru_cache(maxsize=1024)
def _per(whole: str) -> str | None:
    """Of what there is one number each: 学生 of 每学生, None for none."""
    m = "每" in whole and re.search(
        r"每(人|生|年|月|镇|校|天|周|学期|班|师|户|个?[^，、每]{1,6}?)(?=每|[\d一二]|至少|不少于|$)", whole
    )
    return m[1] if m else None


_EACH = re.compile("生均|人均|每生|师均|每人|班均")


def _kind(q: Quantity, unit: str, whole: str) -> str:
    if q.shape in RATES or q.shape == "time" or unit in ("℃", "°C", "摄氏度"):
        return "metric"
    if ("均" in whole or "每" in whole) and _EACH.search(whole):
        return "metric"
    return "money" if unit.endswith("元") else "count"
