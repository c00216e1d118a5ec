"""优质均衡 self-check as the warehouse judged it: schools, items and the variation between schools."""

from __future__ import annotations

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

SCOPES = """
select
    items.region_code, coalesce(regions.region_name, items.region_code) as region_name,
    (select count(*) from dim_regions as below where below.parent_region_code = items.region_code) as below_count
from (select distinct region_code from fct_balance_indicators) as items
left join dim_regions as regions on items.region_code = regions.region_code
where regions.region_level is distinct from '省'
order by below_count desc, items.region_code
"""

ITEMS = """
select
    items.set_code, items.stage, items.item_no, items.item_name, items.region_code,
    coalesce(regions.region_name, items.region_code) as region_name, items.region_code = $scope as is_scope,
    cast(items.threshold as double) as threshold, cast(items.mean_value as double) as mean_value, cards.unit,
    items.school_count, items.school_met_count, cast(items.variation_value as double) as variation_value,
    cast(items.variation_limit as double) as variation_limit, items.counted_count, items.expected_count,
    items.check_state, coalesce(cards.is_confirmed, false) as is_confirmed
from fct_balance_indicators as items
left join dim_regions as regions on items.region_code = regions.region_code
left join dim_indicators as cards on items.indicator_code = cards.indicator_code
where items.region_code = $scope or regions.parent_region_code = $scope
order by items.set_code, items.stage desc, items.item_no, is_scope desc, items.region_code
"""

SCHOOLS = """
select
    checks.set_code, checks.stage, checks.school_code, coalesce(schools.school_name, checks.school_code) as school_name,
    regions.region_name, checks.period_start_date, checks.item_count, checks.measured_count, checks.met_count,
    checks.at_floor_count, checks.below_floor_count, checks.required_count, checks.check_state,
    checks.lowest_item_name
from fct_balance_checks as checks
left join dim_schools as schools on checks.school_code = schools.school_code
left join dim_regions as regions on checks.region_code = regions.region_code
where checks.region_code in (
    select descendant_region_code from bridge_region_descendants where ancestor_region_code = $scope
)
order by
    list_position(['未达标', '待补报', '达标'], checks.check_state), checks.below_floor_count desc, checks.met_count,
    regions.region_name, school_name, checks.stage desc
"""


@per_release(max_entries=8)
def scopes(release: Release) -> pl.DataFrame:
    """Regions below the province that were checked, those with the most parts first."""
    return fetch(release, SCOPES)


@per_release(max_entries=64)
def items(release: Release, scope: str) -> pl.DataFrame:
    """Every item of every standard and stage for a region and those right below it."""
    return fetch(release, ITEMS, {"scope": scope})


@per_release(max_entries=64)
def schools(release: Release, scope: str) -> pl.DataFrame:
    """Every school and stage within a region, those that fail first."""
    return fetch(release, SCHOOLS, {"scope": scope})
