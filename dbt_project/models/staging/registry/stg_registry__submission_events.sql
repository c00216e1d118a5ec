with source as (

    select * from {{ source('raw', 'registry__submission_events') }}

),

final as (

    select
        event_no,
        event_type,
        subject_key,
        payload,
        actor,
        reason,
        occurred_at,
        undoes_event_no
    from source

)

select * from final
