-- median and spread of a reporter's earlier numbers, for the modified Z score
with judged as (

    select * from {{ ref('int_rule_values') }}
    where kind = 'modified_z'

),

earlier as (

    select
        judged.form_code,
        judged.rule_code,
        judged.element_code,
        judged.reporter_code,
        judged.record_key,
        judged.period_start_date,
        before.value_number as earlier_value
    from judged
    inner join judged as before
        on
            judged.form_code = before.form_code
            and judged.rule_code = before.rule_code
            and judged.element_code = before.element_code
            and judged.reporter_code = before.reporter_code
            and judged.record_key = before.record_key
            and judged.period_start_date > before.period_start_date

),

medians as (

    select
        form_code,
        rule_code,
        element_code,
        reporter_code,
        record_key,
        period_start_date,
        cast(median(earlier_value) as decimal(24, 6)) as median_value,
        count(*) as period_count
    from earlier
    group by form_code, rule_code, element_code, reporter_code, record_key, period_start_date

),

final as (

    select
        medians.form_code,
        medians.rule_code,
        medians.element_code,
        medians.reporter_code,
        medians.record_key,
        medians.period_start_date,
        medians.median_value,
        medians.period_count,
        cast(median(abs(earlier.earlier_value - medians.median_value)) as decimal(24, 6)) as median_deviation
    from medians
    inner join earlier
        on
            medians.form_code = earlier.form_code
            and medians.rule_code = earlier.rule_code
            and medians.element_code = earlier.element_code
            and medians.reporter_code = earlier.reporter_code
            and medians.record_key = earlier.record_key
            and medians.period_start_date = earlier.period_start_date
    group by
        medians.form_code, medians.rule_code, medians.element_code, medians.reporter_code, medians.record_key,
        medians.period_start_date, medians.median_value, medians.period_count

)

select * from final
