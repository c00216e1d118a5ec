"""申诉 of 绩效考评: what was appealed and decided, the form that files one and the one that decides it."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import context, pending
from app.acting import ask_who, is_ready, perform
from app.lists import downloads
from app.papers import text_frame
from app.presenting import period_text, plain
from app.rendering import show
from app.roles import may_act
from ingestion.registry import appeals
from ingestion.registry.acts import Who
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.vocabulary import RULINGS

CSS = {appeals.PENDING: "yellow", "采纳": "blue", "驳回": "gray"}
HEADINGS = (
    "单位", "报表", "报告期", "事由", "扣分", "现扣", "状态", "申诉理由", "佐证", "申诉人", "裁定意见",
    "裁定人", "裁定日期",
)  # fmt: skip


def panel(frame: pl.DataFrame) -> None:
    """Appeals of one year and group, those of the log that wait for the next release among them; then both forms."""
    rows = overlaid(frame.to_dicts())
    own = [row for row in rows if row["state"]]
    show("assessments_appeals.html", rows=own, costs=sum(row["points"] > 0 for row in rows), css=CSS)
    if own:
        downloads(lambda: paper(own), "考评申诉", [f"共 {len(own)} 条"], "申诉")
    if may_act() and rows:
        with st.expander("申诉或裁定"):
            ask_who()
            _file_form([row for row in rows if row["points"] > 0 and not row["state"]])
            _decide_form([row for row in rows if row["state"] == appeals.PENDING])


def overlaid(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Deductions with how their appeal stands in the log; `is_pending` where the release does not hold it."""
    log = pending.current()
    known = appeals.read_appeals(log.of("appeal"))
    made = []
    for row in rows:
        said: dict[str, Any] = {
            "state": row["appeal_state"] or "",
            "is_pending": False,
            "period": period_text(row["period_start_date"], row["frequency"]),
        }
        if appeal := known.get(row["appeal_key"]):
            said |= _said(appeal) | {"is_pending": (appeal.decided or appeal.filed).event_no > log.published_no}
        made.append(row | said)
    return made


def _said(appeal: appeals.Appeal) -> dict[str, Any]:
    filed = appeal.filed.payload
    said = {"state": appeal.state, "ground": filed["ground"], "evidence": filed.get("evidence"),
            "filed_by": appeal.filed.actor}  # fmt: skip
    if appeal.decided is None:
        return said
    decided = appeal.decided.payload
    return said | {
        "decided_by": appeal.decided.actor,
        "decided_date": decided["decided_date"],
        "opinion": decided.get("opinion"),
    }


def paper(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The appeals as a table to take away, in the words of the page."""
    texts = [
        (r["unit_name"], r["form_name"], r["period"], r["deduction_kind"], plain(r["points"], 1),
         plain(r["charged_points"], 1), r["state"], r["ground"] or "", r["evidence"] or "", r["filed_by"] or "",
         r["opinion"] or "", r["decided_by"] or "", str(r["decided_date"] or ""))
        for r in rows
    ]  # fmt: skip
    return text_frame([dict(zip(HEADINGS, row, strict=True)) for row in texts], HEADINGS)


def _name(row: dict[str, Any]) -> str:
    cost = f"{row['deduction_kind']} 扣 {plain(row['points'], 1)} 分"
    return f"{row['unit_name']}　{row['form_name']} {row['period']}　{cost}"


def _file_form(rows: list[dict[str, Any]]) -> None:
    named = {_name(row): row for row in rows}
    with st.form("appeal_file", clear_on_submit=True):
        show("panel_words.html", heading="申诉", text="单位认为不该扣的，写明理由；由另一人裁定，采纳后不再扣分。")
        st.selectbox("哪一项扣分", list(named), index=None, key="appeal_which", placeholder="选择单位和报表")
        left, right = st.columns(2)
        left.text_input("理由", key="appeal_ground", placeholder="例如：系统故障，当日已交纸质表")
        right.text_input("佐证", key="appeal_evidence", placeholder="文号或附件名，可不填")
        st.form_submit_button("申诉", type="primary", disabled=not is_ready(), on_click=_file, args=(named,))


def _file(named: dict[str, dict[str, Any]]) -> None:
    row, said = named.get(st.session_state.get("appeal_which") or ""), st.session_state
    ground, evidence = said.get("appeal_ground") or "", said.get("appeal_evidence") or ""
    sequence = context.current().release.sequence

    def act(log: Registry, who: Who) -> None:
        if row is None:
            raise RegistryError("请选择要申诉的扣分")
        appeals.file(log, row, ground, who, evidence, sequence)

    perform(f"已申诉：{_name(row) if row else ''}", act)


def _decide_form(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    named = {f"{_name(row)}（{row['filed_by']}）": row for row in rows}
    day = context.current().evaluation_date
    with st.form("appeal_decide", clear_on_submit=True):
        show("panel_words.html", heading="裁定", text="裁定人不能是申诉人。")
        st.selectbox("哪一项申诉", list(named), index=None, key="ruling_which", placeholder="选择申诉")
        first, second, third = st.columns([1, 1, 2])
        first.selectbox("结论", RULINGS, key="ruling_result")
        second.date_input("裁定日期", value=day, key="ruling_day", format="YYYY-MM-DD")
        third.text_input("意见", key="ruling_opinion")
        st.form_submit_button("裁定", type="primary", disabled=not is_ready(), on_click=_decide, args=(named,))


def _decide(named: dict[str, dict[str, Any]]) -> None:
    row, said = named.get(st.session_state.get("ruling_which") or ""), st.session_state
    result, on, opinion = said.get("ruling_result"), said.get("ruling_day"), said.get("ruling_opinion") or ""

    def act(log: Registry, who: Who) -> None:
        if row is None:
            raise RegistryError("请选择要裁定的申诉")
        appeals.decide(log, row["appeal_key"], str(result), on or "", who, opinion)

    perform(f"已裁定（{result}）：{_name(row) if row else ''}", act)
