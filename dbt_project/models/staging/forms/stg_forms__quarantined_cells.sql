with source as (

    select * from {{ source('raw', 'forms__quarantined_cells') }}

),

final as (

    select
        file_id,
        sheet_no,
        row_no,
        column_no,
        finding_id,
        raw_text
    from source

)

select * from final
