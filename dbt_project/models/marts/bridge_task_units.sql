-- who takes part in each task: the lead and the assisting units, and when each signed for it
with signed as (

    select
        subject_key as task_key,
        {{ json_text('payload', 'unit_code') }} as unit_code,
        max_by({{ json_date('payload', 'signed_date') }}, event_no) as signed_date
    from {{ ref('int_events_standing') }}
    where
        event_type = 'task.signed'
        and {{ json_date('payload', 'signed_date') }} <= {{ evaluation_date() }}
    group by subject_key, {{ json_text('payload', 'unit_code') }}

),

roles as (

    select tasks.task_key, units.unit_code, '牵头' as unit_role
    from {{ ref('int_tasks') }} as tasks
    inner join {{ ref('dim_units') }} as units on tasks.lead_unit_code = units.unit_code
    union all
    -- the payload's list of codes, as JSON text
    select tasks.task_key, units.unit_code, '配合' as unit_role
    from {{ ref('int_tasks') }} as tasks
    inner join {{ ref('dim_units') }} as units
        on
            instr(tasks.assisting_unit_codes, concat('"', units.unit_code, '"')) > 0
            and tasks.lead_unit_code != units.unit_code

),

final as (

    select
        roles.task_key,
        roles.unit_code,
        roles.unit_role,
        signed.signed_date,
        signed.signed_date is not null as is_signed
    from roles
    left join signed on roles.task_key = signed.task_key and roles.unit_code = signed.unit_code

)

select * from final
