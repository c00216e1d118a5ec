with source as (

    select * from {{ source('raw', 'config__schools') }}

),

final as (

    select
        school_code,
        school_name,
        region_code,
        stage,
        sector,
        is_rural,
        opened_date,
        closed_date,
        pupils_registered,
        aliases,
        renamed_date,
        merged_into_code
    from source

)

select * from final
