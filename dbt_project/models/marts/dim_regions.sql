-- regions as they stand on the evaluation date, else as they last stood
with final as (

    select
        regions.region_code,
        regions.region_name,
        regions.parent_region_code,
        regions.region_level,
        regions.valid_from_date,
        regions.valid_to_date,
        coalesce(regions.valid_to_date >= {{ evaluation_date() }}, true) as is_valid
    from {{ ref('stg_config__regions') }} as regions
    qualify row_number() over (
        partition by regions.region_code
        order by
            case when coalesce(regions.valid_from_date, date '1900-01-01') <= {{ evaluation_date() }} then 0 else 1 end,
            regions.valid_from_date desc nulls last
    ) = 1

)

select * from final
