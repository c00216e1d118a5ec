"""分解与台账: who does what by when, how far it is, what waits for whom; commitments become tasks here."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app import context, pending, reviewing, tasking
from app.acting import ask_who, tell
from app.app_parts import deliverable_acts, division, task_acts, task_papers
from app.queries import matters
from app.rendering import link, show
from app.reviewing import Item
from app.state import page_number, parameter, parameters_but
from app.tasking import TaskView

ROWS_A_PAGE = 30
TASKS, DIVIDE, DELIVERABLES, PAPERS = "任务", "立项", "成果", "导入导出"
ALL = "全部"


@dataclass(frozen=True)
class Desk:
    """What every tab works on."""

    found: list[Item]
    views: list[TaskView]
    units: dict[str, str]


def filtered(desk: Desk) -> list[TaskView]:
    """The widgets and what they leave."""
    units = sorted({view.lead for view in desk.views})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state = st.segmented_control(
            "状态",
            [ALL, tasking.OVERDUE, *tasking.STATES],
            key="handling",
            bind="query-params",
            default=ALL,
            required=True,
        )
        unit = st.selectbox("牵头单位", [ALL, *units], key="lead", bind="query-params", width=280)
    return [
        view
        for view in desk.views
        if (state in (None, ALL) or (view.is_overdue if state == tasking.OVERDUE else view.state == state))
        and (unit in (None, ALL) or view.lead == unit)
    ]


def task_tab(desk: Desk) -> None:
    if not desk.views:
        show("tasks_none.html", undivided=len(tasking.undivided(desk.found, pending.current())))
        return
    asked = parameter("task")
    view = next((view for view in desk.views if view.key == asked), None)
    if view is not None:
        task_acts.detail(view, desk.units)
        return
    if asked:
        show("panel_note.html", heading="没有这项任务", text=f"任务 {asked} 已删除或撤回。下面是现有的任务。")
    chosen = filtered(desk)
    last = -(-len(chosen) // ROWS_A_PAGE)
    number = page_number(last)
    rest = parameters_but("page")
    show(
        "tasks_list.html",
        views=chosen[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE],
        found=len(chosen),
        page=number,
        pages=[{"number": n, "href": link("tasks", **rest, page=n)} for n in range(1, last + 1)],
        clear=link("tasks"),
        href=lambda key: link("tasks", **parameters_but("task"), task=key),
    )


def page() -> None:
    run, log = context.current(), pending.current()
    found = reviewing.items(matters.candidates(run.release), log)
    units = matters.unit_names(run.release)
    desk = Desk(found, tasking.task_views(log, found, units, run.evaluation_date), units)
    show("tasks_head.html", tally=tasking.tally(desk.views), total=len(desk.views), states=tasking.STATES)
    tell()
    tab = st.segmented_control(
        "内容", [TASKS, DIVIDE, DELIVERABLES, PAPERS], key="desk", bind="query-params", default=TASKS, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if parameter("task") or parameter("commitment") or tab == PAPERS:
        ask_who()
    if tab == DIVIDE:
        division.tab(desk.found, desk.units)
    elif tab == DELIVERABLES:
        deliverable_acts.tab(desk.found)
    elif tab == PAPERS:
        task_papers.tab(desk.found, desk.units)
    else:
        task_tab(desk)


if __name__ == "__main__":
    page()
