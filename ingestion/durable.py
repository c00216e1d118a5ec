"""Writing that survives a power cut: fsync the bytes, rename, fsync the folder. Also the failpoints that prove it.

What is written where belongs to the callers; this module knows files only.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ingestion.settings import failpoint

KILLED = 137


def reach(step: str) -> None:
    """Die as `kill -9` would when DUBAN_FAILPOINT names this step; the crash tests loop over every name."""
    if failpoint() == step:
        os._exit(KILLED)


def fsync_file(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_bytes(path: Path, content: bytes) -> None:
    """Put `content` at `path` so that every reader, at every moment, sees the old bytes or the new ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
    fsync_folder(path.parent)


def replace_json(path: Path, content: Any) -> None:
    replace_bytes(path, (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
