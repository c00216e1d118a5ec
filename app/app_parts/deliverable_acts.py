"""成果: written outputs and meetings, 未启动 → 进行中 → 办结, each with its evidence."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import context, tasking
from app.acting import is_ready, perform
from app.presenting import present
from app.queries import commitments
from app.rendering import link, show
from app.reviewing import Item
from app.state import page_number, parameter, parameters_but
from ingestion.registry.acts import Report
from ingestion.registry.courses import report_matter
from ingestion.registry.events import Registry
from ingestion.registry.vocabulary import PROGRESS

ROWS_A_PAGE = 30


def tab(found: list[Item]) -> None:
    """Confirmed deliverables, or the form of the one that the address names."""
    run = context.current()
    standings = commitments.standings(run.release).filter(pl.col("kind") == "deliverable")
    promises = {row["commitment_id"]: present(row) for row in standings.to_dicts()}
    rows = tasking.deliverables(found, promises)
    asked = parameter("commitment")
    row = next((row for row in rows if row["item"].id == asked), None)
    if row is not None:
        _form(row)
        return
    last = -(-len(rows) // ROWS_A_PAGE)
    number = page_number(last)
    kept = parameters_but("page")
    show(
        "deliverables.html",
        rows=rows[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE],
        total=len(rows),
        day=run.evaluation_date,
        page=number,
        pages=[{"number": n, "href": link("tasks", **kept, page=n)} for n in range(1, last + 1)],
        href=lambda commitment_id: link("tasks", desk="成果", commitment=commitment_id),
    )


def _form(row: dict[str, Any]) -> None:
    item: Item = row["item"]
    key, day = item.id, context.current().evaluation_date
    show("deliverable_head.html", row=row, back=link("tasks", desk="成果"))
    with st.form(f"matter_{key}"):
        first, second, third = st.columns(3)
        index = PROGRESS.index(row["status"]) if row["status"] else 1
        first.selectbox("进度", PROGRESS, index=index, key=f"matter_status_{key}")
        second.date_input("填报日期", value=day, key=f"matter_day_{key}", format="YYYY-MM-DD")
        third.date_input("办结日期（办结时填）", value=None, key=f"matter_done_{key}", format="YYYY-MM-DD")
        st.text_input("佐证", key=f"matter_evidence_{key}", placeholder="办结必须写明文号、网址或附件名")
        st.text_input("情况说明", key=f"matter_note_{key}", placeholder="可不填")

        def act(log: Registry, who: Any) -> None:
            said = st.session_state
            told = Report(
                said[f"matter_status_{key}"], said[f"matter_day_{key}"] or "", said[f"matter_done_{key}"],
                said[f"matter_evidence_{key}"] or "", said[f"matter_note_{key}"] or "",
            )  # fmt: skip
            report_matter(log, item.reviewed, told, who)

        st.form_submit_button(
            "填报", type="primary", disabled=not is_ready(), on_click=perform,
            args=(f"已填报：{item.row['quote'][:40]}", act),
        )  # fmt: skip
