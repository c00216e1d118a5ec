-- 优质均衡 self-check, school by school: enough items met, and the others at their floor
with counted as (

    select
        set_code,
        stage,
        school_code,
        max(region_code) as region_code,
        max(observed_period_date) as period_start_date,
        max(required_count) as required_count,
        cast(count(*) as integer) as item_count,
        cast(count(indicator_value) as integer) as measured_count,
        cast(count(*) filter (where is_met) as integer) as met_count,
        cast(count(*) filter (where not is_met and is_at_floor) as integer) as at_floor_count,
        cast(count(*) filter (where not is_at_floor) as integer) as below_floor_count
    from {{ ref('int_balance_schools') }}
    group by set_code, stage, school_code

),

lacking as (

    select
        set_code,
        stage,
        school_code,
        max(case when is_at_floor then null else item_name end) as lowest_item_name
    from {{ ref('int_balance_schools') }}
    where not is_met
    group by set_code, stage, school_code

),

final as (

    select
        counted.set_code,
        counted.stage,
        counted.school_code,
        {{ evaluation_date() }} as evaluation_date,
        counted.region_code,
        counted.period_start_date,
        counted.item_count,
        counted.measured_count,
        counted.met_count,
        counted.at_floor_count,
        counted.below_floor_count,
        counted.required_count,
        case
            -- what is missing decides nothing that is already lost: an item below its floor stays below it
            when counted.below_floor_count > 0 then '未达标'
            when counted.measured_count - counted.met_count > counted.item_count - counted.required_count then '未达标'
            when counted.measured_count < counted.item_count then '待补报'
            else '达标'
        end as check_state,
        lacking.lowest_item_name
    from counted
    left join lacking
        on
            counted.set_code = lacking.set_code
            and counted.stage = lacking.stage
            and counted.school_code = lacking.school_code

)

select * from final
