"""What was promised and where it stands: one wide frame that every page filters, what changed, the document.

The frame is a few hundred rows: pages filter it in memory, so that a filter costs no query.
"""

from __future__ import annotations

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

NAME_KEY = """regexp_replace(translate({0}, '（）', '()'), '[\\s　《》“”"]', '', 'g')"""

STANDINGS = f"""
with projects as (
    select
        commitment_id,
        count(*) as project_count,
        arg_min(project_name, project_no) as first_project,
        arg_min(reporter_code, project_no) filter (where reporter_code is not null) as reporter_code
    from fct_milestones
    group by commitment_id
),
matters as (
    select distinct {NAME_KEY.format("record_key")} as matter_key, region_code, reporter_code
    from fct_actuals
    where form_code = 'ledger'
),
outputs as (
    select commitments.commitment_id, min(matters.reporter_code) as reporter_code
    from fct_commitments as commitments
    inner join bridge_region_descendants as scope on scope.ancestor_region_code = commitments.region_code
    inner join matters
        on matters.region_code = scope.descendant_region_code
        and matters.matter_key = {NAME_KEY.format("commitments.output")}
    group by commitments.commitment_id
),
-- who leads its task, as the warehouse scores it; two tasks of one commitment go to the first unit by code
leads as (
    select tasks.commitment_id, arg_min(units.unit_name, units.unit_code) as unit_name
    from fct_tasks as tasks
    inner join dim_units as units on tasks.lead_unit_code = units.unit_code
    group by tasks.commitment_id
),
-- the bureau's own section of that name, where it has one: 人事科 is 台州市教育局人事科 in 台州市
sections as (
    select
        commitments.commitment_id,
        min(units.unit_name) as unit_name
    from fct_commitments as commitments
    left join dim_indicators as cards on commitments.indicator_code = cards.indicator_code
    inner join dim_units as units
        on units.region_code = commitments.region_code
        and ends_with(
            units.unit_name, coalesce(nullif(commitments.responsible_unit, ''), nullif(cards.responsible_unit, ''))
        )
    group by commitments.commitment_id
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
    coalesce(
        leads.unit_name, sections.unit_name, nullif(c.responsible_unit, ''), nullif(i.responsible_unit, ''), u.unit_name
    ) as owner,
    case
        when leads.unit_name is not null then '按任务牵头'
        when nullif(c.responsible_unit, '') is not null then '原文写明'
        when nullif(i.responsible_unit, '') is not null then '按指标卡'
        when u.unit_name is not null then '按报送单位'
    end as owner_source,
    r.region_name, d.title as document_title, d.plan_year, d.file_name as document_file
from fct_attainments as a
inner join fct_commitments as c on a.commitment_id = c.commitment_id
inner join dim_documents as d on a.document_id = d.document_id
left join dim_indicators as i on a.indicator_code = i.indicator_code
left join dim_forms as f on i.source_form = f.form_code
left join dim_regions as r on a.region_code = r.region_code
left join projects on a.commitment_id = projects.commitment_id
left join leads on a.commitment_id = leads.commitment_id
left join sections on a.commitment_id = sections.commitment_id
left join outputs on a.commitment_id = outputs.commitment_id
left join dim_units as u on coalesce(projects.reporter_code, outputs.reporter_code) = u.unit_code
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


@per_release(max_entries=8)
def standings(release: Release) -> pl.DataFrame:
    """Every commitment with its place in the text, its figures, its light and who answers for it."""
    return fetch(release, STANDINGS)


@per_release(max_entries=8)
def light_changes(release: Release) -> pl.DataFrame:
    """Lights that differ from the release before, each with its cause."""
    return fetch(release, CHANGES)


@per_release(max_entries=32)
def document_text(release: Release, document_id: str) -> str:
    """The decoded text of one plan; offsets of commitments index into it."""
    rows = fetch(release, "select document_text from dim_documents where document_id = ?", [document_id])
    return rows.item() if rows.height else ""
