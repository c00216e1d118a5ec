"""From a person's act to a published release: by the resident refresher, and equal to a build from nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingestion.registry.events import Registry
from ingestion.releases import Releases
from tests.conftest import PROJECT_ROOT, Ran

Run = Callable[..., Ran]
PATIENCE = 300.0
AT = datetime(2020, 10, 20, 3, tzinfo=UTC)


@pytest.fixture
def twin(refreshed_home: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "twin"
    shutil.copytree(refreshed_home, copy, symlinks=True)
    return copy


@pytest.fixture
def watch(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DUBAN_")} | {"DUBAN_HOME": str(home)}
    command = [sys.executable, "-m", "orchestration.cli", "watch", "--quiet"]
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment)
    yield process
    process.kill()
    process.wait()


def said(home: Path) -> dict[str, object]:
    path = home / "locks" / "watch.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {"state": ""}


def until(happened: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < PATIENCE
        time.sleep(0.1)
    return time.monotonic() - began


def reject_one(home: Path) -> str:
    """Reject a commitment that is lit, the same in every copy of a home."""
    with duckdb.connect(str(Releases(home / "releases").resolve().path), read_only=True) as con:
        row = con.execute(
            "select commitment_id, quote, number_text from marts.fct_attainments join marts.fct_commitments"
            " using (commitment_id) where light = '蓝' order by 1 limit 1"
        ).fetchone()
    assert row
    payload = {"plan": "要点", "quote": row[1], "number_text": row[2]}
    Registry(home / "registry.sqlite").append(
        "commitment.rejected", "commitment", row[0], payload, "甲", "不是承诺", AT
    )
    return row[0]


def test_an_act_is_published_by_itself_and_equals_a_build_from_nothing(
    home: Path, twin: Path, watch: subprocess.Popen[bytes], run: Run, record_property: Callable[[str, object], None]
) -> None:
    releases = Releases(home / "releases")
    until(lambda: said(home)["state"] == "等待变化")
    before = releases.resolve().sequence
    rejected = reject_one(home)
    record_property("seconds_from_act_to_release", until(lambda: releases.resolve().sequence > before))
    watch.send_signal(signal.SIGTERM)
    assert watch.wait(PATIENCE) == 0
    assert said(home)["state"] == "已停止"

    assert reject_one(twin) == rejected
    (twin / "warehouse" / "build.duckdb").unlink()
    ran = run(twin, "refresh")
    assert ran.code == 0, ran.out + ran.err
    small, whole = releases.resolve().info(), Releases(twin / "releases").resolve().info()
    assert small["checksums"] == whole["checksums"]
    assert small["fingerprint"] == whole["fingerprint"]
    found = run(
        home, "sql", f"select status from fct_attainments where commitment_id = '{rejected}'", "--format", "csv"
    )
    assert "已撤销" in found.out


@pytest.mark.soak
def test_every_act_and_its_undo_come_out_as_a_build_from_nothing(home: Path, twin: Path, run: Run) -> None:
    """Acts and undos in a row, each refreshed by what changed; the sum of it equals one build of all."""
    events = []
    for place in (home, twin):
        registry = Registry(place / "registry.sqlite")
        for verb in ("commitment.rejected", "commitment.drafted", "commitment.confirmed"):
            key = registry.events().filter(event_type="commitment.confirmed")["subject_key"][3]
            payload = {"plan": "要点", "quote": "无此原文"}
            events.append(registry.append(verb, "commitment", key, payload, "甲", "试", AT))
            if place is home:
                assert run(home, "refresh").code == 0
        registry.undo(events[-1], "甲", "写错了", AT)
    assert run(home, "refresh").code == 0
    (twin / "warehouse" / "build.duckdb").unlink()
    assert run(twin, "refresh").code == 0
    one, other = (Releases(place / "releases").resolve().info()["checksums"] for place in (home, twin))
    # the one has published four times, the other once
    by_history = {"fct_light_changes", "fct_attainments_published"}
    assert {table for table in one if one[table] != other[table]} <= by_history
