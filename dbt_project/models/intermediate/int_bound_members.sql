{{ config(materialized='table') }}
-- members that owe a report, with what each of their parts can be at least and at most; null at most is without bound
with gaps as (

    select
        members.commitment_id,
        members.reporter_code,
        cards.is_ratio,
        cards.is_ratio and (cards.unit = '%' or cards.aggregation = 'share_meeting') as is_share,
        cards.is_additive or cards.is_cumulative as is_growing,
        case when cards.tolerance_pct > 100 then 1 else cast(cards.tolerance_pct as decimal(12, 4)) / 100 end
            as tolerance,
        -- a sector counts in the numerator or not; where both sides are one element, a member adds all or nothing
        case when not {{ admits('cards.numerator_sectors', 'schools.sector') }} then 0 else 1 end as most_share,
        case
            when not {{ admits('cards.numerator_sectors', 'schools.sector') }} then 0
            when cards.numerator = cards.denominator then 1
            else 0
        end as least_share,
        members.numerator as last_numerator,
        cards.aggregation = 'share_meeting' or cards.denominator = 'school_count' as is_counted_once,
        coalesce(
            members.denominator, case when cards.denominator = 'pupils' then schools.pupils_registered end
        ) as last_denominator
    from {{ ref('fct_attainment_members') }} as members
    inner join {{ ref('int_commitment_observations') }} as observations
        on members.commitment_id = observations.commitment_id
    inner join {{ ref('int_indicator_cards') }} as cards on observations.indicator_code = cards.indicator_code
    left join {{ ref('stg_config__schools') }} as schools on members.reporter_code = schools.school_code
    where
        members.is_unreported
        and cards.aggregation not in ('coefficient_of_variation', 'per_place_min')

),

intervals as (

    select
        *,
        case
            when not is_ratio then null
            when is_counted_once then 1
            else coalesce(last_denominator * (1 - tolerance), 0)
        end as denominator_least,
        case
            when not is_ratio then null
            when is_counted_once then 1
            else last_denominator * (1 + tolerance)
        end as denominator_most,
        case
            when is_share or most_share = 0 then 0
            when is_growing then coalesce(last_numerator, 0)
            else coalesce(last_numerator * (1 - tolerance), 0)
        end as numerator_least,
        case
            when most_share = 0 then 0
            when is_share or is_growing then null
            else last_numerator * (1 + tolerance)
        end as numerator_most
    from gaps

),

-- the two ends of the region's figure: a weight that pulls it down is at its most, one that lifts it at its least
corners as (

    select
        *,
        case when is_share and least_share = 1 then denominator_least else denominator_most end as denominator_at_low,
        case when is_share and most_share = 1 then denominator_most else denominator_least end as denominator_at_high
    from intervals

),

final as (

    select
        commitment_id,
        reporter_code,
        is_ratio,
        is_share,
        most_share,
        least_share,
        cast(denominator_least as decimal(24, 6)) as denominator_least,
        cast(denominator_most as decimal(24, 6)) as denominator_most,
        cast(numerator_least as decimal(24, 6)) as numerator_least,
        cast(numerator_most as decimal(24, 6)) as numerator_most,
        cast(case when is_share then least_share * denominator_at_low else numerator_least end as decimal(24, 6))
            as numerator_at_low,
        cast(denominator_at_low as decimal(24, 6)) as denominator_at_low,
        cast(case when is_share then most_share * denominator_at_high else numerator_most end as decimal(24, 6))
            as numerator_at_high,
        cast(denominator_at_high as decimal(24, 6)) as denominator_at_high
    from corners

)

select * from final
