"""Doubted values that somebody has looked into, confirmed one by one; and notes about a subject."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import approving, context, pending
from app.acting import is_ready, perform
from app.presenting import period_text
from app.queries import approving as rows_of
from app.rendering import link, show
from app.state import page_number, parameters_but
from ingestion.registry import submissions
from ingestion.registry.logbook import add_note
from ingestion.registry.reviews import Reviewed

FINDINGS_A_PAGE = 15
ALL = "全部"


def doubts() -> None:
    """Open doubts of the release, each with its cell and the button that says it is true."""
    run, log = context.current(), pending.current()
    rows = rows_of.doubts(run.release)
    if rows.is_empty():
        show("panel_note.html", heading="可疑数据", text="没有等待确认的可疑数据。")
        return
    confirmed = approving.confirmed_findings(log)
    forms = rows["form_name"].drop_nulls().unique().sort().to_list()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form = st.selectbox("报表", [ALL, *forms], key="doubt_form", bind="query-params", width=280)
        is_open = st.toggle("只看未确认", key="doubt_open", value=True)
    if form not in (None, ALL):
        rows = rows.filter(pl.col("form_name") == form)
    if is_open:
        rows = rows.filter(~pl.col("finding_id").is_in(list(confirmed)))
    last = -(-rows.height // FINDINGS_A_PAGE)
    number = page_number(last)
    show("doubts_head.html", found=rows.height)
    for row in rows.slice((number - 1) * FINDINGS_A_PAGE, FINDINGS_A_PAGE).to_dicts():
        _doubt(row, confirmed.get(row["finding_id"]))
    pages = [{"number": n, "href": link("approvals", **parameters_but("page"), page=n)} for n in range(1, last + 1)]
    show("approvals_pages.html", page=number, pages=pages)


def _doubt(row: dict[str, Any], act: dict[str, Any] | None) -> None:
    period = period_text(row["period_start_date"], row["frequency"]) if row["period_start_date"] else ""
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        show("doubt.html", row=row, act=act, period=period)
    right.button(
        "确认属实", key=f"doubt_{row['finding_id']}", disabled=not is_ready() or act is not None, on_click=_confirm,
        args=(row,),
    )  # fmt: skip


def _confirm(row: dict[str, Any]) -> None:
    perform(
        f"已确认属实：{row['reporter_name'] or ''} {row['cell'] or ''} {row['message']}"[:60],
        lambda log, who: submissions.confirm_finding(log, row, who),
    )


def notes(subject_type: str, subject_key: str, commitment: Reviewed | None = None) -> None:
    """What was noted about a subject, and the form for one note more."""
    shown = approving.notes(pending.current(), subject_type, subject_key)
    show("notes.html", notes=shown)
    with st.form(f"note_{subject_key}", clear_on_submit=True):
        st.text_area("批注", key=f"note_text_{subject_key}", height=72, placeholder="例如：局长要求十月底前报进展")
        st.form_submit_button(
            "加批注", disabled=not is_ready(), on_click=_note, args=(subject_type, subject_key, commitment)
        )
    if not is_ready():
        show("acting_hint.html")


def _note(subject_type: str, subject_key: str, commitment: Reviewed | None) -> None:
    text = str(st.session_state.get(f"note_text_{subject_key}") or "")
    perform("已批注", lambda log, who: add_note(log, subject_type, subject_key, text, who, commitment))
