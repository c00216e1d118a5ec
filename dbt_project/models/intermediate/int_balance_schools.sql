{{ config(materialized='table') }}
-- each school beside each item of a target set: its own figure against the standard, exactly; null where it reported none
with targets as (

    select * from {{ ref('int_target_sets_dated') }}

),

members as (

    select *
    from {{ ref('int_indicator_member_values') }}
    where month_start_date = cast(date_trunc('month', {{ evaluation_date() }}) as date)

),

measured as (

    select
        targets.set_code,
        targets.stage,
        targets.item_no,
        targets.item_name,
        targets.indicator_code,
        targets.operator,
        targets.threshold,
        targets.required_count,
        targets.floor_pct,
        members.reporter_code as school_code,
        members.region_code,
        members.observed_period_date,
        {{ ratio('members.numerator', 'members.denominator', 'cards.factor') }} as indicator_value,
        {{ margin('members.numerator', 'members.denominator', 'cards.factor', 'targets.threshold') }} as margin,
        {{ margin('members.numerator', 'members.denominator', 'cards.factor', 'targets.threshold * targets.floor_pct / 100') }}
            as floor_margin
    from targets
    inner join {{ ref('int_indicator_cards') }} as cards on targets.indicator_code = cards.indicator_code
    inner join members on targets.indicator_code = members.indicator_code
    -- a school without pupils of the stage has nothing to be measured by
    where members.denominator is null or members.denominator > 0

),

final as (

    select
        *,
        case when operator = '<=' then margin <= 0 else margin >= 0 end as is_met,
        case when operator = '<=' then margin <= 0 else floor_margin >= 0 end as is_at_floor
    from measured

)

select * from final
