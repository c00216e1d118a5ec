{{ config(materialized='table') }}
-- the least and most that a commitment's margin and figure can come to once everybody has reported, and the verdict
{% set endless = 10000000000000 %}  {# more than any denominator, and decimal(20, 4) still holds it #}
with sides as (

    select * from {{ ref('int_bound_sides') }}

),

added as (

    select
        commitment_id,
        side,
        case when count(*) = count(margin_least) then sum(margin_least) end as margin_least,
        case when count(*) = count(margin_most) then sum(margin_most) end as margin_most,
        cast(count(*) filter (where margin_least is null or margin_most is null) as integer) as unbounded_count
    from {{ ref('int_bound_margins') }}
    group by commitment_id, side

),

corners as (

    select
        commitment_id,
        sum(numerator_at_low) as numerator_at_low,
        sum(denominator_at_low) as denominator_at_low,
        sum(numerator_at_high) as numerator_at_high,
        sum(denominator_at_high) as denominator_at_high,
        sum(denominator_least) as denominator_least,
        bool_or(is_ratio and denominator_at_low is null) as is_open_low,
        bool_or(numerator_at_high is null) as is_open_high,
        bool_or(is_share) as is_share
    from {{ ref('int_bound_members') }}
    group by commitment_id

),

ends as (

    select
        sides.*,
        coalesce(added.unbounded_count, case when sides.is_indivisible then sides.unreported_count else 0 end)
            as unbounded_count,
        case
            when sides.unreported_count = 0 then sides.known_margin
            when not sides.is_indivisible then sides.known_margin + added.margin_least
        end as margin_low,
        case
            when sides.unreported_count = 0 then sides.known_margin
            when not sides.is_indivisible then sides.known_margin + added.margin_most
        end as margin_high,
        -- nothing divided by nothing is not met, so a total that may be nothing settles nothing as met
        sides.is_divided
        and coalesce(sides.known_denominator, 0) + coalesce(corners.denominator_least, 0) = 0 as is_hollow,
        corners.numerator_at_low,
        corners.denominator_at_low,
        corners.numerator_at_high,
        corners.denominator_at_high,
        coalesce(corners.is_open_low, false) as is_open_low,
        coalesce(corners.is_open_high, false) as is_open_high,
        coalesce(corners.is_share, false) as is_share
    from sides
    left join added on sides.commitment_id = added.commitment_id and sides.side = added.side
    left join corners on sides.commitment_id = corners.commitment_id

),

weighed as (

    select
        commitment_id,
        cast(max(unreported_count) as integer) as unreported_count,
        cast(max(unbounded_count) as integer) as unbounded_count,
        count(*) as side_count,
        -- the worse side speaks for both
        case when count(*) = count(margin_low) then min(margin_low) end as margin_low,
        min(margin_high) as margin_high,
        case
            when not bool_or(is_hollow) and count(*) = count_if(coalesce(margin_low >= 0, false)) then '已定达标'
            when bool_or(coalesce(margin_high < 0, false)) then '已定未达'
            when max(unbounded_count) > 0 or bool_or(is_hollow) or max(unreported_count) = 0 then '无界'
            else '取决于'
        end as verdict,
        bool_or(is_indivisible) and max(unreported_count) > 0 as is_incalculable,
        bool_or(is_divided) as is_divided,
        -- what has no bound weighs more than everything else together
        max(known_numerator + coalesce(numerator_at_low, 0)) as low_numerator,
        max(case
            when is_divided
                then
                    known_denominator + coalesce(denominator_at_low, 0)
                    + case when is_open_low then {{ endless }} else 0 end
        end) as low_denominator,
        max(
            known_numerator + coalesce(numerator_at_high, 0) + case when is_open_high then {{ endless }} else 0 end
        ) as high_numerator,
        max(case
            when is_divided
                then
                    known_denominator + coalesce(denominator_at_high, 0)
                    + case when is_open_high and is_share then {{ endless }} else 0 end
        end) as high_denominator,
        bool_or(is_open_high and not is_share) as is_endless,
        max(factor) as factor
    from ends
    group by commitment_id

),

final as (

    select
        *,
        -- reports could settle it either way; nothing divided by nothing is open too, and no margin settles that
        verdict in ('取决于', '无界')
        and not is_incalculable
        and coalesce(margin_low < 0, true)
        and coalesce(margin_high >= 0, true) as is_open
    from weighed

)

select * from final
