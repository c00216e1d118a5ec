-- the six ways of adding members up to a region; every region hears of itself and all below
with members as (

    select * from {{ ref('int_indicator_member_values') }}

),

descended as (

    select * from {{ ref('int_regions_descended') }}

),

places as (

    select
        descended.ancestor_region_code as region_code,
        members.indicator_code,
        members.month_start_date,
        members.region_code as place_code,
        sum(members.numerator) as numerator,
        count(members.numerator) as counted
    from members
    inner join descended on members.region_code = descended.descendant_region_code
    group by
        descended.ancestor_region_code, members.indicator_code, members.month_start_date, members.region_code

),

least_served as (

    select
        region_code,
        indicator_code,
        month_start_date,
        case when min(counted) > 0 then min(numerator) end as place_minimum
    from places
    group by region_code, indicator_code, month_start_date

),

summed as (

    select
        descended.ancestor_region_code as region_code,
        members.indicator_code,
        members.month_start_date,
        sum(members.numerator) as numerator,
        sum(members.denominator) as denominator,
        -- w, w·x and w·x² of members with a value x = n/d, for the deviation between them
        sum(case when members.denominator != 0 then cast(members.weight as double) end) as weights,
        sum(
            cast(members.weight as double) * cast(members.numerator as double)
            / cast(nullif(members.denominator, 0) as double)
        ) as weighted_values,
        sum(
            cast(members.weight as double) * power(
                cast(members.numerator as double) / cast(nullif(members.denominator, 0) as double), 2
            )
        ) as weighted_squares,
        max(members.observed_period_date) as latest_period_date,
        min(members.observed_period_date) as oldest_period_date,
        count(*) filter (where members.is_of_current_period) as fresh_count,
        count(members.numerator) as counted_count,
        count(*) as expected_count
    from members
    inner join descended on members.region_code = descended.descendant_region_code
    group by descended.ancestor_region_code, members.indicator_code, members.month_start_date

),

final as (

    select
        summed.*,
        least_served.place_minimum,
        sqrt(greatest(
            summed.weighted_squares / nullif(summed.weights, 0)
            - power(summed.weighted_values / nullif(summed.weights, 0), 2),
            0
        )) * summed.weights / nullif(summed.weighted_values, 0) as variation
    from summed
    inner join least_served
        on
            summed.region_code = least_served.region_code
            and summed.indicator_code = least_served.indicator_code
            and summed.month_start_date = least_served.month_start_date

)

select * from final
