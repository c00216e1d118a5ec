-- what each commitment repeats, is part of or gave way to: as people decided, else as it was read
with decided as (

    select
        acts.commitment_id,
        max_by(others.commitment_id, acts.event_no) filter (where acts.event_type = 'restatement.confirmed')
            as restates_id,
        max_by(others.commitment_id, acts.event_no) filter (where acts.event_type = 'part.confirmed') as part_of_id,
        max_by(others.commitment_id, acts.event_no) filter (where acts.event_type = 'conflict.decided') as kept_id
    from {{ ref('int_commitment_events') }} as acts
    inner join {{ ref('int_event_commitments') }} as others on acts.event_no = others.event_no and others.role != ''
    where acts.event_type in ('restatement.confirmed', 'part.confirmed', 'conflict.decided')
    group by acts.commitment_id

),

final as (

    select
        commitments.commitment_id,
        -- its own id says that it repeats, or is part of, none
        nullif(coalesce(decided.restates_id, commitments.restates), commitments.commitment_id)
            as restates_commitment_id,
        nullif(coalesce(decided.part_of_id, commitments.part_of), commitments.commitment_id) as part_of_commitment_id,
        nullif(decided.kept_id, commitments.commitment_id) as kept_commitment_id,
        decided.kept_id is not null as is_conflict_decided
    from {{ ref('stg_plans__commitments') }} as commitments
    left join decided on commitments.commitment_id = decided.commitment_id

)

select * from final
