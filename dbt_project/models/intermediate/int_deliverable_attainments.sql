-- written outputs and events: what was last said of each, in the departments' ledger or in the registry
with commitments as (

    select
        commitment_id,
        region_code,
        plan_year,
        deadline_date,
        output
    from {{ ref('fct_commitments') }}
    where kind = 'deliverable'

),

reports as (

    select * from {{ ref('int_matter_reports') }}
    where is_counted

),

matched as (

    select
        commitments.*,
        coalesce(reports.period_start_date, cast(date_trunc('month', reports.said_date) as date)) as latest_period_date,
        reports.matter_status,
        reports.done_date,
        reports.evidence
    from commitments
    left join reports on commitments.commitment_id = reports.commitment_id

),

final as (

    select
        *,
        -- a matter reported 办结 without its date counts from the report that says so
        coalesce(matter_status = '办结' and coalesce(done_date, latest_period_date) <= {{ evaluation_date() }}, false)
            as is_met,
        cast(case
            when matter_status = '办结' and coalesce(done_date, latest_period_date) <= {{ evaluation_date() }} then 100
            when matter_status in ('办结', '进行中') then 50
            when matter_status = '未启动' then 0
        end as decimal(12, 4)) as progress_pct,
        {{ elapsed_pct('make_date(plan_year, 1, 1)', 'deadline_date', evaluation_date()) }} as expected_pct
    from matched

)

select * from final
