"""The office's calendar 行事历: own entries, and beside them what follows from commitments, tasks and nodes.

Derived entries are changed where they come from; only own entries are acts. The workbook is calendar_workbook.py's.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ingestion.registry.acts import Act, Who, day, record, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed, follow, state_of
from ingestion.registry.task_states import read_tasks

ADDED, CHANGED, REMOVED = "calendar.added", "calendar.changed", "calendar.removed"
OWN, COMMITMENT, TASK, NODE = "自定", "承诺", "任务", "节点"
DAY, WEEK, MONTH = "日", "周", "月"


@dataclass(frozen=True)
class Entry:
    """One entry. `entry_date` is the first day of the week or month where `precision` is 周 or 月; own ones have a key
    RL-n, derived ones the key of what they come from."""

    key: str
    source: str
    entry_date: str
    precision: str
    matter: str
    unit_code: str = ""
    end_date: str = ""
    note: str = ""
    commitment: Reviewed | None = None

    @property
    def payload(self) -> dict[str, Any]:
        """The entry as calendar.added and calendar.changed write it."""
        said = {
            "matter": self.matter, "entry_date": self.entry_date, "date_precision": self.precision,
            "end_date": self.end_date, "unit_code": self.unit_code, "note": self.note,
        }  # fmt: skip
        if self.commitment:
            said |= {"commitment_id": self.commitment.commitment_id} | self.commitment.words
        return {name: value for name, value in said.items() if value}


def read_calendar(acts: Iterable[Act]) -> dict[str, Entry]:
    """Key → own entry, of standing acts."""
    entries: dict[str, Entry] = {}
    for act in acts:
        if act.event_type in (ADDED, CHANGED):
            said = act.payload
            entries[act.subject_key] = Entry(
                act.subject_key, OWN, said["entry_date"], said["date_precision"], said["matter"],
                said.get("unit_code") or "", said.get("end_date") or "", said.get("note") or "",
                Reviewed.of(said, said["plan"]) if said.get("commitment_id") and said.get("plan") else None,
            )  # fmt: skip
        elif act.event_type == REMOVED:
            entries.pop(act.subject_key, None)
    return entries


def derived(rows: Sequence[Mapping[str, Any]], acts: Sequence[Act]) -> list[Entry]:
    """What follows from confirmed commitments (rows of Catalog.commitments) and from tasks and their nodes."""
    commitments = [Reviewed.of(row, row["file_name"]) for row in rows]
    reviews = follow([act for act in acts if act.subject_type == "commitment"], commitments)
    entries = [
        Entry(row["commitment_id"], COMMITMENT, day(row["deadline"], "时限"), DAY, row["quote"],
              commitment=commitment)
        for row, commitment in zip(rows, commitments, strict=True)
        if row["deadline"] and state_of(reviews[row["commitment_id"]]) in {"已确认", "已调整"}
    ]  # fmt: skip
    for task in read_tasks(acts).values():
        if task.state != "已销号":
            entries.append(Entry(task.key, TASK, task.due_date, DAY, task.name, task.lead, commitment=task.commitment))
        entries += [
            Entry(f"{task.key}/{node.number}", NODE, node.due_date, DAY, f"{task.name}：{node.name}", task.lead,
                  commitment=task.commitment)
            for node in task.nodes
            if not node.done_date
        ]  # fmt: skip
    return entries


def in_order(entries: Iterable[Entry], months: tuple[str, str] | None = None) -> list[Entry]:
    """Entries by day, within months YYYY-MM (first, last) where given."""
    kept = [e for e in entries if months is None or months[0] <= e.entry_date[:7] <= months[1]]
    return sorted(kept, key=lambda entry: (entry.entry_date, entry.source, entry.key))


def add(registry: Registry, entry: Entry, who: Who) -> str:
    """Add an own entry; its key is given here and returned."""
    with registry.deciding():
        keyed = replace(entry, key=next_key(standing(registry, "calendar")))
        record(registry, [who.event(ADDED, "calendar", keyed.key, checked(keyed).payload)])
        return keyed.key


def change(registry: Registry, entry: Entry, who: Who) -> int:
    """Put an own entry in the place of the one with its key; returns the event's number."""
    with registry.deciding():
        now = found(read_calendar(standing(registry, "calendar")), entry.key)
        if now == entry:
            raise RegistryError("所填与现在的内容相同，没有要改的")
        return record(registry, [who.event(CHANGED, "calendar", entry.key, checked(entry).payload)])[0]


def remove(registry: Registry, key: str, who: Who) -> int:
    """Remove an own entry; returns the event's number."""
    with registry.deciding():
        found(read_calendar(standing(registry, "calendar")), key)
        return record(registry, [who.event(REMOVED, "calendar", key, {})])[0]


def found(entries: Mapping[str, Entry], key: str) -> Entry:
    """The own entry of a key. Raises RegistryError where there is none."""
    if key not in entries:
        raise RegistryError(f"没有自定事项“{key}”；由承诺、任务、节点来的事项请在分解立项中改")
    return entries[key]


def next_key(acts: Iterable[Act], more: int = 0) -> str:
    """The key of the next own entry, `more` of them further on; a removed one's key is not used again."""
    numbers = [
        int(act.subject_key[3:]) for act in acts if act.subject_key[:3] == "RL-" and act.subject_key[3:].isdigit()
    ]
    return f"RL-{max(numbers, default=0) + 1 + more}"


def checked(entry: Entry) -> Entry:
    """The entry where it fits. Raises RegistryError where it lacks its matter or ends before it begins."""
    if not entry.matter.strip():
        raise RegistryError("请写明事项")
    if entry.end_date and entry.end_date < entry.entry_date:
        raise RegistryError(f"结束日期 {entry.end_date} 早于开始日期 {entry.entry_date}")
    return entry


def when(text: str) -> tuple[str, str]:
    """(first day, precision) of 2020-09-10, 2020-09 or 2020-09第2周. Raises RegistryError for anything else."""
    month, is_week, week = text.strip().partition("第")
    try:
        if is_week:
            return week_start(int(month[:4]), int(month[5:7]), int(week.rstrip("周"))), WEEK
        if len(month) == 7:
            return date.fromisoformat(f"{month}-01").isoformat(), MONTH
        return date.fromisoformat(month).isoformat(), DAY
    except ValueError:
        raise RegistryError(f"“{text}”不是日期：请写成 2020-09-10、2020-09 或 2020-09第2周") from None


def week_of(entry_date: str) -> int:
    """Which week of its month a day lies in; weeks begin on Monday, the first week holds the 1st."""
    first = date.fromisoformat(entry_date).replace(day=1)
    return (int(entry_date[8:10]) + first.weekday() - 1) // 7 + 1


def week_start(year: int, month: int, week: int) -> str:
    """The first day of a week of a month. Raises RegistryError where the month has no such week."""
    first, days = date(year, month, 1), calendar.monthrange(year, month)[1]
    start = first if week == 1 else first + timedelta(days=7 * (week - 1) - first.weekday())
    if week < 1 or start > first.replace(day=days):
        raise RegistryError(f"{year}年{month}月没有第{week}周")
    return start.isoformat()
