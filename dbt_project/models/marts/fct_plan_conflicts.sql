-- clauses of one plan that disagree, and whether a person has said which one stands
with conflicts as (

    select * from {{ ref('stg_plans__conflicts') }}

),

commitments as (

    select * from {{ ref('fct_commitments') }}

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
        -- either clause gave way, or one of them was rejected
        later.kept_commitment_id is not null
        or earlier.kept_commitment_id is not null
        or later.review_state = '撤销'
        or earlier.review_state = '撤销' as is_decided
    from conflicts
    inner join commitments as later on conflicts.commitment_id = later.commitment_id
    inner join commitments as earlier on conflicts.other_commitment_id = earlier.commitment_id

)

select * from final
