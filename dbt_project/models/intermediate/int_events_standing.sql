-- events that nobody has taken back; taking back an undo restores what it had taken back
-- (anti joins on purpose: two chained left joins with `is null` lost rows on duckdb 2.0.0, November 2026)
with events as (

    select * from {{ ref('stg_registry__events') }}

),

undos as (

    select
        event_no as undo_no,
        undoes_event_no
    from events
    where undoes_event_no is not null

),

standing_undos as (

    select undos.undoes_event_no
    from undos
    anti join undos as redos on undos.undo_no = redos.undoes_event_no

),

final as (

    select events.*
    from events
    anti join standing_undos on events.event_no = standing_undos.undoes_event_no
    where events.undoes_event_no is null

)

select * from final
