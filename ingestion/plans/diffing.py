"""Plan on plan: what became of last year's promises, or of those of the edition before: 放弃 降低 推迟 新增 延续.

Belongs here: what changed between two promises that are one, and what has no partner. Does not: which are one
(matching.py), which documents are editions of one plan (editions.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingestion.plans.matching import NUMBERED, Record, match_promises, roots

CHANGES = ("放弃", "降低", "推迟", "提高", "提前", "新增", "延续")
# the order of the stages of a project; works done on a standing school count as built
STAGES = {"前期": 1, "开工": 2, "主体完工": 3, "建成": 4, "改扩建": 4, "装修": 4, "改建": 4, "投用": 5}


@dataclass(frozen=True)
class Change:
    """What became of one promise: `earlier` and `later` are its records, None where it has none there.

    `value_change` 降低 提高 持平 or None without two comparable numbers; `deadline_change` 推迟 提前 不变 or None;
    `change` is the graver of both. `score` 0-1 says how surely the two are one, 1 where there is one record alone.
    """

    change: str
    earlier: Record | None
    later: Record | None
    value_change: str | None
    deadline_change: str | None
    score: float
    why: str


def diff_plans(
    earlier: Sequence[Record],
    later: Sequence[Record],
    *,
    earlier_year: int | None = None,
    later_year: int | None = None,
) -> list[Change]:
    """Changes from one plan to the next, in the order of the later one, what was given up last.

    Records are those of the JSONL contract (`deadline` a date or YYYY-MM-DD), repeated ones are left out. Years are
    the plans': a yearly promise due at the end of its own year is not late because a year has passed; a named
    project or output promised again is.
    """
    before, after = roots(earlier), roots(later)
    shift = later_year - earlier_year if earlier_year is not None and later_year is not None else 0
    pairs = {pair.later: pair for pair in match_promises(before, after)}
    changes: list[Change] = []
    for j, record in enumerate(after):
        pair = pairs.get(j)
        if pair is None:
            changes.append(Change("新增", None, record, None, None, 1.0, "上一份中没有相同的承诺"))
        else:
            changes.append(_compare(before[pair.earlier], record, shift, earlier_year, pair.score, pair.why))
    kept = {pair.earlier for pair in pairs.values()}
    dropped = [record for i, record in enumerate(before) if i not in kept]
    return [*changes, *(Change("放弃", record, None, None, None, 1.0, _gone(record)) for record in dropped)]


def _gone(record: Record) -> str:
    """Why a promise counts as dropped; what is done once may simply be done."""
    is_once = record["kind"] in ("milestone", "deliverable")
    return "这一份中不再提出" + ("；一次性的事项，请核对是否已经办结" if is_once else "")


def _compare(a: Record, b: Record, shift: int, year: int | None, score: float, why: str) -> Change:
    value, said = _values(a, b)
    when, told = _deadlines(a, b, shift, year)
    graver = [c for c in CHANGES if c in (value, when)]
    return Change(graver[0] if graver else "延续", a, b, value, when, score, "；".join(filter(None, (why, said, told))))


def _values(a: Record, b: Record) -> tuple[str | None, str]:
    """Whether the figure promised is lower or higher, read in the direction of the promise."""
    if a["kind"] == "milestone":
        return None, ""
    old, new = _level(a), _level(b)
    if old is None or new is None:
        return None, ""
    said = f"{a.get('number_text')} → {b.get('number_text')}"
    if old == new:
        return "持平", ""
    # a ceiling that rises asks less
    asks_less = new > old if "<=" in (a.get("operator"), b.get("operator")) else new < old
    return ("降低" if asks_less else "提高"), said


def _level(record: Record) -> float | None:
    """The figure that binds: the floor of a range."""
    value = record.get("value")
    return float(value) if record["kind"] in NUMBERED and value is not None else None


def _deadlines(a: Record, b: Record, shift: int, year: int | None) -> tuple[str | None, str]:
    if a["kind"] == "milestone":
        old, new = STAGES.get(a["milestone"], 0), STAGES.get(b["milestone"], 0)
        if old != new:
            said = f"上一份承诺{a['milestone']}，这一份承诺{b['milestone']}"
            return ("推迟", said) if new < old else ("不变", said)
    old_day, new_day = _day(a), _day(b)
    if old_day is None or new_day is None:
        return None, ""
    once = a["kind"] in ("milestone", "deliverable")
    # an event of every year, a yearly count: due a year later is due at the same time
    if shift and (not once or _is_yearly(a, b)) and (year is None or old_day.year == year):
        new_day = _moved(new_day, -shift)
    if new_day == old_day:
        return "不变", ""
    return ("推迟" if new_day > old_day else "提前"), f"{_day(a)} → {_day(b)}"


def _is_yearly(a: Record, b: Record) -> bool:
    """第十四届运动会 and 第十五届运动会: another thing each year."""
    return a["kind"] == "deliverable" and (a.get("output") or "") != (b.get("output") or "")


def _day(record: Record) -> date | None:
    day: Any = record.get("deadline")
    return date.fromisoformat(day) if isinstance(day, str) else day


def _moved(day: date, years: int) -> date:
    """The same day of another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
