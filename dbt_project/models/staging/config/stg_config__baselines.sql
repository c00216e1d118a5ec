with source as (

    select * from {{ source('raw', 'config__baselines') }}

),

final as (

    select
        indicator_code,
        region_code,
        reference,
        period_start_date,
        numerator_value,
        denominator_value,
        value,
        definition_version,
        source_document,
        approved_by
    from source

)

select * from final
