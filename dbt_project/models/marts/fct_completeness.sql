-- form × period × region: accepted ∩ expected over expected, so that no rate can pass 100 %
with submissions as (

    select * from {{ ref('fct_submissions') }}
    where is_expected

),

final as (

    select
        submissions.form_code,
        submissions.period_start_date,
        descended.ancestor_region_code as region_code,
        max(submissions.due_date) as due_date,
        cast(count(*) as integer) as expected_count,
        cast(count(*) filter (where submissions.is_accepted) as integer) as accepted_count,
        cast(count(*) filter (where submissions.is_accepted and submissions.is_late) as integer) as late_count,
        cast(count(*) filter (where submissions.submission_state = '未报') as integer) as missing_count,
        cast(count(*) filter (where submissions.submission_state = '未到期') as integer) as not_due_count,
        cast(count(*) filter (where submissions.submission_state = '隔离') as integer) as quarantined_count,
        cast(count(*) filter (where submissions.submission_state = '空表') as integer) as blank_count,
        cast(
            100.0 * count(*) filter (where submissions.is_accepted) / count(*) as decimal(9, 4)
        ) as completeness_pct,
        cast(
            100.0 * count(*) filter (where submissions.is_accepted and not submissions.is_late) / count(*)
            as decimal(9, 4)
        ) as timeliness_pct
    from submissions
    inner join {{ ref('int_regions_descended') }} as descended
        on submissions.region_code = descended.descendant_region_code
    group by submissions.form_code, submissions.period_start_date, descended.ancestor_region_code

)

select * from final
