{{ config(materialized='table') }}
-- reporting periods of every rhythm that a form may have; a term begins on 1 February or 1 September
with months as (

    select * from {{ ref('int_months') }}

),

starts as (

    select 'month' as frequency, 1 as months_long, month_start_date
    from months
    union all
    select 'quarter' as frequency, 3 as months_long, month_start_date
    from months
    where extract(month from month_start_date) in (1, 4, 7, 10)
    union all
    select 'term' as frequency, 7 as months_long, month_start_date
    from months
    where extract(month from month_start_date) = 2
    union all
    select 'term' as frequency, 5 as months_long, month_start_date
    from months
    where extract(month from month_start_date) = 9
    union all
    select 'year' as frequency, 12 as months_long, month_start_date
    from months
    where extract(month from month_start_date) = 1
    union all
    select 'school_year' as frequency, 12 as months_long, month_start_date
    from months
    where extract(month from month_start_date) = 9

),

final as (

    select
        frequency,
        month_start_date as period_start_date,
        {{ add_days(add_months('month_start_date', 'months_long'), -1) }} as period_end_date,
        cast(extract(year from month_start_date) as integer) as calendar_year,
        cast(extract(year from month_start_date) as integer)
        - case when extract(month from month_start_date) < 9 then 1 else 0 end as school_year,
        cast(extract(month from month_start_date) as integer) as month_no
    from starts

)

select * from final
