-- departments, districts and institutions that report or answer for commitments, each with the way down to it
with recursive units as (

    select *
    from {{ ref('stg_config__units') }}
    -- a unit stated anew counts as it stands on the evaluation date, else as it last stood
    qualify row_number() over (
        partition by unit_code
        order by
            case when coalesce(valid_from_date, date '1900-01-01') <= {{ evaluation_date() }} then 0 else 1 end,
            valid_from_date desc nulls last
    ) = 1

),

walk as (

    select units.unit_code, units.unit_name as unit_path, 0 as depth
    from units
    left join units as parents on units.parent_unit_code = parents.unit_code
    where parents.unit_code is null
    union all
    select units.unit_code, concat(walk.unit_path, ' / ', units.unit_name) as unit_path, walk.depth + 1 as depth
    from walk
    inner join units on walk.unit_code = units.parent_unit_code
    where walk.depth < 10

),

final as (

    select
        units.unit_code,
        units.unit_name,
        units.unit_type,
        units.region_code,
        units.parent_unit_code,
        coalesce(walk.unit_path, units.unit_name) as unit_path,
        coalesce(walk.depth, 0) as depth,
        units.aliases,
        units.valid_from_date,
        units.valid_to_date,
        coalesce(units.valid_to_date >= {{ evaluation_date() }}, true) as is_valid
    from units
    left join walk on units.unit_code = walk.unit_code

)

select * from final
