-- Unconfirmed commitments stay grey, whatever their figures. A restatement shows its root's light and is left out.
select attainments.commitment_id, attainments.light
from {{ ref('fct_attainments') }} as attainments
inner join {{ ref('fct_commitments') }} as commitments
    on attainments.commitment_id = commitments.commitment_id
where
    not commitments.is_confirmed
    and commitments.restates_commitment_id is null
    and attainments.light != '灰'
