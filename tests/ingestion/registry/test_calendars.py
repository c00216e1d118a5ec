"""The calendar shows what follows from promises and tasks beside own entries, and comes back from its workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.registry import calendars, tasks
from ingestion.registry.acts import Who, standing
from ingestion.registry.calendar_workbook import HEADERS, SHEET, import_calendar, write_calendar
from ingestion.registry.calendars import DAY, MONTH, OWN, WEEK, Entry
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed
from ingestion.registry.task_import import Difference
from ingestion.registry.tasks import NodeDraft, TaskDraft
from ingestion.registry.undoing import undo
from ingestion.settings import Settings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-09-10", ("2020-09-10", DAY)),
        ("2020-09", ("2020-09-01", MONTH)),
        ("2020-09第1周", ("2020-09-01", WEEK)),  # a Tuesday: the first week holds the 1st
        ("2020-09第2周", ("2020-09-07", WEEK)),
        ("2020-06第1周", ("2020-06-01", WEEK)),  # a Monday
        ("2020-11第6周", ("2020-11-30", WEEK)),
    ],
)
def test_days_weeks_and_months_are_understood(text: str, expected: tuple[str, str]) -> None:
    assert calendars.when(text) == expected
    if expected[1] == WEEK:
        assert calendars.week_of(expected[0]) == int(text[-2])


@pytest.mark.parametrize("text", ["九月", "2020-13", "2020-09第6周", "2020-09第0周", "2020-09第二周"])
def test_what_is_no_date_is_said(text: str) -> None:
    with pytest.raises(RegistryError, match=r"不是日期|没有第"):
        calendars.when(text)


@pytest.fixture
def world(registry: Registry, confirmed: list[Reviewed], who: Who, units: dict[str, str]) -> str:
    """A task with two nodes, one reached, and two own entries RL-1 and RL-2; the task's key."""
    draft = TaskDraft(
        "建园", "XQ", "2020-10-31", nodes=[NodeDraft("招标", "2020-06-30"), NodeDraft("封顶", "2020-09-30")]
    )
    key = tasks.create(registry, [(confirmed[0], draft)], who, units)[0]
    calendars.add(registry, Entry("", OWN, "2020-09-07", WEEK, "慰问", "JJ"), who)
    calendars.add(registry, Entry("", OWN, "2020-12-01", MONTH, "总结", commitment=confirmed[1]), who)
    return key


def everything(registry: Registry, rows: list[dict[str, Any]]) -> list[Entry]:
    acts = standing(registry)
    return calendars.in_order([*calendars.read_calendar(acts).values(), *calendars.derived(rows, acts)])


def test_deadlines_tasks_and_nodes_are_in_the_calendar(
    registry: Registry, rows: list[dict[str, Any]], world: str
) -> None:
    shown = [(entry.entry_date, entry.source, entry.key) for entry in everything(registry, rows)]
    assert shown == [
        ("2020-06-30", "节点", f"{world}/1"), ("2020-09-07", "自定", "RL-1"), ("2020-09-30", "节点", f"{world}/2"),
        ("2020-10-31", "任务", world), ("2020-12-01", "自定", "RL-2"), ("2020-12-31", "承诺", "a" * 16),
        ("2020-12-31", "承诺", "b" * 16),
    ]  # fmt: skip
    assert len(calendars.in_order(everything(registry, rows), ("2020-09", "2020-10"))) == 3


def test_own_entries_are_changed_and_removed_and_taken_back(registry: Registry, who: Who, world: str) -> None:
    entry = calendars.read_calendar(standing(registry))["RL-1"]
    with pytest.raises(RegistryError, match="没有要改的"):
        calendars.change(registry, entry, who)
    with pytest.raises(RegistryError, match="没有自定事项"):
        calendars.remove(registry, world, who)
    with pytest.raises(RegistryError, match="早于开始日期"):
        calendars.add(registry, Entry("", OWN, "2020-09-07", DAY, "会", end_date="2020-09-06"), who)
    number = calendars.remove(registry, "RL-1", who)
    assert calendars.add(registry, Entry("", OWN, "2020-09-08", DAY, "会"), who) == "RL-3"
    undo(registry, number, "王督学", "还要办")
    assert set(calendars.read_calendar(standing(registry))) == {"RL-1", "RL-2", "RL-3"}


