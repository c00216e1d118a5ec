-- metrics, counts and money with a card: met or not, exactly; progress and what was expected of it by now,
-- as reported and at both ends of what the reports still owed can make of it
with observations as (

    select
        *,
        coalesce(observed_end_date, last_day(latest_period_date)) as known_until_date,
        {{ margin('judged_numerator', 'judged_denominator', 'factor', 'target_value') }} as margin_low,
        {{ margin('judged_numerator', 'judged_denominator', 'factor', 'target_high_value') }} as margin_high
    from {{ ref('int_commitment_scenarios') }}

),

judged as (

    select
        *,
        case judged_operator
            when '>=' then margin_low >= 0
            when '<=' then margin_low <= 0
            else margin_low >= 0 and margin_high <= 0
        end as is_met,
        {{ elapsed_pct('start_date', 'deadline_date', 'judged_date') }} as elapsed_now_pct,
        {{ elapsed_pct('start_date', 'deadline_date', 'least(judged_date, known_until_date)') }} as elapsed_seen_pct,
        -- from a base short of the target by a point (1 % of a plain figure) or more, the way travelled is measured;
        -- from a base nearer or past it there is nothing to travel: 保持, the distance to the target counts
        coalesce(case judged_operator
            when '>=' then target_value - baseline_value
            when '<=' then baseline_value - target_value
        end >= case when card_unit = '%' then 1 else abs(target_value) / 100 end, false) as is_travelling
    from observations

),

measured as (

    select
        *,
        case
            when is_cumulative and judged_operator = '<=' then null
            when is_cumulative then 100 * cast(judged_value as double) / cast(nullif(target_value, 0) as double)
            when is_travelling
                then
                    100 * cast(judged_value - baseline_value as double)
                    / cast(nullif(target_value - baseline_value, 0) as double)
            when judged_operator = '<='
                then 100 * cast(target_value as double) / cast(nullif(judged_value, 0) as double)
            when judged_operator = 'range' and margin_low >= 0
                then 100 * cast(target_high_value as double) / cast(nullif(judged_value, 0) as double)
            else 100 * cast(judged_value as double) / cast(nullif(target_value, 0) as double)
        end as progress,
        case
            when is_cumulative and judged_operator = '<=' then null
            when is_cumulative then elapsed_now_pct
            when is_travelling then elapsed_seen_pct
            else 100
        end as expected
    from judged

),

final as (

    select
        measured.*,
        cast(
            case when progress is not null then least(greatest(progress, -9999), 9999) end as decimal(12, 4)
        ) as progress_pct,
        cast(expected as decimal(12, 4)) as expected_pct
    from measured

)

select * from final
