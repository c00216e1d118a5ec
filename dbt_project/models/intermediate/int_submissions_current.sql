{{ config(materialized='table') }}
-- the submission that stands for (form, reporter, period), and whether what it holds counts
with final as (

    select
        file_id,
        form_code,
        template_version,
        reporter_code,
        reporter_type,
        region_code,
        period_start_date,
        received_at,
        attempt_no,
        case when is_waiting then '待解锁' else submission_state end as submission_state,
        is_late,
        read_reporter_code,
        read_period_start_date,
        not is_waiting and submission_state not in ('隔离', '免报', '空表') as is_accepted
    from {{ ref('int_submissions_ranked') }}
    where is_current
    qualify row_number() over (
        partition by form_code, reporter_code, period_start_date
        -- a partial correction changes cells of the report that stands, it does not stand in its place
        order by submission_state = '部分更正', received_at desc, attempt_no desc, file_id desc
    ) = 1

)

select * from final
