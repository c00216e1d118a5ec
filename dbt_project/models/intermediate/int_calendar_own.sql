-- entries that people wrote into the calendar 行事历, as last stated
with stated as (

    select *
    from {{ ref('int_events_standing') }}
    where event_type in ('calendar.added', 'calendar.changed', 'calendar.removed')
    qualify row_number() over (partition by subject_key order by event_no desc) = 1

),

commitments as (

    select event_no, min(commitment_id) as commitment_id
    from {{ ref('int_event_commitments') }}
    where role = ''
    group by event_no

),

final as (

    select
        stated.subject_key as entry_key,
        {{ json_text('stated.payload', 'matter') }} as matter,
        {{ json_date('stated.payload', 'entry_date') }} as entry_date,
        {{ json_text('stated.payload', 'date_precision') }} as date_precision,
        {{ json_date('stated.payload', 'end_date') }} as end_date,
        {{ json_text('stated.payload', 'unit_code') }} as unit_code,
        {{ json_text('stated.payload', 'region_code') }} as region_code,
        {{ json_text('stated.payload', 'task_key') }} as task_key,
        {{ json_text('stated.payload', 'note') }} as note,
        commitments.commitment_id
    from stated
    left join commitments on stated.event_no = commitments.event_no
    where stated.event_type != 'calendar.removed'

)

select * from final
