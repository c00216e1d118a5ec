with source as (

    select * from {{ source('raw', 'config__users') }}

),

final as (

    select
        user_name,
        display_name,
        role,
        region_code
    from source

)

select * from final
