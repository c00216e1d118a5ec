"""The 行事历 as a workbook, by month, week, matter and unit, and own entries read back from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from ingestion.registry.acts import Who, known, record, standing
from ingestion.registry.calendars import (
    ADDED,
    CHANGED,
    DAY,
    MONTH,
    OWN,
    REMOVED,
    WEEK,
    Entry,
    checked,
    next_key,
    read_calendar,
    week_of,
    when,
)
from ingestion.registry.events import NewEvent, Registry, RegistryError
from ingestion.registry.task_import import Difference, unit_code
from ingestion.registry.task_workbook import UNITS, unit_labels
from ingestion.registry.workbook import Column, Faults, Paper, Row, as_day, read_table, write
from ingestion.settings import Settings

SHEET = "行事历"
REMOVE = "删除"
COLUMNS = (
    Column("月份", 10, hint="例如 2020-09"),
    Column("周次", 8, hint="例如 第2周；只定到月份的留空"),
    Column("日期", 12, is_date=True, hint="定到某一天时填写；这时月份和周次可以留空"),
    Column("事项", 50),
    Column("责任单位", 26, choices_from=UNITS),
    Column("结束日期", 12, is_date=True),
    Column("备注", 24),
    Column("来源", 8, is_locked=True),
    Column("编号", 20, is_locked=True),
    Column("操作", 8, choices=(REMOVE,)),
)
HEADERS = [column.header for column in COLUMNS]
NOTES = (
    "一、来源是“承诺”“任务”“节点”的行由系统推算，请到分解立项表中修改；这里改了会被退回。",
    "二、来源是“自定”的行可以修改；要删除，请在“操作”选“删除”。从表中删掉一行不等于删除。",
    "三、增加事项：在表尾空行填写事项，以及日期，或者月份和周次；编号留空。",
    "四、填好后：duban calendar import 文件 --by 姓名 --why 说明 --dry-run 先看会改什么。",
)


def write_calendar(path: Path, entries: Iterable[Entry], units: Mapping[str, str]) -> int:
    """Write entries, in their order, as the workbook; returns how many."""
    labels = unit_labels(units)
    lines = [_line(entry, labels) for entry in entries]
    paper = Paper(SHEET, "行事历", "按月、周、事项、单位排列；说明见“填写说明”", COLUMNS, lines, NOTES,
                  {UNITS: sorted(labels.values())})  # fmt: skip
    write(path, paper)
    return len(lines)


def import_calendar(
    registry: Registry, path: Path, others: Iterable[Entry], units: Mapping[str, str], who: Who, settings: Settings,
    *, is_dry_run: bool = False,
) -> Difference:  # fmt: skip
    """Read the workbook and append what differs in one act; a dry run only tells.

    `others` are the derived entries, which must come back as they are. Raises RegistryError with every fault by cell.
    """
    table, faults = read_table(path, SHEET, HEADERS, settings)
    labels = unit_labels(units)
    derived = {entry.key: _line(entry, labels) for entry in others}
    with registry.deciding():
        acts = standing(registry, "calendar")
        own = read_calendar(acts)
        changes: list[tuple[str, NewEvent]] = []
        added = 0
        for row in table:
            key = row.get("编号")
            if key in derived:
                _refuse_changed(row, derived[key], faults)
            elif key and key not in own:
                faults.add(row, "编号", f"没有事项“{key}”；新增事项请把编号留空")
            elif row.get("操作") == REMOVE:
                if key:
                    changes.append((f"删除 {key} {own[key].matter}", who.event(REMOVED, "calendar", key, {})))
            else:
                said = _entry(row, own.get(key), units, faults)
                if said and not key:
                    said = replace(said, key=next_key(acts, added))
                    added += 1
                    changes.append(
                        (f"增加 {said.key} {said.matter}", who.event(ADDED, "calendar", said.key, said.payload))
                    )
                elif said and said != own[key]:
                    changes.append((f"修改 {key} {said.matter}", who.event(CHANGED, "calendar", key, said.payload)))
        faults.refuse_if_any()
        numbers = [] if is_dry_run else record(registry, [event for _, event in changes], together=True)
    return Difference([line for line, _ in changes], numbers)


def _line(entry: Entry, labels: Mapping[str, str]) -> list[object]:
    month = entry.entry_date[:7]
    week = f"第{week_of(entry.entry_date)}周" if entry.precision in (DAY, WEEK) else None
    return [
        month, week, entry.entry_date if entry.precision == DAY else None, entry.matter,
        labels.get(entry.unit_code, entry.unit_code), entry.end_date or None, entry.note, entry.source, entry.key, None,
    ]  # fmt: skip


def _refuse_changed(row: Row, expected: list[object], faults: Faults) -> None:
    """A derived row is shown only: it comes back as it went out."""
    for header in ("日期", "事项", "责任单位", "操作"):
        before = str(expected[HEADERS.index(header)] or "")
        text = row.get(header)
        is_same = text == before or (
            header == "日期" and text and faults.attempt(row, header, lambda t=text: as_day(t)) == before
        )
        if not is_same:
            faults.add(row, header, f"这一行来自{expected[HEADERS.index('来源')]}，不能在这里改，请在分解立项中改")


def _entry(row: Row, before: Entry | None, units: Mapping[str, str], faults: Faults) -> Entry | None:
    """The own entry a row states, or None with its faults noted."""
    attempt = faults.attempt
    unit, end, found = row.get("责任单位"), row.get("结束日期"), len(faults.found)
    if not row.get("事项"):
        faults.add(row, "事项", "没有填写事项")
    placed = attempt(row, "日期" if row.get("日期") else "月份", lambda: _when(row, before))
    code = unit and attempt(row, "责任单位", lambda: known(unit_code(unit), units, "单位"))
    last = end and attempt(row, "结束日期", lambda: as_day(end))
    if len(faults.found) > found or placed is None:
        return None
    start, precision = placed
    entry = Entry(
        before.key if before else "", OWN, start, precision, row.get("事项"), code or "", last or "", row.get("备注"),
        before.commitment if before else None,
    )  # fmt: skip
    return attempt(row, "结束日期", lambda: checked(entry))


def _when(row: Row, before: Entry | None) -> tuple[str, str]:
    """A day where one is written; else the week or month. A day that moved leaves the month beside it behind."""
    month, week, text = row.get("月份"), row.get("周次"), row.get("日期")
    if text:
        day = as_day(text)
        is_moved = before is not None and before.entry_date != day
        if month and month != day[:7] and not is_moved:
            raise RegistryError(f"日期 {day} 不在月份 {month} 里")
        return day, DAY
    if not month:
        raise RegistryError("没有填写日期，也没有填写月份")
    start, precision = when(f"{month}{week if week.startswith('第') or not week else f'第{week}周'}")
    return start, MONTH if precision == DAY else precision
