{{ config(materialized='table') }}
-- submissions under the reporter and period where people say they belong, and whether one was withdrawn
with submissions as (

    select
        *,
        concat_ws('|', cast(file_id as string), reporter_code, cast(period_start_date as string)) as submission_key
    from {{ ref('stg_forms__submissions') }}

),

acts as (

    select
        subject_key as submission_key,
        {{ json_text('payload', 'form_code') }} as form_code,
        bool_or(event_type = 'submission.withdrawn') as is_withdrawn,
        max_by({{ json_text('payload', 'new_reporter_code') }}, event_no)
        filter (where event_type = 'submission.reassigned') as new_reporter_code,
        max_by({{ json_date('payload', 'new_period_start_date') }}, event_no)
        filter (where event_type = 'submission.reassigned') as new_period_start_date
    from {{ ref('int_submission_events_standing') }}
    where event_type in ('submission.withdrawn', 'submission.reassigned')
    group by subject_key, {{ json_text('payload', 'form_code') }}

),

moved as (

    select
        submissions.file_id,
        submissions.form_code,
        submissions.template_version,
        submissions.reporter_code as read_reporter_code,
        submissions.period_start_date as read_period_start_date,
        coalesce(acts.new_reporter_code, submissions.reporter_code) as reporter_code,
        submissions.reporter_type,
        submissions.region_code as read_region_code,
        coalesce(acts.new_period_start_date, submissions.period_start_date) as period_start_date,
        submissions.received_at,
        {{ bureau_date('submissions.received_at') }} as received_date,
        submissions.attempt_no,
        submissions.submission_state,
        submissions.is_current as is_landed_current,
        submissions.is_late as is_landed_late,
        coalesce(acts.is_withdrawn, false) as is_withdrawn,
        acts.new_reporter_code is not null as is_reassigned
    from submissions
    left join acts
        on submissions.submission_key = acts.submission_key and submissions.form_code = acts.form_code

),

final as (

    select
        moved.*,
        case when moved.is_reassigned then reporters.region_code else moved.read_region_code end as region_code
    from moved
    left join {{ ref('int_reporters') }} as reporters on moved.reporter_code = reporters.reporter_code

)

select * from final
