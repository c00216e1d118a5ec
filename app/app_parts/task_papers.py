"""导入导出: the decomposition workbook out, and back in after a look at what it would change."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from app import pending
from app.acting import is_ready, perform
from app.rendering import show
from app.reviewing import Item
from ingestion.registry.acts import Who
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.task_import import import_tasks
from ingestion.registry.task_workbook import write_tasks
from ingestion.settings import load_settings

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# what a preview writes nothing under
PREVIEW = Who("预览", "预览")


def tab(found: list[Item], units: dict[str, str]) -> None:
    """Both directions side by side."""
    left, right = st.columns(2, gap="medium")
    with left:
        show("papers_out.html", total=len(found), tasks=len(pending.current().tasks))
        st.download_button("下载分解立项表", lambda: _workbook(found, units), "分解立项表.xlsx", MIME, key="out")
    with right:
        show("papers_in.html")
        file = st.file_uploader("填好的分解立项表", type=["xlsx"], key="in")
        if file is not None:
            _preview(file.name, file.getvalue(), found, units)


def _workbook(found: list[Item], units: dict[str, str]) -> bytes:
    rows = [_row(item) for item in found]
    states = {item.id: item.state for item in found}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tasks.xlsx"
        write_tasks(path, rows, states, pending.current().tasks.values(), units)
        return path.read_bytes()


def _row(item: Item) -> dict[str, Any]:
    deadline = item.row["deadline"]
    return item.row | {"deadline": deadline.isoformat() if hasattr(deadline, "isoformat") else deadline}


def _run(
    name: str, data: bytes, found: list[Item], units: dict[str, str], log: Registry, who: Who, *, dry: bool
) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(data)
        rows = [_row(item) for item in found]
        return import_tasks(log, path, rows, units, who, load_settings(), is_dry_run=dry).lines


def _preview(name: str, data: bytes, found: list[Item], units: dict[str, str]) -> None:
    try:
        lines = _run(name, data, found, units, pending.registry(), PREVIEW, dry=True)
    except RegistryError as error:
        show("papers_refused.html", name=name, lines=str(error).split("\n"))
        return
    show("papers_preview.html", name=name, lines=lines)
    if lines:
        st.button(
            f"按此办理 {len(lines)} 处", key="apply", type="primary", disabled=not is_ready(), on_click=perform,
            args=(
                f"已采用 {name}：{len(lines)} 处",
                lambda log, who: _run(name, data, found, units, log, who, dry=False),
            ),
        )  # fmt: skip
