-- the observation each linked commitment is judged on, what is asked of it by then, and who must have reported
with figures as (

    select * from {{ ref('fct_indicator_values') }}

),

targets as (

    select * from {{ ref('int_commitments_dated') }}

),

observed as (

    select
        targets.*,
        figures.numerator,
        figures.denominator,
        figures.indicator_value,
        figures.latest_period_date,
        figures.oldest_period_date,
        figures.reported_count,
        figures.counted_count,
        figures.expected_count,
        targets.deadline_date < {{ evaluation_date() }} as is_past_due
    from targets
    left join figures
        on
            targets.indicator_code = figures.indicator_code
            and targets.region_code = figures.region_code
            and figures.period_start_date
            = cast(date_trunc('month', targets.judged_date) as date)

),

-- the last period asked for within the card's window, and the last of these whose due date has passed: who reported
-- neither the latter nor a later one owes a report
asked as (

    select
        observed.commitment_id,
        max(periods.period_start_date) as final_period_date,
        max_by(periods.due_date, periods.period_start_date) as final_due_date,
        max(periods.period_start_date) filter (where periods.due_date < {{ evaluation_date() }})
            as required_period_date
    from observed
    inner join {{ ref('int_indicator_cards') }} as cards on observed.indicator_code = cards.indicator_code
    inner join {{ ref('int_form_periods') }} as periods
        on
            observed.source_form = periods.form_code
            and observed.judged_date >= periods.period_start_date
            and {{ in_window('periods.period_start_date') }}
    group by observed.commitment_id

),

final as (

    select
        observed.*,
        used.period_end_date as observed_end_date,
        used.due_date as used_due_date,
        asked.final_period_date,
        asked.final_due_date,
        coalesce(observed.latest_period_date >= asked.final_period_date, false) as is_final_reported,
        asked.required_period_date,
        -- a rate that rose though nobody more reached it: fewer are counted than a year before
        coalesce(
            observed.denominator < earlier.denominator
            and observed.numerator <= earlier.numerator
            and observed.indicator_value > earlier.indicator_value,
            false
        ) as is_denominator_shrunk
    from observed
    left join {{ ref('int_form_periods') }} as used
        on observed.source_form = used.form_code and observed.latest_period_date = used.period_start_date
    left join asked on observed.commitment_id = asked.commitment_id
    left join figures as earlier
        on
            observed.indicator_code = earlier.indicator_code
            and observed.region_code = earlier.region_code
            and make_date(observed.plan_year - 1, 12, 1) = earlier.period_start_date

)

select * from final
