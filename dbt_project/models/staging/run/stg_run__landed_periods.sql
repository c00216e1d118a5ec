with source as (

    select * from {{ source('raw', 'run__landed_periods') }}

),

final as (

    select
        period_start_date,
        landed_digest
    from source

)

select * from final
