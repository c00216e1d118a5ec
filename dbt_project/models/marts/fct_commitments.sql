-- every commitment of every plan, with its place in the text, its card and what people said of it
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

final as (

    select
        commitments.commitment_id,
        commitments.document_id,
        documents.region_code,
        documents.plan_year,
        commitments.kind,
        commitments.quote,
        commitments.start_offset,
        commitments.end_offset,
        commitments.number_text,
        commitments.number_start,
        commitments.number_end,
        commitments.item_path,
        items.heading as item_heading,
        commitments.locator,
        commitments.indicator,
        coalesce(
            reviews.confirmed_indicator_code,
            case when best_links.link_method in ('exact', 'alias') then best_links.indicator_code end
        ) as indicator_code,
        case when reviews.confirmed_indicator_code is not null then 'confirmed' else best_links.link_method end
            as link_method,
        case when best_links.link_method = 'suggestion' then best_links.indicator_code end
            as suggested_indicator_code,
        commitments.operator,
        commitments.value as target_value,
        commitments.value_high as target_high_value,
        commitments.unit,
        commitments.baseline as stated_baseline_value,
        coalesce(commitments.deadline, make_date(documents.plan_year, 12, 31)) as deadline_date,
        commitments.strength,
        commitments.confidence,
        commitments.responsible_unit,
        commitments.per,
        commitments.recurrence,
        commitments.milestone,
        commitments.work_type,
        commitments.stated_count,
        commitments.output,
        commitments.restates as restates_commitment_id,
        commitments.part_of as part_of_commitment_id,
        roots.root_commitment_id,
        roots.root_commitment_id = commitments.commitment_id as is_root,
        coalesce(reviews.last_review = 'commitment.confirmed', false) as is_confirmed,
        case reviews.last_review
            when 'commitment.confirmed' then '已确认'
            when 'commitment.rejected' then '撤销'
            else '待核'
        end as review_state,
        commitments.note
    from commitments
    inner join {{ ref('stg_plans__documents') }} as documents on commitments.document_id = documents.document_id
    inner join {{ ref('int_commitment_roots') }} as roots on commitments.commitment_id = roots.commitment_id
    left join best_links on commitments.commitment_id = best_links.commitment_id
    left join items
        on commitments.document_id = items.document_id and commitments.item_path = items.item_path
    left join {{ ref('int_commitment_reviews') }} as reviews on commitments.commitment_id = reviews.commitment_id

)

select * from final
