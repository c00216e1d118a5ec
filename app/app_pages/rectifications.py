"""整改台账: gaps that somebody must close, by step and unit, overdue first; each step a form."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import context, pending, rectifying
from app.acting import ask_who, tell
from app.app_parts import rectify_acts
from app.queries import commitments, matters
from app.rectifying import MatterView
from app.rendering import link, show
from app.state import page_number, parameter, parameters_but

ROWS_A_PAGE = 20
ALL = "全部"


def filtered(views: list[MatterView]) -> list[MatterView]:
    """The widgets and what they leave."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage = st.segmented_control(
            "环节", [ALL, rectifying.OVERDUE, *rectifying.STAGES], key="stage", bind="query-params", default=ALL,
            required=True,
        )  # fmt: skip
        unit = st.selectbox(
            "整改单位", [ALL, *sorted({view.unit for view in views})], key="by_unit", bind="query-params", width=280
        )
    return [
        view
        for view in views
        if (stage in (None, ALL) or (view.is_overdue if stage == rectifying.OVERDUE else view.matter.stage == stage))
        and (unit in (None, ALL) or view.unit == unit)
    ]


def listing(views: list[MatterView]) -> None:
    chosen = filtered(views)
    last = -(-len(chosen) // ROWS_A_PAGE)
    number = page_number(last)
    rest: dict[str, Any] = parameters_but("page")
    show(
        "rectifications.html",
        views=chosen[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE],
        found=len(chosen),
        page=number,
        pages=[{"number": n, "href": link("rectifications", **rest, page=n)} for n in range(1, last + 1)],
        clear=link("rectifications"),
        href=lambda key: link("rectifications", **parameters_but("key"), key=key),
    )


def page() -> None:
    run, log = context.current(), pending.current()
    known = set(commitments.standings(run.release)["commitment_id"])
    views = rectifying.matter_views(log, known, matters.unit_names(run.release), run.evaluation_date)
    show("rectifications_head.html", tally=rectifying.tally(views), total=len(views), overdue=rectifying.OVERDUE)
    tell()
    if not views:
        show("rectifications_none.html")
        return
    asked = parameter("key")
    view = next((view for view in views if view.key == asked), None)
    if view is not None:
        ask_who()
        rectify_acts.detail(view)
        return
    if asked:
        show("panel_note.html", heading="没有这项整改", text=f"整改 {asked} 已撤回。下面是现有的整改。")
    listing(views)


if __name__ == "__main__":
    page()
