{{ config(materialized='table') }}
-- each side a commitment is judged on (>= its floor, <= its cap, a range both) with M as what is reported makes it;
-- turned so that M at or above 0 is met
with observations as (

    select * from {{ ref('int_commitment_observations') }}
    where target_value is not null and not is_unit_mismatch

),

sides as (

    select commitment_id, 'floor' as side, 1 as direction, target_value as threshold
    from observations
    where judged_operator in ('>=', 'range')
    union all
    select
        commitment_id,
        'cap' as side,
        -1 as direction,
        case when judged_operator = 'range' then target_high_value else target_value end as threshold
    from observations
    where judged_operator in ('<=', 'range')

),

members as (

    select
        commitment_id,
        cast(count(*) filter (where is_unreported) as integer) as unreported_count,
        sum(numerator) filter (where not is_unreported) as reported_numerator,
        sum(denominator) filter (where not is_unreported) as reported_denominator
    from {{ ref('fct_attainment_members') }}
    group by commitment_id

),

-- figures that do not add up have no bounds: they are known when everybody reported, and not before
known as (

    select
        observations.*,
        cards.is_ratio and cards.aggregation not in ('coefficient_of_variation', 'per_place_min') as is_divided,
        cards.aggregation in ('coefficient_of_variation', 'per_place_min') as is_indivisible,
        coalesce(members.unreported_count, 0) as unreported_count,
        case
            when coalesce(members.unreported_count, 0) = 0 then observations.numerator
            else coalesce(members.reported_numerator, 0)
        end as known_numerator,
        case
            when coalesce(members.unreported_count, 0) = 0 then observations.denominator
            else coalesce(members.reported_denominator, 0)
        end as known_denominator
    from observations
    inner join {{ ref('int_indicator_cards') }} as cards on observations.indicator_code = cards.indicator_code
    left join members on observations.commitment_id = members.commitment_id

),

final as (

    select
        known.commitment_id,
        sides.side,
        sides.direction,
        known.judged_operator,
        known.factor,
        cast(sides.threshold as decimal(18, 6)) as threshold,
        known.is_divided,
        known.is_indivisible,
        known.unreported_count,
        cast(known.known_numerator as decimal(24, 6)) as known_numerator,
        cast(case when known.is_divided then known.known_denominator end as decimal(24, 6)) as known_denominator,
        sides.direction * {{ margin('known.known_numerator', 'case when known.is_divided then known.known_denominator end', 'known.factor', 'sides.threshold') }}
            as known_margin
    from known
    inner join sides on known.commitment_id = sides.commitment_id

)

select * from final
