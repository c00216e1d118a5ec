{{ config(materialized='table') }}
-- the periods each form asks for, with the day it is due and the day it locks: counted from the period's last day, of a
-- snapshot from its first, unless the bureau set other days for that period; a day off moves to the next day of work.
-- Who is open on the reference date reports.
with counted as (

    select
        forms.form_code,
        forms.form_name,
        forms.reporter_type,
        forms.stages,
        forms.due_days,
        forms.lock_days,
        periods.frequency,
        periods.period_start_date,
        periods.period_end_date,
        case
            when forms.is_counted_from_start then periods.period_start_date else periods.period_end_date
        end as reference_date
    from {{ ref('stg_forms__forms') }} as forms
    inner join {{ ref('int_periods') }} as periods on forms.frequency = periods.frequency

),

final as (

    select
        counted.form_code,
        counted.form_name,
        counted.reporter_type,
        counted.stages,
        counted.frequency,
        counted.period_start_date,
        counted.period_end_date,
        counted.reference_date,
        deadlines.due_date is not null as is_due_moved,
        coalesce(
            deadlines.due_date, rest_days.next_work_date, {{ add_days('counted.reference_date', 'counted.due_days') }}
        ) as due_date,
        coalesce(deadlines.lock_date, {{ add_days('counted.reference_date', 'counted.lock_days') }}) as lock_date
    from counted
    left join {{ ref('stg_config__form_deadlines') }} as deadlines
        on
            counted.form_code = deadlines.form_code
            and counted.period_start_date = deadlines.period_start_date
    left join {{ ref('int_rest_days') }} as rest_days
        on {{ add_days('counted.reference_date', 'counted.due_days') }} = rest_days.calendar_date

)

select * from final
