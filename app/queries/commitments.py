"""What was promised and where it stands: one wide frame that every page filters, what changed, the document.

The frame is a few hundred rows: pages filter it in memory, so that a filter costs no query.
"""

from __future__ import annotations

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

STANDINGS = """
with projects as (
    select
        commitment_id,
        count(*) as project_count,
        arg_min(project_name, project_no) as first_project
    from fct_milestones
    group by commitment_id
)
select
    a.commitment_id, a.document_id, a.region_code, a.kind, a.light, a.status, a.reason, a.is_root,
    a.root_commitment_id, a.evaluation_date, a.deadline_date,
    cast(a.deadline_date - a.evaluation_date as integer) as days_left,
    a.judged_operator, cast(a.target_value as double) as target_value,
    cast(a.target_high_value as double) as target_high_value, a.unit,
    cast(a.baseline_value as double) as baseline_value, cast(a.actual_value as double) as actual_value,
    cast(a.actual_numerator as double) as numerator, cast(a.actual_denominator as double) as denominator,
    a.display_value, a.edge_note, a.period_start_date, a.counted_count, a.expected_count, a.is_met,
    case when a.actual_value is not null and a.target_value is not null or a.kind in ('milestone', 'deliverable')
        then cast(a.progress_pct as double) end as progress_pct,
    case when a.actual_value is not null and a.target_value is not null or a.kind in ('milestone', 'deliverable')
        then cast(a.expected_pct as double) end as expected_pct,
    cast(a.lag as double) as lag,
    c.quote, c.start_offset, c.end_offset, c.number_text, c.number_start, c.number_end, c.item_path, c.item_heading,
    c.locator, c.indicator, c.indicator_code, c.operator, cast(c.target_value as double) as stated_value,
    cast(c.target_high_value as double) as stated_high_value, c.unit as stated_unit, c.milestone, c.output,
    c.stated_count, c.review_state, c.strength, c.link_method,
    projects.project_count, projects.first_project,
    i.indicator_name, i.definition, i.source_form, f.form_name, f.frequency,
    coalesce(u.unit_name, nullif(c.responsible_unit, ''), nullif(i.responsible_unit, '')) as owner,
    coalesce(
        owners.unit_source, case when coalesce(c.responsible_unit, '') != '' then '原文写明'
            when coalesce(i.responsible_unit, '') != '' then '按指标卡' end
    ) as owner_source,
    owners.unit_code as owner_code,
    r.region_name, d.title as document_title, d.plan_year, d.file_name as document_file
from fct_attainments as a
inner join fct_commitments as c on a.commitment_id = c.commitment_id
inner join dim_documents as d on a.document_id = d.document_id
left join dim_indicators as i on a.indicator_code = i.indicator_code
left join dim_forms as f on i.source_form = f.form_code
left join dim_regions as r on a.region_code = r.region_code
left join projects on a.commitment_id = projects.commitment_id
left join bridge_commitment_units as owners on a.commitment_id = owners.commitment_id
left join dim_units as u on owners.unit_code = u.unit_code
where a.evaluation_date = (select max(evaluation_date) from fct_attainments)
order by d.region_code, c.document_id, c.start_offset, c.commitment_id
"""

CHANGES = """
select
    commitment_id, from_release_seq, from_evaluation_date, from_light, to_light, from_status, to_status,
    cast(from_value as double) as from_value, cast(to_value as double) as to_value, cause
from fct_light_changes
order by position(coalesce(to_light, '') in '红黄绿蓝灰'), commitment_id
"""


# the months a figure went through until it was judged, as the chart of 目标详情 has them
COURSES = """
select
    a.commitment_id,
    list(cast(months.indicator_value as double) order by months.period_start_date) as course
from fct_attainments as a
inner join fct_indicator_values as months
    on a.indicator_code = months.indicator_code and a.region_code = months.region_code
where a.evaluation_date = (select max(evaluation_date) from fct_attainments)
    and months.indicator_value is not null
    and months.period_start_date <= least(coalesce(a.deadline_date, a.evaluation_date), a.evaluation_date)
group by a.commitment_id
"""


@per_release(max_entries=8)
def standings(release: Release) -> pl.DataFrame:
    """Every commitment with its place in the text, its figures, its light and who answers for it."""
    return fetch(release, STANDINGS)


@per_release(max_entries=8)
def courses(release: Release) -> dict[str, list[float]]:
    """commitment_id → the figures of its indicator month by month; commitments without an indicator have none."""
    return dict(fetch(release, COURSES).iter_rows())


@per_release(max_entries=8)
def light_changes(release: Release) -> pl.DataFrame:
    """Lights that differ from the release before, each with its cause."""
    return fetch(release, CHANGES)


@per_release(max_entries=32)
def document_text(release: Release, document_id: str) -> str:
    """The decoded text of one plan; offsets of commitments index into it."""
    rows = fetch(release, "select document_text from dim_documents where document_id = ?", [document_id])
    return rows.item() if rows.height else ""
