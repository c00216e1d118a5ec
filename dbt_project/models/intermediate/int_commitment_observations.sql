-- the observation each linked commitment is judged on: as of the evaluation date, never later than its deadline, but
-- for a sum of the year that was reached only after its day
with figures as (

    select * from {{ ref('fct_indicator_values') }}

),

due as (

    select
        *,
        least(deadline_date, {{ evaluation_date() }}) as due_date,
        least(make_date(extract(year from deadline_date), 12, 31), {{ evaluation_date() }}) as late_date
    from {{ ref('int_commitment_targets') }}

),

late as (

    select due.commitment_id
    from due
    inner join figures
        on
            due.indicator_code = figures.indicator_code
            and due.region_code = figures.region_code
            and cast(date_trunc('month', due.late_date) as date) = figures.period_start_date
    left join figures as earlier
        on
            due.indicator_code = earlier.indicator_code
            and due.region_code = earlier.region_code
            and cast(date_trunc('month', due.due_date) as date) = earlier.period_start_date
    where
        due.is_cumulative
        and due.judged_operator = '>='
        and due.due_date < due.late_date
        and figures.numerator * due.factor >= due.target_value
        and coalesce(earlier.numerator * due.factor < due.target_value, true)

),

targets as (

    select
        due.*,
        late.commitment_id is not null as is_late_met,
        case when late.commitment_id is null then due.due_date else due.late_date end as judged_date
    from due
    left join late on due.commitment_id = late.commitment_id

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
