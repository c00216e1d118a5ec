with source as (

    select * from {{ source('raw', 'config__exemptions') }}

),

final as (

    select
        form_code,
        reporter_code,
        period_start_date,
        reason
    from source

)

select * from final
