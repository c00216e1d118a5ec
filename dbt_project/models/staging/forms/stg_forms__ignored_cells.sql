with source as (

    select * from {{ source('raw', 'forms__ignored_cells') }}

),

final as (

    select
        file_id,
        sheet_no,
        first_row_no,
        last_row_no,
        first_column_no,
        last_column_no,
        cell_count,
        ignored_reason
    from source

)

select * from final
