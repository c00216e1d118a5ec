with source as (

    select * from {{ source('raw', 'config__calendar_days') }}

),

final as (

    select
        calendar_date,
        day_type,
        day_name
    from source

)

select * from final
