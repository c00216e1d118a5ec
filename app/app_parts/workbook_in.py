"""A workbook that comes back: what it would change first, then the same as one act."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from app import pending
from app.acting import is_ready, perform
from app.rendering import show
from ingestion.registry.acts import Who
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.task_import import Difference

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# a preview records nothing; a service wants a person nevertheless
PREVIEW = Who("预览", "预览")

# (log, the file, who, whether only to tell) → what changes
Taking = Callable[[Registry, Path, Who, bool], Difference]


def take_in(label: str, key: str, taking: Taking) -> None:
    """The upload, its preview by cell, and the button that applies it."""
    file = st.file_uploader(label, type=["xlsx"], key=key)
    if file is None:
        return
    name, data = Path(file.name).name, file.getvalue()
    try:
        lines = _run(name, data, taking, pending.registry(), PREVIEW, dry=True).lines
    except RegistryError as error:
        show("papers_refused.html", name=name, lines=str(error).split("\n"))
        return
    show("papers_preview.html", name=name, lines=lines)
    if lines:
        st.button(
            f"按此办理 {len(lines)} 处", key=f"{key}_apply", type="primary", disabled=not is_ready(), on_click=perform,
            args=(f"已采用 {name}：{len(lines)} 处", lambda log, who: _run(name, data, taking, log, who, dry=False)),
        )  # fmt: skip


def _run(name: str, data: bytes, taking: Taking, log: Registry, who: Who, *, dry: bool) -> Difference:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return taking(log, path, who, dry)


def written(writing: Callable[[Path], object]) -> bytes:
    """The bytes of a workbook that a service writes to a path."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        writing(path)
        return path.read_bytes()
