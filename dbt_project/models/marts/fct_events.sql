-- the whole log of people's acts, those taken back included: who did what, when and why
with events as (

    select * from {{ ref('stg_registry__events') }}

),

standing as (

    select event_no from {{ ref('int_events_standing') }}

),

undos as (

    select undoes_event_no, max(event_no) as undone_by_event_no
    from events
    where undoes_event_no is not null
    group by undoes_event_no

),

commitments as (

    select event_no, min(commitment_id) as commitment_id
    from {{ ref('int_event_commitments') }}
    where role = ''
    group by event_no

),

final as (

    select
        events.event_no,
        events.event_type,
        events.subject_type,
        events.subject_key,
        commitments.commitment_id,
        events.payload,
        {{ json_text('events.payload', 'act') }} as act_key,
        events.actor,
        events.reason,
        events.occurred_at,
        events.undoes_event_no,
        standing.event_no is null and events.undoes_event_no is null as is_undone,
        undos.undone_by_event_no
    from events
    left join standing on events.event_no = standing.event_no
    left join undos on events.event_no = undos.undoes_event_no
    left join commitments on events.event_no = commitments.event_no

)

select * from final
