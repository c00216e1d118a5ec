with source as (

    select * from {{ source('raw', 'run__parameters') }}

),

final as (

    select evaluation_date
    from source

)

select * from final
