with source as (

    select * from {{ source('raw', 'plans__editions') }}

),

final as (

    select
        document_id,
        earlier_document_id,
        relation,
        title_score,
        shared_share
    from source

)

select * from final
