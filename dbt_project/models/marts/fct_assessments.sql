-- 绩效考评 of units for a plan year: lights weighed by the words of the promise, less what reports owed and late cost;
-- ranked among units of the same type. Rules and weights: macros/scoring.sql. Grey commitments are counted, not scored
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
        reporter_code as unit_code,
        cast(extract(year from period_start_date) as integer) as plan_year,
        cast(count(*) filter (where submission_state in ('未报', '空表')) as integer) as missing_count,
        cast(count(*) filter (where is_late) as integer) as late_count
    from {{ ref('fct_submissions') }}
    where is_expected and due_date < {{ evaluation_date() }}
    group by reporter_code, cast(extract(year from period_start_date) as integer)

),

deducted as (

    select
        summed.*,
        coalesce(reports.missing_count, 0) as missing_count,
        coalesce(reports.late_count, 0) as late_count,
        least(
            coalesce(reports.missing_count, 0) * {{ missing_points() }}
            + coalesce(reports.late_count, 0) * {{ late_points() }},
            {{ most_deducted() }}
        ) as deduction
    from summed
    left join reports on summed.unit_code = reports.unit_code and summed.plan_year = reports.plan_year

),

final as (

    select
        deducted.unit_code,
        deducted.plan_year,
        {{ evaluation_date() }} as evaluation_date,
        units.region_code,
        units.unit_type as peer_group,
        deducted.commitment_count,
        deducted.scored_count,
        deducted.red_count,
        cast(deducted.light_score as decimal(12, 4)) as light_score,
        deducted.missing_count,
        deducted.late_count,
        cast(deducted.deduction as decimal(12, 4)) as deduction,
        cast(greatest(deducted.light_score - deducted.deduction, 0) as decimal(12, 4)) as score,
        cast(case
            when deducted.light_score is not null
                then rank() over (
                    partition by deducted.plan_year, units.unit_type
                    order by cast(greatest(deducted.light_score - deducted.deduction, 0) as decimal(12, 4)) desc nulls last
                )
        end as integer) as peer_rank,
        cast(count(deducted.light_score) over (partition by deducted.plan_year, units.unit_type) as integer) as peer_count
    from deducted
    inner join {{ ref('dim_units') }} as units on deducted.unit_code = units.unit_code

)

select * from final
