"""One task: what it is, its nodes and history, and what can be done about it now."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from app import context, pending, tasking
from app.acting import is_ready, perform
from app.queries import matters
from app.rendering import link, show
from app.state import parameters_but
from app.tasking import TaskView
from ingestion.registry import progress, tasks
from ingestion.registry.acts import Report
from ingestion.registry.events import Registry
from ingestion.registry.vocabulary import PROGRESS


def detail(view: TaskView, units: dict[str, str]) -> None:
    """The task with its acts; which forms there are follows from its state."""
    log = pending.current()
    acts = [pending.of_act(act, log) for act in tasking.history(log, view.task)]
    show("task_head.html", view=view, back=link("tasks", **parameters_but("task")))
    left, right = st.columns([1.65, 1], gap="medium")
    with left:
        show("task_detail.html", view=view, units=units)
        if view.state == "待核查":
            _check_form(view)
        elif view.state != "已销号":
            _report_form(view)
        if view.state != "已销号":
            _other_forms(view, units)
    with right:
        show("acts_log.html", acts=acts)


def _other_forms(view: TaskView, units: dict[str, str]) -> None:
    if view.unsigned:
        _sign_form(view, units)
    open_nodes = {f"{node.number} {node.name}": node.number for node in view.task.nodes if not node.done_date}
    if open_nodes:
        _node_report_form(view, open_nodes)
    _change_form(view, units)


def _said(view: TaskView, name: str) -> Any:
    """What the form says; an emptied field is '', for the service to refuse in its own words."""
    value = st.session_state.get(f"{name}_{view.key}")
    return "" if value is None else value


def _submit(label: str, view: TaskView, what: str, act: Any, *, kind: Any = "secondary") -> None:
    """A form's button: on a click `act(log, who)` reads the form's values and records the event."""
    st.form_submit_button(
        label, type=kind, disabled=not is_ready(), on_click=perform, args=(f"{what}：{view.task.name[:40]}", act)
    )


def _sign_form(view: TaskView, units: dict[str, str]) -> None:
    names = {units.get(code, code): code for code in view.unsigned}
    with st.form(f"sign_{view.key}"):
        show("panel_words.html", heading="签收", text="牵头和配合单位各签收一次，表示接到任务。")
        first, second = st.columns(2)
        first.selectbox("签收单位", list(names), key=f"sign_unit_{view.key}")
        second.date_input("签收日期", value=view.day, key=f"sign_day_{view.key}", format="YYYY-MM-DD")

        def act(log: Registry, who: Any) -> None:
            progress.sign(log, view.key, names[_said(view, "sign_unit")], _said(view, "sign_day"), who, units)

        _submit("签收", view, "已签收", act)


def _report_form(view: TaskView) -> None:
    with st.form(f"report_{view.key}"):
        show("panel_words.html", heading="填报进度", text="填“办结”即申请核查，须写明佐证（文号、网址或附件名）。")
        first, second, third = st.columns(3)
        first.selectbox("进度", PROGRESS, index=1, key=f"status_{view.key}")
        second.text_input("完成百分比", key=f"pct_{view.key}", placeholder="0–100，可不填")
        third.date_input("填报日期", value=view.day, key=f"report_day_{view.key}", format="YYYY-MM-DD")
        st.text_input("佐证", key=f"evidence_{view.key}", placeholder="文号、网址或附件名")
        st.text_input("情况说明", key=f"note_{view.key}", placeholder="可不填")

        def act(log: Registry, who: Any) -> None:
            told = Report(
                _said(view, "status"), _said(view, "report_day"), evidence=_said(view, "evidence") or "",
                note=_said(view, "note") or "",
            )  # fmt: skip
            progress.report(log, view.key, told, who, (_said(view, "pct") or "").strip("% "))

        _submit("填报", view, "已填报", act, kind="primary")


def _check_form(view: TaskView) -> None:
    report = view.last_report
    with st.form(f"check_{view.key}"):
        who_reported = report.actor if report else ""
        proof = report.payload.get("evidence", "") if report else ""
        text = f"{who_reported} 已报办结，佐证“{proof}”。核查人不能是填报人。"
        show("panel_words.html", heading="核查", text=text)
        first, second = st.columns(2)
        first.date_input("核查日期", value=view.day, key=f"check_day_{view.key}", format="YYYY-MM-DD")
        second.date_input("退回时：重新办理时限", value=None, key=f"redo_{view.key}", format="YYYY-MM-DD")
        st.text_input("核查意见", key=f"check_note_{view.key}", placeholder="退回必须写明缺什么")

        def accept(log: Registry, who: Any) -> None:
            progress.accept(log, view.key, _said(view, "check_day"), who, _said(view, "check_note") or "")

        def send_back(log: Registry, who: Any) -> None:
            note = _said(view, "check_note") or ""
            progress.send_back(log, view.key, _said(view, "check_day"), who, note, _said(view, "redo"))

        with st.container(horizontal=True):
            _submit("核查通过，销号", view, "已销号", accept, kind="primary")
            _submit("退回", view, "已退回", send_back)


def _node_report_form(view: TaskView, choices: dict[str, int]) -> None:
    with st.form(f"node_{view.key}"):
        show("panel_words.html", heading="节点完成", text="写明哪一天完成、凭什么。")
        st.selectbox("节点", list(choices), key=f"node_no_{view.key}")
        first, second = st.columns(2)
        first.date_input("完成日期", value=view.day, key=f"node_day_{view.key}", format="YYYY-MM-DD")
        second.text_input("节点佐证", key=f"node_evidence_{view.key}", placeholder="文号、照片或附件名")

        def act(log: Registry, who: Any) -> None:
            number = choices[_said(view, "node_no")]
            progress.report_node(
                log, view.key, number, _said(view, "node_day"), _said(view, "node_evidence") or "", who
            )

        _submit("填报节点", view, "节点已完成", act)


def _change_form(view: TaskView, units: dict[str, str]) -> None:
    release = context.current().release
    choices = matters.unit_choices(release)
    names, by_code = list(choices), {code: name for name, code in choices.items()}
    with st.expander("修改任务、增删节点"):
        with st.form(f"change_{view.key}"):
            st.text_input("任务", value=view.task.name, key=f"task_{view.key}")
            lead = by_code.get(view.task.lead)
            st.selectbox("牵头单位", names, index=names.index(lead) if lead else None, key=f"lead_{view.key}")
            now = [by_code[code] for code in view.task.assisting if code in by_code]
            st.multiselect("配合单位", names, default=now, key=f"assist_{view.key}", placeholder="无")
            first, second = st.columns(2)
            first.text_input("责任人", value=view.task.person, key=f"person_{view.key}")
            second.date_input(
                "完成时限", value=pending.as_date(view.task.due_date), key=f"due_{view.key}", format="YYYY-MM-DD"
            )

            def change(log: Registry, who: Any) -> None:
                said = {
                    "name": _said(view, "task"), "lead": choices.get(_said(view, "lead") or "", ""),
                    "assisting": [choices[name] for name in _said(view, "assist")],
                    "person": _said(view, "person") or "", "due_date": _said(view, "due") or "",
                }  # fmt: skip
                tasks.change(log, [view.key], said, who, units)

            _submit("保存修改", view, "已修改", change)
        _nodes_form(view)
        st.button(
            "删除这项任务", key=f"remove_{view.key}", disabled=not is_ready(), on_click=perform,
            args=(f"已删除：{view.task.name[:40]}", lambda log, who: tasks.remove(log, [view.key], who)),
        )  # fmt: skip


def _nodes_form(view: TaskView) -> None:
    with st.form(f"nodes_{view.key}"):
        st.text_input("新节点", key=f"new_node_{view.key}", placeholder="例如：完成招标")
        first, second = st.columns(2)
        first.date_input("新节点时限", value=None, key=f"new_due_{view.key}", format="YYYY-MM-DD")
        second.text_input("须交佐证", key=f"new_proof_{view.key}")

        def add(log: Registry, who: Any) -> None:
            draft = tasks.NodeDraft(
                _said(view, "new_node") or "", _said(view, "new_due") or "", _said(view, "new_proof") or ""
            )
            tasks.set_node(log, view.key, draft, who)

        _submit("增加节点", view, "已增加节点", add)
    removable = [node for node in view.task.nodes if not node.done_date]
    if not removable:
        return
    with st.container(horizontal=True):
        for node in removable:
            st.button(
                f"删除节点 {node.number}", key=f"drop_{view.key}_{node.number}", disabled=not is_ready(),
                on_click=perform,
                args=(f"已删除节点：{node.name}", partial(_drop, view.key, node.number)),
            )  # fmt: skip


def _drop(key: str, number: int, log: Registry, who: Any) -> None:
    tasks.remove_node(log, key, number, who)
