with source as (

    select * from {{ source('raw', 'plans__commitment_projects') }}

),

final as (

    select
        commitment_id,
        document_id,
        project_no,
        project_name
    from source

)

select * from final
