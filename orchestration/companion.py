"""The refresher beside the dashboard: started with it, started again where it dies, stopped with it.

The dashboard never waits for it and does not end with it. What it does is watching.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ingestion.settings import PROJECT_ROOT

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
STOP_SECONDS = 20.0


@contextmanager
def companion() -> Iterator[None]:
    """Keep a `duban watch` running while inside."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(over,), name="refresher", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(STOP_SECONDS + 5)


def _keep(over: threading.Event) -> None:
    pause = FIRST_PAUSE
    # it ends by itself when this process is gone, however that happened
    command = [sys.executable, "-m", "orchestration.cli", "watch", "--quiet", "--parent", str(os.getpid())]
    while not over.is_set():
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, stdin=subprocess.DEVNULL)
        while process.poll() is None and not over.wait(0.5):
            pass
        if process.poll() is None:
            _stop(process)
            return
        over.wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Let a refresh that runs come to its end; a killed one is made good by the next."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
