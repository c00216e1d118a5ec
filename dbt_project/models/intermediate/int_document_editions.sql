-- from when to when an edition of a plan holds: until the day on which the next edition of it came in
with next_editions as (

    select editions.earlier_document_id as document_id, min(files.received_at) as replaced_at
    from {{ ref('stg_plans__editions') }} as editions
    inner join {{ ref('stg_plans__documents') }} as documents on editions.document_id = documents.document_id
    inner join {{ ref('stg_intake__files') }} as files on documents.file_id = files.file_id
    where editions.relation = 'edition'
    group by editions.earlier_document_id

),

first_days as (

    select editions.document_id, {{ bureau_date('min(files.received_at)') }} as valid_from_date
    from {{ ref('stg_plans__editions') }} as editions
    inner join {{ ref('stg_plans__documents') }} as documents on editions.document_id = documents.document_id
    inner join {{ ref('stg_intake__files') }} as files on documents.file_id = files.file_id
    where editions.relation = 'edition'
    group by editions.document_id

),

final as (

    select
        documents.document_id,
        -- the first edition has held ever since
        first_days.valid_from_date,
        {{ bureau_date('next_editions.replaced_at') }} as valid_to_date,
        (first_days.valid_from_date is null or first_days.valid_from_date <= {{ evaluation_date() }})
        and (
            next_editions.replaced_at is null
            or {{ bureau_date('next_editions.replaced_at') }} > {{ evaluation_date() }}
        ) as is_in_force
    from {{ ref('stg_plans__documents') }} as documents
    left join next_editions on documents.document_id = next_editions.document_id
    left join first_days on documents.document_id = first_days.document_id

)

select * from final
