with source as (

    select * from {{ source('raw', 'plans__conflicts') }}

),

final as (

    select
        document_id,
        commitment_id,
        other_commitment_id,
        reason
    from source

)

select * from final
