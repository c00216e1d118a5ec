with source as (

    select * from {{ source('raw', 'config__units') }}

),

final as (

    select
        unit_code,
        unit_name,
        unit_type,
        region_code,
        parent_unit_code,
        aliases,
        valid_from_date,
        valid_to_date
    from source

)

select * from final
