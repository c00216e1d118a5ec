with source as (

    select * from {{ source('raw', 'forms__elements') }}

),

final as (

    select
        form_code,
        element_code,
        element_name,
        data_type,
        unit,
        case behaviour when '存量' then 'stock' when '流量' then 'flow' when '累计' then 'cumulative' when '调查' then 'survey' else behaviour end
            as behaviour,
        is_key
    from source

)

select * from final
