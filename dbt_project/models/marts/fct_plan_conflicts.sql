-- clauses of one plan that disagree, and whether a person has said which one stands
with conflicts as (

    select * from {{ ref('stg_plans__conflicts') }}

),

commitments as (

    select commitments.*, relations.is_conflict_decided
    from {{ ref('fct_commitments') }} as commitments
    inner join {{ ref('int_commitment_relations') }} as relations
        on commitments.commitment_id = relations.commitment_id

),

final as (

    select
        conflicts.commitment_id,
        conflicts.other_commitment_id,
        conflicts.document_id,
        later.region_code,
        later.plan_year,
        earlier.quote as earlier_quote,
        later.quote as later_quote,
        conflicts.reason,
        -- either clause gave way, both were said to stand, or one of them was rejected
        later.is_conflict_decided
        or earlier.is_conflict_decided
        or later.review_state = '撤销'
        or earlier.review_state = '撤销' as is_decided
    from conflicts
    inner join commitments as later on conflicts.commitment_id = later.commitment_id
    inner join commitments as earlier on conflicts.other_commitment_id = earlier.commitment_id

)

select * from final
