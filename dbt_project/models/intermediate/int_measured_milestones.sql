-- milestones in words and counts: what forbids judging them, and what to say beside the figures
with final as (

    select
        commitment_id,
        case
            when coalesce(named_count, 0) = 0 then '无数可考'
            when reported_count = 0 then '无数据'
            when not is_met and unnamed_count > 0 and reached_count = named_count then '未列名待核'
        end as problem,
        case
            when coalesce(named_count, 0) = 0 then '承诺没有列出项目名称，无法逐项核对'
            when reported_count = 0 then '项目进度报表中没有同名项目'
            when not is_met and unnamed_count > 0
                then concat_ws('', '未列名', cast(unnamed_count as string), '所，无从核对')
            when reported_count < named_count
                then concat_ws('', cast(named_count - reported_count as string), '个项目在项目进度报表中没有记录')
            when unproved_count > 0 then concat_ws('', cast(unproved_count as string), '个项目缺少佐证材料')
        end as note,
        required_count,
        reached_count,
        latest_period_date,
        reported_count,
        named_count,
        is_met,
        is_met and last_reached_date > deadline_date as is_late_met,
        progress_pct,
        expected_pct,
        '所' as unit
    from {{ ref('int_milestone_attainments') }}

)

select * from final
