"""报送 → 校审 → 锁定 → 发布 of one form and period, region by region; and leave to report after the lock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from app import approving, context, pending
from app.acting import is_ready, perform
from app.approving import RegionView, Slot
from app.queries import approving as rows_of
from app.rendering import show
from ingestion.evaluation import BUREAU_TIME
from ingestion.registry import submissions
from ingestion.registry.acts import Who
from ingestion.registry.events import Registry, RegistryError

DAYS_OF_LEAVE = 7


def slot_choice(slots: dict[str, list[Slot]]) -> Slot:
    """The form and period that the page is about; the latest with reports where nothing is chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form = st.selectbox("报表", list(slots), key="ap_form", bind="query-params", width=280)
        own = slots[form] if form in slots else next(iter(slots.values()))
        first = next((slot.period for slot in own if slot.accepted_count), own[0].period)
        periods = {slot.period: slot for slot in own}
        period = st.selectbox(
            "报告期", list(periods), index=list(periods).index(first), key=f"ap_period_{own[0].form_code}", width=200
        )
    return periods.get(period or first, periods[first])


def steps(slot: Slot) -> None:
    """Every region with how far it is, and the next step of the one chosen."""
    run, log = context.current(), pending.current()
    rows = rows_of.regions(run.release, slot.form_code, slot.start)
    views = approving.region_views(slot, rows, log, run.release.sequence)
    show("approvals_table.html", slot=slot, views=views)
    named = {f"{view.name}　{view.state}": view for view in views}
    chosen = st.selectbox("办理哪个区划", list(named), index=None, key=f"ap_region_{slot.form_code}_{slot.start}",
                          placeholder="选择区划", width=320)  # fmt: skip
    view = named.get(chosen or "")
    if view is None:
        return
    with st.container(horizontal=True):
        for verb in approving.SERVICES:
            is_open = view.can_return if verb == "退回" else view.next_step == verb
            st.button(
                verb, key=f"ap_{verb}", type="primary" if view.next_step == verb else "secondary",
                disabled=not is_ready() or not is_open, on_click=_step, args=(verb, view, slot),
            )  # fmt: skip
    if view.acts:
        show("acts_log.html", acts=view.acts)


def _step(verb: str, view: RegionView, slot: Slot) -> None:
    service = approving.SERVICES[verb]
    perform(
        f"已{verb}：{slot.form_name} {slot.period} {view.name}（{view.data.submission_count} 份）",
        lambda log, who: service(log, view.subject, view.data, who),
    )


def unlock_form(slot: Slot) -> None:
    """Let one reporter report this form and period after its lock date."""
    run = context.current()
    found = rows_of.reporters(run.release, slot.form_code, slot.start).to_dicts()
    named = {f"{r['reporter_name']}（{r['region_name'] or '—'}，{r['submission_state']}）": r for r in found}
    today = datetime.now(BUREAU_TIME).date()
    with st.form(f"unlock_{slot.form_code}_{slot.start}"):
        show(
            "panel_words.html", heading=f"解锁：{slot.form_name} {slot.period}",
            text=f"锁定日期 {slot.lock_date or '未定'}；其后补报须有批准人和有效期，到期自动恢复锁定。",
        )  # fmt: skip
        st.selectbox("填报单位", list(named), index=None, key="unlock_who", placeholder="选择，或输入名称查找")
        first, second = st.columns(2)
        first.text_input("批准人", key="unlock_name", placeholder="谁批准补报")
        second.date_input(
            "有效期至", value=today + timedelta(days=DAYS_OF_LEAVE), key="unlock_until", format="YYYY-MM-DD"
        )
        st.form_submit_button(
            "准许补报", type="primary", disabled=not is_ready(), on_click=_unlock, args=(slot, named, today)
        )


def _unlock(slot: Slot, named: dict[str, dict[str, Any]], today: date) -> None:
    row = named.get(st.session_state.get("unlock_who") or "")
    name, until = st.session_state.get("unlock_name") or "", st.session_state.get("unlock_until")

    def act(log: Registry, who: Who) -> None:
        if row is None:
            raise RegistryError("请选择填报单位")
        submissions.unlock(log, (slot.form_code, row["reporter_code"], slot.start), name, until or "", today, who)

    label = row["reporter_name"] if row else ""
    perform(f"已解锁至 {until}：{slot.form_name} {slot.period} {label}", act)
