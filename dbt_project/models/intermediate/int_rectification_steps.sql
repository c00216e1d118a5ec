-- every standing act on a rectification in order, with the stage it leads to
with final as (

    select
        subject_key as rectification_key,
        event_no,
        event_type,
        case event_type
            when 'rectification.opened' then '自查'
            when 'rectification.cause_set' then '差距'
            when 'rectification.measures_set' then '措施'
            when 'rectification.reported' then '进展'
            when 'rectification.checked' then '复核'
            when 'rectification.closed' then '销号'
            when 'rectification.reopened' then '重新整改'
        end as step_name,
        case
            when event_type = 'rectification.opened' then '自查'
            when event_type in ('rectification.cause_set', 'rectification.reopened') then '差距'
            when event_type = 'rectification.measures_set' then '措施'
            when event_type = 'rectification.checked' and {{ json_text('payload', 'result') }} = '通过' then '复核'
            when event_type = 'rectification.checked' then '措施'
            when event_type = 'rectification.closed' then '销号'
        end as stage,
        coalesce(
            {{ json_date('payload', 'report_date') }},
            {{ json_date('payload', 'checked_date') }},
            {{ json_date('payload', 'closed_date') }},
            {{ bureau_date('occurred_at') }}
        ) as step_date,
        coalesce(
            {{ json_text('payload', 'cause') }},
            {{ json_text('payload', 'measures') }},
            {{ json_text('payload', 'progress') }},
            concat_ws('：', {{ json_text('payload', 'result') }}, {{ json_text('payload', 'note') }})
        ) as step_text,
        {{ json_text('payload', 'evidence') }} as evidence,
        {{ json_date('payload', 'due_date') }} as due_date,
        payload,
        actor,
        reason,
        occurred_at
    from {{ ref('int_events_standing') }}
    where event_type like 'rectification.%'

)

select * from final
