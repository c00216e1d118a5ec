-- lights of everything that has commitments: an item, a section, a plan, a unit, a region (itself and all below).
-- Roots alone count; the worst of the judged lights speaks for the whole, grey where none is judged
with roots as (

    select
        attainments.commitment_id,
        attainments.evaluation_date,
        attainments.light,
        attainments.progress_pct,
        commitments.document_id,
        commitments.item_path,
        commitments.region_code,
        units.unit_code
    from {{ ref('fct_attainments') }} as attainments
    inner join {{ ref('fct_commitments') }} as commitments
        on attainments.commitment_id = commitments.commitment_id
    left join {{ ref('bridge_commitment_units') }} as units on attainments.commitment_id = units.commitment_id
    where attainments.is_root and attainments.status not in ('已撤销', '终止')

),

scoped as (

    select 'item' as scope_type, concat_ws('/', document_id, item_path) as scope_key, roots.*
    from roots
    where coalesce(item_path, '') != ''
    union all
    select 'section' as scope_type, concat_ws('/', document_id, split_part(item_path, '/', 1)) as scope_key, roots.*
    from roots
    where coalesce(item_path, '') != ''
    union all
    select 'plan' as scope_type, document_id as scope_key, roots.*
    from roots
    union all
    select 'unit' as scope_type, unit_code as scope_key, roots.*
    from roots
    where unit_code is not null
    union all
    select 'region' as scope_type, descended.ancestor_region_code as scope_key, roots.*
    from roots
    inner join {{ ref('int_regions_descended') }} as descended
        on roots.region_code = descended.descendant_region_code

),

counted as (

    select
        scope_type,
        scope_key,
        max(evaluation_date) as evaluation_date,
        cast(count(*) as integer) as commitment_count,
        {% for column, light in [('blue', '蓝'), ('green', '绿'), ('yellow', '黄'), ('red', '红'), ('grey', '灰')] %}
            cast(count(*) filter (where light = '{{ light }}') as integer) as {{ column }}_count,
        {% endfor %}
        cast(avg(least(greatest(cast(progress_pct as double), 0), 100)) filter (where light != '灰') as decimal(12, 4))
            as progress_pct
    from scoped
    group by scope_type, scope_key

),

final as (

    select
        scope_type,
        scope_key,
        evaluation_date,
        case
            when red_count > 0 then '红'
            when yellow_count > 0 then '黄'
            when green_count > 0 then '绿'
            when blue_count > 0 then '蓝'
            else '灰'
        end as light,
        commitment_count,
        blue_count,
        green_count,
        yellow_count,
        red_count,
        grey_count,
        progress_pct
    from counted

)

select * from final
