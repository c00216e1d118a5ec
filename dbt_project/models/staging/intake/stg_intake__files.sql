with source as (

    select * from {{ source('raw', 'intake__files') }}

),

final as (

    select
        file_id,
        sha256,
        file_name,
        file_kind,
        size_bytes,
        received_at,
        file_state,
        reason,
        form_code
    from source

)

select * from final
