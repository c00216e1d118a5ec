-- what exactly is compared: the operator and the figure that each linked commitment is judged by
with commitments as (

    select * from {{ ref('fct_commitments') }}
    where indicator_code is not null and kind in ('metric', 'count', 'money')

),

joined as (

    select
        commitments.*,
        cards.factor,
        cards.unit as card_unit,
        cards.is_cumulative,
        cards.direction,
        cards.max_age_days,
        cards.source_form,
        cards.is_ratio,
        case when cards.aggregation = 'share_meeting' then 'school_count' else cards.denominator end as denominator,
        baselines.baseline_value,
        baselines.is_comparable,
        baselines.incomparable_reason,
        baselines.baseline_source,
        baselines.computed_value as computed_baseline_value,
        commitments.operator in ('increase', 'decrease') and not cards.is_cumulative
        or (commitments.operator in ('increase', 'decrease') and commitments.unit = '%') as is_change,
        -- 下降0.5% of a rate is percentage points; 增长3% is relative, of rates too
        commitments.unit = '%'
        and not (cards.unit = '%' and commitments.operator = 'decrease') as is_relative,
        (coalesce(commitments.unit, '') in ('%', '百分点')) != (coalesce(cards.unit, '') = '%')
        and not (commitments.operator in ('increase', 'decrease') and commitments.unit = '%')
        and not {{ threshold_is_promised() }} as is_unit_mismatch,
        -- 每天不少于1小时 promises the threshold itself: every school is to meet it
        {{ threshold_is_promised() }} as is_promise_of_all
    from commitments
    inner join {{ ref('int_indicator_cards') }} as cards on commitments.indicator_code = cards.indicator_code
    left join {{ ref('int_commitment_baselines') }} as baselines
        on commitments.commitment_id = baselines.commitment_id

),

final as (

    select
        commitment_id,
        indicator_code,
        region_code,
        plan_year,
        kind,
        make_date(plan_year, 1, 1) as start_date,
        deadline_date,
        source_form,
        unit,
        card_unit,
        factor,
        is_cumulative,
        is_change,
        is_unit_mismatch,
        max_age_days,
        denominator as denominator_elements,
        coalesce(baseline_value, case when not is_change then stated_baseline_value end) as baseline_value,
        coalesce(is_comparable, true) as is_comparable,
        incomparable_reason,
        case
            when baseline_value is not null then baseline_source
            when not is_change and stated_baseline_value is not null then '文件中写明'
        end as baseline_source,
        computed_baseline_value,
        case
            when operator = 'range' and card_unit = '%' then 'range'
            when operator = '<=' and not is_promise_of_all then '<='
            when operator = 'decrease' and is_change then '<='
            when operator = '==' and direction = 'lower' then '<='
            else '>='
        end as judged_operator,
        cast(case
            when is_promise_of_all then factor
            when not is_change then target_value
            when operator = 'increase' and is_relative then baseline_value * (1 + target_value / 100)
            when operator = 'increase' then baseline_value + target_value
            when is_relative then baseline_value * (1 - target_value / 100)
            else baseline_value - target_value
        end as decimal(24, 6)) as target_value,
        case when operator = 'range' and card_unit = '%' then target_high_value end as target_high_value
    from joined

)

select * from final
