"""Indicators by region: the released figure, the target of the region or of the one above it, figures to compare with.

A target of the region's own is judged by the warehouse and only shown here. A region below it without one is held
against the target above where the figure is a ratio; counts of a part say nothing of the target of the whole.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

SCOPES = """
select
    above.region_code, coalesce(above.region_name, above.region_code) as region_name, above.region_level,
    count(distinct below.region_code) as below_count
from dim_regions as above
inner join dim_regions as below on below.parent_region_code = above.region_code
where below.region_code in (select region_code from fct_indicator_values)
group by all
order by below_count desc, above.region_code
"""

MONTHS = """
select distinct period_start_date
from fct_indicator_values
where period_start_date <= (select max(evaluation_date) from fct_attainments)
order by 1 desc
"""

CELLS = """
with within as (
    select region_code, region_name, region_level, region_code = $scope as is_scope
    from dim_regions
    where region_code = $scope or parent_region_code = $scope
),
judged as (
    select *
    from fct_attainments
    where is_root and indicator_code is not null and status not in ('已撤销', '终止') and target_value is not null
        and evaluation_date = (select max(evaluation_date) from fct_attainments)
    qualify row_number() over (
        partition by region_code, indicator_code order by plan_year desc nulls last, commitment_id
    ) = 1
),
shown as (
    select distinct indicator_code
    from judged
    where region_code in (select region_code from within)
),
nearest as (
    select within.region_code, judged.*
    from within
    inner join bridge_region_descendants as above on above.descendant_region_code = within.region_code
    inner join judged
        on judged.region_code = above.ancestor_region_code and above.ancestor_region_code != within.region_code
    qualify row_number() over (
        partition by within.region_code, judged.indicator_code
        order by (select count(*) from bridge_region_descendants as d where d.ancestor_region_code = judged.region_code)
    ) = 1
)
select
    within.region_code, coalesce(within.region_name, within.region_code) as region_name, within.is_scope,
    cards.indicator_code, cards.indicator_name, cards.unit, cards.direction, cards.is_confirmed,
    cast(figures.indicator_value as double) as indicator_value, figures.counted_count, figures.expected_count,
    own.commitment_id, own.light, own.status, coalesce(own.plan_year, nearest.plan_year) as plan_year,
    coalesce(own.judged_operator, nearest.judged_operator) as operator,
    cast(coalesce(own.target_value, nearest.target_value) as double) as target_value,
    own.commitment_id is null and nearest.commitment_id is not null as is_from_above,
    case
        when own.commitment_id is not null or figures.denominator is null or nearest.unit is distinct from cards.unit
            then null
        when nearest.judged_operator = '>=' then figures.indicator_value >= nearest.target_value
        when nearest.judged_operator = '<=' then figures.indicator_value <= nearest.target_value
    end as is_reached_above,
    case
        when own.commitment_id is not null or figures.denominator is null or nearest.unit is distinct from cards.unit
            then null
        else cast(abs(figures.indicator_value - nearest.target_value) as double)
    end as gap_above
from shown
cross join within
inner join dim_indicators as cards on shown.indicator_code = cards.indicator_code
left join fct_indicator_values as figures
    on figures.indicator_code = shown.indicator_code and figures.region_code = within.region_code
    and figures.period_start_date = $month
left join judged as own on own.indicator_code = shown.indicator_code and own.region_code = within.region_code
left join nearest on nearest.indicator_code = shown.indicator_code and nearest.region_code = within.region_code
order by cards.indicator_name, shown.indicator_code, within.is_scope desc, within.region_code
"""

RANKING = """
with cards as (select * from dim_indicators where indicator_code = $indicator),
figures as (
    select fct_indicator_values.*, coalesce(regions.region_name, fct_indicator_values.region_code) as region_name
    from fct_indicator_values
    inner join dim_regions as regions on fct_indicator_values.region_code = regions.region_code
    where indicator_code = $indicator and regions.parent_region_code = $scope
),
present as (select * from figures where period_start_date = $month)
select
    present.region_code, present.region_name, cards.unit, cards.direction,
    cast(present.indicator_value as double) as indicator_value, cast(present.numerator as double) as numerator,
    cast(present.denominator as double) as denominator, present.counted_count, present.expected_count,
    present.latest_period_date,
    case when present.indicator_value is not null then cast(rank() over (
        order by case when cards.direction = 'lower' then present.indicator_value else -present.indicator_value end
            nulls last
    ) as integer) end as place,
    case when present.indicator_value is not null
        then cast(count(*) over (partition by present.indicator_value) as integer) end as tie_count,
    cast(before.indicator_value as double) as before_value, before.latest_period_date as before_latest_date,
    cast(present.indicator_value - before.indicator_value as double) as before_change,
    cast(last_year.indicator_value as double) as last_year_value,
    cast(present.indicator_value - last_year.indicator_value as double) as last_year_change
from present
cross join cards
left join figures as before
    on present.region_code = before.region_code
    and before.period_start_date = cast($month as date) - interval 1 month
left join figures as last_year
    on present.region_code = last_year.region_code
    and last_year.period_start_date = cast($month as date) - interval 1 year
order by place nulls last, present.region_name
"""

INDICATORS = """
select distinct cards.indicator_code, cards.indicator_name
from fct_indicator_values as figures
inner join dim_regions as regions on figures.region_code = regions.region_code
inner join dim_indicators as cards on figures.indicator_code = cards.indicator_code
where regions.parent_region_code = $scope and figures.period_start_date = $month
order by cards.indicator_name, cards.indicator_code
"""


@per_release(max_entries=8)
def scopes(release: Release) -> pl.DataFrame:
    """Regions with figures below them, those with the most first."""
    return fetch(release, SCOPES)


@per_release(max_entries=8)
def months(release: Release) -> list[date]:
    """Months with figures up to the evaluation date, the newest first."""
    return fetch(release, MONTHS)["period_start_date"].to_list()


@per_release(max_entries=64)
def cells(release: Release, scope: str, month: date) -> pl.DataFrame:
    """Every indicator with a target in the scope by the scope itself and the regions right below it."""
    return fetch(release, CELLS, {"scope": scope, "month": month})


@per_release(max_entries=64)
def indicators(release: Release, scope: str, month: date) -> pl.DataFrame:
    """Indicators that regions right below the scope have a figure of."""
    return fetch(release, INDICATORS, {"scope": scope, "month": month})


@per_release(max_entries=128)
def ranking(release: Release, indicator: str, scope: str, month: date) -> pl.DataFrame:
    """Regions right below the scope by their place, equal figures on the same, with the month and the year before."""
    return fetch(release, RANKING, {"indicator": indicator, "scope": scope, "month": month})
