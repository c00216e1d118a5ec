"""What the office signs off, as the release has it: accepted data per form, period and region, doubted values, slots.

Here: rows. Not here: how far an approval is, which only the log and ingestion/registry say.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

SLOTS = """
select s.form_code, f.form_name, f.frequency, s.period_start_date, max(s.lock_date) as lock_date,
    count(*) filter (where s.is_accepted) as accepted_count
from fct_submissions as s
left join dim_forms as f on s.form_code = f.form_code
group by s.form_code, f.form_name, f.frequency, s.period_start_date
order by f.form_name, s.period_start_date desc
"""

# the digest as ingestion/registry/vocabulary.py defines it
REGIONS = """
select s.region_code, any_value(r.region_name) as region_name,
    count(*) filter (where s.is_expected) as expected_count,
    count(*) filter (where s.is_accepted) as accepted_count,
    md5(coalesce(string_agg(s.reporter_code || ':' || i.sha256, ',' order by s.reporter_code || ':' || i.sha256)
        filter (where s.is_accepted), '')) as digest
from fct_submissions as s
left join fct_files as i on s.file_id = i.file_id
left join (select region_code, max(region_name) as region_name from dim_regions group by 1) as r
    on s.region_code = r.region_code
where s.form_code = $form and s.period_start_date = $start and s.region_code is not null
group by s.region_code
order by s.region_code
"""

DOUBTS = """
select findings.*, forms.form_name, forms.frequency, coalesce(schools.school_name, units.unit_name) as reporter_name,
    regions.region_name, elements.element_name
from fct_findings as findings
left join dim_forms as forms on findings.form_code = forms.form_code
left join dim_form_elements as elements
    on findings.form_code = elements.form_code and findings.element_code = elements.element_code
left join dim_schools as schools on findings.reporter_code = schools.school_code
left join dim_units as units on findings.reporter_code = units.unit_code
left join (select region_code, max(region_name) as region_name from dim_regions group by 1) as regions
    on findings.region_code = regions.region_code
where findings.is_open and findings.severity in ('可疑', '宏观')
qualify row_number() over (partition by findings.finding_id order by findings.file_id desc) = 1
order by findings.period_start_date desc, findings.region_code, findings.reporter_code, findings.finding_id
"""

OWED = """
select s.reporter_code, coalesce(schools.school_name, units.unit_name, s.reporter_code) as reporter_name,
    r.region_name, s.submission_state
from fct_submissions as s
left join dim_schools as schools on s.reporter_code = schools.school_code
left join dim_units as units on s.reporter_code = units.unit_code
left join (select region_code, max(region_name) as region_name from dim_regions group by 1) as r
    on s.region_code = r.region_code
where s.form_code = $form and s.period_start_date = $start
order by s.is_accepted, s.region_code, s.reporter_code
"""

NAMES = """
select school_code as code, school_name as name from dim_schools
union all
select unit_code as code, unit_name as name from dim_units
"""


@per_release(max_entries=8)
def slots(release: Release) -> pl.DataFrame:
    """Every form and period, the latest first: lock_date and how many reports were accepted."""
    return fetch(release, SLOTS)


@per_release(max_entries=64)
def regions(release: Release, form_code: str, start: date) -> pl.DataFrame:
    """Per region of one form and period: expected_count, accepted_count and the digest an approval would carry."""
    return fetch(release, REGIONS, {"form": form_code, "start": start})


@per_release(max_entries=8)
def doubts(release: Release) -> pl.DataFrame:
    """Open findings that somebody may confirm, with the names of what they are about."""
    return fetch(release, DOUBTS)


@per_release(max_entries=64)
def reporters(release: Release, form_code: str, start: date) -> pl.DataFrame:
    """Who reports one form and period, those without an accepted report first."""
    return fetch(release, OWED, {"form": form_code, "start": start})


@per_release(max_entries=8)
def reporter_names(release: Release) -> dict[str, str]:
    """Code → name of every school and unit."""
    return dict(fetch(release, NAMES).iter_rows())
