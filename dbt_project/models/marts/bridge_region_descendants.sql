-- every region paired with itself and all regions below it: join here to add up or to scope
select
    ancestor_region_code,
    descendant_region_code,
    depth
from {{ ref('int_regions_descended') }}
