"""Where a measured commitment may end up: what reports still owed can make of it, the trend, revisions of its cells.

All of it is decided in the warehouse; here it is only fetched.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

OUTLOOK = """
select
    a.commitment_id, bounds.required_period_date, bounds.unreported_count, bounds.unbounded_count,
    cast(bounds.value_low as double) as value_low, cast(bounds.value_high as double) as value_high,
    bounds.light_low, bounds.light_high, bounds.verdict, bounds.verdict_text, bounds.deciding_text,
    forecasts.method, forecasts.point_count, forecasts.first_point_date, forecasts.last_point_date,
    forecasts.forecast_date, cast(forecasts.forecast_value as double) as forecast_value,
    forecasts.is_met_by_forecast
from fct_attainments as a
left join fct_attainment_bounds as bounds
    on a.commitment_id = bounds.commitment_id and a.evaluation_date = bounds.evaluation_date
left join fct_attainment_forecasts as forecasts
    on a.commitment_id = forecasts.commitment_id and a.evaluation_date = forecasts.evaluation_date
where a.commitment_id = $id and a.evaluation_date = (select max(evaluation_date) from fct_attainments)
"""

DECIDING = """
select
    deciding.list_name, deciding.rank_no, deciding.reporter_code,
    coalesce(schools.school_name, units.unit_name, deciding.reporter_code) as reporter_name, regions.region_name,
    cast(members.numerator as double) as numerator, cast(members.denominator as double) as denominator,
    members.period_start_date, cast(deciding.interval_width as double) as interval_width
from fct_deciding_members as deciding
left join dim_schools as schools on deciding.reporter_code = schools.school_code
left join dim_units as units on deciding.reporter_code = units.unit_code
left join dim_regions as regions on coalesce(schools.region_code, units.region_code) = regions.region_code
left join fct_attainment_members as members
    on deciding.commitment_id = members.commitment_id and deciding.evaluation_date = members.evaluation_date
    and deciding.reporter_code = members.reporter_code
where deciding.commitment_id = $id
    and deciding.evaluation_date = (select max(evaluation_date) from fct_attainments)
order by deciding.list_name, deciding.rank_no
"""

UNREPORTED = """
select
    members.reporter_code, coalesce(schools.school_name, units.unit_name, members.reporter_code) as reporter_name,
    regions.region_name, cast(members.numerator as double) as numerator,
    cast(members.denominator as double) as denominator, members.period_start_date
from fct_attainment_members as members
left join dim_schools as schools on members.reporter_code = schools.school_code
left join dim_units as units on members.reporter_code = units.unit_code
left join dim_regions as regions on members.region_code = regions.region_code
where members.commitment_id = $id and members.is_unreported
    and members.evaluation_date = (select max(evaluation_date) from fct_attainments)
order by regions.region_name nulls last, reporter_name
"""

# What a later attempt changed, of the cells that the card adds up; a correction to the same value is none.
REVISIONS = """
with card as (select * from dim_indicators where indicator_code = $card),
terms as (
    select unnest(string_split(numerator || '+' || coalesce(denominator, ''), '+')) as element_code from card
)
select
    before.period_start_date, before.reporter_code,
    coalesce(schools.school_name, units.unit_name, before.reporter_code) as reporter_name,
    elements.element_name, before.attempt_no, cast(before.value_number as double) as before_value,
    cast(now.value_number as double) as now_value, attempts.received_at, files.file_name,
    now.row_no, now.column_no, sheets.sheet_name
from fct_actuals_superseded as before
inner join card on before.form_code = card.source_form
inner join fct_actuals as now
    on before.form_code = now.form_code and before.reporter_code = now.reporter_code
    and before.period_start_date = now.period_start_date and before.record_key = now.record_key
    and before.element_code = now.element_code
inner join bridge_region_descendants as scope
    on now.region_code = scope.descendant_region_code and scope.ancestor_region_code = $region
left join fct_submission_attempts as attempts
    on now.file_id = attempts.file_id and now.form_code = attempts.form_code
    and now.reporter_code = attempts.reporter_code and now.period_start_date = attempts.period_start_date
left join fct_files as files on now.file_id = files.file_id
left join fct_sheets as sheets on now.file_id = sheets.file_id and now.sheet_no = sheets.sheet_no
left join dim_form_elements as elements
    on before.form_code = elements.form_code and before.element_code = elements.element_code
left join dim_schools as schools on before.reporter_code = schools.school_code
left join dim_units as units on before.reporter_code = units.unit_code
where before.element_code in (select element_code from terms) and before.value_number is distinct from now.value_number
    and before.period_start_date <= $until
order by before.period_start_date desc, reporter_name, elements.element_name, before.attempt_no
"""


@per_release(max_entries=128)
def outlook(release: Release, commitment_id: str) -> dict:
    """Bounds, verdict and forecast of one commitment in one row; values null where the warehouse says none."""
    found = fetch(release, OUTLOOK, {"id": commitment_id})
    return found.row(0, named=True) if found.height else {}


@per_release(max_entries=128)
def deciding(release: Release, commitment_id: str) -> pl.DataFrame:
    """The fewest whose reports could settle it, as met (可定达标) and as unmet (可定未达), in order of weight."""
    return fetch(release, DECIDING, {"id": commitment_id})


@per_release(max_entries=128)
def unreported(release: Release, commitment_id: str) -> pl.DataFrame:
    """Who owes the last report that was due, with what each reported last."""
    return fetch(release, UNREPORTED, {"id": commitment_id})


@per_release(max_entries=128)
def revisions(release: Release, indicator_code: str, region_code: str, until: date) -> pl.DataFrame:
    """Cells of the indicator that a later attempt changed: value before and now, where it stands now."""
    return fetch(release, REVISIONS, {"card": indicator_code, "region": region_code, "until": until})
