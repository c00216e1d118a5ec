-- what people decided of each commitment: its review state, its card, whether it goes on
with acts as (

    select * from {{ ref('int_commitment_events') }}

),

reviews as (

    select
        commitment_id,
        max_by(event_type, event_no) as last_review,
        max_by(actor, event_no) as reviewed_by,
        max_by(occurred_at, event_no) as reviewed_at,
        bool_or(event_type = 'commitment.edited') as is_edited
    from acts
    where event_type in ('commitment.confirmed', 'commitment.rejected', 'commitment.drafted', 'commitment.edited')
    group by commitment_id

),

-- the later of a confirmed link and an edit of the card decides; an edit to nothing takes the card away
links as (

    select
        commitment_id,
        max_by(
            coalesce({{ json_text('payload', 'changes.indicator_code.new') }}, {{ json_text('payload', 'indicator_code') }}),
            event_no
        ) as confirmed_indicator_code
    from acts
    where
        event_type = 'link.confirmed'
        or (event_type = 'commitment.edited' and {{ json_text('payload', 'changes.indicator_code.new') }} is not null)
    group by commitment_id

),

courses as (

    select
        commitment_id,
        max_by(event_type, event_no) as last_course,
        max_by({{ json_date('payload', 'since_date') }}, event_no) as course_since_date,
        max_by({{ json_date('payload', 'until_date') }}, event_no) as course_until_date,
        max_by(reason, event_no) as course_reason
    from acts
    where
        event_type in ('commitment.suspended', 'commitment.terminated', 'commitment.resumed')
        and {{ json_date('payload', 'since_date') }} <= {{ evaluation_date() }}
    group by commitment_id

),

final as (

    select
        commitments.commitment_id,
        case
            when reviews.last_review is null then '待核'
            when reviews.last_review = 'commitment.rejected' then '撤销'
            when reviews.last_review = 'commitment.drafted' then '草稿'
            when reviews.is_edited then '已调整'
            else '已确认'
        end as review_state,
        reviews.reviewed_by,
        reviews.reviewed_at,
        links.confirmed_indicator_code,
        case
            when courses.last_course = 'commitment.terminated' then '终止'
            when
                courses.last_course = 'commitment.suspended'
                and coalesce(courses.course_until_date >= {{ evaluation_date() }}, true)
                then '暂缓'
        end as course_state,
        courses.course_since_date,
        courses.course_until_date,
        courses.course_reason
    from {{ ref('stg_plans__commitments') }} as commitments
    left join reviews on commitments.commitment_id = reviews.commitment_id
    left join links on commitments.commitment_id = links.commitment_id
    left join courses on commitments.commitment_id = courses.commitment_id

)

select * from final
