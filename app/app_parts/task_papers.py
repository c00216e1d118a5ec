"""导入导出: the decomposition workbook out, and back in after a look at what it would change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from app import pending
from app.app_parts.workbook_in import MIME, take_in, written
from app.rendering import show
from app.reviewing import Item
from ingestion.registry.acts import Who
from ingestion.registry.events import Registry
from ingestion.registry.task_import import Difference, import_tasks
from ingestion.registry.task_workbook import write_tasks
from ingestion.settings import load_settings


def tab(found: list[Item], units: dict[str, str]) -> None:
    """Both directions side by side."""
    rows = [_row(item) for item in found]

    def take(log: Registry, path: Path, who: Who, is_dry: bool) -> Difference:
        return import_tasks(log, path, rows, units, who, load_settings(), is_dry_run=is_dry)

    left, right = st.columns(2, gap="medium")
    with left:
        # the bytes are made on the click, where there is no page run to ask
        states, tasks = {item.id: item.state for item in found}, list(pending.current().tasks.values())
        show("papers_out.html", total=len(found), tasks=len(tasks))
        st.download_button(
            "下载分解立项表", lambda: written(lambda path: write_tasks(path, rows, states, tasks, units)),
            "分解立项表.xlsx", MIME, key="tasks_out",
        )  # fmt: skip
    with right:
        show("papers_in.html")
        take_in("填好的分解立项表", "tasks_in", take)


def _row(item: Item) -> dict[str, Any]:
    deadline = item.row["deadline"]
    return item.row | {"deadline": deadline.isoformat() if hasattr(deadline, "isoformat") else deadline}
