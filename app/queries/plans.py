"""A plan as a document: its numerals with what became of each, and where it stands among the plans."""

from __future__ import annotations

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

DOCUMENTS = """
select
    documents.document_id, documents.title, documents.file_name, documents.plan_year, documents.region_code,
    regions.region_name
from dim_documents as documents
left join dim_regions as regions on documents.region_code = regions.region_code
order by documents.region_code, documents.plan_year desc, documents.file_name
"""

NUMBERS = """
select start_offset, end_offset, number_text, label, commitment_id, is_target, is_unexplained
from fct_numbers
where document_id = ?
order by start_offset
"""


@per_release(max_entries=8)
def documents(release: Release) -> pl.DataFrame:
    """Every plan of the release: title, file, year, region."""
    return fetch(release, DOCUMENTS)


@per_release(max_entries=32)
def numbers(release: Release, document_id: str) -> pl.DataFrame:
    """The number ledger of one plan in the order of the text."""
    return fetch(release, NUMBERS, [document_id])
