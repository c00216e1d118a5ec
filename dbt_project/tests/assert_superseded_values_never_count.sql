-- Totals never double: a value that counts comes from a submission that stands and waits for no unlock.
select actuals.file_id, actuals.reporter_code
from {{ ref('fct_actuals') }} as actuals
left join {{ ref('int_submissions_ranked') }} as submissions
    on
        actuals.file_id = submissions.file_id
        and actuals.form_code = submissions.form_code
        and actuals.reporter_code = submissions.reporter_code
        and actuals.period_start_date = submissions.period_start_date
        and submissions.is_current
        and not submissions.is_waiting
where submissions.file_id is null
