with source as (

    select * from {{ source('raw', 'forms__sheets') }}

),

final as (

    select
        file_id,
        sheet_no,
        sheet_name,
        is_hidden,
        cells_received,
        cells_loaded,
        cells_quarantined,
        cells_ignored
    from source

)

select * from final
