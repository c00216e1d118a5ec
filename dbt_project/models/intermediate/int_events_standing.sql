-- events that nobody has taken back; taking back an undo restores what it had taken back
with events as (

    select * from {{ ref('stg_registry__events') }}

),

standing_undos as (

    select undos.undoes_event_no
    from events as undos
    left join events as redos on undos.event_no = redos.undoes_event_no
    where undos.undoes_event_no is not null and redos.event_no is null

),

final as (

    select events.*
    from events
    left join standing_undos on events.event_no = standing_undos.undoes_event_no
    where standing_undos.undoes_event_no is null and events.undoes_event_no is null

)

select * from final
