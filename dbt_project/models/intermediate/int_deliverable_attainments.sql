-- written outputs and events: what the departments' ledger says of the matter of that name
with commitments as (

    select
        commitment_id,
        region_code,
        plan_year,
        deadline_date,
        output,
        {{ name_key('output') }} as output_key
    from {{ ref('fct_commitments') }}
    where kind = 'deliverable'

),

entries as (

    select
        entries.record_name_key,
        descended.ancestor_region_code,
        entries.period_start_date,
        entries.status as matter_status,
        entries.done_date,
        entries.evidence
    from {{ ref('int_record_entries') }} as entries
    inner join {{ ref('int_regions_descended') }} as descended
        on entries.region_code = descended.descendant_region_code
    where entries.form_code = 'ledger' and entries.is_latest

),

matched as (

    select
        commitments.*,
        entries.period_start_date as latest_period_date,
        entries.matter_status,
        entries.done_date,
        entries.evidence
    from commitments
    left join entries
        on commitments.region_code = entries.ancestor_region_code and commitments.output_key = entries.record_name_key
    -- several units may write of one matter: the one that is furthest speaks, then the latest
    qualify row_number() over (
        partition by commitments.commitment_id
        order by
            case when entries.matter_status = '办结' then 0 else 1 end,
            entries.period_start_date desc nulls last,
            entries.done_date nulls last
    ) = 1

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
