"""Rates and lights in plain Python, written from the rules and not from the SQL. Fractions throughout, nothing rounded.

Here: what a region's figure, its verdict, progress and light must be, and what reports still owed can make of them
(oracle_bounds.py knows what each member may say). Not here: how worlds are made, and no SQL.
"""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

DUE_DAYS = 10


@dataclass
class School:
    code: str
    region: str
    stage: str = "小学"
    sector: str = "公办"
    opened: date | None = None
    closed: date | None = None
    registered: int | None = None
    # period → element → value; None is a blank cell
    reports: dict[date, dict[str, Fraction | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    code: str
    aggregation: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    numerator_sectors: tuple[str, ...] = ()
    threshold: Fraction | None = None
    unit: str = "%"
    is_flow: bool = False
    max_age: int | None = None
    weight: tuple[str, ...] = ()
    tolerance: Fraction = Fraction(10, 100)

    @property
    def is_indivisible(self) -> bool:
        """No sum of what members add: the deviation between them, or the least of places."""
        return self.aggregation in ("coefficient_of_variation", "per_place_min")

    @property
    def factor(self) -> int:
        return 100 if self.unit == "%" else 1

    @property
    def is_ratio(self) -> bool:
        return bool(self.denominator) or self.aggregation == "share_meeting"

    @property
    def is_growing(self) -> bool:
        """Adds up over the year and is judged against the year elapsed."""
        return self.is_flow and not self.denominator


@dataclass(frozen=True)
class Promise:
    key: str
    region: str
    card: Card
    operator: str
    value: Fraction
    unit: str
    deadline: date
    base: Fraction | None = None
    is_confirmed: bool = True
    high: Fraction | None = None


@dataclass(frozen=True)
class Member:
    """A school that belongs: what it stands at (n, d, period), and whether it owes a report that was due."""

    school: School
    stands_at: tuple[Fraction, Fraction, date] | None
    is_unreported: bool
    is_fresh: bool


@dataclass(frozen=True)
class Test:
    """What is compared: operator >=, <= or range, with the figure (and the upper one of a range)."""

    operator: str
    target: Fraction
    high: Fraction | None = None

    def is_met(self, value: Fraction) -> bool:
        if self.operator == "range":
            assert self.high is not None
            return self.target <= value <= self.high
        return value >= self.target if self.operator == ">=" else value <= self.target


@dataclass(frozen=True)
class Verdict:
    light: str
    value: Fraction | None = None
    is_met: bool | None = None
    lag: Fraction | None = None
    test: Test | None = None


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_before(day: date, first: date = date(2019, 11, 1)) -> list[date]:
    found = [first]
    while (after := (found[-1] + timedelta(days=32)).replace(day=1)) <= day:
        found.append(after)
    return found


def standing(school: School, card: Card, month: date) -> tuple[Fraction, Fraction, date] | None:
    """(n, d, period) of the school's last complete report up to `month`; a flow adds up from January of that year."""
    needed = [e for e in card.numerator + card.denominator + card.weight if e != "school_count"]
    complete = [
        p for p, cells in school.reports.items()
        if p <= month and all(cells.get(e) is not None for e in needed) and not (card.is_flow and p.year != month.year)
    ]  # fmt: skip
    if not complete:
        return None
    best = max(complete)

    def total(elements: tuple[str, ...]) -> Fraction:
        found = Fraction(0)
        for element in elements:
            if element == "school_count":
                found += 1
            elif card.is_flow:
                year = [c for p, c in school.reports.items() if p.year == best.year and p <= best]
                found += sum(((c.get(element) or Fraction(0)) for c in year), Fraction(0))
            else:
                found += school.reports[best][element] or 0
        return found

    n, d = total(card.numerator), total(card.denominator)
    if card.aggregation == "share_meeting":
        n, d = Fraction(card.threshold is not None and n >= card.threshold), Fraction(1)
    return (n if counts(school, card) else Fraction(0)), d, best


def counts(school: School, card: Card) -> bool:
    return not card.numerator_sectors or school.sector in card.numerator_sectors


def is_open(school: School, day: date) -> bool:
    return (school.opened is None or school.opened <= day) and (school.closed is None or school.closed > day)


def population(schools: list[School], card: Card, judged: date, today: date) -> list[Member]:
    """The members of a card in the month of `judged`; the last period past its due day is owed."""
    month = judged.replace(day=1)
    due = [p for p in months_before(month) if month_end(p) + timedelta(days=DUE_DAYS) < today]
    found = []
    for school in schools:
        if (card.stages and school.stage not in card.stages) or (card.sectors and school.sector not in card.sectors):
            continue
        if not is_open(school, month_end(month)):
            continue
        stands_at = standing(school, card, month)
        owes = bool(due) and is_open(school, month_end(due[-1])) and (stands_at is None or stands_at[2] < due[-1])
        found.append(Member(school, stands_at, owes, stands_at is not None and stands_at[2] == month))
    return found


def figure(members: list[Member], card: Card) -> Fraction | None:
    """The card's value over what stands; None where nobody reported or the denominators come to nothing."""
    known = [m.stands_at for m in members if m.stands_at]
    if not known:
        return None
    if card.aggregation == "coefficient_of_variation":
        return deviation(members, card)
    if card.aggregation == "per_place_min":
        return least_of_places(members)
    n, d = sum((k[0] for k in known), Fraction(0)), sum((k[1] for k in known), Fraction(0))
    if card.is_ratio:
        return n * card.factor / d if d else None
    return n * card.factor


def deviation(members: list[Member], card: Card) -> Fraction | None:
    """Weighted deviation of n/d between members over their weighted mean; a member without d has no n/d."""
    weighed = []
    for member in members:
        if member.stands_at and member.stands_at[1]:
            n, d, period = member.stands_at
            weights = [member.school.reports[period][element] or Fraction(0) for element in card.weight]
            weighed.append((sum(weights, Fraction(0)) if card.weight else d, n / d))
    total = sum((w for w, _ in weighed), Fraction(0))
    mean = sum((w * x for w, x in weighed), Fraction(0)) / total if total else Fraction(0)
    if not mean:
        return None
    variance = sum((w * (x - mean) ** 2 for w, x in weighed), Fraction(0)) / total
    return Fraction(math.sqrt(variance)) / mean


def least_of_places(members: list[Member]) -> Fraction | None:
    """The least sum of any place; unknown while nobody of some place has reported."""
    places: dict[str, list[Fraction]] = {}
    for member in members:
        counted = places.setdefault(member.school.region, [])
        if member.stands_at:
            counted.append(member.stands_at[0])
    return min(sum(c, Fraction(0)) for c in places.values()) if all(places.values()) else None


def test_of(promise: Promise) -> Test | None:
    """What the words ask for, or None where a change has no base."""
    if promise.operator == "range":
        return Test("range", promise.value, promise.high)
    if promise.operator in ("increase", "decrease") and not promise.card.is_flow:
        if promise.base is None:
            return None
        sign = 1 if promise.operator == "increase" else -1
        is_relative = promise.unit == "%" and not (sign == -1 and promise.card.unit == "%")
        step = promise.base * promise.value / 100 if is_relative else promise.value
        return Test(">=" if sign == 1 else "<=", promise.base + sign * step)
    return Test("<=" if promise.operator == "<=" else ">=", promise.value)


@dataclass(frozen=True)
class Judging:
    """One promise on one day of its plan year 2020, whatever the figure: the light of any figure is asked of it."""

    promise: Promise
    test: Test
    members: list[Member]
    today: date
    judged: date

    @property
    def latest(self) -> date:
        return max(m.stands_at[2] for m in self.members if m.stands_at)

    def lag(self, value: Fraction) -> Fraction | None:
        promise, test, start = self.promise, self.test, date(2020, 1, 1)
        if promise.card.is_growing:
            if test.operator == "<=":
                return None
            done = 100 * value / test.target if test.target else None
            return None if done is None else elapsed(start, promise.deadline, self.judged) - done
        way = None if promise.base is None else (test.target - promise.base) * (1 if test.operator == ">=" else -1)
        least = 1 if promise.card.unit == "%" else abs(test.target) / 100
        if test.operator != "range" and way is not None and promise.base is not None and way >= least:
            day = min(self.judged, month_end(self.latest))
            return elapsed(start, promise.deadline, day) - 100 * (value - promise.base) / (test.target - promise.base)
        if test.operator == ">=" or (test.operator == "range" and value < test.target):
            return 100 - 100 * value / test.target if test.target else None
        edge = test.high if test.operator == "range" else test.target
        return 100 - 100 * edge / value if value and edge is not None else None

    def light(self, value: Fraction | None, is_met: bool) -> str:
        if value is None or not self.promise.is_confirmed or self.latest < date(2020, 1, 1):
            return "灰"
        age = (self.judged - month_end(self.latest)).days
        if self.promise.card.max_age is not None and age > self.promise.card.max_age:
            return "灰"
        is_growing, is_past_due = self.promise.card.is_growing, self.promise.deadline < self.today
        is_ceiling = is_growing and self.test.operator == "<="
        if is_ceiling and not is_met:
            return "红"
        if is_past_due and not (is_growing and is_met and not is_ceiling) and not self.is_final():
            return "灰"
        if is_ceiling and not is_past_due:
            return "绿"
        if is_met:
            return "蓝"
        lag = self.lag(value)
        if is_past_due:
            return "红"
        return "灰" if lag is None else "绿" if lag < 10 else "黄" if lag <= 30 else "红"

    def is_final(self) -> bool:
        """Whether the deadline's own report is in: from all, or from some once it was due."""
        is_due = month_end(self.judged) + timedelta(days=DUE_DAYS) < self.today
        return self.latest >= self.judged.replace(day=1) and (all(m.is_fresh for m in self.members) or is_due)


def judged_on(promise: Promise, schools: list[School], today: date) -> date:
    """The deadline or today; later for a sum of the year that fell short on its day and was reached since."""
    test, card, day = test_of(promise), promise.card, min(today, promise.deadline)
    last = min(today, date(promise.deadline.year, 12, 31))
    if test is None or test.operator != ">=" or not card.is_growing or day >= last:
        return day
    then, since = (figure(population(schools, card, end, today), card) for end in (day, last))
    is_late = since is not None and since >= test.target and (then is None or then < test.target)
    return last if is_late else day


def judging(promise: Promise, schools: list[School], today: date) -> Judging | None:
    """None where nobody reported anything or the promise cannot be compared."""
    test, day = test_of(promise), judged_on(promise, schools, today)
    members = population(schools, promise.card, day, today)
    if test is None or not any(m.stands_at for m in members):
        return None
    return Judging(promise, test, members, today, day)


def judge(promise: Promise, schools: list[School], today: date) -> Verdict:
    """The figure as reported and its light, before what is owed is thought of."""
    members = population(schools, promise.card, judged_on(promise, schools, today), today)
    value, asked = figure(members, promise.card), judging(promise, schools, today)
    if asked is None or value is None:
        return Verdict("灰", value)
    is_met = asked.test.is_met(value)
    return Verdict(asked.light(value, is_met), value, is_met, asked.lag(value), asked.test)


def elapsed(start: date, end: date, day: date) -> Fraction:
    return max(Fraction(0), min(Fraction(100), Fraction(100 * ((day - start).days + 1), (end - start).days + 1)))
