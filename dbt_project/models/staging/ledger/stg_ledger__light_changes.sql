with source as (

    select * from {{ source('raw', 'ledger__light_changes') }}

),

final as (

    select
        release_seq,
        published_at,
        commitment_id,
        change_no,
        changed_date,
        from_release_seq,
        from_evaluation_date,
        from_light,
        to_light,
        from_status,
        to_status,
        from_value,
        to_value,
        cause
    from source

)

select * from final
