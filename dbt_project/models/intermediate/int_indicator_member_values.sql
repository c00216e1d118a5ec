{{ config(materialized='table') }}
-- what each member of a card's population stands at in a month; numerator null where it never reported
with population as (

    select * from {{ ref('int_indicator_population') }}

),

cards as (

    select * from {{ ref('int_indicator_cards') }}

),

observations as (

    select * from {{ ref('int_indicator_observations') }}

),

-- the period a card speaks of in a month: the last of its form within its window
current_periods as (

    select
        cards.indicator_code,
        months.month_start_date,
        max(periods.period_start_date) as period_start_date
    from cards
    inner join {{ ref('stg_forms__forms') }} as forms on cards.source_form = forms.form_code
    inner join {{ ref('int_periods') }} as periods
        on forms.frequency = periods.frequency and {{ in_window('periods.period_start_date') }}
    inner join {{ ref('int_months') }} as months on periods.period_start_date <= months.month_start_date
    group by cards.indicator_code, months.month_start_date

),

joined as (

    select
        population.indicator_code,
        population.reporter_code,
        population.region_code,
        population.month_start_date,
        cards.aggregation,
        case
            when cards.is_from_register then population.month_start_date
            else observations.period_start_date
        end as observed_period_date,
        case when cards.is_from_register then 1 else observations.numerator end as numerator,
        case
            when cards.denominator_terms > 0 and cards.is_from_register then 1
            else observations.denominator
        end as denominator,
        observations.weight,
        observations.period_start_date >= coalesce(periods.period_start_date, population.month_start_date)
        or cards.is_from_register as is_of_current_period,
        cards.meeting_threshold,
        {{ admits('cards.numerator_sectors', 'population.sector') }} as is_in_numerator
    from population
    inner join cards on population.indicator_code = cards.indicator_code
    left join observations
        on
            population.indicator_code = observations.indicator_code
            and population.reporter_code = observations.reporter_code
            and population.month_start_date >= observations.period_start_date
            and population.month_start_date < observations.stands_until_date
    left join current_periods as periods
        on
            population.indicator_code = periods.indicator_code
            and population.month_start_date = periods.month_start_date

),

final as (

    select
        indicator_code,
        reporter_code,
        region_code,
        month_start_date,
        observed_period_date,
        coalesce(is_of_current_period, false) as is_of_current_period,
        cast(case
            when numerator is null then null
            when not is_in_numerator then 0
            when aggregation = 'share_meeting' then case when numerator >= meeting_threshold then 1 else 0 end
            else numerator
        end as decimal(24, 6)) as numerator,
        cast(case
            when numerator is null then null
            when aggregation = 'share_meeting' then 1
            else denominator
        end as decimal(24, 6)) as denominator,
        -- what a member weighs between members: as its card says, else as much as its denominator
        case when numerator is not null then coalesce(weight, denominator) end as weight
    from joined

)

select * from final
