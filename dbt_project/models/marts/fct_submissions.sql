-- who owed what, and what came: the expected set of every form and period, with every submission beside it
with expected as (

    select * from {{ ref('int_submissions_expected') }}

),

submissions as (

    select * from {{ ref('int_submissions_current') }}

),

weighed as (

    select * from {{ ref('int_submissions_weighed') }}

),

joined as (

    select
        coalesce(expected.form_code, submissions.form_code) as form_code,
        coalesce(expected.reporter_code, submissions.reporter_code) as reporter_code,
        coalesce(expected.period_start_date, submissions.period_start_date) as period_start_date,
        coalesce(expected.region_code, submissions.region_code) as region_code,
        expected.reporter_code is not null as is_in_register,
        expected.exempt_reason,
        submissions.submission_state as declared_state,
        submissions.is_late,
        submissions.read_reporter_code != submissions.reporter_code
        or submissions.read_period_start_date != submissions.period_start_date as is_reassigned,
        submissions.attempt_no,
        submissions.received_at,
        submissions.file_id
    from expected
    full outer join submissions
        on
            expected.form_code = submissions.form_code
            and expected.reporter_code = submissions.reporter_code
            and expected.period_start_date = submissions.period_start_date

),

final as (

    select
        joined.form_code,
        joined.reporter_code,
        joined.region_code,
        joined.period_start_date,
        periods.period_end_date,
        periods.due_date,
        periods.lock_date,
        {{ submission_state() }} as submission_state,
        joined.is_in_register and {{ submission_state() }} != '免报' as is_expected,
        {{ submission_state() }} in ('已收', '迟报', '真零') as is_accepted,
        coalesce(joined.is_late, false) as is_late,
        coalesce(joined.is_reassigned, false) as is_reassigned,
        joined.exempt_reason,
        joined.attempt_no,
        joined.received_at,
        joined.file_id
    from joined
    left join {{ ref('int_form_periods') }} as periods
        on joined.form_code = periods.form_code and joined.period_start_date = periods.period_start_date
    left join weighed
        on
            joined.form_code = weighed.form_code
            and joined.reporter_code = weighed.reporter_code
            and joined.period_start_date = weighed.period_start_date

)

select * from final
