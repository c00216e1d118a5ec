-- one row per commitment for the evaluation date, every commitment: what was reached, the light and why
with commitments as (

    select * from {{ ref('fct_commitments') }}

),

judged as (

    select * from {{ ref('int_attainments_judged') }}

),

-- a restated promise shows what its root shows, once a person has confirmed it; nobody's word lights another's
shown as (

    select
        commitments.*,
        case
            when commitments.restates_commitment_id is not null and commitments.is_confirmed then roots.commitment_id
            else commitments.commitment_id
        end as judged_commitment_id
    from commitments
    left join commitments as roots on commitments.root_commitment_id = roots.commitment_id

),

final as (

    select
        shown.commitment_id,
        {{ evaluation_date() }} as evaluation_date,
        shown.document_id,
        shown.region_code,
        shown.plan_year,
        shown.kind,
        shown.indicator_code,
        shown.deadline_date,
        judged.judged_operator,
        judged.target_value,
        judged.target_high_value,
        coalesce(judged.unit, shown.unit) as unit,
        judged.baseline_value,
        judged.baseline_source,
        judged.computed_baseline_value,
        judged.numerator as actual_numerator,
        judged.denominator as actual_denominator,
        judged.indicator_value as actual_value,
        judged.latest_period_date as period_start_date,
        judged.counted_count,
        judged.expected_count,
        judged.is_met,
        judged.is_past_due,
        judged.progress_pct,
        judged.expected_pct,
        judged.lag,
        judged.light,
        judged.status,
        nullif(concat_ws(
            '；',
            case when shown.judged_commitment_id != shown.commitment_id then '重复表述，以主项为准' end,
            {{ reason() }}
        ), '') as reason,
        shown.root_commitment_id,
        shown.is_root,
        {{ display_value('judged') }} as display_value,
        {{ edge_note('judged.gap', 'judged.gap_unit', 'judged.is_denominator_shrunk') }} as edge_note
    from shown
    inner join judged on shown.judged_commitment_id = judged.judged_commitment_id
    left join {{ ref('fct_attainment_bounds') }} as bounds
        on shown.judged_commitment_id = bounds.commitment_id

)

select * from final
