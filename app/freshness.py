"""What a page says while acts wait for the next release, and when that release has come.

A page keeps the release it was drawn from; nobody's form changes under their hands. Only while something waits does the
page look for a newer release, every few seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.context import RunContext
from app.pending import Log
from app.rendering import show
from ingestion.releases import Releases
from ingestion.settings import load_settings

LOOK_SECONDS = 4
_SEEN = "_seen_release"


@dataclass(frozen=True)
class Seen:
    """The release of a session's last run, and the acts that waited then."""

    sequence: int
    waiting: tuple[int, ...]


def tell_news(run: RunContext, log: Log) -> None:
    """Say that a newer release came since this session's last run, and what of the waiting acts is in it."""
    before: Seen | None = st.session_state.get(_SEEN)
    waiting = tuple(row["event_no"] for row in log.pending)
    st.session_state[_SEEN] = Seen(run.release.sequence, waiting)
    if before and before.sequence < run.release.sequence:
        published = len([number for number in before.waiting if number not in waiting])
        show("fresh_come.html", release=run.release.sequence, published=published, left=len(waiting))
    if waiting:
        _look(run.release.sequence)


@st.fragment(run_every=LOOK_SECONDS)
def _look(sequence: int) -> None:
    pointer = Releases(load_settings().paths.releases).pointer()
    if pointer is None or pointer.current == sequence:
        return
    with st.container(key="duban-fresh", horizontal=True, vertical_alignment="center"):
        show("fresh_waits.html", release=pointer.current)
        if st.button("看新版", key="see_new"):
            st.rerun(scope="app")
