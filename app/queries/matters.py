"""What acts are about, as the release has it: every commitment with its card and relations, units, nearby numerals.

Columns are named as services of ingestion/registry read them (value, deadline, restates, file_name, …).
"""

from __future__ import annotations

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

CANDIDATES = """
with projects as (
    select commitment_id, list(project_name order by project_no) as projects
    from fct_milestones
    group by commitment_id
)
select
    c.commitment_id, c.document_id, c.region_code, r.region_name, d.plan_year, d.file_name,
    d.file_name as document_file, d.title, c.kind, c.quote, c.start_offset, c.end_offset, c.number_text,
    c.number_start, c.number_end, c.item_path,
    c.item_heading, c.locator, c.indicator, c.indicator_code, c.link_method, c.suggested_indicator_code, c.operator,
    cast(c.target_value as double) as value, cast(c.target_high_value as double) as value_high, c.unit,
    cast(c.stated_baseline_value as double) as baseline, c.deadline_date as deadline, c.strength,
    cast(c.confidence as double) as confidence, c.responsible_unit, c.per, c.recurrence, c.milestone, c.work_type,
    c.stated_count, c.output, c.restates_commitment_id as restates, c.part_of_commitment_id as part_of, c.note,
    projects.projects,
    i.indicator_name, i.definition, i.definition_version, i.is_confirmed as is_card_confirmed, i.unit as card_unit,
    f.form_name, s.indicator_name as suggested_name, s.definition as suggested_definition
from fct_commitments as c
inner join dim_documents as d on c.document_id = d.document_id
left join dim_regions as r on c.region_code = r.region_code
left join projects on c.commitment_id = projects.commitment_id
left join dim_indicators as i on c.indicator_code = i.indicator_code
left join dim_forms as f on i.source_form = f.form_code
left join dim_indicators as s on c.suggested_indicator_code = s.indicator_code
order by d.region_code, c.document_id, c.start_offset, c.number_start, c.commitment_id
"""

CONFLICTS = "select commitment_id, other_commitment_id, reason, is_decided from fct_plan_conflicts order by 1"

NUMBERS = """
select start_offset, end_offset, number_text, label, is_target, is_unexplained, commitment_id
from fct_numbers
where document_id = $document and start_offset between $first and $last
order by start_offset
"""

UNITS = """
select u.unit_code, u.unit_name, u.unit_type, u.region_code, u.aliases, r.region_name
from dim_units as u
left join dim_regions as r on u.region_code = r.region_code
order by u.region_code, u.unit_code
"""

CARDS = "select indicator_code, indicator_name, definition_version, is_confirmed, unit from dim_indicators order by 1"

DUE_FORMS = """
select
    s.form_code, f.form_name, s.period_start_date, f.frequency, s.due_date, count(*) as expected_count,
    count(*) filter (where s.is_accepted) as accepted_count
from fct_submissions as s
left join dim_forms as f on s.form_code = f.form_code
where s.is_expected and s.due_date between $first and $last
group by all
order by s.due_date, f.form_name, s.period_start_date
"""


@per_release(max_entries=8)
def candidates(release: Release) -> pl.DataFrame:
    """Every commitment in the order of its text, with what reviewing and decomposing it needs."""
    return fetch(release, CANDIDATES)


@per_release(max_entries=8)
def conflicts(release: Release) -> pl.DataFrame:
    """Each clause that disagrees with one before it, why, and whether the release follows a decision between them."""
    return fetch(release, CONFLICTS)


@per_release(max_entries=256)
def numbers_between(release: Release, document_id: str, first: int, last: int) -> pl.DataFrame:
    """The numerals of a stretch of a plan with what each was taken for."""
    return fetch(release, NUMBERS, {"document": document_id, "first": first, "last": last})


@per_release(max_entries=8)
def units(release: Release) -> pl.DataFrame:
    """Every unit with its region."""
    return fetch(release, UNITS)


@per_release(max_entries=8)
def cards(release: Release) -> pl.DataFrame:
    """Every indicator card: code, name, version, whether the release counts it as confirmed."""
    return fetch(release, CARDS)


@per_release(max_entries=64)
def due_forms(release: Release, first: object, last: object) -> pl.DataFrame:
    """Reports due in a span of days: form, period, due date, how many are expected and accepted."""
    return fetch(release, DUE_FORMS, {"first": first, "last": last})


def unit_names(release: Release) -> dict[str, str]:
    """Unit code → name."""
    return dict(units(release).select("unit_code", "unit_name").iter_rows())


def unit_choices(release: Release, region_code: str | None = None) -> dict[str, str]:
    """What a person chooses from: name (with its code where two share it) → code, the region's own first."""
    rows = units(release).to_dicts()
    rows.sort(key=lambda row: row["region_code"] != region_code)
    names = [row["unit_name"] for row in rows]
    return {
        row["unit_name"] if names.count(row["unit_name"]) == 1 else f"{row['unit_name']}（{row['unit_code']}）": row[
            "unit_code"
        ]
        for row in rows
    }
