-- accepted submissions by what they hold, so that a report of zeros is told from a report of nothing
with final as (

    select
        form_code,
        reporter_code,
        period_start_date,
        count(*) as cell_count,
        count(value_number) as number_count,
        count(*) filter (where value_number != 0) as nonzero_count
    from {{ ref('fct_actuals') }}
    where missing_reason is null
    group by form_code, reporter_code, period_start_date

)

select * from final
