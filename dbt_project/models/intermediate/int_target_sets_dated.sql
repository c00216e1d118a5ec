-- items of target sets in force on the day judged
select *
from {{ ref('stg_config__target_sets') }}
where
    coalesce(valid_from_date <= {{ evaluation_date() }}, true)
    and coalesce(valid_to_date >= {{ evaluation_date() }}, true)
