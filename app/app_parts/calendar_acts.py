"""Own entries of the 行事历: adding, changing, removing, and the workbook in both directions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from app import context, pending, reviewing
from app.acting import ask_who, is_ready, perform
from app.app_parts.workbook_in import MIME, take_in, written
from app.months import DayEntry
from app.queries import matters
from app.rendering import link, show
from app.state import parameter, parameters_but
from ingestion.registry import calendars
from ingestion.registry.acts import Who
from ingestion.registry.calendar_workbook import import_calendar, write_calendar
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.task_import import Difference
from ingestion.settings import load_settings

EXACT = {"某一天": calendars.DAY, "某一周": calendars.WEEK, "某个月": calendars.MONTH}


def add_form(first: date) -> None:
    """A new entry, in the month that is shown."""
    ask_who()
    today = context.current().evaluation_date
    start = today if (today.year, today.month) == (first.year, first.month) else first
    with st.form("calendar_add", clear_on_submit=True):
        show("panel_words.html", heading="增加事项", text="承诺、任务、节点、整改和报表的日期由系统推算，不用再加。")
        _fields("new", calendars.Entry("", calendars.OWN, start.isoformat(), calendars.DAY, ""))
        st.form_submit_button("增加", type="primary", disabled=not is_ready(), on_click=_add)


def edit_form() -> None:
    """The own entry that the address names, to be changed or removed."""
    key = parameter("entry")
    entry = calendars.read_calendar(pending.current().of("calendar")).get(key)
    if entry is None:
        return
    ask_who()
    with st.form(f"calendar_{key}"):
        show("calendar_edit_head.html", key=key, back=link("calendar", **parameters_but("entry")))
        _fields(key, entry)
        with st.container(horizontal=True):
            st.form_submit_button("保存", type="primary", disabled=not is_ready(), on_click=_change, args=(entry,))
            st.form_submit_button("删除这一项", disabled=not is_ready(), on_click=_remove, args=(entry,))


def _fields(key: str, entry: calendars.Entry) -> None:
    choices = matters.unit_choices(context.current().release)
    names, own = list(choices), {code: name for name, code in choices.items()}.get(entry.unit_code)
    st.text_input("事项", value=entry.matter, key=f"cal_matter_{key}")
    first, second, third = st.columns(3)
    exact = [word for word, precision in EXACT.items() if precision == entry.precision]
    first.selectbox("日期精确到", list(EXACT), index=list(EXACT).index(exact[0]), key=f"cal_exact_{key}")
    second.date_input("日期", value=pending.as_date(entry.entry_date), key=f"cal_day_{key}", format="YYYY-MM-DD")
    third.date_input(
        "结束日期", value=pending.as_date(entry.end_date or None), key=f"cal_end_{key}", format="YYYY-MM-DD"
    )
    first, second = st.columns(2)
    first.selectbox(
        "责任单位", names, index=names.index(own) if own else None, key=f"cal_unit_{key}", placeholder="可不选"
    )
    second.text_input("备注", value=entry.note, key=f"cal_note_{key}", placeholder="可不填")


def _stated(key: str) -> calendars.Entry:
    """What the form says; a week or a month begins on its first day."""

    def said(name: str) -> Any:
        return st.session_state.get(f"cal_{name}_{key}")

    choices = matters.unit_choices(context.current().release)
    day: date | None = said("day")
    if day is None:
        raise RegistryError("请选一个日期：定到某一周或某个月时，选其中任意一天")
    precision = EXACT[said("exact")]
    if precision == calendars.MONTH:
        day = day.replace(day=1)
    text = day.isoformat()
    if precision == calendars.WEEK:
        text = calendars.week_start(day.year, day.month, calendars.week_of(text))
    end = said("end").isoformat() if said("end") else ""
    unit = choices.get(said("unit") or "", "")
    return calendars.Entry("", calendars.OWN, text, precision, said("matter") or "", unit, end, said("note") or "")


def _add() -> None:
    matter = st.session_state.get("cal_matter_new") or ""
    perform(f"已增加：{matter[:40]}", lambda log, who: calendars.add(log, _stated("new"), who))


def _change(before: calendars.Entry) -> None:
    def act(log: Registry, who: Who) -> None:
        calendars.change(log, replace(_stated(before.key), key=before.key, commitment=before.commitment), who)

    perform(f"已修改：{before.matter[:40]}", act, _leave)


def _remove(entry: calendars.Entry) -> None:
    perform(f"已删除：{entry.matter[:40]}", lambda log, who: calendars.remove(log, entry.key, who), _leave)


def _leave() -> None:
    if "entry" in st.query_params:
        del st.query_params["entry"]


def papers(entries: list[DayEntry]) -> None:
    """The whole calendar as a workbook, and back."""
    release = context.current().release
    units = matters.unit_names(release)
    log = pending.current()
    rows = [item.row for item in reviewing.items(matters.candidates(release), log)]
    others = calendars.derived(rows, log.acts)
    own = calendars.read_calendar(log.of("calendar"))
    every = calendars.in_order([*own.values(), *others])

    def take(registry: Registry, path: Path, who: Who, is_dry: bool) -> Difference:
        return import_calendar(registry, path, others, units, who, load_settings(), is_dry_run=is_dry)

    ask_who()
    left, right = st.columns(2, gap="medium")
    with left:
        show("calendar_out.html", own=len(own), others=len(others), entries=len(entries))
        st.download_button(
            "下载行事历", lambda: written(lambda path: write_calendar(path, every, units)), "行事历.xlsx", MIME,
            key="calendar_out",
        )  # fmt: skip
    with right:
        show("papers_in.html")
        take_in("填好的行事历", "calendar_in", take)
