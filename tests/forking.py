"""The command in a process of its own, without importing everything anew for it.

A process that has imported what the command imports, and done nothing else, stands by for the length of the run; each
call is forked off it and gets its own environment, folder, arguments and streams, as a process just started does. Here:
how a call is made. Not here: what is imported beforehand (preloaded.py), and no test.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import ModuleType

PROJECT_ROOT = Path(__file__).resolve().parent.parent


def forked(arguments: tuple[str, ...], environment: dict[str, str], seconds: float) -> tuple[int, str, str]:
    """Run `duban` with these arguments and this environment: its exit code (negative: the signal), stdout, stderr.

    Raises TimeoutExpired after `seconds`, with the process killed.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        # a path that another process of this user can open
        streams = [f"/proc/{os.getpid()}/fd/{file.fileno()}" for file in (out, err)]
        process = _context().Process(target=_become_the_command, args=(arguments, environment, streams))
        with _nothing_of_the_caller():
            process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(["duban", *arguments], seconds)
        code = process.exitcode
        process.close()
        for file in (out, err):
            file.seek(0)
        return code, out.read().decode(), err.read().decode()


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.preloaded"])
    return context


@contextmanager
def _nothing_of_the_caller() -> Iterator[None]:
    """multiprocessing runs the caller's main module again in the new process; a page that a test opened may be it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _become_the_command(arguments: tuple[str, ...], environment: dict[str, str], streams: list[str]) -> None:
    """What a process just started has, then the command; its end is told by the exit code, as of any process."""
    from orchestration.cli import main

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(PROJECT_ROOT)
    for descriptor, path in enumerate([os.devnull, *streams]):
        opened = os.open(path, os.O_RDONLY if descriptor == 0 else os.O_WRONLY | os.O_APPEND)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.stdin, sys.stdout, sys.stderr = (
        open(descriptor, mode, encoding="utf-8", closefd=False, errors=errors)  # noqa: SIM115
        for descriptor, mode, errors in ((0, "r", "strict"), (1, "w", "strict"), (2, "w", "backslashreplace"))
    )
    sys.argv = ["duban", *arguments]
    main()
