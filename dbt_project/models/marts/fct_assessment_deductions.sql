-- what 绩效考评 takes off, a row a report of a unit that was not made, or made late, with the appeal against it. An
-- appeal whose deduction is gone (the report was excused or withdrawn since) stands with nothing to take off
with charged as (

    select
        submissions.form_code,
        submissions.reporter_code as unit_code,
        submissions.period_start_date,
        case when submissions.submission_state in ('未报', '空表') then '未报' else '迟报' end as deduction_kind
    from {{ ref('fct_submissions') }} as submissions
    inner join {{ ref('dim_units') }} as units on submissions.reporter_code = units.unit_code
    where
        submissions.is_expected
        and submissions.due_date < {{ evaluation_date() }}
        and (submissions.submission_state in ('未报', '空表') or submissions.is_late)

),

joined as (

    select
        coalesce(charged.form_code, appeals.form_code) as form_code,
        coalesce(charged.unit_code, appeals.unit_code) as unit_code,
        coalesce(charged.period_start_date, appeals.period_start_date) as period_start_date,
        coalesce(charged.deduction_kind, '不再扣分') as deduction_kind,
        cast(case charged.deduction_kind
            when '未报' then {{ missing_points() }}
            when '迟报' then {{ late_points() }}
            else 0
        end as decimal(12, 4)) as points,
        appeals.appeal_state,
        appeals.ground,
        appeals.evidence,
        appeals.filed_by,
        appeals.filed_at,
        appeals.filed_event_no,
        appeals.opinion,
        appeals.decided_date,
        appeals.decided_by,
        appeals.decided_event_no
    from charged
    full outer join {{ ref('int_appeals_decided') }} as appeals
        on
            charged.form_code = appeals.form_code
            and charged.unit_code = appeals.unit_code
            and charged.period_start_date = appeals.period_start_date

),

final as (

    select
        concat_ws('|', joined.form_code, joined.unit_code, cast(joined.period_start_date as string)) as appeal_key,
        joined.unit_code,
        cast(extract(year from joined.period_start_date) as integer) as plan_year,
        {{ evaluation_date() }} as evaluation_date,
        units.region_code,
        joined.form_code,
        joined.period_start_date,
        joined.deduction_kind,
        joined.points,
        cast(case when joined.appeal_state = '采纳' then 0 else joined.points end as decimal(12, 4)) as charged_points,
        joined.appeal_state,
        joined.ground,
        joined.evidence,
        joined.filed_by,
        joined.filed_at,
        joined.filed_event_no,
        joined.opinion,
        joined.decided_date,
        joined.decided_by,
        joined.decided_event_no
    from joined
    inner join {{ ref('dim_units') }} as units on joined.unit_code = units.unit_code

)

select * from final
