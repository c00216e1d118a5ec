"""A rule of one workbook tried over what has landed, before it is switched on: what it would have flagged.

Here: landed values put back into the shape the gates read. Not here: rules across files, whose verdicts stand in
fct_rule_breaches. A value that another rule holds back has no content in landing, and is missing here too.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ingestion.gates.quarantine import check
from ingestion.gates.suites import compile_rules
from ingestion.landing import Landing
from ingestion.workbooks.assembly import BEGUN, ROW
from ingestion.workbooks.forms import Form, Rule
from ingestion.workbooks.readings import a1
from ingestion.workbooks.reporters import REGISTERED

UNREAD = "无法识别"
WHO = ["file_id", "reporter_code", "period_start_date"]


def backtest(landing: Landing, form: Form, rules: Sequence[Rule]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(flagged, submissions): a row a flagged (rule, element, row) of current submissions with rule_code, severity,
    reporter_code, period_start_date, file_name, cell, raw_text; and period_start_date, submission_count."""
    current = landing.read("forms__submissions").filter((pl.col("form_code") == form.code) & pl.col("is_current"))
    counts = current.group_by("period_start_date").agg(pl.len().alias("submission_count")).sort("period_start_date")
    values = landing.read("forms__values").filter(pl.col("form_code") == form.code)
    values = values.join(current.select(WHO), on=WHO, how="semi", maintain_order="left")
    kinds = pl.DataFrame(
        [(e.code, e.data_type) for e in form.elements.values()], ["element_code", "data_type"], orient="row"
    )
    readable = (pl.col("missing_reason").fill_null("") != UNREAD).alias("is_readable")
    typed = values.join(kinds, on="element_code", maintain_order="left").with_columns(readable)
    about = ["form_code", "reporter_code", "period_start_date", "record_key"]
    rows = values.select(*ROW, *about).unique(ROW, maintain_order=True)
    rows = rows.with_columns(pl.lit(REGISTERED).alias("reporter_state"), pl.lit(BEGUN).alias("period_state"))
    failed = check({form.code: form}, typed, rows, gates={form.code: compile_rules(form, rules)})
    return _placed(landing, failed, values), counts


def _placed(landing: Landing, failed: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    files = landing.read("intake__files").select("file_id", "file_name")
    cells = values.select(*ROW, "element_code", "column_no", "reporter_code", "period_start_date", "raw_text")
    placed = failed.select(*ROW, "rule_code", "severity", "element_code").join(
        cells, on=[*ROW, "element_code"], how="left", maintain_order="left"
    )
    placed = placed.join(files, on="file_id", how="left", maintain_order="left")
    addresses = [a1(row, column) for row, column in placed.select("row_no", "column_no").iter_rows()]
    return placed.with_columns(pl.Series("cell", addresses, dtype=pl.String))
