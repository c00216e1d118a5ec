with source as (

    select * from {{ source('raw', 'forms__forms') }}

),

final as (

    select
        form_code,
        form_name,
        case when reporter_type in ('unit', '单位', '科室') then 'unit' else 'school' end as reporter_type,
        stages,
        case frequency when '月' then 'month' when '学期' then 'term' when '年' then 'year' when '学年' then 'school_year' when '季' then 'quarter' else frequency end
            as frequency,
        due_days,
        lock_days,
        coalesce(is_counted_from_start, false) as is_counted_from_start
    from source

)

select * from final
