-- What is shown lies on the side of the target where the figure lies.
select commitment_id, display_value, target_value
from {{ ref('fct_attainments') }}
where
    not is_met
    and (
        (judged_operator = '>=' and cast(display_value as decimal(24, 6)) >= target_value)
        or (judged_operator = '<=' and cast(display_value as decimal(24, 6)) <= target_value)
    )
    -- a count of works may be complete and yet wait for projects that the plan does not name
    and kind in ('metric', 'count', 'money')
