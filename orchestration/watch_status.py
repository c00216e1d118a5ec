"""What the resident refresher last said of itself, for the status on a terminal and the dashboard. Reading only."""

from __future__ import annotations

import json

from ingestion.locks import is_alive
from ingestion.settings import Paths

STATUS_FILE = "watch.json"
STOPPED = "已停止"


def watching(paths: Paths) -> str | None:
    """One line in Chinese: what it does, or that it died; None where none was ever started or it was stopped."""
    try:
        said = json.loads((paths.locks / STATUS_FILE).read_text("utf-8"))
        pid, state, at = int(said["pid"]), str(said["state"]), str(said["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if state == STOPPED:
        return None
    if not is_alive(pid):
        return f"自动刷新已中断（进程 {pid} 不在了，最后一次报告 {at}）：请重新运行 duban app 或 duban watch"
    took = f"，上次用时 {said['seconds']} 秒" if said.get("seconds") is not None else ""
    why = f"：{said['message']}" if said.get("message") else ""
    return f"自动刷新：{state}{why}（进程 {pid}{took}，{at}）"
