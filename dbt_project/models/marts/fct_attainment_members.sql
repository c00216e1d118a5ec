-- who made up each figure: every member of the population with what it stands at; null where it never reported
with observations as (

    select
        commitment_id,
        indicator_code,
        region_code,
        source_form,
        required_period_date,
        cast(date_trunc('month', judged_date) as date) as judged_month_date
    from {{ ref('int_commitment_observations') }}

),

owed as (

    select form_code, reporter_code, period_start_date
    from {{ ref('fct_submissions') }}
    where is_expected

),

final as (

    select
        observations.commitment_id,
        {{ evaluation_date() }} as evaluation_date,
        members.reporter_code,
        members.region_code,
        members.observed_period_date as period_start_date,
        members.is_of_current_period,
        owed.reporter_code is not null
        and coalesce(members.observed_period_date < observations.required_period_date, true) as is_unreported,
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
    left join owed
        on
            observations.source_form = owed.form_code
            and members.reporter_code = owed.reporter_code
            and observations.required_period_date = owed.period_start_date

)

select * from final
