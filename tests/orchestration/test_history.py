"""What was published stays what was published, whatever is edited, dropped or rolled back afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import pytest

from ingestion.landing import Landing
from ingestion.releases import Releases
from orchestration.history import Asked, HistoryError, as_of
from orchestration.warehouse import CHANGE_TYPES, register_raw

COLUMNS = (
    "commitment_id varchar, evaluation_date date, light varchar, status varchar, reason varchar,"
    " actual_value decimal(24, 6), target_value decimal(24, 6), progress_pct decimal(12, 4), lag decimal(13, 4)"
)
NAMES = ("light", "status", "reason", "attained_value", "target_value", "progress_pct", "lag")


def edited(build: Path, rng: Random, day: date) -> dict[str, tuple]:
    """Rewrite the marts of a build database: figures, targets and which commitments there are all change."""
    rows = {
        f"commitment{no}": (
            rng.choice("蓝绿黄红灰"), rng.choice(["推进中", "取决于"]), rng.choice([None, "说明"]),
            rng.choice([None, Decimal(rng.randint(0, 10**8)).scaleb(-6)]), Decimal(rng.randint(0, 100)),
            Decimal(rng.randint(0, 10**6)).scaleb(-4), None,
        )
        for no in range(rng.randint(1, 6))
    }  # fmt: skip
    with duckdb.connect(str(build)) as con:
        con.execute("create schema if not exists marts")
        con.execute(f"create or replace table marts.fct_attainments ({COLUMNS})")
        con.executemany(
            "insert into marts.fct_attainments values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(key, day, *row) for key, row in rows.items()],
        )
    return rows


@pytest.fixture
def published(tmp_path: Path) -> tuple[Releases, list[tuple[date, dict[str, tuple]]]]:
    """Ten publishes with edits between, of which three files are kept."""
    rng, releases = Random(10), Releases(tmp_path / "releases", keep=3)
    history = []
    for no in range(10):
        day = date(2020, 10, 1) + timedelta(days=2 * no)
        rows = edited(tmp_path / "build.duckdb", rng, day)
        releases.publish(tmp_path / "build.duckdb", {})
        history.append((day, rows))
    return releases, history


def figures(rows: list[dict]) -> dict[str, tuple]:
    return {row["commitment_id"]: tuple(row[name] for name in NAMES) for row in rows}


def test_ten_publishes_are_returned_exactly(published: tuple) -> None:
    releases, history = published
    assert len(releases.sequences()) == 3
    for no, (day, rows) in enumerate(history, start=1):
        for asked in (Asked(sequence=no), Asked(day=day), Asked(day=day + timedelta(days=1))):
            assert figures(as_of(releases, asked)) == rows
    assert figures(as_of(releases, Asked())) == history[-1][1]


def test_what_was_rolled_back_is_no_answer(published: tuple) -> None:
    releases, history = published
    releases.rollback(9)
    assert figures(as_of(releases, Asked())) == history[8][1]


def test_one_figure_may_be_asked_for(published: tuple) -> None:
    releases, _ = published
    assert list(figures(as_of(releases, Asked(sequence=1, figure="commitment0")))) == ["commitment0"]
    assert as_of(releases, Asked(figure="没有")) == []


def test_before_the_first_publish_nothing_answers(published: tuple, tmp_path: Path) -> None:
    releases, _ = published
    with pytest.raises(HistoryError, match="没有发布过"):
        as_of(releases, Asked(day=date(2020, 9, 30)))
    with pytest.raises(HistoryError, match="duban refresh"):
        as_of(Releases(tmp_path / "empty"), Asked())


def test_changes_of_lights_outlive_their_release(tmp_path: Path) -> None:
    """The first release was published by a program that kept no changes; the file of the second is gone."""
    releases, build = Releases(tmp_path / "releases", keep=1), tmp_path / "build.duckdb"
    edited(build, Random(1), date(2020, 10, 1))
    releases.publish(build, {})
    packed = ", ".join(f"{name} {kind}" for name, kind in CHANGE_TYPES.items())
    change = (1, date(2020, 10, 3), 1, date(2020, 10, 1), "绿", "黄", "推进中", "滞后", Decimal("1.5"), None, "时间")
    later = (2, date(2020, 10, 4), 1, date(2020, 10, 3), "黄", "红", "滞后", "严重滞后", None, None, "修订")
    with duckdb.connect(str(build)) as con:
        con.execute(f"create table marts.fct_light_changes (commitment_id varchar, {packed})")
        con.executemany(
            f"insert into marts.fct_light_changes values ({', '.join('?' * 12)})",
            [("commitment0", *later), ("commitment0", *change)],
        )
    releases.publish(build, {})
    with duckdb.connect(str(build)) as con:
        con.execute("delete from marts.fct_light_changes")
    releases.publish(build, {})
    with duckdb.connect() as con:
        register_raw(con, Landing(tmp_path / "landing"), releases, date(2020, 10, 5))
        rows = con.execute(
            f"select release_seq, commitment_id, {', '.join(CHANGE_TYPES)} from raw.ledger__light_changes order by all"
        ).fetchall()
    assert rows == [(2, "commitment0", *change), (2, "commitment0", *later)]
    assert "light_changes" not in as_of(releases, Asked())[0]
    assert releases.sequences() == [3]
