with source as (

    select * from {{ source('raw', 'ledger__attainments') }}

),

final as (

    select
        release_seq,
        published_at,
        evaluation_date,
        commitment_id,
        light,
        status,
        reason,
        attained_value,
        target_value,
        progress_pct,
        lag
    from source

)

select * from final
