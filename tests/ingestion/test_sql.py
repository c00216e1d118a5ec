"""The analysts' sandbox: honest questions are answered, hostile ones are stopped, and the parent lives."""

import os
from pathlib import Path

import duckdb
import pytest

from ingestion.settings import PROJECT_ROOT
from ingestion.sql import SqlError, SqlLimits, run_sql

LIMITS = SqlLimits(memory_mb=1500, seconds=8, max_rows=1000)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("release") / "000001.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute("create table marts.fct_attainments as select i as n, '=1+1' as t from range(3) r(i)")
    return path


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("select count(*) from fct_attainments", 1),
        ("with x as (select n from fct_attainments) from x", 3),
        ("show tables", 1),
        ("describe fct_attainments", 2),
        ("summarize fct_attainments", 2),
        ("select * from range(5)", 5),
        ("select table_name from information_schema.tables where table_schema = 'marts'", 1),
    ],
)
def test_questions_are_answered(release: Path, statement: str, rows: int) -> None:
    assert len(run_sql(release, statement, LIMITS).frame) == rows


def test_rows_are_cut_at_the_limit_and_that_is_said(release: Path) -> None:
    result = run_sql(release, "select * from range(5000)", LIMITS)
    assert (len(result.frame), result.is_truncated) == (1000, True)


HOSTILE = {
    "write a file": "copy fct_attainments to 'duban-hostile.csv'",
    "read a file": "select * from read_csv('/etc/passwd')",
    "read a file by name": "select * from '/etc/passwd'",
    "read text": "select * from read_text('/etc/passwd')",
    "list files": "select * from glob('/etc/*')",
    "attach": "attach 'duban-hostile.duckdb'",
    "install": "install httpfs",
    "load": "load httpfs",
    "set": "set memory_limit = '64GB'",
    "reset": "reset memory_limit",
    "pragma": "pragma database_list",
    "insert in a WITH": "with x as (insert into fct_attainments values (9, '') returning n) select * from x",
    "delete": "delete from fct_attainments",
    "create": "create table z as select 1",
    "drop": "drop table fct_attainments",
    "run text as SQL": "select * from query('select 1')",
    "table by text": "select * from query_table('fct_attainments')",
    "two statements": "select 1; select 2",
    "a Python variable": "select * from LIMITS",
    "settings": "select * from duckdb_settings()",
    "paths of databases": "select * from duckdb_databases",
    "one setting": "select current_setting('memory_limit')",
    "secrets": "select * from duckdb_secrets()",
    "export": "export database 'duban-hostile'",
    "environment": "select getenv('HOME')",
    "transaction": "begin",
    "prepare": "prepare x as select 1",
    "call": "call pragma_version()",
    "nothing": "",
}


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_statements_are_refused_in_chinese(release: Path, statement: str) -> None:
    with pytest.raises(SqlError, match="语句"):
        run_sql(release, statement, LIMITS)
    assert not list(PROJECT_ROOT.glob("duban-hostile*"))
    with duckdb.connect(str(release), read_only=True) as con:
        assert con.execute("select count(*) from marts.fct_attainments").fetchone() == (3,)


@pytest.mark.parametrize(
    "statement",
    [
        "select len(list_transform(range(100000000), lambda x: x || 'a'))",
        "select repeat('x', 1000000000) from range(100)",
        "select repeat('a', 1000000) from range(900)",
        "select " + "(" * 20000 + "1" + ")" * 20000,
    ],
    ids=["one vector", "long text", "large result", "deep nesting"],
)
def test_memory_is_limited_by_the_child(release: Path, statement: str) -> None:
    with pytest.raises(SqlError):
        run_sql(release, statement, LIMITS)


def test_time_is_limited_by_the_parents_clock(release: Path) -> None:
    with pytest.raises(SqlError, match="2 秒"):
        run_sql(release, "select count(*) from range(10000000000) a, range(100)", SqlLimits(1500, 2, 10))


def test_a_statement_is_cancelled_while_it_runs(release: Path) -> None:
    seen: list[float] = []

    def stop_at_the_second_look(seconds: float) -> None:
        seen.append(seconds)
        if len(seen) == 2:
            raise KeyboardInterrupt

    endless = "select count(*) from range(100000000) a, range(100000000) b"
    with pytest.raises(KeyboardInterrupt):
        run_sql(release, endless, SqlLimits(seconds=30), stop_at_the_second_look)
    assert seen[1] < 20
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    assert not [pid for pid in children if "ingestion.sql" in Path(f"/proc/{pid}/cmdline").read_text()]
