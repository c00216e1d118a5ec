"""Lists of a page to take away: Excel and CSV of exactly the rows of the list, with release and conditions.

Here: the buttons and the notes. How a file is written is in exports.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import streamlit as st

from app import context
from app.exports import to_csv, to_xlsx
from app.papers import DEMO_NOTE

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def downloads(frame: Callable[[], pl.DataFrame], title: str, notes: Sequence[str], what: str = "下载") -> None:
    """Two buttons; the files are made when asked for. `what` tells them apart where a page has several lists."""
    run = context.current()
    about = f"制表单位：{run.bureau_name}　　制表日期：{run.evaluation_date}　　依据：第{run.release.sequence}版"
    lines = [*([DEMO_NOTE] if run.is_demo else []), about, *notes]
    name = f"{title}_第{run.release.sequence}版"
    with st.container(horizontal=True):
        st.download_button(
            f"{what} Excel", lambda: to_xlsx(frame(), title, lines), f"{name}.xlsx", EXCEL, on_click="ignore"
        )
        st.download_button(f"{what} CSV", lambda: to_csv(frame()), f"{name}.csv", "text/csv", on_click="ignore")
