-- 优质均衡 self-check, indicator by indicator: every region's variation between schools against its limit
with targets as (

    select * from {{ ref('int_target_sets_dated') }}

),

present as (

    select *
    from {{ ref('fct_indicator_values') }}
    where period_start_date = cast(date_trunc('month', {{ evaluation_date() }}) as date)

),

schools as (

    select
        checks.set_code,
        checks.stage,
        checks.item_no,
        descended.ancestor_region_code as region_code,
        cast(count(*) as integer) as school_count,
        cast(count(*) filter (where checks.is_met) as integer) as school_met_count
    from {{ ref('int_balance_schools') }} as checks
    inner join {{ ref('int_regions_descended') }} as descended
        on checks.region_code = descended.descendant_region_code
    group by checks.set_code, checks.stage, checks.item_no, descended.ancestor_region_code

),

final as (

    select
        targets.set_code,
        targets.stage,
        targets.item_no,
        variations.region_code,
        {{ evaluation_date() }} as evaluation_date,
        targets.item_name,
        targets.indicator_code,
        targets.threshold,
        means.indicator_value as mean_value,
        coalesce(schools.school_count, 0) as school_count,
        coalesce(schools.school_met_count, 0) as school_met_count,
        variations.indicator_value as variation_value,
        targets.cv_limit as variation_limit,
        variations.counted_count,
        variations.expected_count,
        case
            when variations.counted_count < variations.expected_count then '待补报'
            when variations.indicator_value <= targets.cv_limit then '达标'
            else '未达标'
        end as check_state
    from targets
    inner join present as variations on targets.cv_indicator_code = variations.indicator_code
    left join present as means
        on targets.indicator_code = means.indicator_code and variations.region_code = means.region_code
    left join schools
        on
            targets.set_code = schools.set_code
            and targets.stage = schools.stage
            and targets.item_no = schools.item_no
            and variations.region_code = schools.region_code

)

select * from final
