-- every commitment of every plan: its place in the text, its card, what was read and what people made of it
with commitments as (

    select * from {{ ref('stg_plans__commitments') }}

),

best_links as (

    select commitment_id, indicator_code, link_method
    from {{ ref('stg_plans__links') }}
    qualify row_number() over (
        partition by commitment_id
        order by
            case link_method when 'exact' then 1 when 'alias' then 2 else 3 end,
            link_score desc nulls last,
            indicator_code
    ) = 1

),

items as (

    select document_id, item_path, min(heading) as heading
    from {{ ref('stg_plans__outline_items') }}
    group by document_id, item_path

),

-- what the edition before said in its place
changes as (

    select commitment_id, earlier_commitment_id, change
    from {{ ref('stg_plans__changes') }}
    where relation = 'edition'

),

-- a card that configuration no longer has is not applied
cards as (

    select reviews.commitment_id, reviews.confirmed_indicator_code
    from {{ ref('int_commitment_reviews') }} as reviews
    inner join {{ ref('int_indicator_cards') }} as known on reviews.confirmed_indicator_code = known.indicator_code

),

final as (

    select
        commitments.commitment_id,
        commitments.document_id,
        documents.region_code,
        documents.plan_year,
        adjusted.kind,
        commitments.quote,
        commitments.start_offset,
        commitments.end_offset,
        commitments.number_text,
        commitments.number_start,
        commitments.number_end,
        commitments.item_path,
        items.heading as item_heading,
        commitments.locator,
        adjusted.indicator,
        case
            when cards.commitment_id is not null then cards.confirmed_indicator_code
            when reviews.confirmed_indicator_code = '' then null
            when best_links.link_method in ('exact', 'alias') then best_links.indicator_code
        end as indicator_code,
        case
            when cards.commitment_id is not null then 'confirmed'
            when reviews.confirmed_indicator_code = '' then null
            else best_links.link_method
        end as link_method,
        case when best_links.link_method = 'suggestion' then best_links.indicator_code end
            as suggested_indicator_code,
        adjusted.operator,
        adjusted.value as target_value,
        adjusted.value_high as target_high_value,
        adjusted.unit,
        adjusted.baseline as stated_baseline_value,
        coalesce(adjusted.deadline, make_date(documents.plan_year, 12, 31)) as deadline_date,
        adjusted.strength,
        commitments.confidence,
        adjusted.responsible_unit,
        commitments.per,
        commitments.recurrence,
        adjusted.milestone,
        adjusted.work_type,
        adjusted.stated_count,
        adjusted.output,
        coalesce(relations.kept_commitment_id, relations.restates_commitment_id) as restates_commitment_id,
        relations.part_of_commitment_id,
        relations.kept_commitment_id,
        roots.root_commitment_id,
        -- of two editions of a plan the one in force counts
        roots.root_commitment_id = commitments.commitment_id and editions.is_in_force as is_root,
        reviews.review_state in ('已确认', '已调整') as is_confirmed,
        reviews.review_state,
        reviews.reviewed_by,
        reviews.reviewed_at,
        commitments.kind as extracted_kind,
        commitments.operator as extracted_operator,
        commitments.value as extracted_value,
        commitments.value_high as extracted_high_value,
        commitments.unit as extracted_unit,
        commitments.deadline as extracted_deadline_date,
        reviews.course_state,
        reviews.course_since_date,
        reviews.course_until_date,
        reviews.course_reason,
        commitments.note,
        editions.valid_from_date,
        editions.valid_to_date,
        changes.earlier_commitment_id as replaced_commitment_id,
        changes.change as edition_change
    from commitments
    inner join {{ ref('stg_plans__documents') }} as documents on commitments.document_id = documents.document_id
    inner join {{ ref('int_commitments_adjusted') }} as adjusted on commitments.commitment_id = adjusted.commitment_id
    inner join {{ ref('int_commitment_relations') }} as relations
        on commitments.commitment_id = relations.commitment_id
    inner join {{ ref('int_commitment_roots') }} as roots on commitments.commitment_id = roots.commitment_id
    inner join {{ ref('int_commitment_reviews') }} as reviews on commitments.commitment_id = reviews.commitment_id
    inner join {{ ref('int_document_editions') }} as editions on commitments.document_id = editions.document_id
    left join changes on commitments.commitment_id = changes.commitment_id
    left join cards on commitments.commitment_id = cards.commitment_id
    left join best_links on commitments.commitment_id = best_links.commitment_id
    left join items
        on commitments.document_id = items.document_id and commitments.item_path = items.item_path

)

select * from final
