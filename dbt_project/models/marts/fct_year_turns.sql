-- years that people closed and opened: which release was sealed, what was carried over, which baselines came in
with acts as (

    select
        try_cast(subject_key as integer) as calendar_year,
        event_no,
        event_type,
        payload,
        actor,
        occurred_at
    from {{ ref('int_events_standing') }}
    where event_type in ('year.closed', 'year.opened')

),

closed as (

    select *
    from acts
    where event_type = 'year.closed'
    qualify row_number() over (partition by calendar_year order by event_no desc) = 1

),

opened as (

    select *
    from acts
    where event_type = 'year.opened'
    qualify row_number() over (partition by calendar_year order by event_no desc) = 1

),

final as (

    select
        coalesce(closed.calendar_year, opened.calendar_year) as calendar_year,
        opened.event_no is not null as is_opened,
        opened.actor as opened_by,
        opened.occurred_at as opened_at,
        try_cast({{ json_text('opened.payload', 'baseline_count') }} as integer) as baseline_count,
        closed.event_no is not null as is_closed,
        closed.actor as closed_by,
        closed.occurred_at as closed_at,
        try_cast({{ json_text('closed.payload', 'release_sequence') }} as integer) as sealed_release_seq,
        {{ json_text('closed.payload', 'release_checksum') }} as release_checksum,
        {{ json_date('closed.payload', 'evaluation_date') }} as closed_evaluation_date,
        try_cast({{ json_text('closed.payload', 'carried_commitment_count') }} as integer) as carried_commitment_count,
        try_cast({{ json_text('closed.payload', 'carried_task_count') }} as integer) as carried_task_count
    from closed
    full outer join opened on closed.calendar_year = opened.calendar_year

)

select * from final
