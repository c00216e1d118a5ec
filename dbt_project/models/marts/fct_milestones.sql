-- one row per milestone commitment and named project: the stage promised, whether and when it was reached, on what evidence
with staged as (

    select
        *,
        case required_stage
            when '前期' then preliminary_by
            when '开工' then started_by
            when '主体完工' then topped_out_by
            when '投用' then opened_by
            else completed_by
        end as reached_by,
        {{ milestone_nodes() }}
    from {{ ref('int_projects_matched') }}

),

final as (

    select
        commitment_id,
        project_no,
        project_name,
        required_stage,
        deadline_date,
        reporter_code,
        record_key,
        period_start_date,
        reporter_code is not null as is_reported,
        coalesce(reached_by <= {{ evaluation_date() }}, false) as is_reached,
        case when reached_by <= {{ evaluation_date() }} then reached_by end as reached_date,
        evidence,
        case
            when reached_by <= {{ evaluation_date() }}
                then greatest({{ days_between('deadline_date', 'reached_by') }}, 0)
            when deadline_date < {{ evaluation_date() }}
                then {{ days_between('deadline_date', evaluation_date()) }}
            else 0
        end as late_days,
        cast(nodes_reached as integer) as nodes_reached,
        cast(nodes_required as integer) as nodes_required,
        file_id,
        sheet_no,
        row_no
    from staged

)

select * from final
