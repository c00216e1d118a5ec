"""One rectification: what it was opened on, its history, and the form of the step it waits for."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import context, pending, rectifying
from app.acting import is_ready, perform
from app.queries import matters
from app.rectifying import MatterView
from app.rendering import link, show
from app.roles import may_act
from app.state import parameters_but
from ingestion.registry import rectifications
from ingestion.registry.acts import Who
from ingestion.registry.events import Registry
from ingestion.registry.published import gap_of
from ingestion.registry.vocabulary import CHECKS
from ingestion.releases import Release


def detail(view: MatterView) -> None:
    """The matter with the form of its next step."""
    acts = rectifying.history(pending.current(), view.key)
    show("rectification_head.html", view=view, back=link("rectifications", **parameters_but("key")))
    forms = {
        rectifications.SELF_CHECK: (_cause_form,),
        rectifications.CAUSE: (_measures_form,),
        rectifications.MEASURES: (_progress_form, _check_form) if view.matter.progress else (_progress_form,),
        rectifications.CHECK: (_close_form,),
        rectifications.CLOSED: (_reopen_form,),
    }[view.matter.stage]
    left, right = st.columns([1.65, 1], gap="medium")
    with left:
        show("rectification_detail.html", view=view)
        for form in forms if may_act() else ():
            form(view)
    with right:
        show("acts_log.html", acts=acts)


def _said(view: MatterView, name: str) -> Any:
    """What the form says; an emptied field is '', for the service to refuse in its own words."""
    value = st.session_state.get(f"{name}_{view.key}")
    return "" if value is None else value


def _submit(label: str, view: MatterView, what: str, act: Any) -> None:
    quote = view.matter.opened["quote"][:36]
    st.form_submit_button(
        label, type="primary", disabled=not is_ready(), on_click=perform, args=(f"{what}：{quote}", act)
    )


def _cause_form(view: MatterView) -> None:
    with st.form(f"cause_{view.key}"):
        show("panel_words.html", heading="第二步　差距：查明原因", text="写明差在哪里、为什么，不写“正在推进”。")
        st.text_area("原因", key=f"why_{view.key}", height=96)

        def act(log: Registry, who: Who) -> None:
            rectifications.set_cause(log, view.key, _said(view, "why") or "", who)

        _submit("记下原因", view, "已查明原因", act)


def _measures_form(view: MatterView) -> None:
    with st.form(f"measures_{view.key}"):
        show("panel_words.html", heading="第三步　措施：做什么、谁做、何时做完", text=f"原因：{view.matter.cause}")
        st.text_area("整改措施", key=f"todo_{view.key}", height=96)
        first, second = st.columns(2)
        first.text_input("责任人", value=view.matter.person, key=f"person_{view.key}")
        second.date_input("整改时限", value=view.due, key=f"due_{view.key}", format="YYYY-MM-DD")

        def act(log: Registry, who: Who) -> None:
            rectifications.set_measures(
                log, view.key, _said(view, "todo") or "", who, due_date=_said(view, "due"),
                person=_said(view, "person") or "",
            )  # fmt: skip

        _submit("定下措施", view, "已制定措施", act)


def _progress_form(view: MatterView) -> None:
    with st.form(f"progress_{view.key}"):
        show("panel_words.html", heading="填报整改进展", text=f"措施：{view.matter.measures}")
        st.text_area("进展", key=f"progress_text_{view.key}", height=96)
        first, second = st.columns(2)
        first.date_input("填报日期", value=view.day, key=f"progress_day_{view.key}", format="YYYY-MM-DD")
        second.text_input("佐证", key=f"progress_proof_{view.key}", placeholder="文号、照片或附件名")

        def act(log: Registry, who: Who) -> None:
            rectifications.report(
                log, view.key, _said(view, "progress_text") or "", _said(view, "progress_day"), who,
                _said(view, "progress_proof") or "",
            )  # fmt: skip

        _submit("填报进展", view, "已填报进展", act)


def _check_form(view: MatterView) -> None:
    with st.form(f"check_{view.key}"):
        reporter = view.matter.progress[-1].actor
        show(
            "panel_words.html",
            heading="第四步　复核",
            text=f"{reporter} 已填报进展；复核人不能是填报人。不通过就回到措施。",
        )
        first, second = st.columns(2)
        first.selectbox("复核结论", CHECKS, key=f"result_{view.key}")
        second.date_input("复核日期", value=view.day, key=f"checked_{view.key}", format="YYYY-MM-DD")
        st.text_input("复核意见", key=f"check_note_{view.key}")

        def act(log: Registry, who: Who) -> None:
            rectifications.check(
                log, view.key, _said(view, "result"), _said(view, "checked"), who, _said(view, "check_note") or ""
            )

        _submit("记下结论", view, "已复核", act)


def _close_form(view: MatterView) -> None:
    with st.form(f"close_{view.key}"):
        show("panel_words.html", heading="第五步　销号", text="复核已通过。销号之后仍可重新整改。")
        st.date_input("销号日期", value=view.day, key=f"closed_{view.key}", format="YYYY-MM-DD")

        def act(log: Registry, who: Who) -> None:
            rectifications.close(log, view.key, _said(view, "closed"), who)

        _submit("销号", view, "已销号", act)


def _reopen_form(view: MatterView) -> None:
    with st.form(f"reopen_{view.key}"):
        show("panel_words.html", heading="重新整改", text="问题反复时重新整改，回到“差距”，重新定措施。")
        st.date_input("新的整改时限", value=view.day, key=f"again_{view.key}", format="YYYY-MM-DD")

        def act(log: Registry, who: Who) -> None:
            rectifications.reopen(log, view.key, _said(view, "again"), who)

        _submit("重新整改", view, "已重新整改", act)


def offer(release: Release, commitment_id: str, region_code: str, quote: str) -> None:
    """On 目标详情: open a rectification for this gap, with the unit that answers for it."""
    choices = matters.unit_choices(release, region_code)
    units = matters.unit_names(release)
    with st.popover("开启整改"):
        show(
            "panel_words.html",
            heading="从这一差距开启整改",
            text="系统记下当时的目标、完成值和差距；之后在整改台账里逐步办理。",
        )
        st.selectbox(
            "整改单位", list(choices), index=None, key="open_unit", placeholder="不选则按任务牵头单位或原文责任单位"
        )
        st.date_input("整改时限", value=None, key="open_due", format="YYYY-MM-DD")
        st.button(
            "开启整改", key="do_open", type="primary", disabled=not is_ready(), on_click=_open,
            args=(release, commitment_id, quote, choices, units),
        )  # fmt: skip
        if not is_ready():
            show("acting_hint.html")


def _open(release: Release, commitment_id: str, quote: str, choices: dict[str, str], units: dict[str, str]) -> None:
    def act(log: Registry, who: Who) -> None:
        unit = choices.get(st.session_state.get("open_unit") or "", "")
        due = st.session_state.get("open_due")
        rectifications.open_gap(log, gap_of(release, commitment_id), who, units, unit, due)

    perform(f"已开启整改：{quote[:36]}", act)


def of_commitment(commitment_id: str) -> MatterView | None:
    """The matter that is open for a commitment, where there is one."""
    run = context.current()
    views = rectifying.matter_views(
        pending.current(), {commitment_id}, matters.unit_names(run.release), run.evaluation_date
    )
    return rectifying.open_one(views, commitment_id)
