with source as (

    select * from {{ source('raw', 'plans__outline_items') }}

),

final as (

    select
        document_id,
        item_no,
        parent_item_no,
        item_path,
        level,
        heading,
        start_offset,
        end_offset,
        locator
    from source

)

select * from final
