{{ config(materialized='table') }}
-- accepted numbers that a rule across files looks at, each with the reporter's number of the period before
with rules as (

    select
        form_code,
        rule_code,
        kind,
        element_code,
        other_form_code,
        other_element_code,
        percent,
        coalesce(least, 0) as least,
        score_limit,
        least_periods
    from {{ ref('stg_forms__rules') }}
    where is_across_files

),

final as (

    select
        rules.*,
        actuals.reporter_code,
        actuals.region_code,
        actuals.period_start_date,
        actuals.record_key,
        actuals.value_number,
        actuals.file_id,
        actuals.sheet_no,
        actuals.row_no,
        actuals.column_no,
        lag(actuals.period_start_date) over series as earlier_date,
        lag(actuals.value_number) over series as earlier_value,
        lag(actuals.file_id) over series as earlier_file_id,
        lag(actuals.sheet_no) over series as earlier_sheet_no,
        lag(actuals.row_no) over series as earlier_row_no,
        lag(actuals.column_no) over series as earlier_column_no
    from rules
    inner join {{ ref('fct_actuals') }} as actuals
        on rules.form_code = actuals.form_code and rules.element_code = actuals.element_code
    -- missing is not zero: what is missing is compared with nothing
    where actuals.value_number is not null
    window series as (
        partition by
            rules.form_code, rules.rule_code, rules.element_code, actuals.reporter_code, actuals.record_key
        order by actuals.period_start_date
    )

)

select * from final
