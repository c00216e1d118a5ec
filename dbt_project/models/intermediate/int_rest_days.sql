-- each day off of the bureau's calendar with the next day of work after it: a weekday that is no day off, or a day made up
with days_off as (

    select calendar_date
    from {{ ref('stg_config__calendar_days') }}
    where day_type = '放假'

),

candidates as (

    select
        days_off.calendar_date,
        {{ add_days('days_off.calendar_date', 'steps.step') }} as candidate_date
    from days_off
    cross join (
        values {% for step in range(1, 31) %}({{ step }}){{ ', ' if not loop.last }}{% endfor %}
    ) as steps (step)

),

final as (

    select
        candidates.calendar_date,
        min(candidates.candidate_date) as next_work_date
    from candidates
    left join {{ ref('stg_config__calendar_days') }} as listed on candidates.candidate_date = listed.calendar_date
    where
        listed.day_type = '上班'
        or (listed.day_type is null and {{ iso_weekday('candidates.candidate_date') }} <= 5)
    group by candidates.calendar_date

)

select * from final
