{{ config(materialized='table') }}
-- the commitments that an event names: by id, and by (document, quote, number) where re-extraction gave a new id.
-- suffix '' is the commitment an event is about; root, whole and kept are the others that it may point to
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

    select * from {{ ref('int_events_standing') }}

),

named as (

    select
        event_no,
        '' as role,
        coalesce(
            {{ json_text('payload', 'commitment_id') }}, case when subject_type = 'commitment' then subject_key end
        ) as named_id,
        {{ json_text('payload', 'quote') }} as quote,
        coalesce({{ json_text('payload', 'number_text') }}, '') as number_text,
        {{ json_text('payload', 'plan') }} as plan
    from events
    {% for role in ['root', 'whole', 'kept'] %}
        union all
        select
            event_no,
            '{{ role }}' as role,
            {{ json_text('payload', role ~ '_commitment_id') }} as named_id,
            {{ json_text('payload', role ~ '_quote') }} as quote,
            coalesce({{ json_text('payload', role ~ '_number_text') }}, '') as number_text,
            {{ json_text('payload', 'plan') }} as plan
        from events
        where event_type in ('restatement.confirmed', 'part.confirmed', 'conflict.decided')
    {% endfor %}

),

by_id as (

    select named.event_no, named.role, commitments.commitment_id
    from named
    inner join commitments on named.named_id = commitments.commitment_id

),

by_words as (

    select named.event_no, named.role, commitments.commitment_id
    from named
    inner join commitments on named.quote = commitments.quote and named.number_text = commitments.number_text
    left join by_id on named.event_no = by_id.event_no and named.role = by_id.role
    where
        by_id.event_no is null
        and (
            named.plan is null
            or named.plan in (commitments.document_id, commitments.file_name, commitments.title)
        )

),

final as (

    select event_no, role, commitment_id from by_id
    union all
    select event_no, role, commitment_id from by_words

)

select * from final
