-- (form, reporter, period) that must report: open schools of the form's stages; units that have ever filled the form
with periods as (

    select * from {{ ref('int_form_periods') }}

),

reporters as (

    select * from {{ ref('int_reporters') }}

),

known_units as (

    select distinct form_code, reporter_code
    from {{ ref('int_submissions_assigned') }}
    where reporter_type = 'unit' and not is_withdrawn

),

-- a form starts to be owed with the first period that anyone reported
first_periods as (

    select form_code, min(period_start_date) as first_period_date
    from {{ ref('int_submissions_assigned') }}
    where not is_withdrawn
    group by form_code

),

final as (

    select
        periods.form_code,
        reporters.reporter_code,
        reporters.region_code,
        periods.period_start_date,
        exemptions.reason as exempt_reason
    from periods
    inner join first_periods
        on
            periods.form_code = first_periods.form_code
            and periods.period_start_date >= first_periods.first_period_date
    inner join reporters
        on
            periods.reporter_type = reporters.reporter_type
            and (reporters.reporter_type = 'unit' or {{ admits('periods.stages', 'reporters.stage') }})
            and (reporters.opened_date is null or periods.reference_date >= reporters.opened_date)
            and (reporters.closed_date is null or periods.reference_date < reporters.closed_date)
    left join known_units
        on periods.form_code = known_units.form_code and reporters.reporter_code = known_units.reporter_code
    left join {{ ref('stg_config__exemptions') }} as exemptions
        on
            periods.form_code = exemptions.form_code
            and reporters.reporter_code = exemptions.reporter_code
            and periods.period_start_date = exemptions.period_start_date
    where reporters.reporter_type = 'school' or known_units.reporter_code is not null

)

select * from final
