with source as (

    select * from {{ source('raw', 'plans__documents') }}

),

final as (

    select
        document_id,
        file_id,
        file_name,
        document_format,
        title,
        region_code,
        plan_year,
        text,
        text_sha256
    from source

)

select * from final