class Book:
    """The calendar's workbook, edited and read back."""

    def __init__(self, path: Path, read: Any) -> None:
        self.path, self._read, self.book = path, read, openpyxl.load_workbook(path)
        self.sheet = self.book[SHEET]

    def put(self, place: int, **cells: object) -> Book:
        for header, value in cells.items():
            self.sheet.cell(4 + place, HEADERS.index(header) + 1).value = value
        return self

    def come_back(self) -> Difference:
        self.book.save(self.path)
        return self._read(self.path)


@pytest.fixture
def book(
    tmp_path: Path, registry: Registry, rows: list[dict[str, Any]], units: dict[str, str], settings: Settings, who: Who,
    world: str,
) -> Book:  # fmt: skip
    """Rows as in the order of time: 0 node, 1 RL-1, 2 node, 3 task, 4 RL-2, 5 and 6 commitments, then spare ones."""
    path = tmp_path / "行事历.xlsx"
    assert write_calendar(path, everything(registry, rows), units) == 7

    def read(path: Path) -> Difference:
        others = calendars.derived(rows, standing(registry))
        return import_calendar(registry, path, others, units, who, settings)

    return Book(path, read)


def test_coming_back_unchanged_appends_nothing(book: Book, registry: Registry) -> None:
    before = registry.last_event_no()
    assert book.come_back().lines == []
    assert registry.last_event_no() == before


def test_differences_alone_are_appended(book: Book, registry: Registry, confirmed: list[Reviewed]) -> None:
    book.put(1, 日期="2020-09-09", 事项="教师节慰问").put(4, 操作="删除")
    book.put(8, 月份="2020-11", 周次="第2周", 事项="检查", 责任单位="计财科（JC）").put(
        9, 日期="2020年11月5日", 事项="会议"
    )
    assert book.come_back().lines == ["修改 RL-1 教师节慰问", "删除 RL-2 总结", "增加 RL-3 检查", "增加 RL-4 会议"]
    now = calendars.read_calendar(standing(registry))
    assert [(e.entry_date, e.precision, e.unit_code) for e in now.values()] == [
        ("2020-09-09", DAY, "JJ"), ("2020-11-02", WEEK, "JC"), ("2020-11-05", DAY, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "cells", "said"),
    [
        (0, {"日期": "2020-07-01"}, "C4：这一行来自节点"),
        (3, {"操作": "删除"}, "J7：这一行来自任务"),
        (1, {"责任单位": "人事科"}, "E5：没有单位“人事科”"),
        (1, {"事项": None}, "D5：没有填写事项"),
        (1, {"周次": "第9周"}, "A5：2020年9月没有第9周"),
        (8, {"事项": "会"}, "A12：没有填写日期，也没有填写月份"),
        (8, {"事项": "会", "日期": "下周"}, "C12：“下周”不是日期"),
        (8, {"事项": "会", "日期": "2020-11-05", "月份": "2020-10"}, "C12：日期 2020-11-05 不在月份 2020-10 里"),
        (8, {"事项": "会", "日期": "2020-11-05", "结束日期": "2020-11-01"}, "F12：结束日期"),
        (8, {"事项": "会", "日期": "2020-11-05", "编号": "RL-9"}, "I12：没有事项“RL-9”"),
    ],
)
def test_a_fault_is_told_by_its_cell(
    book: Book, registry: Registry, place: int, cells: dict[str, object], said: str
) -> None:
    before = registry.last_event_no()
    book.put(4, 操作="删除").put(place, **cells)
    with pytest.raises(RegistryError, match=f"整份没有采用：\n(.*\n)*.*{said}"):
        book.come_back()
    assert registry.last_event_no() == before
