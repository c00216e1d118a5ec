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


# what was given up or lowered first: that is what a reader asks for
CHANGES = """
select
    changes.relation, changes.change, changes.kind, changes.earlier_commitment_id, changes.commitment_id,
    changes.earlier_quote, changes.later_quote, changes.earlier_number_text, changes.later_number_text,
    changes.earlier_deadline_date, changes.later_deadline_date, changes.explanation,
    earlier.title as earlier_title, earlier.file_name as earlier_file, earlier.plan_year as earlier_year
from fct_plan_changes as changes
inner join dim_documents as earlier on changes.earlier_document_id = earlier.document_id
where changes.document_id = ?
order by
    earlier.plan_year desc, earlier.file_name,
    list_position(['放弃', '降低', '推迟', '新增', '提高', '提前', '延续'], changes.change), changes.change_no
"""


@per_release(max_entries=8)
def documents(release: Release) -> pl.DataFrame:
    """Every plan of the release: title, file, year, region."""
    return fetch(release, DOCUMENTS)


@per_release(max_entries=32)
def numbers(release: Release, document_id: str) -> pl.DataFrame:
    """The number ledger of one plan in the order of the text."""
    return fetch(release, NUMBERS, [document_id])


@per_release(max_entries=32)
def changes(release: Release, document_id: str) -> pl.DataFrame:
    """What became of each promise since the edition or the year before; no row where there is no earlier plan."""
    return fetch(release, CHANGES, [document_id])
