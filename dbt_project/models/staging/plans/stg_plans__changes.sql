with source as (

    select * from {{ source('raw', 'plans__changes') }}

),

final as (

    select
        document_id,
        earlier_document_id,
        relation,
        change_no,
        commitment_id,
        earlier_commitment_id,
        change,
        value_change,
        deadline_change,
        match_score,
        explanation
    from source

)

select * from final
