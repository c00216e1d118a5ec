-- rectification 自查 → 差距 → 措施 → 复核 → 销号: one row a matter, with the gap it was opened on and how it stands
with steps as (

    select * from {{ ref('int_rectification_steps') }}

),

opened as (

    select *
    from steps
    where event_type = 'rectification.opened'
    qualify row_number() over (partition by rectification_key order by event_no desc) = 1

),

commitments as (

    select event_no, min(commitment_id) as commitment_id
    from {{ ref('int_event_commitments') }}
    where role = ''
    group by event_no

),

reopened as (

    select rectification_key, max(event_no) as reopened_no
    from steps
    where event_type = 'rectification.reopened'
    group by rectification_key

),

standing as (

    select
        steps.rectification_key,
        max_by(steps.stage, steps.event_no) filter (where steps.stage is not null) as stage,
        max_by(steps.due_date, steps.event_no) filter (where steps.due_date is not null) as due_date,
        max_by({{ json_text('steps.payload', 'person') }}, steps.event_no)
        filter (where steps.event_type in ('rectification.opened', 'rectification.measures_set')) as person,
        max_by(steps.step_text, steps.event_no) filter (where steps.event_type = 'rectification.cause_set') as cause,
        max_by(steps.step_text, steps.event_no) filter (where steps.event_type = 'rectification.measures_set')
            as measures,
        max_by(steps.step_text, steps.event_no) filter (where steps.event_type = 'rectification.reported' and is_new)
            as last_progress,
        max(steps.step_date) filter (where steps.event_type = 'rectification.reported' and is_new)
            as last_report_date,
        max_by({{ json_text('steps.payload', 'result') }}, steps.event_no)
        filter (where steps.event_type = 'rectification.checked' and is_new) as check_result,
        max(steps.step_date) filter (where steps.event_type = 'rectification.checked' and is_new) as checked_date,
        max(steps.step_date) filter (where steps.event_type = 'rectification.closed' and is_new) as closed_date,
        cast(count(*) as integer) as step_count
    from (
        select steps.*, steps.event_no > coalesce(reopened.reopened_no, 0) as is_new
        from steps
        left join reopened on steps.rectification_key = reopened.rectification_key
    ) as steps
    group by steps.rectification_key

),

final as (

    select
        opened.rectification_key,
        commitments.commitment_id,
        {{ json_text('opened.payload', 'plan') }} as plan_name,
        {{ json_text('opened.payload', 'quote') }} as quote,
        {{ json_text('opened.payload', 'unit_code') }} as unit_code,
        standing.person,
        standing.stage,
        standing.due_date,
        standing.cause,
        standing.measures,
        standing.last_progress,
        standing.last_report_date,
        standing.check_result,
        standing.checked_date,
        standing.closed_date,
        standing.stage = '销号' as is_closed,
        standing.stage != '销号' and coalesce(standing.due_date < {{ evaluation_date() }}, false) as is_overdue,
        {{ late_days('standing.due_date', 'standing.closed_date') }} as late_days,
        {{ json_text('opened.payload', 'light') }} as opened_light,
        {{ json_text('opened.payload', 'status') }} as opened_status,
        {{ json_number('opened.payload', 'target_value') }} as opened_target_value,
        {{ json_number('opened.payload', 'attained_value') }} as opened_attained_value,
        {{ json_number('opened.payload', 'gap') }} as opened_gap,
        {{ json_text('opened.payload', 'unit') }} as unit,
        {{ json_date('opened.payload', 'evaluation_date') }} as opened_evaluation_date,
        try_cast({{ json_text('opened.payload', 'release_sequence') }} as integer) as opened_release_seq,
        opened.occurred_at as opened_at,
        opened.actor as opened_by,
        standing.step_count
    from opened
    inner join standing on opened.rectification_key = standing.rectification_key
    left join commitments on opened.event_no = commitments.event_no

)

select * from final
