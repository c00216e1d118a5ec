"""What the release holds and what its columns mean, as the release itself says."""

from __future__ import annotations

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

COLUMNS = """
select
    tables.table_name, tables.comment as table_comment, tables.estimated_size as row_count, columns.column_name,
    lower(columns.data_type) as data_type, columns.comment
from duckdb_tables() as tables
inner join duckdb_columns() as columns
    on tables.table_oid = columns.table_oid and tables.schema_name = columns.schema_name
where tables.schema_name = 'marts'
order by tables.table_name, columns.column_index
"""


@per_release(max_entries=8)
def columns(release: Release) -> pl.DataFrame:
    """Every column of every mart in its order: its table with comment and rows, its name, data_type and comment."""
    return fetch(release, COLUMNS)
