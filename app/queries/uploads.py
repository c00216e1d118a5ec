"""What a unit handed in before: its attempts, its findings that stand open, how many attempts a report has had."""

from __future__ import annotations

from datetime import date

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

ATTEMPTS = """
select
    attempts.file_id, files.file_name, files.sha256, attempts.form_code, forms.form_name, forms.frequency,
    attempts.period_start_date, attempts.attempt_no, attempts.attempt_state, attempts.is_late, attempts.received_at,
    files.finding_count
from fct_submission_attempts as attempts
left join fct_files as files on attempts.file_id = files.file_id
left join dim_forms as forms on attempts.form_code = forms.form_code
where attempts.reporter_code = $reporter and ($form = '' or attempts.form_code = $form)
order by attempts.received_at desc, attempts.period_start_date desc, attempts.attempt_no desc
"""

OPEN = """
select
    found.finding_id, found.file_id, found.form_code, forms.form_name, forms.frequency, found.period_start_date,
    found.severity, found.file_name, found.sheet_name, found.cell, found.message, found.fix, found.is_across_files
from fct_findings as found
left join dim_forms as forms on found.form_code = forms.form_code
where found.is_open and found.reporter_code = $reporter and ($form = '' or found.form_code = $form)
order by
    found.period_start_date desc, list_position(['结构', '有效性', '可疑', '宏观'], found.severity), found.finding_id
"""

COUNT = """
select count(*) as attempt_count
from fct_submission_attempts
where form_code = $form and reporter_code = $reporter and period_start_date = $period and file_id < $before
"""


@per_release(max_entries=64)
def attempts(release: Release, reporter: str, form: str) -> pl.DataFrame:
    """Attempts of one unit that the release holds, the newest first; '' asks for every form."""
    return fetch(release, ATTEMPTS, {"reporter": reporter, "form": form})


@per_release(max_entries=64)
def open_findings(release: Release, reporter: str, form: str) -> pl.DataFrame:
    """Findings of one unit that stand open; those of rules across files are told apart by `is_across_files`."""
    return fetch(release, OPEN, {"reporter": reporter, "form": form})


@per_release(max_entries=64)
def attempts_before(release: Release, form: str, reporter: str, period: date, file_id: int) -> int:
    """How many attempts at one report the release holds that came before a file."""
    return fetch(release, COUNT, {"form": form, "reporter": reporter, "period": period, "before": file_id}).item()


@per_release(max_entries=8)
def last_file_id(release: Release) -> int:
    """The number of the last workbook that the release knows of, 0 for none."""
    return fetch(release, "select coalesce(max(file_id), 0) from fct_files where file_kind = 'workbook'").item()
