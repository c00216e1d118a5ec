-- attainments of named projects and of ledger matters, in the same columns as those of cards
with milestones as (

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

),

deliverables as (

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

),

works as (

    select * from milestones
    union all
    select * from deliverables

),

final as (

    select
        commitment_id,
        problem,
        note,
        '>=' as judged_operator,
        cast(required_count as decimal(24, 6)) as target_value,
        cast(null as decimal(24, 6)) as target_high_value,
        unit,
        cast(null as decimal(24, 6)) as baseline_value,
        cast(reached_count as decimal(24, 6)) as numerator,
        cast(null as decimal(24, 6)) as denominator,
        cast(reached_count as decimal(24, 6)) as indicator_value,
        latest_period_date,
        cast(reported_count as integer) as counted_count,
        cast(named_count as integer) as expected_count,
        is_met,
        is_late_met,
        false as is_ceiling,
        true as is_counted,
        progress_pct,
        expected_pct,
        -- works are dated: a stage not reported reached by its deadline was not reached
        true as is_final_known,
        cast(null as date) as final_due_date,
        case when is_met then null else cast(required_count - reached_count as double) end as gap,
        unit as gap_unit
    from works

)

select * from final
