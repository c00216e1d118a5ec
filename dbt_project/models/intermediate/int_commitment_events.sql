-- standing acts on commitments, each with the commitment it is about as the plans are read now
with final as (

    select
        named.commitment_id,
        events.event_no,
        events.event_type,
        events.payload,
        events.actor,
        events.reason,
        events.occurred_at
    from {{ ref('int_events_standing') }} as events
    inner join {{ ref('int_event_commitments') }} as named on events.event_no = named.event_no and named.role = ''
    where events.subject_type = 'commitment'

)

select * from final
