-- appeals against deductions as they stand: the last filing of each, and the decision that followed it
with acts as (

    select * from {{ ref('int_events_standing') }}
    where event_type in ('appeal.filed', 'appeal.decided')

),

filed as (

    select *
    from acts
    where event_type = 'appeal.filed'
    qualify row_number() over (partition by subject_key order by event_no desc) = 1

),

decided as (

    select acts.*
    from acts
    inner join filed on acts.subject_key = filed.subject_key and acts.event_no > filed.event_no
    where acts.event_type = 'appeal.decided'
    qualify row_number() over (partition by acts.subject_key order by acts.event_no desc) = 1

),

final as (

    select
        filed.subject_key as appeal_key,
        {{ json_text('filed.payload', 'form_code') }} as form_code,
        {{ json_text('filed.payload', 'reporter_code') }} as unit_code,
        {{ json_date('filed.payload', 'period_start_date') }} as period_start_date,
        coalesce({{ json_text('decided.payload', 'result') }}, '待裁定') as appeal_state,
        {{ json_text('filed.payload', 'ground') }} as ground,
        {{ json_text('filed.payload', 'evidence') }} as evidence,
        filed.actor as filed_by,
        filed.occurred_at as filed_at,
        filed.event_no as filed_event_no,
        {{ json_text('decided.payload', 'opinion') }} as opinion,
        {{ json_date('decided.payload', 'decided_date') }} as decided_date,
        decided.actor as decided_by,
        decided.event_no as decided_event_no
    from filed
    left join decided on filed.subject_key = decided.subject_key

)

select * from final
