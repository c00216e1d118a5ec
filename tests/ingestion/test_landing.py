"""The manifest decides what is live; a crash leaves the old or the new landing, never a mix."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from ingestion.landing import Landing, LandingError
from ingestion.tables import FORMS, INTAKE, TABLES


def values(*rows: tuple[int, int, str, date, int], with_region: bool = True) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "file_id": [r[0] for r in rows],
            "sheet_no": 1,
            "row_no": [r[1] for r in rows],
            "column_no": 3,
            "form_code": "kindergarten",
            "reporter_code": "2130000001",
            "period_start_date": [r[3] for r in rows],
            "record_key": "",
            "element_code": "pupils",
            "value_number": [Decimal(r[4]) for r in rows],
            "value_text": None,
            "missing_reason": None,
            "raw_text": [str(r[4]) for r in rows],
        },
        schema=FORMS["forms__values"],
    )
    return frame.with_columns(pl.Series("region_code", [r[2] for r in rows])) if with_region else frame


SEPTEMBER, OCTOBER = date(2020, 9, 1), date(2020, 10, 1)


def query(landing: Landing, sql: str) -> list[tuple]:
    with duckdb.connect() as con:
        landing.register_views(con)
        return con.execute(sql).fetchall()


def test_values_are_partitioned_by_period_and_region(tmp_path: Path) -> None:
    landing = Landing(tmp_path / "landing")
    landing.write({"forms__values": values((1, 4, "330303", SEPTEMBER, 12), (2, 4, "120110", OCTOBER, 13))})
    paths = sorted(str(p.parent.relative_to(landing.root)) for p in landing.root.rglob("*.parquet"))
    assert paths == [
        "forms__values/period=2020-09-01/region=330303",
        "forms__values/period=2020-10-01/region=120110",
    ]
    assert query(landing, "select sum(value_number) from raw.forms__values") == [(Decimal(25),)]


def test_every_table_has_a_view_with_its_columns_even_before_anything_landed(tmp_path: Path) -> None:
    landing = Landing(tmp_path / "landing")
    with duckdb.connect() as con:
        landing.register_views(con)
        for table, columns in TABLES.items():
            described = con.execute(f"describe raw.{table}").fetchall()
            assert [row[0] for row in described] == list(columns)
            assert con.execute(f"select count(*) from raw.{table}").fetchall() == [(0,)]


def test_view_types_are_the_same_empty_and_filled(tmp_path: Path) -> None:
    empty, filled = Landing(tmp_path / "a"), Landing(tmp_path / "b")
    filled.write({"forms__values": values((1, 4, "330303", SEPTEMBER, 12))})
    describe = "describe raw.forms__values"
    assert query(empty, describe) == query(filled, describe)


def test_digest_ignores_batching_order_and_receipt_times(tmp_path: Path) -> None:
    rows = [(1, 4, "330303", SEPTEMBER, 12), (2, 4, "330303", SEPTEMBER, 13), (3, 4, "120110", OCTOBER, 14)]
    one, two = Landing(tmp_path / "one"), Landing(tmp_path / "two")
    one.write({"forms__values": values(*rows)}, part="batch-1")
    for row in reversed(rows):
        two.write({"forms__values": values(row)}, part=f"batch-{row[0]}")
    assert one.digest() == two.digest()
    for landing, hour in ((one, 1), (two, 2)):
        landing.replace("intake__files", received(at(2020, 9, 1, hour)))
    assert one.digest() == two.digest()
    two.write({"forms__values": values((9, 4, "120110", OCTOBER, 15))})
    assert one.digest() != two.digest()


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC).replace(tzinfo=None)


def received(moment: datetime) -> pl.DataFrame:
    row = dict.fromkeys(INTAKE["intake__files"]) | {"file_id": 1, "received_at": moment}
    return pl.DataFrame([row], schema=INTAKE["intake__files"])


def test_replace_touches_only_its_own_part(tmp_path: Path) -> None:
    landing = Landing(tmp_path / "landing")
    landing.replace("intake__files", received(at(2020, 1, 1)), part="plans")
    landing.replace("intake__files", received(at(2020, 1, 2)), part="workbooks")
    landing.replace("intake__files", received(at(2020, 1, 3)), part="plans")
    assert sorted(landing.read("intake__files")["received_at"].dt.day()) == [2, 3]


def test_equal_rows_appended_twice_count_twice(tmp_path: Path) -> None:
    landing = Landing(tmp_path / "landing")
    frame = values((1, 4, "330303", SEPTEMBER, 12))
    landing.write({"forms__values": frame})
    landing.write({"forms__values": frame})
    assert len(landing.read("forms__values")) == 2


def test_a_frame_of_another_shape_is_refused_by_column_name(tmp_path: Path) -> None:
    landing = Landing(tmp_path / "landing")
    wrong = values((1, 4, "330303", SEPTEMBER, 12)).with_columns(pl.col("row_no").cast(pl.Int64)).drop("raw_text")
    with pytest.raises(LandingError, match=r"raw_text.*row_no"):
        landing.write({"forms__values": wrong})
    assert not landing.manifest_path.exists()


def test_an_exception_inside_a_transaction_leaves_the_old_content(tmp_path: Path) -> None:
    landing = Landing(tmp_path / "landing")
    landing.write({"forms__values": values((1, 4, "330303", SEPTEMBER, 12))})
    before = landing.digest()
    with pytest.raises(RuntimeError), landing.transaction() as transaction:
        transaction.append("forms__values", values((2, 4, "330303", SEPTEMBER, 12)))
        raise RuntimeError
    assert landing.digest() == before
    landing.write({"forms__values": values((3, 4, "330303", OCTOBER, 1))})
    assert len(list(landing.root.rglob("*.parquet"))) == 2  # the orphan of the failed batch is swept


KILLED = """
import os, signal, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from ingestion import landing as module
import polars as pl
step = int(sys.argv[1])
count = 0
def dying(original):
    def call(*args, **kwargs):
        global count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)
    return call
os.fsync = dying(os.fsync)
Path.replace = dying(Path.replace)
module.Landing(Path(sys.argv[2])).write({{"forms__values": pl.read_parquet(sys.argv[3])}})
"""


def test_kill_at_every_step_leaves_the_old_or_the_new_landing(tmp_path: Path) -> None:
    root = str(Path(__file__).resolve().parents[2])
    frame_path = tmp_path / "frame.parquet"
    values((2, 4, "330303", OCTOBER, 40)).write_parquet(frame_path)
    seen = set()
    for step in range(1, 40):
        landing = Landing(tmp_path / str(step))
        landing.write({"forms__values": values((1, 4, "330303", SEPTEMBER, 2))})
        command = [sys.executable, "-c", KILLED.format(root=root), str(step), str(landing.root), str(frame_path)]
        done = subprocess.run(command, cwd=root, check=False, capture_output=True, env={**os.environ})
        total = query(landing, "select sum(value_number)::int from raw.forms__values")[0][0]
        assert total in (2, 42)
        seen.add(total)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        if total == 2:
            landing.write({"forms__values": values((2, 4, "330303", OCTOBER, 40))})
        else:
            landing.write({})
        assert query(landing, "select sum(value_number)::int from raw.forms__values") == [(42,)]
        assert len(list(landing.root.rglob("*.parquet"))) == 2
        assert not list(landing.root.rglob("*.tmp"))
    else:
        pytest.fail("the write never ended")
    assert seen == {2, 42}
