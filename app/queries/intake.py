"""What arrived, what became of every cell, what was found, who still owes a report, what became of every numeral.

Lists are bounded here and say how many there are, so that a page of a large city stays a page.
"""

from __future__ import annotations

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

SAMPLES_A_GROUP = 20

COVERAGE = """
select
    s.form_code, f.form_name, f.frequency, s.period_start_date, max(s.due_date) as due_date,
    bool_and(s.due_date <= (select max(evaluation_date) from fct_attainments)) as is_due,
    count(*) as expected_count,
    count(*) filter (where s.is_accepted) as accepted_count,
    count(*) filter (where s.is_accepted and s.is_late) as late_count,
    count(*) filter (where s.submission_state = '未报') as missing_count,
    count(*) filter (where s.submission_state = '隔离') as held_count,
    count(*) filter (where s.submission_state = '空表') as blank_count,
    count(*) filter (where s.submission_state = '未到期') as not_due_count
from fct_submissions as s
left join dim_forms as f on s.form_code = f.form_code
where s.is_expected
group by s.form_code, f.form_name, f.frequency, s.period_start_date
order by f.form_name, s.period_start_date
"""

REGIONS = """
select
    c.form_code, c.region_code, r.region_name, r.region_level, c.period_start_date, c.due_date, c.expected_count,
    c.accepted_count, c.late_count, c.missing_count, c.not_due_count, c.quarantined_count, c.blank_count,
    cast(c.completeness_pct as double) as completeness_pct
from fct_completeness as c
left join dim_regions as r on c.region_code = r.region_code
where r.region_level is distinct from '省'
order by c.region_code, c.period_start_date
"""

OWED = """
select
    s.form_code, f.form_name, s.reporter_code, coalesce(schools.school_name, units.unit_name) as reporter_name,
    r.region_name, s.period_start_date, s.due_date, s.submission_state, s.is_late, s.received_at,
    cast((select max(evaluation_date) from fct_attainments) - s.due_date as integer) as days_overdue,
    files.file_name, count(*) over () as total_count
from fct_submissions as s
left join dim_forms as f on s.form_code = f.form_code
left join dim_schools as schools on s.reporter_code = schools.school_code
left join dim_units as units on s.reporter_code = units.unit_code
left join dim_regions as r on s.region_code = r.region_code
left join fct_files as files on s.file_id = files.file_id
where s.is_expected
    and (s.submission_state in ('未报', '隔离', '空表') or s.is_late)
    and ($form = '' or s.form_code = $form)
order by s.submission_state = '迟报' or s.is_late, s.period_start_date desc, r.region_name, s.reporter_code
limit 300
"""

FILES = """
select
    file_id, file_name, file_kind, form_code, forms.form_name, received_at, file_state, reason, finding_count,
    blocking_count, cells_received, cells_loaded, cells_quarantined, cells_ignored, sha256
from fct_files
left join dim_forms as forms using (form_code)
where $state = '' or file_state = $state
order by file_state = 'loaded', received_at desc, file_id desc
limit 300
"""

TOTALS = """
select
    file_kind, file_state, count(*) as file_count, sum(cells_received)::bigint as cells_received,
    sum(cells_loaded)::bigint as cells_loaded, sum(cells_quarantined)::bigint as cells_quarantined,
    sum(cells_ignored)::bigint as cells_ignored
from fct_files
group by file_kind, file_state
"""

CAUSES = """
select
    coalesce(nullif(cause_key, ''), rule_code) as cause, severity, rule_code, findings.form_code, forms.form_name,
    elements.element_name, arg_min(message, finding_id) as message, arg_min(fix, finding_id) as fix,
    count(*) as finding_count, count(distinct file_id) as file_count,
    count(distinct reporter_code) as reporter_count, max(findings.period_start_date) as last_period_date
from fct_findings as findings
left join dim_forms as forms on findings.form_code = forms.form_code
left join dim_form_elements as elements
    on findings.form_code = elements.form_code and findings.element_code = elements.element_code
where findings.is_open
group by cause, severity, rule_code, findings.form_code, forms.form_name, elements.element_name
order by list_position(['结构', '有效性', '可疑', '宏观'], severity), finding_count desc, cause
"""

