with source as (

    select * from {{ source('raw', 'config__light_presets') }}

),

final as (

    select
        preset_name,
        yellow_from_lag,
        red_above_lag,
        is_default
    from source

)

select * from final
