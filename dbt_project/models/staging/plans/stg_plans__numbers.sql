with source as (

    select * from {{ source('raw', 'plans__numbers') }}

),

final as (

    select
        document_id,
        start_offset,
        end_offset,
        number_text,
        label,
        commitment_id
    from source

)

select * from final