FINDINGS = f"""
select
    coalesce(nullif(cause_key, ''), rule_code) as cause, severity, rule_code, findings.form_code, file_name, sheet_name,
    cell, raw_value, message, fix, findings.period_start_date, region_name,
    coalesce(schools.school_name, units.unit_name) as reporter_name
from fct_findings as findings
left join dim_schools as schools on findings.reporter_code = schools.school_code
left join dim_units as units on findings.reporter_code = units.unit_code
left join dim_regions as regions on findings.region_code = regions.region_code
where findings.is_open
qualify row_number() over (
    partition by coalesce(nullif(cause_key, ''), rule_code), severity, findings.form_code
    order by file_name, sheet_name, length(cell), cell, finding_id
) <= {SAMPLES_A_GROUP}
order by file_name, sheet_name, length(cell), cell, finding_id
"""

NUMBERS = """
select
    n.document_id, d.title, d.file_name, r.region_name, n.label, count(*) as number_count,
    bool_or(n.is_target) as is_target, bool_or(n.is_unexplained) as is_unexplained
from fct_numbers as n
inner join dim_documents as d on n.document_id = d.document_id
left join dim_regions as r on d.region_code = r.region_code
group by all
order by d.title, number_count desc, n.label
"""

UNEXPLAINED = """
select
    n.document_id, n.start_offset, n.number_text,
    substr(d.document_text, greatest(n.start_offset - 24, 0) + 1, least(n.start_offset, 24)) as before_text,
    substr(d.document_text, n.end_offset + 1, 24) as after_text
from fct_numbers as n
inner join dim_documents as d on n.document_id = d.document_id
where n.is_unexplained
order by n.document_id, n.start_offset
limit 500
"""


@per_release(max_entries=8)
def coverage(release: Release) -> pl.DataFrame:
    """Every form and period over all regions: expected, accepted, late, missing, held, blank, not due."""
    return fetch(release, COVERAGE)


@per_release(max_entries=8)
def coverage_by_region(release: Release) -> pl.DataFrame:
    """The same counts for every form, period and region below the province."""
    return fetch(release, REGIONS)


@per_release(max_entries=32)
def owed_reports(release: Release, form_code: str) -> pl.DataFrame:
    """Reports missing, held, blank or late, the first 300 of `total_count`; '' asks for every form."""
    return fetch(release, OWED, {"form": form_code})


@per_release(max_entries=32)
def files(release: Release, state: str) -> pl.DataFrame:
    """Files with their cells and findings, those not loaded first, at most 300; '' asks for every state."""
    return fetch(release, FILES, {"state": state})


@per_release(max_entries=8)
def file_totals(release: Release) -> pl.DataFrame:
    """Files and cells by kind and state of the file."""
    return fetch(release, TOTALS)


@per_release(max_entries=8)
def finding_causes(release: Release) -> pl.DataFrame:
    """Open findings by cause: how many, in how many files, of how many reporters, with one message and fix."""
    return fetch(release, CAUSES)


@per_release(max_entries=8)
def finding_samples(release: Release) -> pl.DataFrame:
    """The first findings of every cause with file, sheet, cell and raw value."""
    return fetch(release, FINDINGS)


@per_release(max_entries=8)
def number_labels(release: Release) -> pl.DataFrame:
    """Numerals of every plan by label."""
    return fetch(release, NUMBERS)


@per_release(max_entries=8)
def unexplained_numbers(release: Release) -> pl.DataFrame:
    """Numerals that are neither a target nor explained, with the words around them."""
    return fetch(release, UNEXPLAINED)
