with source as (

    select * from {{ source('raw', 'config__target_sets') }}

),

final as (

    select
        set_code,
        set_name,
        source,
        item_no,
        item_name,
        stage,
        indicator_code,
        cv_indicator_code,
        operator,
        threshold,
        cv_limit,
        required_count,
        floor_pct,
        valid_from_date,
        valid_to_date
    from source

)

select * from final
