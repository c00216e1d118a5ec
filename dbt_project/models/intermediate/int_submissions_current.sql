{{ config(materialized='table') }}
-- the submission that stands for (form, reporter, period), and whether what it holds counts
with final as (

    select
        *,
        submission_state not in ('隔离', '免报', '空表') as is_accepted
    from {{ ref('stg_forms__submissions') }}
    where is_current
    qualify row_number() over (
        partition by form_code, reporter_code, period_start_date
        order by received_at desc, attempt_no desc, file_id desc
    ) = 1

)

select * from final
