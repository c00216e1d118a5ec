"""Run a parser over untrusted files in a few long-lived child processes that may die.

Here: the pool, its limits (address space, CPU, wall clock by a parent that kills) and what is said of a file that broke
its child. Not here: what a parser does. A child is a plain interpreter started once and fed chunks of tasks, so that
36,000 files cost two processes; one that dies takes only the file it was reading with it, the rest of its chunk is done
again. A handler is named "module:function": called once with the setup, it returns the function of one task.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import mmap
import os
import pickle
import resource
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PROJECT_ROOT = Path(__file__).resolve().parent.parent
_CLOCK = struct.Struct("<qd")
_LENGTH = struct.Struct("<Q")
_IDLE = -1
_POLL_SECONDS = 0.2
_START_SECONDS = 60.0
_RECYCLE_SHARE = 0.5  # a child above this share of its memory is replaced between chunks


@dataclass(frozen=True)
class Limits:
    """Limits of one task: address space of the child in MB, seconds of wall clock and of CPU."""

    memory_mb: int = 2048
    seconds: float = 30


@dataclass(frozen=True)
class Failure:
    """What became of a task that has no result; `reason` is Chinese and says what to do."""

    reason: str


class SandboxError(Exception):
    """The children cannot be started at all."""


class Pool:
    """`workers` children running `handler`; use as a context manager."""

    def __init__(self, handler: str, setup: Any, *, workers: int = 2, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._hello = pickle.dumps((handler, setup, self.limits))
        self._workers = workers
        self._children: list[_Child] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.stop()
        self._children = []

    def run(self, chunks: Iterable[list[Any]]) -> Iterator[list[tuple[Any, Any]]]:
        """Yield each chunk as [(task, result or Failure)], in the order they end."""
        waiting, source = deque[list[Any]](), iter(chunks)
        busy: dict[int, _Child] = {}
        with selectors.DefaultSelector() as selector:
            while True:
                self._feed(waiting, source, busy, selector)
                if not busy:
                    return
                for key, _ in selector.select(_POLL_SECONDS):
                    child = busy.pop(key.fd)
                    selector.unregister(key.fd)
                    yield from self._collect(child, waiting)
                for child in busy.values():
                    child.kill_if_late(self.limits.seconds)

    def _feed(
        self,
        waiting: deque[list[Any]],
        source: Iterator[list[Any]],
        busy: dict[int, _Child],
        selector: selectors.BaseSelector,
    ) -> None:
        while len(busy) < self._workers:
            chunk = waiting.popleft() if waiting else next(source, None)
            if chunk is None:
                return
            child = next((c for c in self._children if c.fileno() not in busy), None)
            if child is None:
                child = _Child(self._hello)
                self._children.append(child)
            child.send(chunk)
            busy[child.fileno()] = child
            selector.register(child.fileno(), selectors.EVENT_READ)

    def _collect(self, child: _Child, waiting: deque[list[Any]]) -> Iterator[list[tuple[Any, Any]]]:
        try:
            results, keep = child.receive()
        except EOFError:
            self._children.remove(child)
            index, reason = child.post_mortem()
            if index == _IDLE:
                raise SandboxError(f"读取进程无法启动：{reason}") from None
            rest = child.chunk[:index] + child.chunk[index + 1 :]
            if rest:
                waiting.append(rest)
            yield [(child.chunk[index], Failure(reason))]
            return
        chunk = child.chunk
        if not keep:
            self._children.remove(child)
            child.stop()
        yield list(zip(chunk, results, strict=True))


class _Child:
    def __init__(self, hello: bytes) -> None:
        clock = os.memfd_create("duban-clock")
        os.ftruncate(clock, _CLOCK.size)
        self._clock = mmap.mmap(clock, _CLOCK.size)
        _CLOCK.pack_into(self._clock, 0, _IDLE, time.monotonic())
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-c", f"from ingestion.sandbox import serve; serve({clock})"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT_ROOT,
            env={"PYTHONUTF8": "1", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"},
            pass_fds=(clock,),
        )
        os.close(clock)
        self.chunk: list[Any] = []
        self._late = False
        assert self._process.stdin and self._process.stdout  # noqa: S101
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._write(hello)

    def fileno(self) -> int:
        return self._stdout.fileno()

    def send(self, chunk: list[Any]) -> None:
        self.chunk = chunk
        _CLOCK.pack_into(self._clock, 0, _IDLE, time.monotonic())
        self._write(pickle.dumps(chunk))

    def receive(self) -> tuple[list[Any], bool]:
        return pickle.loads(_read_frame(self._stdout))  # noqa: S301 - our own child wrote it

    def kill_if_late(self, seconds: float) -> None:
        index, started = _CLOCK.unpack_from(self._clock, 0)
        if time.monotonic() - started > (seconds if index != _IDLE else _START_SECONDS):
            self._late = True
            self._process.kill()

    def post_mortem(self) -> tuple[int, str]:
        """The index of the task that was being done, and why the child ended."""
        self.stop()
        index = _CLOCK.unpack_from(self._clock, 0)[0]
        code = self._process.returncode
        if self._late or code == -signal.SIGXCPU:
            return index, "读取超时，已中止；请检查文件是否过大或损坏，另存为新的 .xlsx 后重新报送"
        return index, "读取时程序崩溃或内存超限，已中止；请将有内容的区域复制到新表，另存为 .xlsx 后重新报送"

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._stdin.close()
        self._process.kill()
        self._process.wait()
        self._stdout.close()

    def _write(self, frame: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):  # a dead child is noticed when it is read from
            self._stdin.write(_LENGTH.pack(len(frame)) + frame)
            self._stdin.flush()


def _read_frame(stream: IO[bytes]) -> bytes:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    frame = stream.read(length)
    if len(frame) < length:
        raise EOFError
    return frame


def serve(clock_fd: int) -> None:
    """The child's life: one hello frame, then chunks until the parent closes the pipe."""
    clock = mmap.mmap(clock_fd, _CLOCK.size)
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not break the frames
    name, setup, limits = pickle.loads(_read_frame(requests))  # noqa: S301 - our own parent wrote it
    module, function = name.split(":")
    handle = getattr(importlib.import_module(module), function)(setup)
    gc.freeze()  # what was imported stays: no collection need look through it again
    size = limits.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            chunk = pickle.loads(_read_frame(requests))  # noqa: S301
        except EOFError:
            return
        results = []
        for index, task in enumerate(chunk):
            _CLOCK.pack_into(clock, 0, index, time.monotonic())
            resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + limits.seconds) + 1, -1))
            results.append(_guarded(handle, task))
        keep = _resident_bytes() < size * _RECYCLE_SHARE
        frame = io.BytesIO()
        pickle.dump((results, keep), frame, protocol=pickle.HIGHEST_PROTOCOL)
        answers.write(_LENGTH.pack(frame.tell()))
        answers.write(frame.getbuffer())
        answers.flush()


def _resident_bytes() -> int:
    """Memory held now. Not ru_maxrss: that begins at the parent's own size, which exec does not reset."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def _guarded(handle: Any, task: Any) -> Any:
    try:
        return handle(task)
    except MemoryError:
        return Failure("读取时内存超限，已中止；请将有内容的区域复制到新表，另存为 .xlsx 后重新报送")
    except Exception as error:  # the boundary: whatever a parser throws becomes a finding of that file
        return Failure(f"文件无法读取（{type(error).__name__}）；请用 Excel 或 WPS 打开后另存为 .xlsx 重新报送")
