{{ config(materialized='table') }}
-- every month from the first that data or plans speak of up to the evaluation date
with recursive bounds as (

    select
        cast(least(
            coalesce(min(submissions.period_start_date), {{ evaluation_date() }}),
            date_trunc('year', {{ evaluation_date() }})
        ) as date) as first_date
    from {{ ref('stg_forms__submissions') }} as submissions
    where submissions.period_start_date between {{ add_months(evaluation_date(), -240) }} and {{ evaluation_date() }}

),

months as (

    select cast(date_trunc('month', first_date) as date) as month_start_date
    from bounds
    union all
    select {{ add_months('month_start_date', 1) }}
    from months
    where {{ add_months('month_start_date', 1) }} <= {{ evaluation_date() }}

),

final as (

    select
        month_start_date,
        last_day(month_start_date) as month_end_date,
        cast(extract(year from month_start_date) as integer) as calendar_year
    from months

)

select * from final
