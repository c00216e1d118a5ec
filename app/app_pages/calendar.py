"""行事历: a month of deadlines, nodes, reports due and own entries; a grid on a wide screen, a list on a phone."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app import context, months, pending, rectifying, reviewing
from app.acting import tell
from app.app_parts import calendar_acts
from app.months import DayEntry
from app.queries import commitments, matters
from app.rendering import link, show
from app.roles import may_act
from app.state import parameter, parameters_but

IN_A_CELL = 4
IN_THE_LIST = 80
ALL = "全部"
PAPERS = "导入导出"


def every_entry(first: date) -> list[DayEntry]:
    """Everything the bureau has a day for, the reports due only of this month."""
    run, log = context.current(), pending.current()
    found = reviewing.items(matters.candidates(run.release), log)
    standings = commitments.standings(run.release)
    roots = set(standings.filter(standings["is_root"])["commitment_id"])
    units = matters.unit_names(run.release)
    views = rectifying.matter_views(log, roots, units, run.evaluation_date)
    forms = matters.due_forms(run.release, first, months.last_day(first))
    lights = dict(standings.select("commitment_id", "light").iter_rows())
    own = [item for item in found if item.id in roots]
    return months.entries_of(log, own, views, forms, lights, units, run.evaluation_date)


def filtered(entries: list[DayEntry]) -> list[DayEntry]:
    """The widgets and what they leave."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.pills("来源", list(months.SOURCES), selection_mode="multi", key="source", bind="query-params")
        units = sorted({entry.unit for entry in entries if entry.unit and entry.source != months.REPORT})
        unit = st.selectbox("单位", [ALL, *units], key="of_unit", bind="query-params", width=260)
    return [
        entry
        for entry in entries
        if (not chosen or entry.source in chosen) and (unit in (None, ALL) or entry.unit == unit)
    ]


def month_view(first: date, entries: list[DayEntry]) -> None:
    """The grid, and the list that a phone shows in its place and a click on a day narrows."""
    today = context.current().evaluation_date
    shown = filtered(entries)
    asked = parameter("day")
    of_day = [entry for entry in shown if entry.day.isoformat() == asked]
    rest = parameters_but("day")
    listed = {
        "entries": (of_day or shown)[:IN_THE_LIST],
        "more": max(len(of_day or shown) - IN_THE_LIST, 0),
        "asked": asked if of_day else "",
        "back": link("calendar", **rest),
        "here": rest,
    }
    if of_day:  # the day that was clicked stands above the grid it was clicked in
        show("calendar_list.html", **listed)
    show(
        "calendar_grid.html",
        weeks=months.grid(shown, first, today),
        undated=months.undated(shown),
        in_a_cell=IN_A_CELL,
        asked=asked,
        total=len(shown),
        href=lambda day: link("calendar", **rest, day=day.isoformat()),
    )
    if not of_day:
        show("calendar_list.html", **listed)


def page() -> None:
    run = context.current()
    first = months.month_of(parameter("month"), run.evaluation_date)
    everything = every_entry(first)
    entries = months.within(everything, first)
    rest = parameters_but("month", "day", "entry")
    show(
        "calendar_head.html",
        first=first,
        today=run.evaluation_date,
        overdue=sum(entry.is_overdue for entry in entries),
        total=len(entries),
        before=link("calendar", **rest, month=months.beside(first, -1)),
        after=link("calendar", **rest, month=months.beside(first, 1)),
        now=link("calendar", **rest),
    )
    if not may_act():
        month_view(first, entries)
        return
    tell()
    tab = st.segmented_control(
        "内容", ["月历", "增加事项", PAPERS], key="pane", bind="query-params", default="月历", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if tab == PAPERS:
        calendar_acts.papers(everything)
    elif tab == "增加事项":
        calendar_acts.add_form(first)
    else:
        calendar_acts.edit_form()
        month_view(first, entries)


if __name__ == "__main__":
    page()
