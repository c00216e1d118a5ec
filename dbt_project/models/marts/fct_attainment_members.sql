-- who made up each figure: every member of the population with what it stands at; null where it never reported
with observations as (

    select
        commitment_id,
        indicator_code,
        region_code,
        cast(date_trunc('month', judged_date) as date) as judged_month_date
    from {{ ref('int_commitment_observations') }}

),

final as (

    select
        observations.commitment_id,
        {{ evaluation_date() }} as evaluation_date,
        members.reporter_code,
        members.region_code,
        members.observed_period_date as period_start_date,
        members.is_of_current_period,
        members.numerator,
        members.denominator
    from observations
    inner join {{ ref('int_regions_descended') }} as descended
        on observations.region_code = descended.ancestor_region_code
    inner join {{ ref('int_indicator_member_values') }} as members
        on
            observations.indicator_code = members.indicator_code
            and observations.judged_month_date = members.month_start_date
            and descended.descendant_region_code = members.region_code

)

select * from final
