{{ config(materialized='table') }}
-- tasks as last stated, the removed ones left out, each with the commitment it came from as plans are read now
with events as (

    select * from {{ ref('int_events_standing') }}
    where subject_type = 'task'

),

stated as (

    select *
    from events
    where event_type in ('task.created', 'task.changed', 'task.removed')
    qualify row_number() over (partition by subject_key order by event_no desc) = 1

),

created as (

    select subject_key, min(occurred_at) as created_at
    from events
    where event_type = 'task.created'
    group by subject_key

),

commitments as (

    select event_no, min(commitment_id) as commitment_id
    from {{ ref('int_event_commitments') }}
    where role = ''
    group by event_no

),

final as (

    select
        stated.subject_key as task_key,
        commitments.commitment_id,
        {{ json_text('stated.payload', 'task_name') }} as task_name,
        {{ json_text('stated.payload', 'lead_unit_code') }} as lead_unit_code,
        {{ json_text('stated.payload', 'assisting_unit_codes') }} as assisting_unit_codes,
        {{ json_text('stated.payload', 'person') }} as person,
        {{ json_date('stated.payload', 'due_date') }} as due_date,
        {{ json_text('stated.payload', 'origin_task_key') }} as origin_task_key,
        try_cast({{ json_text('stated.payload', 'task_year') }} as integer) as task_year,
        {{ json_text('stated.payload', 'plan') }} as plan_name,
        {{ json_text('stated.payload', 'quote') }} as quote,
        created.created_at,
        stated.event_no
    from stated
    left join created on stated.subject_key = created.subject_key
    left join commitments on stated.event_no = commitments.event_no
    where stated.event_type != 'task.removed'

)

select * from final
