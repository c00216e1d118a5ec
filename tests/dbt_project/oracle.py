"""Rates and lights in plain Python, written from the rules and not from the SQL. Fractions throughout, nothing rounded.

Here: what a region's figure, its verdict, progress and light must be. Not here: how worlds are made, and no SQL.
"""

from __future__ import annotations

import calendar
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


@dataclass(frozen=True)
class Verdict:
    light: str
    value: Fraction | None = None
    is_met: bool | None = None
    lag: Fraction | None = None


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def standing(school: School, card: Card, month: date) -> tuple[Fraction, Fraction, date] | None:
    """(n, d, period) of the school's last complete report up to `month`; a flow adds up from January of that year."""
    best = None
    for period in sorted(school.reports):
        cells = school.reports[period]
        needed = [e for e in card.numerator + card.denominator if e != "school_count"]
        if period > month or any(cells.get(e) is None for e in needed):
            continue
        if card.is_flow and period.year != month.year:
            continue
        best = period
    if best is None:
        return None

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

    return total(card.numerator), total(card.denominator), best


def figure(schools: list[School], card: Card, month: date) -> tuple[Fraction | None, date, bool] | None:
    """(value in the card's unit or None for 0/0, latest period, whether all reported it); None where nobody did."""
    end = month_end(month)
    members = [
        s for s in schools
        if (not card.stages or s.stage in card.stages) and (not card.sectors or s.sector in card.sectors)
        and (s.opened is None or s.opened <= end) and (s.closed is None or s.closed > end)
    ]  # fmt: skip
    seen = [(s, standing(s, card, month)) for s in members]
    known = [(s, *row) for s, row in seen if row]
    if not known:
        return None
    is_complete = len(known) == len(members) and all(period == month for *_, period in known)
    n, d = Fraction(0), Fraction(0)
    for school, school_n, school_d, _ in known:
        counts = not card.numerator_sectors or school.sector in card.numerator_sectors
        if card.aggregation == "share_meeting":
            n += 1 if counts and card.threshold is not None and school_n >= card.threshold else 0
            d += 1
        else:
            n += school_n if counts else 0
            d += school_d
    latest = max(period for *_, period in known)
    factor = 100 if card.unit == "%" else 1
    if card.denominator or card.aggregation == "share_meeting":
        return (n * factor / d if d else None), latest, is_complete
    return n * factor, latest, is_complete


def judge(promise: Promise, schools: list[School], today: date) -> Verdict:
    """The light of one promise on one day of its plan year 2020."""
    start = date(2020, 1, 1)
    judged = min(today, promise.deadline)
    seen = figure(schools, promise.card, judged.replace(day=1))
    if seen is None or seen[0] is None:
        return Verdict("灰")
    value, latest, is_complete = seen
    target, at_least = promise.value, promise.operator in (">=", "==", "increase")
    if promise.operator in ("increase", "decrease") and not promise.card.is_flow:
        if promise.base is None:
            return Verdict("灰", value)
        sign = 1 if promise.operator == "increase" else -1
        is_relative = promise.unit == "%" and not (promise.operator == "decrease" and promise.card.unit == "%")
        target = promise.base * (1 + sign * promise.value / 100) if is_relative else promise.base + sign * promise.value
    assert value is not None
    is_met = value >= target if at_least else value <= target
    progress, expected = _progress(promise, value, target, at_least, start, judged, latest)
    lag = None if progress is None or expected is None else expected - progress
    if not promise.is_confirmed or latest < start:
        return Verdict("灰", value, is_met, lag)
    return Verdict(_light(promise, is_met, lag, latest, is_complete, judged, today), value, is_met, lag)


def _elapsed(start: date, end: date, day: date) -> Fraction:
    return max(Fraction(0), min(Fraction(100), Fraction(100 * ((day - start).days + 1), (end - start).days + 1)))


def _progress(promise, value, target, at_least, start, judged, latest) -> tuple[Fraction | None, Fraction | None]:
    if promise.card.is_flow and not promise.card.denominator:
        if not at_least:
            return None, None
        return (100 * value / target if target else None), _elapsed(start, promise.deadline, judged)
    least_gap = 1 if promise.card.unit == "%" else abs(target) / 100
    if promise.base is not None and (target - promise.base if at_least else promise.base - target) >= least_gap:
        day = min(judged, month_end(latest))
        return 100 * (value - promise.base) / (target - promise.base), _elapsed(start, promise.deadline, day)
    if at_least:
        return (100 * value / target if target else None), Fraction(100)
    return (100 * target / value if value else None), Fraction(100)


def _light(promise, is_met, lag, latest, is_complete, judged, today) -> str:
    is_growing = promise.card.is_flow and not promise.card.denominator
    is_ceiling = is_growing and promise.operator == "<="
    is_past_due = promise.deadline < today
    if is_ceiling and not is_met:
        return "红"
    if is_past_due and not (is_growing and is_met and not is_ceiling):
        last_due = month_end(judged) + timedelta(days=DUE_DAYS)
        reported = latest >= judged.replace(day=1) and (is_complete or last_due < today)
        if not reported:
            return "灰"
    if is_ceiling and not is_past_due:
        return "绿"
    if is_met:
        return "蓝"
    if is_past_due:
        return "红"
    if lag is None:
        return "灰"
    return "绿" if lag < 10 else "黄" if lag <= 30 else "红"
