with source as (

    select * from {{ source('raw', 'config__indicators') }}

),

final as (

    select
        indicator_code,
        indicator_name,
        aliases,
        scope_region_code,
        definition,
        definition_version,
        aggregation,
        source_form,
        numerator,
        denominator,
        stages,
        sectors,
        numerator_sectors,
        is_rural,
        meeting_threshold,
        matter_name,
        unit,
        case when direction in ('lower', 'down', '越低越好', '逆向', '反向') then 'lower' else 'higher' end as direction,
        baseline_reference,
        max_age_days,
        responsible_unit,
        valid_from_date,
        valid_to_date,
        multiplier,
        weight,
        window_from_month,
        window_to_month,
        baseline_year,
        cast(tolerance_pct as decimal(24, 6)) as declared_tolerance_pct
    from source

)

select * from final
