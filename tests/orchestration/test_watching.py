"""The resident refresher: what makes it refresh, what it waits out, when it ends."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingestion.arrivals import Arrivals
from ingestion.locks import Busy
from ingestion.registry.events import Registry
from ingestion.settings import Settings, load_settings
from orchestration import watching
from orchestration.watch_status import STATUS_FILE
from orchestration.watch_status import watching as said
from orchestration.watching import Watcher

PATIENCE = 20.0


class Refreshes:
    """Takes the place of a refresh: notes how it was asked, does what it is told to."""

    def __init__(self) -> None:
        self.asked: list[bool] = []
        self.then: Callable[[], int] = lambda: 0

    def __call__(self, is_acts_only: bool) -> int:
        self.asked.append(is_acts_only)
        return self.then()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path))
    monkeypatch.setenv("DUBAN_EVALUATION_DATE", "2020-10-20")
    for name, seconds in (("LOOK_SECONDS", 0.01), ("SETTLE_SECONDS", 0.01), ("FIRST_PAUSE", 0.05)):
        monkeypatch.setattr(watching, name, seconds)
    for folder in ("inbox", "releases"):
        (tmp_path / folder).mkdir()
    (tmp_path / "releases" / "CURRENT").write_text('{"current": 1, "highest": 1}', "utf-8")
    return load_settings()


@pytest.fixture
def running(settings: Settings) -> Iterator[tuple[Watcher, Refreshes]]:
    refreshes = Refreshes()
    watcher = Watcher(settings, refreshes)
    thread = threading.Thread(target=watcher.run, daemon=True)
    thread.start()
    until(lambda: len(refreshes.asked) == 1)
    yield watcher, refreshes
    watcher.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def until(happened: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < PATIENCE
        time.sleep(0.01)


def act(settings: Settings) -> None:
    Registry(settings.paths.registry).append("note.added", "note", "1", {"text": "批注"}, "甲", "记一笔")


def state(settings: Settings) -> dict[str, object]:
    return json.loads((settings.paths.locks / STATUS_FILE).read_text("utf-8"))


def test_a_workbook_handed_in_without_the_inbox_is_refreshed_once(
    settings: Settings, running: tuple[Watcher, Refreshes]
) -> None:
    _, refreshes = running
    Arrivals(settings.paths.arrivals).submit(b"bytes", "a.xlsx", "workbook")
    until(lambda: len(refreshes.asked) == 2)
    assert refreshes.asked[1] is False
    time.sleep(0.3)
    assert len(refreshes.asked) == 2


def test_it_begins_with_a_whole_refresh_and_follows_acts_by_small_ones(
    settings: Settings, running: tuple[Watcher, Refreshes]
) -> None:
    _, refreshes = running
    act(settings)
    until(lambda: refreshes.asked == [False, True])
    until(lambda: state(settings)["state"] == "等待变化")
    assert f"进程 {os.getpid()}" in str(said(settings.paths))


def test_a_file_that_stands_still_asks_for_a_whole_refresh(
    settings: Settings, running: tuple[Watcher, Refreshes]
) -> None:
    _, refreshes = running
    (settings.paths.inbox / "a.xlsx").write_bytes(b"rows")
    until(lambda: refreshes.asked == [False, False])


def test_a_failure_is_said_and_waited_out(settings: Settings, running: tuple[Watcher, Refreshes]) -> None:
    _, refreshes = running

    def fail() -> int:
        raise OSError("磁盘写满")

    refreshes.then = fail
    act(settings)
    until(lambda: state(settings)["state"] == "出错")
    assert "磁盘写满" in str(said(settings.paths))
    refreshes.then = lambda: 0
    until(lambda: state(settings)["state"] == "等待变化")
    assert set(refreshes.asked[1:]) == {True}


def test_another_writer_is_waited_for(settings: Settings, running: tuple[Watcher, Refreshes]) -> None:
    _, refreshes = running

    def busy() -> int:
        raise Busy("别人在写")

    refreshes.then = busy
    act(settings)
    until(lambda: state(settings)["state"] == "等待写入")
    refreshes.then = lambda: 0
    until(lambda: state(settings)["state"] == "等待变化")


def test_nothing_is_refreshed_while_a_rollback_holds(settings: Settings, running: tuple[Watcher, Refreshes]) -> None:
    _, refreshes = running
    pointer = settings.paths.releases / "CURRENT"
    pointer.write_text('{"current": 1, "highest": 1, "hold": "已回退"}', "utf-8")
    act(settings)
    time.sleep(0.5)
    assert refreshes.asked == [False]
    pointer.write_text('{"current": 1, "highest": 1}', "utf-8")
    until(lambda: refreshes.asked == [False, True])


def test_it_ends_with_its_parent(settings: Settings) -> None:
    refreshes = Refreshes()
    Watcher(settings, refreshes, parent=os.getppid() + 1).run()
    assert refreshes.asked == []
    assert said(settings.paths) is None


def test_one_that_died_is_said_to_be_dead(settings: Settings) -> None:
    settings.paths.locks.mkdir()
    content = {"pid": 2**22 + 1, "state": "等待变化", "at": "2026-01-01T00:00:00+00:00", "message": ""}
    (settings.paths.locks / STATUS_FILE).write_text(json.dumps(content), "utf-8")
    assert "已中断" in str(said(settings.paths))
