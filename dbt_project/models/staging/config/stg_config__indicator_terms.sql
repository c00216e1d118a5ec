with source as (

    select * from {{ source('raw', 'config__indicator_terms') }}

),

final as (

    select
        indicator_code,
        term_role,
        term_no,
        element_code,
        definition_version
    from source

)

select * from final
