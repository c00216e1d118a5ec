-- A light that is grey, or none, carries its reason. Does not test that the reason is the right one.
select commitment_id, light, status
from {{ ref('fct_attainments') }}
where coalesce(light, '灰') = '灰' and coalesce(reason, '') = ''
