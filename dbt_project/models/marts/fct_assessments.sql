-- 绩效考评 of units for a plan year: lights weighed by the words of the promise, less what reports owed and late cost,
-- before and after the appeals that were accepted; ranked among units of the same type. Rules and weights:
-- macros/scoring.sql. Grey commitments are counted, not scored
with scored as (

    select
        units.unit_code,
        attainments.plan_year,
        attainments.light,
        {{ light_points('attainments.light') }} as points,
        {{ strength_weight('commitments.strength') }} as weight
    from {{ ref('fct_attainments') }} as attainments
    inner join {{ ref('fct_commitments') }} as commitments
        on attainments.commitment_id = commitments.commitment_id
    inner join {{ ref('bridge_commitment_units') }} as units on attainments.commitment_id = units.commitment_id
    where attainments.is_root and attainments.plan_year is not null and attainments.status not in ('已撤销', '终止')

),

summed as (

    select
        unit_code,
        plan_year,
        cast(count(*) as integer) as commitment_count,
        cast(count(points) as integer) as scored_count,
        cast(count(*) filter (where light = '红') as integer) as red_count,
        cast(sum(points * weight) as double) / nullif(cast(sum(weight) filter (where points is not null) as double), 0)
            as light_score
    from scored
    group by unit_code, plan_year

),

reports as (

    select
        unit_code,
        plan_year,
        count(*) filter (where deduction_kind = '未报') as missing_count,
        count(*) filter (where deduction_kind = '迟报') as late_count,
        count(*) filter (where appeal_state = '待裁定') as pending_appeal_count,
        count(*) filter (where appeal_state = '采纳') as accepted_appeal_count,
        count(*) filter (where appeal_state = '驳回') as rejected_appeal_count,
        sum(points) filter (where appeal_state is not null) as appealed_points,
        least(sum(points), {{ most_deducted() }}) as deduction_before_appeal,
        least(sum(charged_points), {{ most_deducted() }}) as deduction
    from {{ ref('fct_assessment_deductions') }}
    group by unit_code, plan_year

),

final as (

    select
        summed.unit_code,
        summed.plan_year,
        {{ evaluation_date() }} as evaluation_date,
        units.region_code,
        units.unit_type as peer_group,
        summed.commitment_count,
        summed.scored_count,
        summed.red_count,
        cast(summed.light_score as decimal(12, 4)) as light_score,
        {% for column in [
            'missing_count', 'late_count', 'pending_appeal_count', 'accepted_appeal_count', 'rejected_appeal_count'
        ] %}
            cast(coalesce(reports.{{ column }}, 0) as integer) as {{ column }},
        {% endfor %}
        {% for column in ['appealed_points', 'deduction_before_appeal', 'deduction'] %}
            cast(coalesce(reports.{{ column }}, 0) as decimal(12, 4)) as {{ column }},
        {% endfor %}
        {{ assessed('summed.light_score', 'reports.deduction_before_appeal') }} as score_before_appeal,
        {{ assessed('summed.light_score', 'reports.deduction') }} as score,
        cast(case
            when summed.light_score is not null
                then rank() over (
                    partition by summed.plan_year, units.unit_type
                    order by {{ assessed('summed.light_score', 'reports.deduction') }} desc nulls last
                )
        end as integer) as peer_rank,
        cast(count(summed.light_score) over (partition by summed.plan_year, units.unit_type) as integer) as peer_count
    from summed
    left join reports on summed.unit_code = reports.unit_code and summed.plan_year = reports.plan_year
    inner join {{ ref('dim_units') }} as units on summed.unit_code = units.unit_code

)

select * from final
