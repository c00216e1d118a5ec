"""Who owes which report, who was late, whose findings are open: lists by reporter, within a region and a form.

What counts as owed is what `duban remind` counts on the evaluation date: due before it and not accepted by then.
"""

from __future__ import annotations

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

SAMPLES_A_REPORTER = 5

_WITHIN = """($region = '' or {0}.region_code in (
        select descendant_region_code from bridge_region_descendants where ancestor_region_code = $region
    ))"""
_NAMES = """
left join dim_schools as schools on {0}.reporter_code = schools.school_code
left join dim_units as units on {0}.reporter_code = units.unit_code
left join dim_regions as regions on {0}.region_code = regions.region_code
left join dim_forms as forms on {0}.form_code = forms.form_code
"""

FORMS = f"""
select
    s.form_code, forms.form_name, forms.frequency, s.period_start_date, count(*) as expected_count,
    count(*) filter (where s.is_accepted) as accepted_count,
    count(*) filter (where s.is_accepted and s.is_late) as late_count,
    count(*) filter (where s.submission_state = '未报') as missing_count,
    count(*) filter (where s.submission_state = '隔离') as quarantined_count,
    count(*) filter (where s.submission_state = '空表') as blank_count,
    count(*) filter (where s.submission_state = '未到期') as not_due_count
from fct_submissions as s
left join dim_forms as forms on s.form_code = forms.form_code
where s.is_expected and {_WITHIN.format("s")}
group by s.form_code, forms.form_name, forms.frequency, s.period_start_date
order by forms.form_name, s.form_code, s.period_start_date
"""

REGIONS = f"""
select
    c.form_code, c.region_code, regions.region_name, regions.region_level, c.period_start_date, c.expected_count,
    c.accepted_count, c.late_count, c.missing_count, c.quarantined_count, c.blank_count, c.not_due_count
from fct_completeness as c
left join dim_regions as regions on c.region_code = regions.region_code
where c.form_code = $form and regions.region_level is distinct from '省' and {_WITHIN.format("c")}
order by c.region_code, c.period_start_date
"""

PLACES = """
select distinct c.region_code, coalesce(regions.region_name, c.region_code) as region_name, regions.region_level
from fct_completeness as c
left join dim_regions as regions on c.region_code = regions.region_code
where regions.region_level is distinct from '省'
order by c.region_code
"""

OWED = f"""
with judged as (select max(evaluation_date) as evaluation_date from fct_attainments),
owed as (
    select
        fct_submissions.*, evaluation_date,
        case
            when submission_state in ('隔离', '空表', '待解锁')
                and cast(received_at + interval 8 hour as date) <= evaluation_date then submission_state
            else '未报'
        end as state_then
    from fct_submissions
    cross join judged
    where is_expected and due_date < evaluation_date
        and (
            submission_state in ('未报', '未到期', '隔离', '空表', '待解锁')
            or cast(received_at + interval 8 hour as date) > evaluation_date
        )
)
select
    owed.reporter_code, coalesce(schools.school_name, units.unit_name, owed.reporter_code) as reporter_name,
    regions.region_name, owed.form_code, forms.form_name, forms.frequency, owed.period_start_date, owed.due_date,
    owed.state_then as submission_state, cast(owed.evaluation_date - owed.due_date as integer) as days_overdue
from owed
{_NAMES.format("owed")}
where ($form = '' or owed.form_code = $form) and {_WITHIN.format("owed")}
order by regions.region_name nulls last, reporter_name, owed.due_date, forms.form_name
"""

LATE = f"""
select
    late.reporter_code, coalesce(schools.school_name, units.unit_name, late.reporter_code) as reporter_name,
    regions.region_name, late.form_code, forms.form_name, forms.frequency, late.period_start_date, late.due_date,
    cast(late.received_at + interval 8 hour as date) as received_date,
    cast(late.received_at + interval 8 hour as date) - late.due_date as days_late
from fct_submissions as late
{_NAMES.format("late")}
where late.is_expected and late.is_accepted and late.is_late
    and ($form = '' or late.form_code = $form) and {_WITHIN.format("late")}
order by regions.region_name nulls last, reporter_name, late.due_date, forms.form_name
"""

FINDINGS = f"""
select
    found.reporter_code, coalesce(schools.school_name, units.unit_name, found.reporter_code) as reporter_name,
    regions.region_name, found.form_code, forms.form_name, forms.frequency, found.period_start_date, found.severity,
    found.file_name, found.sheet_name, found.cell, found.message, found.fix,
    count(*) over (partition by found.reporter_code) as finding_count,
    row_number() over (
        partition by found.reporter_code
        order by list_position(['结构', '有效性', '可疑', '宏观'], found.severity), found.period_start_date desc,
            found.finding_id
    ) as finding_no
from fct_findings as found
{_NAMES.format("found")}
where found.is_open
    and ($form = '' or found.form_code = $form) and {_WITHIN.format("found")}
order by finding_count desc, reporter_name nulls last, finding_no
"""


@per_release(max_entries=32)
def forms(release: Release, region: str) -> pl.DataFrame:
    """Counts of every form and period within a region; '' asks for all of them."""
    return fetch(release, FORMS, {"region": region})


@per_release(max_entries=64)
def regions(release: Release, form: str, region: str) -> pl.DataFrame:
    """Counts of one form by period for a region and those below it."""
    return fetch(release, REGIONS, {"form": form, "region": region})


@per_release(max_entries=8)
def places(release: Release) -> pl.DataFrame:
    """Regions that reports are expected from, below the province."""
    return fetch(release, PLACES)


@per_release(max_entries=64)
def owed(release: Release, form: str, region: str) -> pl.DataFrame:
    """A row a report owed on the evaluation date, reports of one reporter together; '' asks for all."""
    return fetch(release, OWED, {"form": form, "region": region})


@per_release(max_entries=64)
def late(release: Release, form: str, region: str) -> pl.DataFrame:
    """A row an accepted report that came after its due date."""
    return fetch(release, LATE, {"form": form, "region": region})


@per_release(max_entries=64)
def findings(release: Release, form: str, region: str) -> pl.DataFrame:
    """Open findings, reporters with the most first, a reporter's gravest first; `finding_count` is the reporter's."""
    return fetch(release, FINDINGS, {"form": form, "region": region})
