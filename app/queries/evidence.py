"""What a figure rests on: the months before it, the reporters and cells that went into it, the projects it names.

Which cells a figure was made of is said once, by the macros of the release; sums shown beside these rows come from the
attainment itself, never from here.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

TREND = """
select
    period_start_date, cast(indicator_value as double) as indicator_value,
    cast(numerator as double) as numerator, cast(denominator as double) as denominator,
    counted_count, expected_count
from fct_indicator_values
where indicator_code = ? and region_code = ? and indicator_value is not null and period_start_date <= ?
order by period_start_date
"""

# Members and cells are the release's own (its macros figure_cells, judged_figure): a flow stands at its sum within the
# year, everything else as it was last reported.
CELLS = """
with members as (
    select *
    from fct_attainment_members
    where commitment_id = judged_figure($id)
        and evaluation_date = (select max(evaluation_date) from fct_attainments)
),
cells as (
    select
        reporter_code, element_code, element_name, left(part, 2) as part,
        bool_or(part = '分子（不计入）') as is_left_out,
        max(period_start_date) as period_start_date, cast(sum(value_number) as double) as value_as_of,
        max_by(raw_text, period_start_date) as raw_text, max_by(file_name, period_start_date) as file_name,
        max_by(sheet_name, period_start_date) as sheet_name, max_by(row_no, period_start_date) as row_no,
        max_by(column_no, period_start_date) as column_no
    from figure_cells($id)
    group by all
)
select
    members.reporter_code, coalesce(schools.school_name, units.unit_name, members.reporter_code) as reporter_name,
    members.region_code, regions.region_name, schools.sector,
    case
        when bool_or(cells.part = '分子') over (partition by members.reporter_code)
            then not bool_or(cells.is_left_out) over (partition by members.reporter_code)
        else coalesce(members.numerator, 1) != 0  -- counted from the register: it has no cell
    end as is_in_numerator,
    cells.element_code, cells.element_name, cells.period_start_date, cells.value_as_of, cells.raw_text,
    cells.part = '分子' as is_numerator, cells.part = '分母' as is_denominator,
    cells.file_name, cells.sheet_name, cells.row_no, cells.column_no
from members
left join cells on members.reporter_code = cells.reporter_code
left join dim_schools as schools on members.reporter_code = schools.school_code
left join dim_units as units on members.reporter_code = units.unit_code
left join dim_regions as regions on members.region_code = regions.region_code
order by members.region_code, members.reporter_code, is_numerator desc, cells.column_no
"""

PROJECTS = """
select
    milestones.project_no, milestones.project_name, milestones.required_stage, milestones.is_reported,
    milestones.is_reached, milestones.reached_date, milestones.deadline_date, milestones.late_days,
    milestones.evidence, milestones.nodes_reached, milestones.nodes_required, milestones.period_start_date,
    coalesce(units.unit_name, schools.school_name) as reporter_name, files.file_name, sheets.sheet_name,
    milestones.row_no
from fct_milestones as milestones
left join dim_units as units on milestones.reporter_code = units.unit_code
left join dim_schools as schools on milestones.reporter_code = schools.school_code
left join fct_files as files on milestones.file_id = files.file_id
left join fct_sheets as sheets on milestones.file_id = sheets.file_id and milestones.sheet_no = sheets.sheet_no
where milestones.commitment_id = $id or (
    not exists (select 1 from fct_milestones where commitment_id = $id)
    and milestones.commitment_id in (
        select commitment_id from fct_commitments where part_of_commitment_id = $id
        union
        select part_of_commitment_id from fct_commitments where commitment_id = $id
    )
)
order by milestones.is_reached, milestones.project_no
"""

MATTER = """
select
    actuals.period_start_date, units.unit_name as reporter_name, elements.element_name, actuals.element_code,
    coalesce(actuals.value_text, actuals.raw_text) as shown_text, files.file_name, sheets.sheet_name,
    actuals.row_no, actuals.column_no
from fct_actuals as actuals
inner join fct_commitments as commitments on commitments.commitment_id = $id
inner join bridge_region_descendants as scope
    on scope.ancestor_region_code = commitments.region_code and scope.descendant_region_code = actuals.region_code
left join dim_units as units on actuals.reporter_code = units.unit_code
left join dim_form_elements as elements
    on actuals.form_code = elements.form_code and actuals.element_code = elements.element_code
left join fct_files as files on actuals.file_id = files.file_id
left join fct_sheets as sheets on actuals.file_id = sheets.file_id and actuals.sheet_no = sheets.sheet_no
where actuals.form_code = 'ledger'
    and name_key(actuals.record_key) = name_key(commitments.output)
    and actuals.element_code in ('status', 'done_date', 'evidence')
    and coalesce(actuals.value_text, '') != ''
order by actuals.period_start_date desc, actuals.column_no
"""


@per_release(max_entries=128)
def trend(release: Release, indicator_code: str, region_code: str, until: date) -> pl.DataFrame:
    """Months of one indicator in one region: value, Σ numerator, Σ denominator, how many counted of how many."""
    return fetch(release, TREND, [indicator_code, region_code, until])


@per_release(max_entries=64)
def member_cells(release: Release, commitment_id: str) -> pl.DataFrame:
    """Every member of a figure's population with the cells it went in by; cell columns null where none."""
    return fetch(release, CELLS, {"id": commitment_id})


@per_release(max_entries=128)
def projects(release: Release, commitment_id: str) -> pl.DataFrame:
    """Named projects of a milestone, or of the milestones that a stated count adds up."""
    return fetch(release, PROJECTS, {"id": commitment_id})


@per_release(max_entries=128)
def matter_reports(release: Release, commitment_id: str) -> pl.DataFrame:
    """What departments' ledgers said of a written output, the latest month first, a row a cell."""
    return fetch(release, MATTER, {"id": commitment_id})


CARD = """
with words as (
    select terms.is_numerator, string_agg(coalesce(elements.element_name, '学校数'), ' + ') as words
    from (
        select unnest(string_split(numerator, '+')) as code, true as is_numerator, source_form
        from dim_indicators
        where indicator_code = $card and numerator != ''
        union all
        select unnest(string_split(denominator, '+')), false, source_form
        from dim_indicators
        where indicator_code = $card and denominator != ''
    ) as terms
    left join dim_form_elements as elements
        on elements.form_code = terms.source_form and elements.element_code = terms.code
    group by terms.is_numerator
)
select
    cards.indicator_code, cards.indicator_name, cards.definition, cards.definition_version, cards.aggregation,
    cards.stages, cards.sectors, cards.numerator_sectors, cards.is_rural, cards.matter_name, cards.unit,
    cast(cards.meeting_threshold as double) as meeting_threshold, cards.max_age_days, cards.is_cumulative,
    cards.is_confirmed, cards.baseline_reference, cards.numerator, cards.denominator, cards.source_form,
    forms.form_name, forms.frequency,
    (select words from words where is_numerator) as numerator_name,
    (select words from words where not is_numerator) as denominator_name
from dim_indicators as cards
left join dim_forms as forms on cards.source_form = forms.form_code
where cards.indicator_code = $card
"""


@per_release(max_entries=128)
def card(release: Release, indicator_code: str) -> pl.DataFrame:
    """One indicator card with its terms in words; no row where there is none."""
    return fetch(release, CARD, {"card": indicator_code})
