"""设置: the bureau, its configuration and versions, who did what, which releases are kept. Changed by command only."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import polars as pl
import streamlit as st

from app import context, pending
from app.acting import ask_who, is_ready, take_back, tell
from app.queries import settings
from app.rendering import link, show
from app.state import page_number, parameters_but
from ingestion.config.sheets import sheets
from ingestion.evaluation import BUREAU_TIME
from ingestion.registry.vocabulary import EVENT_TYPES

ROWS_A_PAGE = 40
EVENTS_A_PAGE = 30
OVERVIEW, TABLES, EVENTS, RELEASES = "概况", "配置表", "办理记录", "发布版"
ALL = "全部"


def overview_tab(view: settings.ConfigurationView) -> None:
    """What is in force, with the lights' limits and how many rows each table has."""
    run = context.current()
    presets = view.config.tables["config__light_presets"].to_dicts() if view.config else []
    counts = [{"sheet": sheet, "rows": view.count(sheet)} for sheet in settings.browsable()]
    versions = [
        {"version": version, "at": version.applied_at.replace(tzinfo=UTC).astimezone(BUREAU_TIME)}
        for version in view.versions
    ]
    show(
        "settings_overview.html",
        run=run,
        view=view,
        presets=presets,
        counts=counts,
        versions=versions,
        href=lambda title: link("settings", part=TABLES, sheet=title),
    )


def tables_tab(view: settings.ConfigurationView) -> None:
    """One table of the configuration, searched and paged."""
    titles = {sheet.title: sheet for sheet in settings.browsable()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("表", list(titles), key="sheet", bind="query-params", width=240)
        words = st.text_input("搜索", key="find", bind="query-params", placeholder="任意一列里的字", width=280)
    sheet = titles[chosen or next(iter(titles))]
    frame = view.table(sheet)
    total = frame.height
    for word in (words or "").split():
        frame = frame.filter(pl.any_horizontal(pl.all().str.contains(word, literal=True)))
    filled = [name for name in frame.columns if (frame[name] != "").any()]
    last = -(-frame.height // ROWS_A_PAGE)
    number = page_number(last)
    rest = parameters_but("page")
    show(
        "settings_table.html",
        sheet=sheet,
        headers=filled or frame.columns,
        rows=frame.select(filled or frame.columns).slice((number - 1) * ROWS_A_PAGE, ROWS_A_PAGE).rows(),
        found=frame.height,
        total=total,
        page=number,
        pages=[{"number": n, "href": link("settings", **rest, page=n)} for n in range(1, last + 1)],
    )


def listed(events: pl.DataFrame) -> pl.DataFrame:
    """The widgets of the event log and what they leave."""
    labels = {EVENT_TYPES[kind].label: kind for kind in events["event_type"].unique().sort() if kind in EVENT_TYPES}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox("办理", [ALL, *labels], key="act", bind="query-params", width=200)
        actors = events["actor"].unique().sort().to_list()
        actor = st.selectbox("办理人", [ALL, *actors], key="by", bind="query-params", width=200)
        only = st.toggle("只看待发布", key="unpublished", bind="query-params")
    if kind in labels:
        events = events.filter(pl.col("event_type") == labels[str(kind)])
    if actor and actor != ALL:
        events = events.filter(pl.col("actor") == actor)
    return events.filter(pl.col("event_no") > pending.current().published_no) if only else events


def events_tab() -> None:
    """Everything that anybody did, the newest first; what stands can be taken back."""
    log = pending.current()
    if log.events.is_empty():
        show(
            "panel_note.html", heading="还没有办理记录", text="复核、立项、整改等每一次办理都会记在这里，随时可以撤回。"
        )
        return
    tell()
    events = listed(log.events).reverse()
    last = -(-events.height // EVENTS_A_PAGE)
    number = page_number(last)
    rows = [_event(row, log) for row in events.slice((number - 1) * EVENTS_A_PAGE, EVENTS_A_PAGE).to_dicts()]
    rest = parameters_but("page")
    show(
        "settings_events.html",
        rows=rows,
        found=events.height,
        published=log.published_no,
        page=number,
        pages=[{"number": n, "href": link("settings", **rest, page=n)} for n in _near(number, last)],
    )
    _undo_choice(rows)


def _event(row: dict[str, Any], log: pending.Log) -> dict[str, Any]:
    return pending.described(row, log) | {
        "undone_by": log.undone.get(row["event_no"]),
        "is_pending": row["event_no"] > log.published_no,
    }


def _near(number: int, last: int) -> list[int]:
    """The first, the last and the pages around this one."""
    return [n for n in range(1, last + 1) if n in (1, last) or abs(n - number) <= 3]


def _undo_choice(rows: list[dict[str, Any]]) -> None:
    open_ones = {
        f"第 {row['no']} 号　{row['label']}　{row['about'][:30]}": row
        for row in rows
        if row["undoes"] is None and row["undone_by"] is None
    }
    if not open_ones:
        return
    ask_who()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "撤回其中一条", list(open_ones), index=None, key="undo_which", placeholder="选择要撤回的办理"
        )
        row = open_ones.get(chosen or "")
        numbers = (row["no"],) if row else ()
        st.button("撤回", key="undo_one", disabled=not is_ready() or row is None, on_click=take_back, args=(numbers,))


def releases_tab() -> None:
    """Which releases are kept, which one is in force, whether publishing is held."""
    show("settings_releases.html", rows=settings.releases(), hold=context.current().hold)


def page() -> None:
    view = settings.configuration()
    show("settings_head.html", run=context.current(), view=view, about=sheets()[0].about)
    if view.trouble:
        show("settings_trouble.html", trouble=view.trouble)
    tab = st.segmented_control(
        "内容", [OVERVIEW, TABLES, EVENTS, RELEASES], key="part", bind="query-params", default=OVERVIEW, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if tab == EVENTS:
        events_tab()
    elif tab == RELEASES:
        releases_tab()
    elif tab == TABLES and view.config is not None:
        tables_tab(view)
    else:
        overview_tab(view)


if __name__ == "__main__":
    page()
