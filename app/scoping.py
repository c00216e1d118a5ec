"""A person of one region reads a copy of the release that holds that region's rows and nothing else.

Every page, export, address and statement reads the copy, so that none of them has to think of it. A table is cut by the
keys it carries; one without a known key is left empty rather than shown. Not here: who is bound to a region (auth.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import duckdb
import streamlit as st

from app.queries.core import identity
from ingestion.releases import Release
from ingestion.settings import load_settings

FOLDER = "scoped"
KEPT = 3  # releases with copies: a session may still read the one before
# the same for every region
SHARED = ("dim_forms", "dim_form_elements", "dim_periods")
# what a key may be: every one that a row carries must be, and a row must carry one
KEYS = {
    "region_code": "regions", "ancestor_region_code": "regions", "descendant_region_code": "regions",
    "reporter_code": "units", "school_code": "units", "unit_code": "units", "lead_unit_code": "units",
    "subject_code": "units", "document_id": "documents", "earlier_document_id": "documents",
    "commitment_id": "commitments", "other_commitment_id": "commitments", "earlier_commitment_id": "commitments",
    "task_key": "tasks", "rectification_key": "rectifications", "subject_key": "subjects",
}  # fmt: skip
# told by their file alone
BY_FILE = {"fct_files": "files", "fct_sheets": "files"}
SETS = {
    "regions": "select descendant_region_code from whole.marts.bridge_region_descendants"
    " where ancestor_region_code = $region union select $region",
    "units": "select school_code from whole.marts.dim_schools where region_code in (from regions)"
    " union select unit_code from whole.marts.dim_units where region_code in (from regions)",
    "documents": "select document_id from whole.marts.dim_documents where region_code in (from regions)",
    "commitments": "select commitment_id from whole.marts.fct_commitments where region_code in (from regions)"
    " and document_id in (from documents)",
    "tasks": "select task_key from whole.marts.fct_tasks where commitment_id in (from commitments)",
    "rectifications": "select rectification_key from whole.marts.fct_rectifications"
    " where commitment_id in (from commitments)",
    "subjects": "from commitments union from tasks union from rectifications",
    # a file with another region's rows is not this region's to see
    "files": "select file_id from whole.marts.fct_submission_attempts group by file_id"
    " having bool_and(coalesce(region_code in (from regions), false))",
}
# what a row may say of others beside its keys
REDACTED = (
    "update own.marts.dim_regions set parent_region_code = null where parent_region_code not in (from regions)",
    "update own.marts.dim_units set parent_unit_code = null, unit_path = unit_name"
    " where parent_unit_code not in (from units)",
    "update own.marts.fct_findings set file_name = null, sheet_name = null where file_id not in (from files)",
)


def scoped(release: Release, region: str) -> Release:
    """The release with the rows of a region and those below it, made once."""
    return Release(release.sequence, Path(_copy(release, region)), release.alarm)


@st.cache_resource(
    show_spinner=False, max_entries=64, hash_funcs={Release: identity}, validate=lambda p: Path(p).exists()
)
def _copy(release: Release, region: str) -> str:
    folder = load_settings().paths.home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{release.sequence:06}-{release.path.stat().st_mtime_ns}-{region}.duckdb"
    if not target.exists():
        half = target.with_suffix(f".{os.getpid()}.half")
        half.unlink(missing_ok=True)
        _write(release, region, half)
        half.replace(target)
        _prune(folder, release.sequence)
    return str(target)


def _write(release: Release, region: str, target: Path) -> None:
    with duckdb.connect(config={"autoload_known_extensions": "false"}) as con:
        con.execute(f"attach '{_quoted(release.path)}' as whole (read_only)")
        con.execute(f"attach '{_quoted(target)}' as own")
        con.execute("create schema own.marts; create schema own.release")
        for name, query in SETS.items():
            con.execute(f"create temp table {name} (key) as {query}", {"region": region} if "$" in query else None)
        for table in _tables(con):
            condition = cut(table, _columns(con, table))
            con.execute(f'create table own.marts."{table}" as select * from whole.marts."{table}" where {condition}')
            _comments(con, table)
        for statement in REDACTED:
            con.execute(statement)
        con.execute("use own")
        for statement in _macros(con):
            con.execute(statement)
        con.execute("use memory")
        row = con.execute("select content from whole.release.info").fetchone()
        info = {k: v for k, v in json.loads(row[0] if row else "{}").items() if k != "checksums"}
        con.execute("create table own.release.info as select ?::varchar as content", [json.dumps(info)])
        con.execute("checkpoint own")
    target.chmod(0o600)


def cut(table: str, columns: Iterable[str]) -> str:
    """The condition that keeps a region's rows of a table; nothing is kept where no key is known."""
    if table in SHARED:
        return "true"
    if table in BY_FILE:
        return f"file_id in (from {BY_FILE[table]})"
    if table == "dim_indicators":
        return "scope_region_code is null or scope_region_code in (from regions)"
    if table == "fct_light_summaries":
        return "split_part(scope_key, '/', 1) in (from documents union from regions union from units)"
    keys = [column for column in columns if column in KEYS]
    if not keys:
        return "false"
    inside = [f"({key} is null or {key} in (from {KEYS[key]}))" for key in keys]
    return f"coalesce({', '.join(f'{key}::varchar' for key in keys)}) is not null and {' and '.join(inside)}"


def _macros(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The macros of the release; none where an earlier version of the program published it."""
    named = con.execute("select 1 from duckdb_tables() where database_name = 'whole' and table_name = 'macros'")
    if named.fetchone() is None:
        return []
    return [text for (text,) in con.execute("select statement from whole.release.macros order by position").fetchall()]


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    found = con.execute(
        "select table_name from duckdb_tables() where database_name = 'whole' and schema_name = 'marts' order by 1"
    )
    return [name for (name,) in found.fetchall()]


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [row[0] for row in con.execute(f'describe whole.marts."{table}"').fetchall()]


def _comments(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """What the columns mean, for the dictionary."""
    about = con.execute(
        "select comment from duckdb_tables() where database_name = 'whole' and table_name = ?", [table]
    ).fetchone()
    if about and about[0]:
        con.execute(f"comment on table own.marts.\"{table}\" is '{_quoted(about[0])}'")
    columns = con.execute(
        "select column_name, comment from duckdb_columns()"
        " where database_name = 'whole' and table_name = ? and comment is not null", [table],
    )  # fmt: skip
    for name, comment in columns.fetchall():
        con.execute(f'comment on column own.marts."{table}"."{name}" is \'{_quoted(comment)}\'')


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")


def _prune(folder: Path, sequence: int) -> None:
    for path in folder.glob("*.duckdb"):
        if not sequence - KEPT < int(path.name[:6]) <= sequence:
            path.unlink(missing_ok=True)
