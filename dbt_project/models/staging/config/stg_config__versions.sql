with source as (

    select * from {{ source('raw', 'config__versions') }}

),

final as (

    select
        version_no,
        applied_at,
        applied_by,
        reason,
        digest,
        restored_version_no,
        is_current
    from source

)

select * from final
