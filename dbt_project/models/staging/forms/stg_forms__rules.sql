with source as (

    select * from {{ source('raw', 'forms__rules') }}

),

final as (

    select
        form_code,
        rule_code,
        severity,
        kind,
        element_code,
        other_form_code,
        other_element_code,
        percent,
        least,
        score_limit,
        least_periods,
        message,
        fix,
        is_active,
        is_across_files
    from source

)

select * from final
