-- where each linked commitment is heading: the straight line through its comparable points of the plan year, carried
-- to the month of its deadline. Comparable: a month with new reports, no longer open, and as many counted as now.
with observations as (

    select
        *,
        extract(year from start_date) * 12 + extract(month from start_date) as start_month_no
    from {{ ref('int_commitment_observations') }}

),

points as (

    select
        observations.commitment_id,
        figures.period_start_date,
        cast(figures.indicator_value as double) as y,
        cast(
            extract(year from figures.period_start_date) * 12 + extract(month from figures.period_start_date)
            - observations.start_month_no as double
        ) as x
    from observations
    inner join {{ ref('fct_indicator_values') }} as figures
        on
            observations.indicator_code = figures.indicator_code
            and observations.region_code = figures.region_code
            and observations.start_date <= figures.period_start_date
            and observations.judged_date >= figures.period_start_date
            and observations.counted_count = figures.counted_count
    left join {{ ref('int_form_periods') }} as periods
        on
            observations.source_form = periods.form_code
            and figures.period_start_date = periods.period_start_date
    where
        figures.indicator_value is not null
        and figures.period_start_date = figures.latest_period_date
        and (figures.reported_count >= figures.counted_count or periods.due_date < {{ evaluation_date() }})

),

sums as (

    select
        commitment_id,
        count(*) as n,
        min(period_start_date) as first_point_date,
        max(period_start_date) as last_point_date,
        max_by(y, period_start_date) as last_y,
        max(y) as highest_y,
        avg(x) as mean_x,
        avg(y) as mean_y,
        (sum(x * y) * count(*) - sum(x) * sum(y)) / nullif(sum(x * x) * count(*) - sum(x) * sum(x), 0) as slope
    from points
    group by commitment_id

),

trends as (

    select
        observations.commitment_id,
        observations.deadline_date,
        observations.judged_operator,
        observations.target_value,
        observations.target_high_value,
        observations.is_unit_mismatch,
        observations.is_cumulative,
        observations.card_unit,
        coalesce(sums.n, 0) as point_count,
        sums.first_point_date,
        sums.last_point_date,
        sums.last_y,
        sums.highest_y,
        sums.slope,
        case
            when observations.deadline_date is null then '无时限'
            when observations.deadline_date < {{ evaluation_date() }} then '已到期'
            when coalesce(sums.n, 0) < 3 then '数据不足'
            else '线性趋势'
        end as method,
        sums.mean_y + sums.slope * (
            extract(year from observations.deadline_date) * 12 + extract(month from observations.deadline_date)
            - observations.start_month_no - sums.mean_x
        ) as line_value
    from observations
    left join sums on observations.commitment_id = sums.commitment_id

),

-- no figure falls below nothing, what only grows not below itself, and a share that never passed 100 % stays there
bounded as (

    select
        *,
        cast(case
            when method != '线性趋势' then null
            when is_cumulative then greatest(line_value, last_y)
            when card_unit = '%' and highest_y <= 100 then least(greatest(line_value, 0), 100)
            else greatest(line_value, 0)
        end as decimal(24, 6)) as forecast_value
    from trends

),

final as (

    select
        commitment_id,
        {{ evaluation_date() }} as evaluation_date,
        method,
        cast(point_count as integer) as point_count,
        first_point_date,
        last_point_date,
        case when method = '线性趋势' then cast(slope as decimal(24, 6)) end as monthly_change,
        deadline_date as forecast_date,
        forecast_value,
        case
            when is_unit_mismatch then null
            when judged_operator = '>=' then forecast_value >= target_value
            when judged_operator = '<=' then forecast_value <= target_value
            else forecast_value >= target_value and forecast_value <= target_high_value
        end as is_met_by_forecast
    from bounded

)

select * from final
