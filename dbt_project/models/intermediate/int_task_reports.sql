-- the last word on each task by the evaluation date: what its unit reported, whether it was accepted or sent back
with acts as (

    select
        event_no,
        event_type,
        subject_key as task_key,
        payload,
        actor,
        coalesce(
            {{ json_date('payload', 'report_date') }},
            {{ json_date('payload', 'accepted_date') }},
            {{ json_date('payload', 'returned_date') }}
        ) as act_date
    from {{ ref('int_events_standing') }}
    where event_type in ('task.reported', 'task.accepted', 'task.returned')

),

dated as (

    select * from acts
    where act_date <= {{ evaluation_date() }}

),

final as (

    select
        task_key,
        max_by(event_type, event_no) as last_act,
        max_by({{ json_text('payload', 'status') }}, event_no) filter (where event_type = 'task.reported')
            as reported_status,
        max_by({{ json_number('payload', 'progress_pct') }}, event_no) filter (where event_type = 'task.reported')
            as progress_pct,
        max_by(act_date, event_no) filter (where event_type = 'task.reported') as report_date,
        max_by(actor, event_no) filter (where event_type = 'task.reported') as reported_by,
        max_by({{ json_text('payload', 'evidence') }}, event_no) filter (where event_type = 'task.reported')
            as evidence,
        max_by({{ json_text('payload', 'note') }}, event_no) as last_note,
        max_by(act_date, event_no) filter (where event_type = 'task.accepted') as accepted_date,
        max_by(actor, event_no) filter (where event_type = 'task.accepted') as accepted_by,
        max_by(act_date, event_no) filter (where event_type = 'task.returned') as returned_date,
        max_by({{ json_date('payload', 'redo_due_date') }}, event_no) filter (where event_type = 'task.returned')
            as redo_due_date
    from dated
    group by task_key

)

select * from final
