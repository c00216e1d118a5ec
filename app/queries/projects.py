"""Named projects of the plans with the day each node was reached, as reported; the verdict is the mart's."""

from __future__ import annotations

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

PROJECTS = """
with dates as (
    select
        reporter_code, record_key, period_start_date,
        max(value_text) filter (where element_code = 'preliminary_date') as preliminary_date,
        max(value_text) filter (where element_code = 'start_date') as start_date,
        max(value_text) filter (where element_code = 'topped_out_date') as topped_out_date,
        max(value_text) filter (where element_code = 'completed_date') as completed_date,
        max(value_text) filter (where element_code = 'opened_date') as opened_date
    from fct_actuals
    where form_code = 'projects'
    group by all
)
select
    milestones.commitment_id, milestones.project_no, milestones.project_name, milestones.required_stage,
    milestones.deadline_date, milestones.is_reported, milestones.is_reached, milestones.reached_date,
    milestones.late_days, milestones.evidence, milestones.period_start_date,
    cast(milestones.deadline_date - attainments.evaluation_date as integer) as days_left,
    dates.preliminary_date, dates.start_date, dates.topped_out_date, dates.completed_date, dates.opened_date,
    units.unit_name as reporter_name, commitments.document_id, regions.region_name, documents.plan_year,
    documents.region_code, documents.file_name as document_file
from fct_milestones as milestones
inner join fct_commitments as commitments on milestones.commitment_id = commitments.commitment_id
inner join dim_documents as documents on commitments.document_id = documents.document_id
inner join fct_attainments as attainments on milestones.commitment_id = attainments.commitment_id
left join dim_regions as regions on documents.region_code = regions.region_code
left join dim_units as units on milestones.reporter_code = units.unit_code
left join dates
    on milestones.reporter_code = dates.reporter_code
    and milestones.record_key = dates.record_key
    and milestones.period_start_date = dates.period_start_date
where commitments.kind = 'milestone'
    and attainments.is_root
    and attainments.evaluation_date = (select max(evaluation_date) from fct_attainments)
order by milestones.deadline_date, documents.region_code, milestones.project_name
"""


@per_release(max_entries=8)
def projects(release: Release) -> pl.DataFrame:
    """A row a promised milestone and named project; dates of nodes are ISO text, null where not reached."""
    return fetch(release, PROJECTS)
