"""Opening a release for one question and remembering the answer as long as the release lives.

Here: the connection and the cache key. Not here: any question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

import polars as pl
import streamlit as st

from ingestion.releases import Release, connect

SUBJECTS = """
select commitment_id as key from fct_commitments
union
select task_key from fct_tasks
union
select rectification_key from fct_rectifications
"""

P = ParamSpec("P")
R = TypeVar("R")


def identity(release: Release) -> tuple[str, int]:
    """What tells a release apart: a rebuilt home may use a number and even a path again, never with the same time."""
    return str(release.path), release.path.stat().st_mtime_ns


def per_release(max_entries: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember a question's answers, at most `max_entries` of them, keyed by release and the other arguments.

    All sessions share one answer: it is never changed in place. Copies, as st.cache_data makes them, cost more than
    the pages that read them.
    """
    return st.cache_resource(show_spinner=False, max_entries=max_entries, hash_funcs={Release: identity})


def fetch(release: Release, sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> pl.DataFrame:
    """Rows of one statement over the marts of a release; parameters by place or, as a dict, by name."""
    with connect(release) as con:
        con.execute("set schema = 'marts'")
        return con.sql(sql, params=params if isinstance(params, dict) else list(params)).pl()


@per_release(max_entries=8)
def release_info(release: Release) -> dict[str, Any]:
    """What was recorded at publishing: bureau_name, is_demo, evaluation_date, published_at, …"""
    return release.info()


@per_release(max_entries=8)
def last_event(release: Release) -> int | None:
    """The number of the last event that the release holds, 0 for none; None where it is older than fct_events."""
    named = fetch(release, "select 1 from information_schema.tables where table_name = 'fct_events'")
    if named.is_empty():
        return None
    return fetch(release, "select coalesce(max(event_no), 0) as event_no from fct_events").item()


@per_release(max_entries=16)
def subjects(release: Release) -> frozenset[str]:
    """Keys of every commitment, task and rectification that the release holds."""
    return frozenset(fetch(release, SUBJECTS)["key"])
