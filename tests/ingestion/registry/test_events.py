"""The log loses nothing, changes nothing, and takes acts back only by new acts."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.registry.events import Registry, RegistryError
from ingestion.tables import empty

PROCESSES = 20


def note(registry: Registry, key: str = "k", actor: str = "王督学", reason: str = "例行") -> int:
    return registry.append("note.added", "note", key, {"text": "甲"}, actor, reason)


def test_an_absent_log_reads_as_empty_and_is_not_made_by_reading(registry: Registry) -> None:
    events = registry.events()
    assert events.schema == empty("registry__events").schema
    assert events.is_empty()
    assert registry.last_event_no() == 0
    assert not registry.path.exists()


def test_events_keep_their_order_and_content(registry: Registry) -> None:
    at = datetime(2020, 10, 1, 8, 30, tzinfo=UTC)
    first = registry.append("note.added", "note", "一", {"乙": [1, None]}, "王督学", "例行", at)
    second = note(registry, "二")
    events = registry.events()
    assert events["event_no"].to_list() == [first, second]
    row = events.row(0, named=True)
    assert json.loads(row["payload"]) == {"乙": [1, None]}
    assert row["occurred_at"] == at.replace(tzinfo=None)
    assert row["undoes_event_no"] is None


@pytest.mark.parametrize("missing", ["actor", "reason"])
def test_an_act_without_who_or_why_is_refused(registry: Registry, missing: str) -> None:
    with pytest.raises(RegistryError, match="请写明"):
        note(registry, **{missing: " "})
    assert registry.events().is_empty()


@pytest.mark.parametrize("statement", ["update events set actor = '李'", "delete from events"])
def test_nothing_is_changed_or_deleted_even_by_hand(registry: Registry, statement: str) -> None:
    note(registry)
    registry.close()
    with sqlite3.connect(registry.path) as connection, pytest.raises(sqlite3.IntegrityError, match="只能追加"):
        connection.execute(statement)
    assert registry.events().height == 1


def test_an_undo_is_an_event_and_happens_once(registry: Registry) -> None:
    act = note(registry)
    undo = registry.undo(act, "李科长", "记错了")
    assert registry.events().row(-1, named=True)["undoes_event_no"] == act
    with pytest.raises(RegistryError, match="已由"):
        registry.undo(act, "李科长", "再撤一次")
    with pytest.raises(RegistryError, match="重新办理"):
        registry.undo(undo, "李科长", "撤回撤回")
    with pytest.raises(RegistryError, match="没有第"):
        registry.undo(99, "李科长", "没有的")
    assert registry.events().height == 2


def test_export_and_import_carry_the_whole_log_and_repeat_without_effect(registry: Registry, tmp_path: Path) -> None:
    registry.undo(note(registry, "甲"), "李科长", "记错了")
    note(registry, "乙")
    assert registry.export_jsonl(tmp_path / "log.jsonl") == 3
    other = Registry(tmp_path / "other" / "registry.sqlite")
    assert other.import_jsonl(tmp_path / "log.jsonl") == 3
    assert other.import_jsonl(tmp_path / "log.jsonl") == 0
    assert other.events().equals(registry.events())


def test_a_hand_written_line_is_taken_once(registry: Registry, tmp_path: Path) -> None:
    line = {"event_type": "note.added", "subject_type": "note", "subject_key": "甲", "actor": "王督学"}
    line |= {"reason": "例行", "occurred_at": "2020-03-01T00:00:00Z"}
    file = tmp_path / "hand.jsonl"
    file.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    assert [registry.import_jsonl(file), registry.import_jsonl(file)] == [1, 0]


def test_an_import_is_taken_whole_or_not_at_all(registry: Registry, tmp_path: Path) -> None:
    note(registry)
    registry.export_jsonl(tmp_path / "log.jsonl")
    other = Registry(tmp_path / "other.sqlite")
    with (tmp_path / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"event_type": "note.added"}\n')
    with pytest.raises(RegistryError, match="第2行"):
        other.import_jsonl(tmp_path / "log.jsonl")
    assert other.events().is_empty()


def _append_many(path: Path, process: int, each: int) -> None:
    registry = Registry(path)
    for number in range(each):
        note(registry, f"{process}/{number}")


@pytest.mark.parametrize("each", [50, pytest.param(1000, marks=pytest.mark.soak)])
def test_many_processes_lose_no_event(registry: Registry, each: int) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_append_many, args=(registry.path, p, each)) for p in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    keys = registry.events()["subject_key"].to_list()
    assert sorted(keys) == sorted(f"{p}/{n}" for p in range(PROCESSES) for n in range(each))
    for process in range(PROCESSES):  # each process's acts stand in the order it did them
        own = [int(key.split("/")[1]) for key in keys if key.startswith(f"{process}/")]
        assert own == list(range(each))


def _append_until_killed(path: Path, acknowledged: int) -> None:
    registry = Registry(path)
    number = 0
    while True:
        note(registry, str(number))
        os.write(acknowledged, f"{number}\n".encode())
        number += 1


def test_a_kill_in_the_middle_of_appending_loses_nothing_acknowledged(registry: Registry) -> None:
    read, write = os.pipe()
    worker = multiprocessing.get_context("fork").Process(target=_append_until_killed, args=(registry.path, write))
    worker.start()
    os.close(write)
    time.sleep(0.5)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    with os.fdopen(read) as pipe:
        acknowledged = pipe.read().splitlines()
    assert acknowledged
    keys = registry.events()["subject_key"].to_list()
    assert keys[: len(acknowledged)] == acknowledged
    assert len(keys) - len(acknowledged) in (0, 1)
    assert note(registry) == len(keys) + 1
    integrity = sqlite3.connect(registry.path).execute("pragma integrity_check").fetchone()
    assert integrity == ("ok",)
