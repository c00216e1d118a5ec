-- indicator × region × month: Σn, Σd and the value as of that month, whoever promised what
with regional as (

    select * from {{ ref('int_indicator_region_values') }}
    where counted_count > 0

),

cards as (

    select * from {{ ref('int_indicator_cards') }}

),

parts as (

    select
        regional.indicator_code,
        regional.region_code,
        regional.month_start_date,
        cards.factor,
        cards.is_ratio,
        cast(case cards.aggregation
            when 'coefficient_of_variation' then cast(regional.variation as decimal(24, 6))
            when 'per_place_min' then regional.place_minimum
            else regional.numerator
        end as decimal(24, 6)) as numerator,
        cast(case
            when cards.aggregation in ('coefficient_of_variation', 'per_place_min') then null
            when cards.is_ratio then regional.denominator
        end as decimal(24, 6)) as denominator,
        cards.aggregation in ('coefficient_of_variation', 'per_place_min') or not cards.is_ratio as is_plain,
        regional.latest_period_date,
        regional.oldest_period_date,
        regional.fresh_count,
        regional.counted_count,
        regional.expected_count
    from regional
    inner join cards on regional.indicator_code = cards.indicator_code

),

final as (

    select
        indicator_code,
        region_code,
        month_start_date as period_start_date,
        numerator,
        denominator,
        case
            when is_plain then cast(numerator * factor as decimal(24, 6))
            else {{ ratio('numerator', 'denominator', 'factor') }}
        end as indicator_value,
        latest_period_date,
        oldest_period_date,
        cast(fresh_count as integer) as reported_count,
        cast(counted_count as integer) as counted_count,
        cast(expected_count as integer) as expected_count
    from parts

)

select * from final
