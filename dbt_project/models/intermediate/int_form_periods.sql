{{ config(materialized='table') }}
-- the periods each form asks for, with the day it is due and the day it locks: both count from the period's last day
with final as (

    select
        forms.form_code,
        forms.form_name,
        forms.reporter_type,
        forms.stages,
        periods.frequency,
        periods.period_start_date,
        periods.period_end_date,
        {{ add_days('periods.period_end_date', 'forms.due_days') }} as due_date,
        {{ add_days('periods.period_end_date', 'forms.lock_days') }} as lock_date
    from {{ ref('stg_forms__forms') }} as forms
    inner join {{ ref('int_periods') }} as periods on forms.frequency = periods.frequency

)

select * from final
