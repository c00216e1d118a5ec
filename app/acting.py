"""Who acts and why, asked once a session; running an act, telling what came of it, and the way back right after.

Every act is an event through ingestion/registry; a refusal is told in the registry's own words and changes nothing.
Not here: what the acts are (the pages call the services).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.pending import registry
from app.queries.people import people, users
from app.rendering import show
from app.roles import ACTOR, current, may_act, of_user
from ingestion.locks import Busy
from ingestion.registry.acts import Who
from ingestion.registry.events import UNDONE, Registry, RegistryError
from ingestion.registry.opening import undo_act
from ingestion.settings import load_settings

REASON = "reason"
_TOLD = "_told"
WAIT_SECONDS = 5  # for a refresh under way, where a year's turn is taken back
UNDO_REASON = "撤回刚才的办理"
NOT_YOURS = "您的角色只能查看。需要办理时请管理员在配置工作簿的“用户”表调整角色"
UNWRITABLE = "没有办理：登记簿现在写不进去。请稍后再试；若仍然如此，请管理员查看看板日志和磁盘空间"


@dataclass(frozen=True)
class Told:
    """What came of the last act: its words, the events it made (latest first), and the page it was done on."""

    text: str
    event_numbers: tuple[int, ...] = ()
    is_bad: bool = False


def actor() -> str:
    """Who acts in this session, '' where nobody said. Who signed in acts under no other name."""
    return current().name


def reason() -> str:
    """On what ground, '' where nobody said."""
    return str(st.session_state.get(REASON) or "").strip()


def is_ready() -> bool:
    """Whether somebody who may act said who they are and why."""
    return bool(actor() and reason()) and may_act()


def who_menu(*, is_fixed: bool = False) -> None:
    """In the bar of every page: who acts, and on what ground; kept for the session. Who signed in is fixed."""
    # a widget that a run does not draw loses its value; these two belong to the session
    for key in (ACTOR, REASON):
        st.session_state[key] = st.session_state.get(key)
    names = list(users())
    if actor() and actor() not in names:
        names.append(actor())
    with st.container(key="duban-who"), st.popover(actor() or "选择办理人"):
        if is_fixed:
            st.button("退出登录", key="sign_out", on_click=st.logout)
        else:
            st.selectbox(
                "办理人", names, index=None, key=ACTOR, placeholder="选择，或写姓名", accept_new_options=True,
            )  # fmt: skip
        st.text_input("办理依据", key=REASON, placeholder="例如：逐条核对原文")


def ask_who() -> bool:
    """On a page of acts: the state of those two, asked for where they are missing. Whether acts can be done."""
    if not may_act():
        show("acting_none.html", person=current())
        return False
    if is_ready():
        show("acting_who.html", actor=actor(), reason=reason())
        return True
    with st.container(key="duban-ask"):
        show("acting_ask.html")
        left, right = st.columns(2)
        if current().is_signed_in:
            left.text_input("您是谁", value=actor(), key="ask_signed_in", disabled=True)
        else:
            _ask_actor(left)
        right.text_input(
            "依据什么办理", value=reason(), key="ask_reason", placeholder="例如：逐条核对原文", on_change=_take,
            args=("ask_reason", REASON),
        )  # fmt: skip
    return False


def _ask_actor(place: DeltaGenerator) -> None:
    known = [of_user(user, is_signed_in=False) for user in people()]
    names = [person.name for person in known if person.may_act]
    place.selectbox(
        "您是谁", names, index=names.index(actor()) if actor() in names else None, key="ask_actor",
        placeholder="选择，或写姓名", accept_new_options=True, on_change=_take, args=("ask_actor", ACTOR),
    )  # fmt: skip


def _take(source: str, target: str) -> None:
    st.session_state[target] = st.session_state.get(source)


def perform(what: str, act: Callable[[Registry, Who], object], then: Callable[[], None] | None = None) -> None:
    """Run an act in a widget's callback. `what` tells it when done; `then` moves the view on."""
    if not may_act():
        st.session_state[_TOLD] = Told(f"没有办理：{NOT_YOURS}", is_bad=True)
        return
    if not is_ready():
        st.session_state[_TOLD] = Told("没有办理：请先写明您是谁、依据什么", is_bad=True)
        return
    log, who = registry(), Who(actor(), reason())
    try:
        before = log.last_event_no()
        act(log, who)
    except RegistryError as error:
        st.session_state[_TOLD] = Told(f"没有办理：{error}", is_bad=True)
        return
    except (OSError, sqlite3.Error):  # a full or read-only disk; the page goes on
        logging.getLogger("duban.app").exception("the log could not be written")
        st.session_state[_TOLD] = Told(UNWRITABLE, is_bad=True)
        return
    events = log.events().filter((pl.col("event_no") > before) & (pl.col("actor") == who.by))
    numbers = tuple(events.filter(pl.col("event_type") != UNDONE)["event_no"].reverse())
    st.session_state[_TOLD] = Told(what if numbers else f"{what}：没有需要改动的", numbers)
    if then is not None:
        then()


def take_back(numbers: tuple[int, ...]) -> None:
    """Undo the events of an act, latest first, each once."""
    if not may_act():
        st.session_state[_TOLD] = Told(f"没有撤回：{NOT_YOURS}", numbers, is_bad=True)
        return
    if not is_ready():
        st.session_state[_TOLD] = Told("没有撤回：请先写明您是谁、依据什么", numbers, is_bad=True)
        return
    log = registry()
    gone: set[int] = set()
    further = ""
    try:
        for number in numbers:
            if number not in gone:
                acts, told = undo_act(
                    load_settings(), log, number, Who(actor(), UNDO_REASON), whole=len(numbers) > 1, wait=WAIT_SECONDS
                )
                gone |= {act.event_no for act in acts}
                further += f"；{told}" if told else ""
    except (RegistryError, Busy) as error:
        st.session_state[_TOLD] = Told(f"没有撤回：{error}", tuple(n for n in numbers if n not in gone), is_bad=True)
        return
    count = f"（共 {len(gone)} 条）" if len(gone) > 1 else ""
    st.session_state[_TOLD] = Told(f"已撤回刚才的办理{count}，登记簿留有记录{further}")


def tell() -> None:
    """What came of the last act, with the way back; said until the next act."""
    told = st.session_state.get(_TOLD)
    if told is None:
        return
    with st.container(key="duban-told", horizontal=True, vertical_alignment="center"):
        show("acting_told.html", told=told)
        if told.event_numbers:
            st.button("撤回", key="undo_last", shortcut="u", on_click=take_back, args=(told.event_numbers,))


def forget() -> None:
    """On another page the last act is no news any more."""
    st.session_state.pop(_TOLD, None)
