{{ config(materialized='table') }}
-- every region with itself and everything below it; the walk stops at ten levels, so that a loop in the data ends
with recursive edges as (

    select region_code, parent_region_code
    from {{ ref('stg_config__regions') }}
    group by region_code, parent_region_code

),

walk as (

    select region_code as ancestor_region_code, region_code as descendant_region_code, 0 as depth
    from edges
    union
    select walk.ancestor_region_code, edges.region_code as descendant_region_code, walk.depth + 1 as depth
    from walk
    inner join edges on walk.descendant_region_code = edges.parent_region_code
    where walk.depth < 10

),

final as (

    select ancestor_region_code, descendant_region_code, cast(min(depth) as integer) as depth
    from walk
    group by ancestor_region_code, descendant_region_code

)

select * from final
