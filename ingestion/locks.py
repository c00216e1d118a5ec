"""One writer at a time, by a file lock that names its holder. Re-entrant within a process."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout


class Busy(Exception):
    """Another process is writing; the message says which, since when and what for."""


@contextmanager
def writer_lock(folder: Path, purpose: str, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the writer's lock. Raises Busy when it is not free within `wait_seconds`."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "writer.lock", is_singleton=True, thread_local=False)
    holder = folder / "writer.json"
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise Busy(f"另一个进程正在写入（{describe_holder(holder)}），请等它结束后再试") from error
    try:
        if lock.lock_counter == 1:
            content = {"pid": os.getpid(), "purpose": purpose, "since": datetime.now(UTC).isoformat(timespec="seconds")}
            holder.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        yield
    finally:
        if lock.lock_counter == 1:
            holder.unlink(missing_ok=True)
        lock.release()


def describe_holder(path: Path) -> str:
    """Who holds the lock, in Chinese; the file may be gone or half written, which is no error."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return f"进程 {content['pid']}，{content['purpose']}，自 {content['since']} 起"
    except (OSError, ValueError, KeyError):
        return "持有者未知"


def is_alive(pid: int) -> bool:
    """Whether a process of this number runs, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
