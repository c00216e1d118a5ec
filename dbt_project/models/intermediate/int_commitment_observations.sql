-- the observation each linked commitment is judged on: as of the evaluation date, never later than its deadline
with targets as (

    select * from {{ ref('int_commitment_targets') }}

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
        targets.deadline_date < {{ evaluation_date() }} as is_past_due,
        least(targets.deadline_date, {{ evaluation_date() }}) as judged_date
    from targets
    left join {{ ref('fct_indicator_values') }} as figures
        on
            targets.indicator_code = figures.indicator_code
            and targets.region_code = figures.region_code
            and figures.period_start_date
            = cast(date_trunc('month', least(targets.deadline_date, {{ evaluation_date() }})) as date)

),

-- the last period asked for whose due date has passed: who reported neither it nor a later one owes a report
owed as (

    select observed.commitment_id, max(periods.period_start_date) as required_period_date
    from observed
    inner join {{ ref('int_form_periods') }} as periods
        on
            observed.source_form = periods.form_code
            and observed.judged_date >= periods.period_start_date
            and periods.due_date < {{ evaluation_date() }}
    group by observed.commitment_id

),

final as (

    select
        observed.*,
        used.period_end_date as observed_end_date,
        used.due_date as used_due_date,
        last_asked.period_start_date as final_period_date,
        last_asked.due_date as final_due_date,
        coalesce(observed.latest_period_date >= last_asked.period_start_date, false) as is_final_reported,
        owed.required_period_date
    from observed
    left join {{ ref('int_form_periods') }} as used
        on observed.source_form = used.form_code and observed.latest_period_date = used.period_start_date
    left join {{ ref('int_form_periods') }} as last_asked
        on
            observed.source_form = last_asked.form_code
            and observed.judged_date between last_asked.period_start_date and last_asked.period_end_date
    left join owed on observed.commitment_id = owed.commitment_id

)

select * from final
