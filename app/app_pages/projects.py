"""重点项目: every named project on its way from 前期 to 投用, the late ones first."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import context
from app.labels import plan_labels
from app.presenting import days_text
from app.queries import projects as queries
from app.rendering import link, show
from app.state import parameter, parameters_but

# node in the warehouse's words → (column of its date, short name)
NODES = {
    "前期": ("preliminary_date", "前期"),
    "开工": ("start_date", "开工"),
    "主体完工": ("topped_out_date", "主体"),
    "建成": ("completed_date", "竣工"),
    "投用": ("opened_date", "投用"),
}
# state → (class of its colour, shape as in the lights)
STATES = {"逾期": "red", "没有记录": "gray", "进行中": "green", "迟到达": "yellow", "已达到": "blue"}


def state(row: dict[str, Any]) -> str:
    """Where one project stands against its deadline."""
    if row["is_reached"]:
        return "迟到达" if row["late_days"] else "已达到"
    if not row["is_reported"]:
        return "没有记录"
    return "逾期" if row["late_days"] else "进行中"


def nodes(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The five nodes in order: date where reached, and which one was promised; a later node proves the earlier."""
    wanted = row["required_stage"] if row["required_stage"] in NODES else "建成"
    made = []
    is_passed = False
    for name, (column, short) in reversed(NODES.items()):
        is_passed = is_passed or row[column] is not None
        made.append({"name": short, "date": row[column], "is_on": is_passed, "is_wanted": name == wanted})
    return made[::-1]


def presented(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows with their words, the latest overdue first, then those without a record, then by deadline."""
    labels = plan_labels(frame) if frame.height else {}
    order = list(STATES)
    rows = [
        row
        | {
            "state": state(row),
            "nodes": nodes(row),
            "plan": labels[row["document_id"]],
            "promised": f"{'' if row['required_stage'] in NODES else '完成'}{row['required_stage'] or '建成'}",
            "days": days_text(row["days_left"], is_met=row["is_reached"]),
        }
        for row in frame.to_dicts()
    ]
    return sorted(rows, key=lambda r: (order.index(r["state"]), -(r["late_days"] or 0), r["deadline_date"] is None))


def page() -> None:
    run = context.current()
    rows = presented(queries.projects(run.release))
    show("projects_head.html", total=len(rows), late=sum(r["state"] == "逾期" for r in rows))
    if not rows:
        show("panel_note.html", heading="重点项目", text="各份工作要点里还没有点名的建设项目。")
        return
    plans = sorted({row["plan"] for row in rows})
    plan = st.pills("工作要点", plans, key="plan", bind="query-params", label_visibility="collapsed")
    within = [row for row in rows if plan in (None, row["plan"])]
    chosen = parameter("state")
    rest = parameters_but("state")
    show(
        "projects.html",
        rows=[row for row in within if chosen in ("", row["state"])],
        states=[
            {
                "name": name,
                "css": css,
                "count": sum(row["state"] == name for row in within),
                "on": name == chosen,
                "href": link("projects", **rest, state="" if name == chosen else name),
            }
            for name, css in STATES.items()
        ],
        css=STATES,
    )


if __name__ == "__main__":
    page()
