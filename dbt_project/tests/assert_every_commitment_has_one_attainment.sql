-- Commitments in = commitments in the attainments, each once. Does not test what the attainment says.
select commitments.commitment_id, count(attainments.commitment_id) as attainment_count
from {{ ref('fct_commitments') }} as commitments
left join {{ ref('fct_attainments') }} as attainments
    on commitments.commitment_id = attainments.commitment_id
group by commitments.commitment_id
having count(attainments.commitment_id) != 1
union all
select landed.commitment_id, 0 as attainment_count
from {{ ref('stg_plans__commitments') }} as landed
left join {{ ref('fct_commitments') }} as commitments on landed.commitment_id = commitments.commitment_id
where commitments.commitment_id is null
