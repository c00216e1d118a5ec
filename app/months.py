"""A month of the 行事历: what falls on which day, from every source, laid out in weeks.

Here: entries of the log and of the release on days. Not here: layout, and recording acts.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from app.pending import Log
from app.presenting import period_text
from app.rectifying import MatterView
from app.reviewing import Item
from ingestion.registry.calendars import (
    COMMITMENT,
    DAY,
    MONTH,
    NODE,
    OWN,
    TASK,
    WEEK,
    Entry,
    derived,
    read_calendar,
    week_of,
)

RECTIFICATION, REPORT = "整改", "报表"
# source → the class that colours it
SOURCES = {OWN: "own", COMMITMENT: "promise", TASK: "task", NODE: "knot", RECTIFICATION: "mend", REPORT: "report"}


@dataclass(frozen=True)
class DayEntry:
    """One entry as the page shows it. `page` and `parameters` say where it is dealt with."""

    source: str
    key: str
    matter: str
    day: date
    precision: str
    unit: str = ""
    unit_code: str = ""
    end: date | None = None
    note: str = ""
    page: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    is_done: bool = False
    is_overdue: bool = False
    is_pending: bool = False

    @property
    def css(self) -> str:
        return SOURCES[self.source]

    @property
    def where(self) -> dict[str, str]:
        return dict(self.parameters)

    @property
    def when(self) -> str:
        """Its day, week or month in words."""
        if self.precision == MONTH:
            return f"{self.day.month}月内"
        if self.precision == WEEK:
            return f"{self.day.month}月第{week_of(self.day.isoformat())}周"
        span = f"—{self.end.month}月{self.end.day}日" if self.end and self.end != self.day else ""
        return f"{self.day.month}月{self.day.day}日{span}"


@dataclass(frozen=True)
class Cell:
    """One day of the grid."""

    day: date
    is_inside: bool
    is_today: bool
    entries: list[DayEntry]


def entries_of(
    log: Log,
    found: list[Item],
    matters: Iterable[MatterView],
    forms: pl.DataFrame,
    lights: Mapping[str, str],
    units: Mapping[str, str],
    today: date,
) -> list[DayEntry]:
    """Every entry there is: own ones, commitments, tasks and nodes from the log, rectifications, reports due."""
    rows = [item.row for item in found]
    made = [_of_log(entry, log, lights, units, today) for entry in derived(rows, log.acts)]
    made += [_of_log(entry, log, lights, units, today) for entry in read_calendar(log.of("calendar")).values()]
    made += [
        DayEntry(
            RECTIFICATION, view.key, view.matter.opened["quote"], view.due, DAY, view.unit, page="rectifications",
            parameters=(("key", view.key),), is_done=not view.matter.is_open, is_overdue=view.is_overdue,
            is_pending=view.is_pending,
        )
        for view in matters
    ]  # fmt: skip
    made += [_of_form(row, today) for row in forms.to_dicts()]
    return sorted(made, key=lambda entry: (entry.day, list(SOURCES).index(entry.source), entry.matter, entry.key))


def _of_log(entry: Entry, log: Log, lights: Mapping[str, str], units: Mapping[str, str], today: date) -> DayEntry:
    day = date.fromisoformat(entry.entry_date)
    task_key = entry.key.split("/")[0]
    place: tuple[str, tuple[tuple[str, str], ...]] = {
        OWN: ("calendar", (("entry", entry.key),)),
        COMMITMENT: ("commitment", (("commitment", entry.key),)),
    }.get(entry.source, ("tasks", (("task", task_key),)))
    subject = {OWN: "calendar", COMMITMENT: "", TASK: "task", NODE: "task"}[entry.source]
    is_done = entry.source == COMMITMENT and lights.get(entry.key) == "蓝"
    return DayEntry(
        entry.source, entry.key, entry.matter, day, entry.precision, units.get(entry.unit_code, entry.unit_code),
        entry.unit_code, date.fromisoformat(entry.end_date) if entry.end_date else None, entry.note, *place,
        is_done=is_done, is_overdue=entry.source != OWN and not is_done and day < today,
        is_pending=(subject, entry.key if entry.source == OWN else task_key) in log.subjects,
    )  # fmt: skip


def _of_form(row: dict[str, Any], today: date) -> DayEntry:
    period = period_text(row["period_start_date"], row["frequency"])
    owed = row["expected_count"] - row["accepted_count"]
    due: date = row["due_date"]
    return DayEntry(
        REPORT, f"{row['form_code']}|{row['period_start_date']}", f"{row['form_name']} {period}报送截止", due, DAY,
        f"应报 {row['expected_count']} 家，已收 {row['accepted_count']} 家", page="quality",
        parameters=(("tab", "报送"), ("form", row["form_name"] or row["form_code"])), is_done=owed <= 0,
        is_overdue=owed > 0 and due < today,
    )  # fmt: skip


def within(entries: Iterable[DayEntry], first: date) -> list[DayEntry]:
    """Entries of the month that `first` begins; one of several days counts in every month it touches."""
    last = last_day(first)
    return [entry for entry in entries if entry.day <= last and max(entry.end or entry.day, entry.day) >= first]


def grid(entries: list[DayEntry], first: date, today: date) -> list[list[Cell]]:
    """Weeks from Monday to Sunday; entries that name no day are not on it."""
    by_day: dict[date, list[DayEntry]] = defaultdict(list)
    for entry in entries:
        if entry.precision == DAY:
            by_day[max(entry.day, first)].append(entry)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [[Cell(day, day.month == first.month, day == today, by_day.get(day, [])) for day in week] for week in weeks]


def undated(entries: Iterable[DayEntry]) -> list[DayEntry]:
    """Entries that name a week or the month only."""
    return [entry for entry in entries if entry.precision != DAY]


def last_day(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def month_of(text: str, otherwise: date) -> date:
    """The first day of YYYY-MM; of another day's month where the text is none."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return otherwise.replace(day=1)


def beside(first: date, step: int) -> str:
    """The month before or after, as YYYY-MM."""
    place = first.year * 12 + first.month - 1 + step
    return f"{place // 12}-{place % 12 + 1:02d}"
