with source as (

    select * from {{ source('raw', 'plans__links') }}

),

final as (

    select
        commitment_id,
        document_id,
        indicator_code,
        link_method,
        link_score,
        explanation
    from source

)

select * from final
