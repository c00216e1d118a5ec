{{ config(materialized='table') }}
-- values that count: of submissions that stand and were accepted, each key once
with submissions as (

    select
        file_id, form_code, reporter_code, period_start_date, region_code, received_at, attempt_no,
        read_reporter_code, read_period_start_date
    from {{ ref('int_submissions_ranked') }}
    where is_current and not is_waiting and submission_state not in ('隔离', '免报', '空表')

),

final as (

    select
        cells.form_code,
        submissions.reporter_code,
        submissions.period_start_date,
        cells.record_key,
        cells.element_code,
        cells.value_number,
        cells.value_text,
        cells.missing_reason,
        cells.raw_text,
        cells.file_id,
        cells.sheet_no,
        cells.row_no,
        cells.column_no,
        submissions.region_code,
        submissions.received_at
    from {{ ref('stg_forms__values') }} as cells
    inner join submissions
        on
            cells.file_id = submissions.file_id
            and cells.form_code = submissions.form_code
            and cells.reporter_code = submissions.read_reporter_code
            and cells.period_start_date = submissions.read_period_start_date
    -- two current files for one key happen with declared partial resubmissions: the later one speaks
    qualify row_number() over (
        partition by
            cells.form_code,
            submissions.reporter_code,
            submissions.period_start_date,
            cells.record_key,
            cells.element_code
        order by submissions.received_at desc, submissions.attempt_no desc, cells.file_id desc, cells.row_no desc
    ) = 1

)

select * from final
