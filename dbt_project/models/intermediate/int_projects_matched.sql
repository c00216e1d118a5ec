-- named projects with the latest report of the same name in the region, and the day by which each stage was reached
with projects as (

    select
        projects.commitment_id,
        projects.project_no,
        projects.project_name,
        {{ name_key('projects.project_name') }} as project_key,
        commitments.region_code,
        commitments.milestone as required_stage,
        commitments.deadline_date
    from {{ ref('stg_plans__commitment_projects') }} as projects
    inner join {{ ref('fct_commitments') }} as commitments on projects.commitment_id = commitments.commitment_id
    where commitments.kind in ('milestone', 'count')

),

entries as (

    select
        entries.*,
        descended.ancestor_region_code
    from {{ ref('int_record_entries') }} as entries
    inner join {{ ref('int_regions_descended') }} as descended
        on entries.region_code = descended.descendant_region_code
    where entries.form_code = 'projects' and entries.is_latest

),

final as (

    select
        projects.*,
        entries.reporter_code,
        entries.record_key,
        entries.period_start_date,
        entries.file_id,
        entries.sheet_no,
        entries.row_no,
        entries.evidence,
        -- a later stage proves the earlier ones, so each stage was reached by the first date from it on
        least(
            entries.preliminary_date, entries.start_date, entries.topped_out_date, entries.completed_date,
            entries.opened_date
        ) as preliminary_by,
        least(entries.start_date, entries.topped_out_date, entries.completed_date, entries.opened_date) as started_by,
        least(entries.topped_out_date, entries.completed_date, entries.opened_date) as topped_out_by,
        least(entries.completed_date, entries.opened_date) as completed_by,
        entries.opened_date as opened_by
    from projects
    left join entries
        on projects.region_code = entries.ancestor_region_code and projects.project_key = entries.record_name_key
    qualify row_number() over (
        partition by projects.commitment_id, projects.project_no
        order by entries.period_start_date desc nulls last, entries.reporter_code, entries.record_key
    ) = 1

)

select * from final
