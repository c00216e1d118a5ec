-- everyone who reports: schools by their stage, units of the bureau
with schools as (

    select
        school_code as reporter_code,
        school_name as reporter_name,
        'school' as reporter_type,
        region_code,
        stage,
        sector,
        is_rural,
        opened_date,
        closed_date
    from {{ ref('stg_config__schools') }}

),

units as (

    select
        unit_code as reporter_code,
        unit_name as reporter_name,
        'unit' as reporter_type,
        region_code,
        cast(null as string) as stage,
        cast(null as string) as sector,
        cast(null as boolean) as is_rural,
        cast(null as date) as opened_date,
        cast(null as date) as closed_date
    from {{ ref('stg_config__units') }}

),

final as (

    select * from schools
    union all
    select * from units

)

select * from final
