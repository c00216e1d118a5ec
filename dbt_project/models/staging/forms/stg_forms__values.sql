with source as (

    select * from {{ source('raw', 'forms__values') }}

),

final as (

    select
        file_id,
        sheet_no,
        row_no,
        column_no,
        form_code,
        reporter_code,
        period_start_date,
        record_key,
        element_code,
        value_number,
        value_text,
        missing_reason,
        raw_text
    from source

)

select * from final
