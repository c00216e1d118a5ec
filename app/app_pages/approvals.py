"""审批: what was reported is signed off, doubted values are confirmed, leave to report after the lock is given."""

from __future__ import annotations

import streamlit as st

from app import approving, context, pending
from app.acting import ask_who, tell
from app.app_parts import approval_acts, finding_acts
from app.queries import approving as rows_of
from app.rendering import show

STEPS, DOUBTS, UNLOCKS = "校审发布", "可疑数据", "解锁补报"


def unlocks_tab(slots: dict[str, list[approving.Slot]]) -> None:
    run, log = context.current(), pending.current()
    slot = approval_acts.slot_choice(slots)
    approval_acts.unlock_form(slot)
    forms = {slot.form_code: slot.form_name for own in slots.values() for slot in own}
    names = rows_of.reporter_names(run.release)
    show("unlocks.html", rows=approving.unlocks(log, names, forms, run.evaluation_date))


def page() -> None:
    run = context.current()
    slots = approving.slots_of(rows_of.slots(run.release))
    confirmed = approving.confirmed_findings(pending.current())
    open_ones = set(rows_of.doubts(run.release)["finding_id"]) - confirmed.keys()
    show("approvals_head.html", doubts=len(open_ones))
    ask_who()
    tell()
    tab = st.segmented_control(
        "内容", [STEPS, DOUBTS, UNLOCKS], key="ap_part", bind="query-params", default=STEPS, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if tab == DOUBTS:
        finding_acts.doubts()
    elif not slots:
        show("panel_note.html", heading="报表", text="还没有应报的报表。请核对学校名册和表样的填报范围。")
    elif tab == UNLOCKS:
        unlocks_tab(slots)
    else:
        approval_acts.steps(approval_acts.slot_choice(slots))


if __name__ == "__main__":
    page()
