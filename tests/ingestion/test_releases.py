"""Releases: readers see the old one or the new one, whatever happens in between."""

import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from ingestion.durable import KILLED
from ingestion.releases import NoRelease, PublishingHeld, Releases, connect

STEPS = ["start", "copied", "fsynced", "ledger-renamed", "renamed", "pointed"]


def make_build(path: Path, value: int, rows: int = 3) -> Path:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute(
            f"""create table marts.fct_attainments as
            select 'c' || i as commitment_id, date '2020-10-20' as evaluation_date, '绿' as light, '推进中' as status,
              '' as reason, {value}::decimal(24, 6) as actual_value, 9::decimal(24, 6) as target_value,
              1::decimal(24, 6) as progress_pct, 0::decimal(24, 6) as lag from range({rows}) t(i)"""
        )
    return path


def served(releases: Releases) -> int:
    with connect(releases.resolve()) as con:
        row = con.execute("select distinct actual_value::integer from marts.fct_attainments").fetchone()
    assert row is not None
    return row[0]


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(tmp_path / "releases", keep=3)


def test_before_the_first_publish_there_is_a_clear_error(releases: Releases) -> None:
    with pytest.raises(NoRelease, match="duban refresh"):
        releases.resolve()


def test_a_release_carries_marts_descriptions_and_its_ledger(tmp_path: Path, releases: Releases) -> None:
    said = {"": "谁兑现了什么", "light": "亮灯：'红'", "gone": "已删去的列"}
    build = make_build(tmp_path / "b.duckdb", 1)
    release = releases.publish(build, {"evaluation_date": "2020-10-20"}, {"fct_attainments": said})
    assert release.path.name == "000001.duckdb"
    assert not list(release.path.parent.glob("*.wal"))
    assert release.info()["checksums"]["fct_attainments"].startswith("3:")
    with connect(release) as con:
        comments = con.execute("select column_name, comment from duckdb_columns() where comment is not null").fetchall()
        assert comments == [("light", "亮灯：'红'")]
        table = con.execute("select comment from duckdb_tables() where table_name = 'fct_attainments'").fetchone()
        assert table == ("谁兑现了什么",)
    ledger = duckdb.sql(
        f"select count(*), min(release_seq) from '{release.path.parent}/000001.ledger.parquet'"
    ).fetchall()
    assert ledger == [(3, 1)]


def test_checksums_do_not_depend_on_row_order_or_time(tmp_path: Path, releases: Releases) -> None:
    build = make_build(tmp_path / "b.duckdb", 1)
    first = releases.publish(build, {}).info()["checksums"]
    with duckdb.connect(str(build)) as con:
        con.execute(
            "create or replace table marts.fct_attainments as from marts.fct_attainments order by commitment_id desc"
        )
    assert releases.publish(build, {}).info()["checksums"] == first
    assert releases.publish(make_build(build, 2), {}).info()["checksums"] != first


def test_old_releases_go_but_ledgers_and_pinned_ones_stay(tmp_path: Path, releases: Releases) -> None:
    build = make_build(tmp_path / "b.duckdb", 1)
    releases.publish(build, {})
    releases.pin(1)
    for _ in range(5):
        releases.publish(build, {})
    assert releases.sequences() == [1, 4, 5, 6]
    assert len(releases.ledger_files()) == 6


def test_rollback_is_quick_and_holds_publishing_until_released(tmp_path: Path, releases: Releases) -> None:
    for value in (1, 2):
        releases.publish(make_build(tmp_path / "b.duckdb", value), {})
    began = time.monotonic()
    releases.rollback(reason="数字有误")
    assert time.monotonic() - began < 1
    assert served(releases) == 1
    assert len(releases.ledger_files()) == 1  # rows above CURRENT are ignored
    with pytest.raises(PublishingHeld, match="数字有误"):
        releases.publish(tmp_path / "b.duckdb", {})
    releases.release_hold()
    assert releases.publish(make_build(tmp_path / "b.duckdb", 3), {}).sequence == 3
    assert served(releases) == 3


@pytest.mark.parametrize("content", [None, "", "{", '{"current": 9, "highest": 9}', "000001"])
def test_a_lost_or_damaged_pointer_serves_the_last_good_release_with_an_alarm(
    tmp_path: Path, releases: Releases, content: str | None
) -> None:
    releases.publish(make_build(tmp_path / "b.duckdb", 1), {})
    releases.publish(make_build(tmp_path / "b.duckdb", 2), {})
    (releases.folder / "000002.duckdb").write_bytes(b"cut off")
    releases.pointer_path.unlink() if content is None else releases.pointer_path.write_text(content)
    release = releases.resolve()
    assert release.sequence == 1
    assert release.alarm


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_readers_see_one_whole_release_and_the_next_publish_converges(
    tmp_path: Path, releases: Releases, step: str
) -> None:
    releases.publish(make_build(tmp_path / "b.duckdb", 1), {})
    build = make_build(tmp_path / "b.duckdb", 2)
    code = f"""if True:
        from pathlib import Path
        from ingestion.releases import Releases
        Releases(Path({str(releases.folder)!r}), 3).publish(Path({str(build)!r}), {{}})"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"DUBAN_FAILPOINT": f"publish:{step}"}, check=False
    )
    assert done.returncode == KILLED
    assert served(releases) == (2 if step == "pointed" else 1)
    assert len(releases.ledger_files()) == (2 if step == "pointed" else 1)
    releases.publish(build, {})
    assert served(releases) == 2
    leftovers = [p.name for p in releases.folder.iterdir() if p.name.endswith((".tmp", ".wal"))]
    assert leftovers == []
    assert releases.sequences() == list(range(1, releases.resolve().sequence + 1))


def test_an_open_reader_keeps_its_release_while_others_are_published(tmp_path: Path, releases: Releases) -> None:
    releases.publish(make_build(tmp_path / "b.duckdb", 1), {})
    with connect(releases.resolve()) as reader:
        for value in range(2, 8):
            releases.publish(make_build(tmp_path / "b.duckdb", value), {})
        assert reader.execute("select max(actual_value)::integer from marts.fct_attainments").fetchone() == (1,)
    assert served(releases) == 7


def test_a_busy_day_does_not_push_out_the_days_before(tmp_path: Path, releases: Releases) -> None:
    build = make_build(tmp_path / "b.duckdb", 1)
    noon = 1_700_000_000
    for number in range(6):  # three on each of two days long ago
        at = noon + number // 3 * 86_400 + number % 3 * 3600
        os.utime(releases.publish(build, {}).path, (at, at))
    for _ in range(5):
        releases.publish(build, {})
    assert releases.sequences() == [3, 6, 9, 10, 11]  # keep=3: the newest three, the last of the last three days
