-- 分解闭合: whether what the regions below promise adds up to what the region above promised, indicator by indicator.
-- Sums add up; a rate is weighed by the denominators that the regions reported
with promises as (

    select
        commitments.commitment_id,
        commitments.region_code,
        commitments.plan_year,
        commitments.indicator_code,
        commitments.deadline_date,
        targets.judged_operator,
        targets.target_value,
        cards.is_ratio,
        cards.unit
    from {{ ref('fct_commitments') }} as commitments
    inner join {{ ref('int_commitment_targets') }} as targets on commitments.commitment_id = targets.commitment_id
    inner join {{ ref('int_indicator_cards') }} as cards on commitments.indicator_code = cards.indicator_code
    where
        commitments.is_root
        and commitments.is_confirmed
        and targets.target_value is not null
        and targets.judged_operator in ('>=', '<=')
        and not targets.is_unit_mismatch
        and cards.aggregation in ('ratio_of_sums', 'share_meeting', 'sum_flow', 'last_stock')

),

children as (

    select region_code, parent_region_code
    from {{ ref('dim_regions') }}
    where parent_region_code is not null

),

parents as (

    select
        promises.*,
        children.region_code as child_region_code
    from promises
    inner join children on promises.region_code = children.parent_region_code

),

-- of several promises of a region on one indicator the strictest counts
sub_targets as (

    select
        region_code,
        plan_year,
        indicator_code,
        judged_operator,
        case judged_operator when '>=' then max(target_value) else min(target_value) end as sub_target_value
    from promises
    group by region_code, plan_year, indicator_code, judged_operator

),

weights as (

    select indicator_code, region_code, denominator
    from {{ ref('fct_indicator_values') }}
    where period_start_date = cast(date_trunc('month', {{ evaluation_date() }}) as date)

),

added as (

    select
        parents.commitment_id,
        max(parents.region_code) as region_code,
        max(parents.indicator_code) as indicator_code,
        max(parents.judged_operator) as judged_operator,
        max(parents.target_value) as target_value,
        max(parents.unit) as unit,
        bool_or(parents.is_ratio) as is_ratio,
        cast(count(*) as integer) as region_count,
        cast(count(sub_targets.sub_target_value) as integer) as sub_target_count,
        sum(sub_targets.sub_target_value) as sub_target_sum,
        sum(cast(sub_targets.sub_target_value as decimal(18, 6)) * cast(weights.denominator as decimal(20, 4)))
            as weighted_sum,
        sum(cast(case when sub_targets.sub_target_value is not null then weights.denominator end as decimal(20, 4)))
            as weight,
        count(*) filter (where sub_targets.sub_target_value is not null and weights.denominator is null)
            as unweighted_count
    from parents
    left join sub_targets
        on
            parents.child_region_code = sub_targets.region_code
            and parents.plan_year = sub_targets.plan_year
            and parents.indicator_code = sub_targets.indicator_code
            and parents.judged_operator = sub_targets.judged_operator
    left join weights
        on
            parents.child_region_code = weights.region_code
            and parents.indicator_code = weights.indicator_code
    group by parents.commitment_id

),

totalled as (

    select
        *,
        cast(case
            when sub_target_count = 0 or (is_ratio and unweighted_count > 0) then null
            when is_ratio then cast(weighted_sum as double) / nullif(cast(weight as double), 0)
            else sub_target_sum
        end as decimal(24, 6)) as decomposed_value,
        -- exact, as everything that is compared; above nothing where the parts come to more than the whole
        case
            when is_ratio then weighted_sum - cast(target_value as decimal(18, 6)) * weight
            else cast(sub_target_sum - target_value as decimal(24, 6))
        end as exceeding
    from added

),

final as (

    select
        commitment_id,
        {{ evaluation_date() }} as evaluation_date,
        region_code,
        indicator_code,
        judged_operator,
        target_value,
        unit,
        region_count,
        sub_target_count,
        decomposed_value,
        cast(
            case judged_operator when '>=' then decomposed_value - target_value else target_value - decomposed_value end
            as decimal(24, 6)
        ) as closure_margin,
        case
            when sub_target_count = 0 then '未分解'
            when decomposed_value is null then '无法加权'
            -- a rate closes only where every region has its share; a sum may be carried by some
            when is_ratio and sub_target_count < region_count then '部分分解'
            when judged_operator = '>=' and exceeding >= 0 then '闭合'
            when judged_operator = '<=' and exceeding <= 0 and sub_target_count = region_count
                then '闭合'
            when sub_target_count < region_count then '部分分解'
            else '有缺口'
        end as closure_state
    from totalled

)

select * from final
