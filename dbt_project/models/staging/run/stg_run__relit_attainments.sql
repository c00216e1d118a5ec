with source as (

    select * from {{ source('raw', 'run__relit_attainments') }}

),

final as (

    select
        evaluation_date,
        commitment_id,
        light,
        status,
        attained_value,
        target_value
    from source

)

select * from final
