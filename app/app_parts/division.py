"""立项: a confirmed commitment becomes a task with units, a person, a day and its nodes."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from app import context, pending, tasking
from app.acting import ask_who, is_ready, perform
from app.queries import matters
from app.rendering import link, show
from app.reviewing import Item
from app.state import page_number, parameter, parameters_but
from ingestion.registry.acts import Who, standing
from ingestion.registry.division import Given, drafts
from ingestion.registry.events import Registry
from ingestion.registry.tasks import NodeDraft, TaskDraft, create

ROWS_A_PAGE = 20
NODES_ASKED = 3


def tab(found: list[Item], units: dict[str, str]) -> None:
    """Commitments without a task, or the form for the one that the address names."""
    asked = parameter("commitment")
    item = next((item for item in found if item.id == asked), None)
    if item is not None and item.state in ("已确认", "已调整"):
        _form(item, units)
        return
    if item is not None:
        show("divide_unconfirmed.html", item=item)
        return
    rest = tasking.undivided(found, pending.current())
    last = -(-len(rest) // ROWS_A_PAGE)
    number = page_number(last)
    kept = parameters_but("page")
    show(
        "divide_list.html",
        items=rest[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE],
        total=len(rest),
        page=number,
        pages=[{"number": n, "href": link("tasks", **kept, page=n)} for n in range(1, last + 1)],
        href=lambda commitment_id: link("tasks", desk="立项", commitment=commitment_id),
    )
    if rest:
        _whole_plan(rest, units)


def _whole_plan(rest: list[Item], units: dict[str, str]) -> None:
    """Tasks for all of one plan at once, from what it says itself; the two fields fill in what it does not say."""
    choices = matters.unit_choices(context.current().release)
    plans = list(dict.fromkeys(item.row["file_name"] for item in rest))
    with st.expander("整份立项：单位、时限从原文，每条承诺一项任务"):
        ask_who()
        with st.form("divide_whole"):
            st.selectbox("工作要点", plans, key="whole_plan")
            left, right = st.columns(2)
            left.selectbox(
                "原文没写责任单位的，由谁牵头", list(choices), index=None, key="whole_lead", placeholder="请选择"
            )
            right.date_input("原文没写时限的，何时完成", value=None, key="whole_due", format="YYYY-MM-DD")
            st.form_submit_button(
                "整份立项", type="primary", disabled=not is_ready(), on_click=_create_whole, args=(rest, choices, units)
            )


def _create_whole(rest: list[Item], choices: dict[str, str], units: dict[str, str]) -> None:
    plan, lead, due = (st.session_state.get(f"whole_{name}") for name in ("plan", "lead", "due"))
    rows = [item.row for item in rest if item.row["file_name"] == plan]
    known = matters.units(context.current().release).to_dicts()
    given = Given(choices.get(lead or "", ""), due_date=due.isoformat() if due else "")

    def act(log: Registry, who: Who) -> None:
        create(log, drafts(rows, standing(log), known, given), who, units)

    perform(f"已立项：{plan} 的 {len(rows)} 条承诺", act)


def _form(item: Item, units: dict[str, str]) -> None:
    run = context.current()
    choices = matters.unit_choices(run.release, item.row["region_code"])
    show("divide_head.html", item=item, back=link("tasks", desk="立项"))
    if not choices:
        show(
            "panel_note.html",
            heading="还没有单位",
            text="请先在配置的“单位”表中登记科室和学校，运行 duban refresh，再来立项。",
        )
        return
    due = tasking.due_of(item, run.evaluation_date)
    key = item.id
    with st.form(f"divide_{key}"):
        st.text_input("任务", value=item.row["quote"][:80], key=f"name_{key}")
        left, right = st.columns(2)
        own = [
            name
            for name, code in choices.items()
            if item.row["responsible_unit"] and units.get(code, "").endswith(item.row["responsible_unit"])
        ]
        names = list(choices)
        left.selectbox(
            "牵头单位", names, index=names.index(own[0]) if own else None, key=f"lead_{key}", placeholder="请选择"
        )
        right.multiselect("配合单位", names, key=f"assist_{key}", placeholder="可不选")
        left, right = st.columns(2)
        left.text_input("责任人", key=f"person_{key}", placeholder="可不填")
        right.date_input("完成时限", value=due, key=f"due_{key}", format="YYYY-MM-DD")
        with st.expander("节点（可不填；立项之后也能加）"):
            for number in range(1, NODES_ASKED + 1):
                first, second, third = st.columns([2, 1, 1.4])
                first.text_input(f"节点 {number}", key=f"node_{number}_{key}")
                second.date_input(
                    f"节点 {number} 时限", value=None, key=f"node_due_{number}_{key}", format="YYYY-MM-DD"
                )
                third.text_input(f"节点 {number} 须交佐证", key=f"node_proof_{number}_{key}")
        st.form_submit_button(
            "立项", type="primary", disabled=not is_ready(), on_click=_create, args=(item, choices, units)
        )


def _create(item: Item, choices: dict[str, str], units: dict[str, str]) -> None:
    key = item.id

    def said(name: str) -> Any:
        return st.session_state.get(f"{name}_{key}")

    nodes = [
        NodeDraft(said(f"node_{n}"), said(f"node_due_{n}") or "", said(f"node_proof_{n}") or "")
        for n in range(1, NODES_ASKED + 1)
        if (said(f"node_{n}") or "").strip()
    ]
    due: date | str = said("due") or ""
    draft = TaskDraft(
        said("name") or "", choices.get(said("lead") or "", ""), due, [choices[name] for name in said("assist") or []],
        said("person") or "", year=item.row["plan_year"], nodes=nodes,
    )  # fmt: skip
    made: list[str] = []
    perform(
        f"已立项：{draft.name[:40]}",
        lambda log, who: made.extend(create(log, [(item.reviewed, draft)], who, units)),
        lambda: _open(made),
    )


def _open(made: list[str]) -> None:
    """Show the new task."""
    if "commitment" in st.query_params:
        del st.query_params["commitment"]
    st.session_state["desk"] = "任务"
    st.query_params["task"] = made[0]
