"""数据字典: every table and column of the release, searched, with what it means."""

from __future__ import annotations

import streamlit as st

from app import context
from app.dictionary import tables
from app.queries import dictionary
from app.rendering import show


def page() -> None:
    run = context.current()
    columns = dictionary.columns(run.release)
    show("dictionary_head.html", tables=columns["table_name"].n_unique(), columns=columns.height)
    words = st.text_input(
        "搜索", key="q", bind="query-params", placeholder="搜索表名、列名或含义，例如：期限", width=360,
        label_visibility="collapsed",
    )  # fmt: skip
    show("dictionary.html", tables=tables(columns, words or ""), is_open=bool(words), words=words or "")


if __name__ == "__main__":
    page()
