-- What is shown lies on the side of the target where the figure lies, met or not.
select commitment_id, display_value, target_value
from {{ ref('fct_attainments') }}
where
    is_met != case judged_operator
        when '>=' then cast(display_value as decimal(24, 6)) >= target_value
        when '<=' then cast(display_value as decimal(24, 6)) <= target_value
        else
            cast(display_value as decimal(24, 6)) >= target_value
            and cast(display_value as decimal(24, 6)) <= target_high_value
    end
    -- a count of works may be complete and yet wait for projects that the plan does not name
    and kind in ('metric', 'count', 'money')
