with source as (

    select * from {{ source('raw', 'config__progress_curves') }}

),

final as (

    select
        applies_to,
        shape,
        elapsed_pct,
        expected_pct
    from source

)

select * from final
