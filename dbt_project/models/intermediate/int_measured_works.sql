-- attainments of named projects and of ledger matters, in the same columns as those of cards
with works as (

    select * from {{ ref('int_measured_milestones') }}
    union all
    select * from {{ ref('int_measured_deliverables') }}

),

final as (

    select
        commitment_id,
        'reported' as scenario,
        problem,
        note,
        '>=' as judged_operator,
        cast(required_count as decimal(24, 6)) as target_value,
        cast(null as decimal(24, 6)) as target_high_value,
        unit,
        cast(null as decimal(24, 6)) as baseline_value,
        cast(null as string) as baseline_source,
        cast(null as decimal(24, 6)) as computed_baseline_value,
        cast(reached_count as decimal(24, 6)) as numerator,
        cast(null as decimal(24, 6)) as denominator,
        cast(reached_count as decimal(24, 6)) as indicator_value,
        latest_period_date,
        cast(reported_count as integer) as counted_count,
        cast(named_count as integer) as expected_count,
        is_met,
        is_late_met,
        false as is_ceiling,
        false as is_denominator_shrunk,
        true as is_counted,
        progress_pct,
        expected_pct,
        -- works are dated: a stage not reported reached by its deadline was not reached
        true as is_final_known,
        cast(null as date) as final_due_date,
        case when is_met then null else cast(required_count - reached_count as double) end as gap,
        unit as gap_unit
    from works

)

select * from final
