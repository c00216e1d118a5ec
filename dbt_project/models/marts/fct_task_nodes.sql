-- nodes of every task: what is to be reached by when, whether it was, on what evidence
with stated as (

    select *
    from {{ ref('int_events_standing') }}
    where event_type in ('node.set', 'node.removed')
    qualify row_number() over (partition by subject_key order by event_no desc) = 1

),

reported as (

    select
        subject_key,
        max_by({{ json_date('payload', 'done_date') }}, event_no) as done_date,
        max_by({{ json_text('payload', 'evidence') }}, event_no) as evidence,
        max_by({{ json_text('payload', 'note') }}, event_no) as note,
        max_by(actor, event_no) as reported_by
    from {{ ref('int_events_standing') }}
    where
        event_type = 'node.reported'
        and {{ json_date('payload', 'done_date') }} <= {{ evaluation_date() }}
    group by subject_key

),

nodes as (

    select
        tasks.task_key,
        cast({{ json_text('stated.payload', 'node_no') }} as integer) as node_no,
        tasks.commitment_id,
        tasks.lead_unit_code,
        {{ json_text('stated.payload', 'node_name') }} as node_name,
        {{ json_date('stated.payload', 'due_date') }} as due_date,
        {{ json_text('stated.payload', 'evidence_required') }} as evidence_required,
        reported.done_date,
        reported.evidence,
        reported.note,
        reported.reported_by
    from stated
    inner join {{ ref('int_tasks') }} as tasks on {{ json_text('stated.payload', 'task_key') }} = tasks.task_key
    left join reported on stated.subject_key = reported.subject_key
    where stated.event_type = 'node.set'

),

final as (

    select
        *,
        case
            when done_date is not null then '办结'
            when due_date < {{ evaluation_date() }} then '逾期'
            else '未到期'
        end as node_status,
        done_date is not null as is_done,
        {{ late_days('due_date', 'done_date') }} as late_days
    from nodes

)

select * from final
