-- every submission ever received, the withdrawn and superseded ones too, and what became of it
with final as (

    select
        file_id,
        form_code,
        reporter_code,
        region_code,
        period_start_date,
        read_reporter_code,
        read_period_start_date,
        attempt_no,
        received_at,
        lock_date,
        case
            when is_withdrawn then '已撤回'
            when is_waiting then '待解锁'
            when not is_current then '已被替代'
            when submission_state in ('隔离', '空表', '免报') then submission_state
            else '采用'
        end as attempt_state,
        is_reassigned,
        coalesce(is_late, false) as is_late
    from {{ ref('int_submissions_ranked') }}

)

select * from final
