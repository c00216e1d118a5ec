"""The analysts' sandbox: one SELECT over one release, in a child process that may die.

Limits inside DuckDB do not stop every expression, so the guard is the process: RLIMIT_AS, RLIMIT_CPU and a parent's
clock that kills. Inside, the release is opened read-only with external access off and the configuration locked; before
that, the parsed statement is checked, since a statement type of SELECT may still carry an INSERT or read a file.
What a result looks like on paper belongs to the callers.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import polars as pl
    import pyarrow as pa

MAX_RESULT_BYTES = 256 * 2**20
LOOK_SECONDS = 0.3
# Functions in FROM that read nothing but what is already open; every other one is refused.
TABLE_FUNCTIONS = frozenset({
    "range", "generate_series", "unnest", "json_each", "json_tree", "repeat_row",
    # macros of every release: from a figure to its sentence and cells, and back
    "figure_sentence", "figure_cells", "figure_milestones", "sentence_figures", "cell_figures",
})  # fmt: skip
# Scalar functions that run SQL of their own, or tell about the machine.
REFUSED_FUNCTIONS = re.compile(
    r"query|query_table|getenv|getvariable|current_setting|write_log|json_execute_serialized_sql|.*secret.*|pg_.*|duckdb_.*"
    r"|pragma_.*|read_.*|.*_scan|glob|sniff_csv|in_search_path|current_database|txid_current|set_config|nextval|currval"
)
# Nothing of the caller's environment reaches the child; few malloc arenas keep it small on a machine of many cores.
CHILD_ENVIRONMENT = {"PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1"}
CHILD_ERRORS = {"refused": "语句被拒绝", "sql": "语句有误", "limit": "查询超出资源上限"}


class SqlError(Exception):
    """Why there is no result, in Chinese."""


@dataclass(frozen=True)
class SqlLimits:
    """Bounds of one statement: MiB of address space, seconds of wall clock, rows returned."""

    memory_mb: int = 2048
    seconds: int = 30
    max_rows: int = 100_000


@dataclass(frozen=True)
class SqlResult:
    """Rows as a frame; `is_truncated` when the row limit cut them."""

    frame: pl.DataFrame
    is_truncated: bool


def run_sql(
    release_path: Path, statement: str, limits: SqlLimits, waiting: Callable[[float], None] | None = None
) -> SqlResult:
    """Run one statement against the marts of a release. Raises SqlError; the caller's process is never at risk.

    `waiting` is told the seconds passed, a few times a second; whatever it raises ends the child and is raised here:
    the way to cancel.
    """
    import polars as pl
    import pyarrow as pa

    request = {"path": str(release_path), "sql": statement, "rows": limits.max_rows, "memory_mb": limits.memory_mb,
               "seconds": limits.seconds}  # fmt: skip

    code, answer = _child_answer(json.dumps(request).encode(), limits, waiting)
    if code != 0 or not answer:
        raise SqlError(f"查询超出资源上限（内存 {limits.memory_mb} MB），已终止：请缩小范围或减少列")
    if answer[:1] == b"{":
        problem = json.loads(answer)
        raise SqlError(f"{CHILD_ERRORS[problem['kind']]}：{problem['message']}")
    table = pa.ipc.open_stream(answer).read_all()
    is_truncated = (table.schema.metadata or {}).get(b"truncated") == b"1"
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - narrows the type: a table never becomes a Series
    return SqlResult(frame, is_truncated)


def _child_answer(request: bytes, limits: SqlLimits, waiting: Callable[[float], None] | None) -> tuple[int, bytes]:
    """Exit code and output of the child that runs the statement; it never outlives this call."""
    began, unsent = time.monotonic(), request
    with subprocess.Popen(
        [sys.executable, "-m", "ingestion.sql"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=CHILD_ENVIRONMENT,
        cwd=Path(__file__).resolve().parent.parent,
    ) as child:
        try:
            while (left := began + limits.seconds - time.monotonic()) > 0:
                try:
                    answer, _ = child.communicate(unsent, timeout=min(left, LOOK_SECONDS))
                    return child.returncode, answer
                except subprocess.TimeoutExpired:
                    unsent = None
                    if waiting:
                        waiting(time.monotonic() - began)
        finally:
            child.kill()
    raise SqlError(f"查询超过 {limits.seconds} 秒，已终止：请缩小范围或先汇总")


# ---- the child's side


class _Refused(Exception):
    pass


def _confine(memory_mb: int, seconds: int) -> None:
    """The first thing a child does, before it looks at the statement; a limit cannot be raised again."""
    size = memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield node
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _check(con: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Refuse what is not one harmless SELECT, judged on the parsed tree and never on the text."""
    row = con.execute("select json_serialize_sql(?)", [statement]).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error"):
        if tree.get("error_type") == "parser":
            raise _Refused(f"语法错误：{tree.get('error_message')}")
        raise _Refused("只能运行一条 SELECT 查询（WITH、DESCRIBE、SHOW、SUMMARIZE 也可以）")
    if len(tree["statements"]) != 1:
        raise _Refused("一次只能运行一条语句")
    for node in _nodes(tree):
        kind = str(node.get("type", ""))
        if kind.endswith("_QUERY_NODE") and kind.split("_", maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE", "MERGE"}:
            raise _Refused("发布版只读，不能修改数据")
        if kind == "TABLE_FUNCTION":
            name = str(node.get("function", {}).get("function_name", "")).lower()
            if name not in TABLE_FUNCTIONS:
                raise _Refused(f"不能使用表函数 {name}：只能查询发布版中的表")
        name = str(node.get("function_name", "") or node.get("table_name", "")).lower()
        if name and REFUSED_FUNCTIONS.fullmatch(name):
            raise _Refused(f"不能使用 {name}")


def _answer(request: dict[str, Any]) -> bytes:
    """An Arrow stream of the rows, or JSON that says why there are none."""
    import duckdb

    try:
        con = _locked_connection(request["path"], request["memory_mb"])
        _check(con, request["sql"])
        table = _limited_rows(con.execute(request["sql"]), request["rows"])
    except _Refused as error:
        problem = {"kind": "refused", "message": str(error)}
    except duckdb.OutOfMemoryException:
        problem = {"kind": "limit", "message": f"内存 {request['memory_mb']} MB，请缩小范围或先汇总"}
    except duckdb.Error as error:
        problem = {"kind": "sql", "message": str(error).replace(request["path"], "发布版")}
    else:
        return _arrow_stream(table)
    return json.dumps(problem).encode()


def _locked_connection(path: str, memory_mb: int) -> duckdb.DuckDBPyConnection:
    import duckdb

    closed = ("enable_external_access", "autoload_known_extensions", "autoinstall_known_extensions",
              "allow_community_extensions", "python_enable_replacements")  # fmt: skip
    config: dict[str, Any] = dict.fromkeys(closed, "false")
    config |= {"threads": "2", "memory_limit": f"{memory_mb // 2}MiB", "temp_directory": ""}
    con = duckdb.connect(path, read_only=True, config=config)
    for setting in ("schema = 'marts'", "enable_progress_bar = false", "lock_configuration = true"):
        con.execute(f"set {setting}")
    return con


def _limited_rows(result: duckdb.DuckDBPyConnection, limit: int) -> pa.Table:
    """At most `limit` rows, with `truncated` in the schema's metadata where there were more."""
    import pyarrow as pa

    reader: pa.RecordBatchReader = result.to_arrow_reader(min(limit + 1, 10_000))  # type: ignore[assignment]
    batches, rows, size = [], 0, 0
    while rows <= limit:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            break
        batches.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if size > MAX_RESULT_BYTES:
            raise _Refused("结果过大：请少选几列或先汇总")
    table = pa.Table.from_batches(batches, reader.schema)
    return table.slice(0, limit).replace_schema_metadata({"truncated": b"1" if rows > limit else b"0"})


def _arrow_stream(table: pa.Table) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    _confine(asked["memory_mb"], asked["seconds"])
    sys.stdout.buffer.write(_answer(asked))
