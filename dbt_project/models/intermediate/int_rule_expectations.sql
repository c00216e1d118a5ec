{{ config(materialized='table') }}
-- what each rule across files expects of a value, why, and how far from it the value may lie
with judged as (

    select * from {{ ref('int_rule_values') }}

),

steps as (

    select
        *,
        concat('上一次（', cast(earlier_date as string), '）') as basis
    from judged
    where kind in ('change_within', 'region_change_within') and earlier_value is not null

),

-- a region's sum over the reporters of both periods, laid at the door of whoever changed most
region_steps as (

    select
        *,
        cast(sum(value_number) over region_sums as decimal(24, 6)) as region_value,
        cast(sum(earlier_value) over region_sums as decimal(24, 6)) as region_earlier_value,
        row_number() over (
            partition by form_code, rule_code, element_code, region_code, period_start_date
            order by abs(value_number - earlier_value) desc, reporter_code, record_key
        ) as change_rank
    from steps
    where kind = 'region_change_within'
    window region_sums as (partition by form_code, rule_code, element_code, region_code, period_start_date)

),

by_steps as (

    select
        form_code,
        rule_code,
        element_code,
        reporter_code,
        region_code,
        period_start_date,
        record_key,
        value_number as judged_value,
        earlier_value as expected_value,
        {{ allowed_distance('earlier_value', 'percent', 'least') }} as allowed_distance,
        basis,
        file_id,
        sheet_no,
        row_no,
        column_no,
        earlier_file_id as other_file_id,
        earlier_sheet_no as other_sheet_no,
        earlier_row_no as other_row_no,
        earlier_column_no as other_column_no
    from steps
    where kind = 'change_within'

),

by_regions as (

    select
        form_code,
        rule_code,
        element_code,
        reporter_code,
        region_code,
        period_start_date,
        record_key,
        region_value as judged_value,
        region_earlier_value as expected_value,
        {{ allowed_distance('region_earlier_value', 'percent', 'least') }} as allowed_distance,
        concat('全区同口径', basis) as basis,
        file_id,
        sheet_no,
        row_no,
        column_no,
        earlier_file_id as other_file_id,
        earlier_sheet_no as other_sheet_no,
        earlier_row_no as other_row_no,
        earlier_column_no as other_column_no
    from region_steps
    where change_rank = 1

),

by_histories as (

    select
        judged.form_code,
        judged.rule_code,
        judged.element_code,
        judged.reporter_code,
        judged.region_code,
        judged.period_start_date,
        judged.record_key,
        judged.value_number as judged_value,
        histories.median_value as expected_value,
        cast(greatest(judged.score_limit * histories.median_deviation / 0.6745, judged.least) as decimal(24, 6)) as allowed_distance,
        concat('此前 ', cast(histories.period_count as string), ' 期的中位数') as basis,
        judged.file_id,
        judged.sheet_no,
        judged.row_no,
        judged.column_no,
        cast(null as integer) as other_file_id,
        cast(null as integer) as other_sheet_no,
        cast(null as integer) as other_row_no,
        cast(null as integer) as other_column_no
    from judged
    inner join {{ ref('int_rule_histories') }} as histories
        on
            judged.form_code = histories.form_code
            and judged.rule_code = histories.rule_code
            and judged.element_code = histories.element_code
            and judged.reporter_code = histories.reporter_code
            and judged.record_key = histories.record_key
            and judged.period_start_date = histories.period_start_date
    -- a series that never moved has no spread to measure by
    where histories.period_count >= judged.least_periods and histories.median_deviation > 0

),

by_others as (

    select
        judged.form_code,
        judged.rule_code,
        judged.element_code,
        judged.reporter_code,
        judged.region_code,
        judged.period_start_date,
        judged.record_key,
        judged.value_number as judged_value,
        others.expected_value as expected_value,
        {{ allowed_distance('others.expected_value', 'judged.percent', 'judged.least') }} as allowed_distance,
        others.basis,
        judged.file_id,
        judged.sheet_no,
        judged.row_no,
        judged.column_no,
        others.file_id as other_file_id,
        others.sheet_no as other_sheet_no,
        others.row_no as other_row_no,
        others.column_no as other_column_no
    from judged
    inner join {{ ref('int_rule_others') }} as others
        on
            judged.form_code = others.form_code
            and judged.rule_code = others.rule_code
            and judged.element_code = others.element_code
            and judged.reporter_code = others.reporter_code
            and judged.record_key = others.record_key
            and judged.period_start_date = others.period_start_date

)

select * from by_steps
union all
select * from by_regions
union all
select * from by_histories
union all
select * from by_others
