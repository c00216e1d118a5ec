-- ledger matters in words and counts: what forbids judging them, and what to say beside the figures
with final as (

    select
        commitment_id,
        case
            when matter_status is null then '无数据'
            when matter_status in ('暂缓', '终止') then matter_status
        end as problem,
        case
            when matter_status is null then '工作台账中没有同名事项'
            when matter_status in ('暂缓', '终止') then concat_ws('', '工作台账报告该事项已', matter_status)
            when is_met and coalesce(evidence, '') = '' then '缺少佐证材料'
        end as note,
        1 as required_count,
        cast(is_met as integer) as reached_count,
        latest_period_date,
        cast(case when matter_status is null then 0 else 1 end as integer) as reported_count,
        1 as named_count,
        is_met,
        is_met and coalesce(done_date > deadline_date, false) as is_late_met,
        progress_pct,
        expected_pct,
        '项' as unit
    from {{ ref('int_deliverable_attainments') }}

)

select * from final
