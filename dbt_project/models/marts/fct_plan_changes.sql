-- what became of each promise from one edition, or one year's plan, to the next
with changes as (

    select * from {{ ref('stg_plans__changes') }}

),

commitments as (

    select * from {{ ref('stg_plans__commitments') }}

),

final as (

    select
        changes.document_id,
        changes.earlier_document_id,
        changes.relation,
        changes.change_no,
        documents.region_code,
        documents.plan_year,
        changes.change,
        changes.value_change,
        changes.deadline_change,
        changes.earlier_commitment_id,
        changes.commitment_id,
        coalesce(later.kind, earlier.kind) as kind,
        earlier.quote as earlier_quote,
        later.quote as later_quote,
        earlier.number_text as earlier_number_text,
        later.number_text as later_number_text,
        earlier.deadline as earlier_deadline_date,
        later.deadline as later_deadline_date,
        changes.match_score,
        changes.explanation
    from changes
    inner join {{ ref('stg_plans__documents') }} as documents on changes.document_id = documents.document_id
    left join commitments as earlier on changes.earlier_commitment_id = earlier.commitment_id
    left join commitments as later on changes.commitment_id = later.commitment_id

)

select * from final
