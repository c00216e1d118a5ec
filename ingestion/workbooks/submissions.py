"""Who has submitted what, when, and which attempt counts.

Here: states, lateness, attempts and supersession. Not here: what is expected of whom (SQL, from the calendar and the
register); 未报, 未到期 and 免报 therefore have no row here.
"""

from __future__ import annotations

import polars as pl

from ingestion.tables import FORMS
from ingestion.workbooks.assembly import ROW
from ingestion.workbooks.forms import Form
from ingestion.workbooks.reporters import due_date

TABLE = "forms__submissions"
SUBJECT = ["form_code", "reporter_code", "period_start_date"]
RECEIVED, EMPTY_FORM, QUARANTINED = "已收", "空表", "隔离"
# Declared by its head or its file's name: only the cells it gives take the place of earlier ones.
PARTIAL = "部分更正"
# A quarantined or empty attempt never takes the place of a good one.
_RANK = {RECEIVED: 2, EMPTY_FORM: 1, QUARANTINED: 0, PARTIAL: -1}


def submissions_of(rows: pl.DataFrame, typed: pl.DataFrame, held: pl.DataFrame, forms: dict[str, Form]) -> pl.DataFrame:
    """Submissions of a batch with the table's schema, attempt_no and is_current still to be ranked.

    `rows` and `typed` come from assembly.py, `held` from gates/quarantine.py.
    """
    keys = [(form.code, key) for form in forms.values() for key in form.keys]
    known = pl.DataFrame(keys, schema={"form_code": pl.String, "element_code": pl.String}, orient="row")
    cells = typed.join(known, on=["form_code", "element_code"], how="anti").select(*ROW, "column_no", "missing_reason")
    marked = held.select(*ROW, "column_no", pl.lit(True).alias("is_held"))
    counts = (
        cells.join(marked, on=[*ROW, "column_no"], how="left")
        .group_by(ROW)
        .agg(
            (pl.col("missing_reason").is_null() & pl.col("is_held").is_null()).sum().alias("real"),
            pl.col("is_held").sum().alias("held"),
        )
    )
    grouped = (
        rows.filter(pl.col("reporter_code").is_not_null())
        .join(counts, on=ROW, how="left")
        .group_by("file_id", *SUBJECT, maintain_order=True)
        .agg(
            pl.first("template_version", "reporter_type", "region_code", "received_at", "received_date", "is_partial"),
            pl.col("real").sum(),
            pl.col("held").sum(),
        )
    )
    state = (
        pl.when(pl.col("is_partial") & (pl.col("real") > 0))
        .then(pl.lit(PARTIAL))
        .when(pl.col("real") > 0)
        .then(pl.lit(RECEIVED))
        .when(pl.col("held") > 0)
        .then(pl.lit(QUARANTINED))
        .otherwise(pl.lit(EMPTY_FORM))
    )
    return _finished(grouped.with_columns(state.alias("submission_state")), forms)


def head_submissions(sheets: pl.DataFrame, forms: dict[str, Form], state: str) -> pl.DataFrame:
    """Submissions of sheets without a row of data, whose head names a reporter and a period; `sheets` is matched."""
    known = sheets.filter(pl.col("reporter_code").is_not_null() & pl.col("period_start_date").is_not_null())
    known = known.unique(["file_id", *SUBJECT], maintain_order=True)
    return _finished(known.with_columns(pl.lit(state).alias("submission_state")), forms)


def rank_attempts(submissions: pl.DataFrame) -> pl.DataFrame:
    """Number the attempts of each (form, reporter, period) by receipt; the last of the best state is current, and with
    it every partial correction received since, where there is something to correct."""
    ordered = submissions.unique(["file_id", *SUBJECT], keep="last").sort([*SUBJECT, "received_at", "file_id"])
    rank = pl.col("submission_state").replace_strict(_RANK, return_dtype=pl.Int64) * 1_000_000 + pl.col("attempt_no")
    numbered = ordered.with_columns(pl.int_range(1, pl.len() + 1).over(SUBJECT).cast(pl.Int32).alias("attempt_no"))
    is_best = rank == rank.max().over(SUBJECT)
    corrected = is_best & (pl.col("submission_state") == RECEIVED)
    since = pl.when(corrected).then(pl.col("attempt_no")).max().over(SUBJECT)
    is_partial = pl.col("submission_state") == PARTIAL
    is_current = pl.when(is_partial).then(pl.col("attempt_no") > since).otherwise(is_best).fill_null(False)
    return numbered.with_columns(is_current.alias("is_current")).select(list(FORMS[TABLE]))


def _finished(grouped: pl.DataFrame, forms: dict[str, Form]) -> pl.DataFrame:
    due = [
        (code, start, due_date(start, form.frequency, form.due_days, is_counted_from_start=form.is_counted_from_start))
        for code, start in grouped.select("form_code", "period_start_date").unique().iter_rows()
        for form in (forms[code],)
    ]
    schema = {"form_code": pl.String, "period_start_date": pl.Date, "due_date": pl.Date}
    dates = pl.DataFrame(due, schema=schema, orient="row")
    return (
        grouped.join(dates, on=["form_code", "period_start_date"], how="left", maintain_order="left")
        .with_columns(
            (pl.col("received_date") > pl.col("due_date")).alias("is_late"),
            pl.lit(0, dtype=pl.Int32).alias("attempt_no"),
            pl.lit(False).alias("is_current"),
        )
        .select(list(FORMS[TABLE]))
        .cast(FORMS[TABLE])  # pyright: ignore[reportArgumentType] - polars accepts classes and instances alike
    )
