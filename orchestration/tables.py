"""Asset specs of the landing tables: one name, `raw_<table>`, and what the UI shows of each. No assets here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import dagster as dg

from ingestion.landing import Landing

OWNERS = ["team:data-engineering"]
DESCRIPTIONS = {
    "plans": "From the work plans, read with the exact place of every figure.",
    "forms": "From the workbooks that schools and departments hand in, after the gate.",
    "registry": "What people decided, from the append-only event log.",
    "config": "The bureau's own configuration as applied.",
}


def asset_name(table: str) -> str:
    return f"raw_{table}"


def raw_specs(tables: Sequence[str], group: str, deps: Iterable[str] = ()) -> list[dg.AssetSpec]:
    """Specs of landing tables that one step writes together."""
    return [
        dg.AssetSpec(
            asset_name(table),
            deps=list(deps),
            group_name=group,
            kinds={"python", "parquet"},
            owners=OWNERS,
            description=f"`raw.{table}`. {DESCRIPTIONS[group]} Columns: dbt_project/models/staging/_sources.yml.",
        )
        for table in tables
    ]


def row_counts(landing: Landing, tables: Sequence[str]) -> Iterator[dg.MaterializeResult]:
    """One materialization a table, with the rows now live."""
    live = landing.manifest()["tables"]
    for table in tables:
        rows = sum(entry["rows"] for entry in live.get(table, []))
        yield dg.MaterializeResult(asset_key=asset_name(table), metadata={"dagster/row_count": rows})
