"""All documents of the plans folder together: editions and years as rows of plans__editions and plans__changes.

Belongs here: landed rows in, landed rows out. Does not: what a change is (diffing.py), which plans are kin
(editions.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ingestion.plans.commitments import to_record
from ingestion.plans.diffing import Change, diff_plans
from ingestion.plans.editions import PlanFile, find_kin

if TYPE_CHECKING:
    import polars as pl

    from ingestion.plans.reading import PlanReading


def comparison_tables(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """plans__editions and plans__changes from the other plans__ tables, all documents in force in them.

    A later document_id comes with the document before it (`relation` edition or year); a change with the commitments
    on either side, null where there is none.
    """
    import polars as pl

    from ingestion.tables import PLANS

    editions: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    for kin in find_kin(plan_files(tables)):
        key = {"document_id": kin.later.document_id, "earlier_document_id": kin.earlier.document_id}
        editions.append(
            key | {"relation": kin.relation, "title_score": kin.title_score, "shared_share": kin.shared_share}
        )
        found = diff_plans(
            kin.earlier.records, kin.later.records,
            earlier_year=kin.earlier.plan_year, later_year=kin.later.plan_year,
        )  # fmt: skip
        changes += [
            key | {"relation": kin.relation, "change_no": no} | _row(change) for no, change in enumerate(found, 1)
        ]
    rows = {"plans__editions": editions, "plans__changes": changes}
    return {table: pl.DataFrame(found, schema=PLANS[table], orient="row") for table, found in rows.items()}


def plan_files(tables: Mapping[str, pl.DataFrame]) -> list[PlanFile]:
    """The documents of the tables with their commitments as records, ids, projects and applied cards included."""
    import polars as pl

    projects = tables["plans__commitment_projects"].sort("commitment_id", "project_no")
    named = dict(projects.group_by("commitment_id", maintain_order=True).agg("project_name").iter_rows())
    applied = tables["plans__links"].filter(pl.col("link_method").is_in(["exact", "alias"]))
    cards = dict(applied.select("commitment_id", "indicator_code").iter_rows())
    records: dict[str, list[dict[str, Any]]] = {}
    for row in tables["plans__commitments"].sort("document_id", "start_offset", "number_start").iter_rows(named=True):
        own = row["commitment_id"]
        records.setdefault(row["document_id"], []).append(
            row | {"id": own, "projects": named.get(own, []), "indicator_code": cards.get(own)}
        )
    return [
        PlanFile(
            row["document_id"], row["title"] or "", row["region_code"], row["plan_year"], row["file_id"],
            records.get(row["document_id"], []),
        )
        for row in tables["plans__documents"].iter_rows(named=True)
    ]  # fmt: skip


def as_records(reading: PlanReading) -> list[dict[str, Any]]:
    """The commitments of one reading as records, for a comparison without a warehouse."""
    return [to_record(commitment) for commitment in reading.commitments]


def _row(change: Change) -> dict[str, Any]:
    return {
        "commitment_id": change.later["id"] if change.later else None,
        "earlier_commitment_id": change.earlier["id"] if change.earlier else None,
        "change": change.change,
        "value_change": change.value_change,
        "deadline_change": change.deadline_change,
        "match_score": change.score,
        "explanation": change.why,
    }
