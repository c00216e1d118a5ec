-- attainments of cards, with the reason wherever a figure must not be judged
with measured as (

    select * from {{ ref('int_indicator_attainments') }}

),

final as (

    select
        commitment_id,
        scenario,
        case
            when is_unit_mismatch then '单位不符'
            when counted_count is null or counted_count = 0 then '无数据'
            when judged_value is null then '分母为零'
            when not is_comparable and is_change then '基数不可比'
            when is_change and baseline_value is null then '无基数'
            when target_value is null then '无目标值'
            when latest_period_date < start_date then '待报数据'
            when {{ days_between('known_until_date', 'judged_date') }} > max_age_days then '数据过期'
        end as problem,
        case
            when is_unit_mismatch
                then concat_ws('', '承诺的单位“', unit, '”与指标口径的单位“', card_unit, '”不能直接比较')
            when counted_count is null or counted_count = 0 then '尚无填报单位报送该指标所需数据'
            when judged_value is null then '已报数据的分母合计为零，无法计算'
            when not is_comparable and is_change then incomparable_reason
            when is_change and baseline_value is null then '缺少经批准的基数，报数中也没有可推算的往期数据'
            when target_value is null then '承诺没有可比较的目标值'
            when latest_period_date < start_date
                then concat_ws('', '本计划年度尚无观测，最近一期为', cast(latest_period_date as string))
            when {{ days_between('known_until_date', 'judged_date') }} > max_age_days
                then concat_ws(
                    '', '最近一期数据截至', cast(known_until_date as string), '，超过口径规定的',
                    cast(max_age_days as string), '天'
                )
            when is_late_met
                then concat_ws(
                    '', cast(deadline_date as string), '前的报数未达标，', cast(latest_period_date as string), '一期的报数已达标'
                )
            when counted_count < expected_count
                then concat_ws(
                    '', '尚有', cast(expected_count - counted_count as string), '个单位未报，按已报',
                    cast(counted_count as string), '个计算'
                )
        end as note,
        judged_operator,
        target_value,
        target_high_value,
        card_unit as unit,
        baseline_value,
        baseline_source,
        computed_baseline_value,
        is_denominator_shrunk,
        numerator,
        denominator,
        indicator_value,
        latest_period_date,
        counted_count,
        expected_count,
        is_met,
        is_late_met,
        is_cumulative and judged_operator = '<=' as is_ceiling,
        is_cumulative or (kind in ('count', 'money') and denominator is null) as is_counted,
        progress_pct,
        expected_pct,
        -- what only grows stays met; a state is settled by the deadline's own report
        is_final_reported and (reported_count >= expected_count or final_due_date < {{ evaluation_date() }})
        or (is_cumulative and is_met and judged_operator = '>=') as is_final_known,
        final_due_date,
        case
            when is_met then null
            when card_unit = '%' and denominator_elements = 'school_count'
                then ceil(abs({{ missed('margin_low', 'margin_high') }}) / factor)
            when card_unit = '%' or denominator is not null
                then
                    ceil(abs({{ missed('indicator_value - target_value', 'indicator_value - target_high_value') }}) * 100)
                    / 100
            else ceil(abs(indicator_value - target_value))
        end as gap,
        case
            when card_unit = '%' and denominator_elements = 'school_count' then '所'
            when card_unit = '%' then '个百分点'
            else coalesce(card_unit, '')
        end as gap_unit
    from measured

)

select * from final
