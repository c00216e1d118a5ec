-- 累计数 that falls within a year is worth a look, not a stop: corrections do that rightly.
{{ config(severity='warn') }}
with series as (

    select
        actuals.*,
        lag(actuals.value_number) over (
            partition by
                actuals.form_code, actuals.reporter_code, actuals.record_key, actuals.element_code,
                extract(year from actuals.period_start_date)
            order by actuals.period_start_date
        ) as earlier_value
    from {{ ref('fct_actuals') }} as actuals
    inner join {{ ref('dim_form_elements') }} as elements
        on actuals.form_code = elements.form_code and actuals.element_code = elements.element_code
    where elements.behaviour = 'cumulative' and actuals.value_number is not null

)

select form_code, reporter_code, record_key, element_code, period_start_date, earlier_value, value_number
from series
where value_number < earlier_value
