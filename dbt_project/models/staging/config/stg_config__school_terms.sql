with source as (

    select * from {{ source('raw', 'config__school_terms') }}

),

final as (

    select
        school_year,
        term_name,
        start_date,
        end_date
    from source

)

select * from final
