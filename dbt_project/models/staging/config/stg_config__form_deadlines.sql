with source as (

    select * from {{ source('raw', 'config__form_deadlines') }}

),

final as (

    select
        form_code,
        period_start_date,
        due_date,
        lock_date,
        reason
    from source

)

select * from final
