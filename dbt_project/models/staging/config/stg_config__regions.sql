with source as (

    select * from {{ source('raw', 'config__regions') }}

),

final as (

    select
        region_code,
        region_name,
        parent_region_code,
        region_level,
        valid_from_date,
        valid_to_date
    from source

)

select * from final
