"""`duban watch`: the resident refresher by itself. How it watches is watching.py."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

# a person's own refresh may take this long; then it is the watcher's turn
WAIT_SECONDS = 3600


def watch(
    quiet: Annotated[bool, typer.Option("--quiet", help="不在终端显示进度；状态见 duban status")] = False,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """常驻刷新：有人办理登记（审核、任务、整改……）或放入文件后，几秒到几十秒内自动发布新版本。

    `duban app` 会自动启动它；只有不开看板、又要随时刷新时才需要单独运行。Ctrl+C 停止。

    例：`duban watch`
    """
    import signal

    from rich.console import Console

    from ingestion.settings import load_settings
    from orchestration.acts_refresh import refresh_acts
    from orchestration.refreshing import load_dbt, run_refresh
    from orchestration.watching import Watcher

    settings = load_settings()
    console = Console(quiet=quiet, soft_wrap=True)

    def refresh(is_acts_only: bool) -> int:
        if is_acts_only:
            return refresh_acts(settings, console, WAIT_SECONDS)
        return run_refresh(settings, "", console, WAIT_SECONDS)

    watcher = Watcher(settings, refresh, prepare=lambda: load_dbt(settings.paths), parent=parent)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, watcher.stop)
    if watcher.run():
        # the same program in its newer form, under the same process number
        os.execv(sys.executable, [sys.executable, "-m", "orchestration.cli", *sys.argv[1:]])  # noqa: S606
