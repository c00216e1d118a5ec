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
    -- one row a unit, however often it was stated anew: as it stands on the evaluation date, else as it last stood
    qualify row_number() over (
        partition by unit_code
        order by
            case when coalesce(valid_from_date, date '1900-01-01') <= {{ evaluation_date() }} then 0 else 1 end,
            valid_from_date desc nulls last
    ) = 1

),

final as (

    select * from schools
    union all
    select * from units

)

select * from final
