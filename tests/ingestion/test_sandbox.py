"""A child that aborts, hangs or eats memory takes one file with it; the pool goes on."""

from __future__ import annotations

import os
import time
from typing import Any

import pytest

from ingestion.sandbox import Failure, Limits, Pool, SandboxError

HANDLER = "tests.ingestion.test_sandbox:handler"


def handler(setup: int) -> Any:
    def handle(task: Any) -> Any:
        if task == "abort":
            os.abort()
        if task == "hang":
            time.sleep(60)
        if task == "spin":
            while True:
                pass
        if task == "eat":
            return len(bytearray(4 << 30))
        if task == "raise":
            raise ValueError
        if task == "print":
            print("noise")  # noqa: T201
        return (task, setup, os.getpid())

    return handle


def broken(setup: Any) -> Any:
    raise RuntimeError


def results(chunks: list[list[Any]], *, workers: int = 1, seconds: float = 30) -> dict[Any, Any]:
    with Pool(HANDLER, 7, workers=workers, limits=Limits(1024, seconds)) as pool:
        return {task: result for chunk in pool.run(chunks) for task, result in chunk}


def test_children_are_reused() -> None:
    done = results([[i, i + 1] for i in range(0, 40, 2)], workers=2)
    assert len(done) == 40
    assert len({pid for _, _, pid in done.values()}) <= 2
    assert {setup for _, setup, _ in done.values()} == {7}


def test_an_abort_takes_only_the_file_being_read() -> None:
    done = results([["a", "b", "abort", "c", "print"], ["d"]])
    assert isinstance(done["abort"], Failure)
    assert "崩溃" in done["abort"].reason
    assert {t for t, r in done.items() if not isinstance(r, Failure)} == {"a", "b", "c", "d", "print"}


@pytest.mark.parametrize("task", ["hang", "spin"])
def test_a_hang_is_ended_by_the_clock(task: str) -> None:
    started = time.monotonic()
    done = results([["a", task, "b"]], seconds=1)
    assert time.monotonic() - started < 10
    assert "超时" in done[task].reason
    assert done["a"][0] == "a"
    assert done["b"][0] == "b"


def test_memory_and_exceptions_are_findings() -> None:
    done = results([["eat", "raise", "a"]])
    assert "内存" in done["eat"].reason
    assert "ValueError" in done["raise"].reason
    assert done["a"][0] == "a"


def test_a_pool_that_cannot_start_says_so() -> None:
    with (
        Pool("tests.ingestion.test_sandbox:broken", 0, workers=1) as pool,
        pytest.raises(SandboxError, match="无法启动"),
    ):
        list(pool.run([["a"]]))
