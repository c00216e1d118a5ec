-- the day whose figures decide each linked commitment: its deadline or today, and of a sum of the year that fell short
-- on its day and was reached since, the last day that counts towards it
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

final as (

    select
        due.*,
        late.commitment_id is not null as is_late_met,
        case when late.commitment_id is null then due.due_date else due.late_date end as judged_date
    from due
    left join late on due.commitment_id = late.commitment_id

)

select * from final
