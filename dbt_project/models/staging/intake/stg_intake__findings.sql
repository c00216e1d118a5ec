with source as (

    select * from {{ source('raw', 'intake__findings') }}

),

final as (

    select
        finding_id,
        file_id,
        sheet_name,
        cell,
        raw_value,
        rule_code,
        severity,
        message,
        fix,
        form_code,
        reporter_code,
        period_start_date,
        element_code,
        cause_key
    from source

)

select * from final
