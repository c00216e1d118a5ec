-- reporting periods of every rhythm up to the evaluation date
with final as (

    select
        frequency,
        period_start_date,
        period_end_date,
        calendar_year,
        school_year,
        case frequency
            when 'month' then concat_ws('', cast(calendar_year as string), '年', cast(month_no as string), '月')
            when 'quarter'
                then concat_ws(
                    '', cast(calendar_year as string), '年第', cast(cast((month_no + 2) / 3 as integer) as string), '季度'
                )
            when 'term'
                then concat_ws(
                    '', cast(calendar_year as string), '年', case when month_no = 2 then '春季' else '秋季' end, '学期'
                )
            when 'year' then concat_ws('', cast(calendar_year as string), '年')
            else concat_ws('', cast(school_year as string), '学年')
        end as period_name
    from {{ ref('int_periods') }}

)

select * from final
