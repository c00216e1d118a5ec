-- the last word on each commitment; events follow (document, quote, number) when re-extraction gave a new id
with commitments as (

    select
        commitments.commitment_id,
        commitments.quote,
        coalesce(commitments.number_text, '') as number_text,
        documents.document_id,
        documents.file_name,
        documents.title
    from {{ ref('stg_plans__commitments') }} as commitments
    inner join {{ ref('stg_plans__documents') }} as documents on commitments.document_id = documents.document_id

),

events as (

    select
        event_no,
        event_type,
        subject_key,
        {{ json_text('payload', 'quote') }} as quote,
        coalesce({{ json_text('payload', 'number_text') }}, '') as number_text,
        {{ json_text('payload', 'plan') }} as plan,
        {{ json_text('payload', 'indicator_code') }} as indicator_code
    from {{ ref('int_events_standing') }}
    where event_type in ('commitment.confirmed', 'commitment.rejected', 'link.confirmed')

),

by_id as (

    select commitments.commitment_id, events.event_no, events.event_type, events.indicator_code
    from events
    inner join commitments on events.subject_key = commitments.commitment_id

),

by_words as (

    select commitments.commitment_id, events.event_no, events.event_type, events.indicator_code
    from events
    inner join commitments
        on events.quote = commitments.quote and events.number_text = commitments.number_text
    left join by_id on events.event_no = by_id.event_no
    where
        by_id.event_no is null
        and (
            events.plan is null
            or events.plan in (commitments.document_id, commitments.file_name, commitments.title)
        )

),

followed as (

    select * from by_id
    union all
    select * from by_words

),

final as (

    select
        commitment_id,
        max_by(event_type, event_no) filter (where event_type != 'link.confirmed') as last_review,
        max_by(indicator_code, event_no) filter (where event_type = 'link.confirmed') as confirmed_indicator_code
    from followed
    group by commitment_id

)

select * from final
