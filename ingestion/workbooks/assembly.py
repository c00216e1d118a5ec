"""Typed cells put together: the rows they make, who each row is about, and the batches that the gates read.

Here: joins and pivots. Not here: expectations (gates/), states of submissions (submissions.py).
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from ingestion.workbooks.batches import Batch
from ingestion.workbooks.forms import Form
from ingestion.workbooks.reporters import match, period_end
from ingestion.workbooks.row_keys import own_periods, record_keys, whole_codes

ROW = ["file_id", "sheet_no", "row_no"]
SHANGHAI_HOURS = 8
READABLE, UNREADABLE = "可读", "无法识别"
BEGUN, NOT_BEGUN = "已开始", "未开始"
_CODED_NAME = r"^(.*?)\s*[（(]([0-9A-Za-z_-]{2,20})[）)]\s*$"


def sheets_with_context(batch: Batch, forms: dict[str, Form], received: pl.DataFrame) -> pl.DataFrame:
    """Sheets with reporter_type, period_end_date, received_date (Asia/Shanghai), code_text and name_text of the head.

    `received` has file_id and received_at (UTC).
    """
    ends = [
        (form, start, forms[form].reporter_type, period_end(start, forms[form].frequency))
        for form, start in batch.sheets.filter(pl.col("period_start_date").is_not_null() & (pl.col("form_code") != ""))
        .select("form_code", "period_start_date")
        .unique()
        .iter_rows()
    ]
    schema = {"form_code": pl.String, "period_start_date": pl.Date, "reporter_type": pl.String}
    periods = pl.DataFrame(ends, schema=schema | {"period_end_date": pl.Date}, orient="row")
    sheets = batch.sheets.join(periods, on=["form_code", "period_start_date"], how="left", maintain_order="left")
    local = pl.col("received_at") + pl.duration(hours=SHANGHAI_HOURS)
    coded = pl.col("reporter_text").str.extract(_CODED_NAME, 2)
    return (
        sheets.join(received, on="file_id", how="left", maintain_order="left")
        .with_columns(
            local.dt.date().alias("received_date"),
            pl.when(pl.col("reporter_code_text") != "").then("reporter_code_text").otherwise(coded).alias("code_text"),
            pl.coalesce(pl.col("reporter_text").str.extract(_CODED_NAME, 1), "reporter_text").alias("name_text"),
        )
        .drop("reporter_text", "reporter_code_text")
    )


def rows_with_reporters(
    typed: pl.DataFrame, sheets: pl.DataFrame, forms: dict[str, Form], reporters: pl.DataFrame
) -> pl.DataFrame:
    """One row a data row: ROW, form_code, period, record_key, reporter_code, region_code and the two states."""
    rows = typed.select(*ROW, "form_code").unique(maintain_order=True)
    for element, name in (("school_code", "own_code"), ("school_name", "own_name")):
        cells = typed.filter(pl.col("element_code") == element).select(*ROW, pl.col("value_text").alias(name))
        rows = rows.join(cells, on=ROW, how="left", maintain_order="left")
    rows = rows.join(record_keys(typed, forms), on=ROW, how="left", maintain_order="left").join(
        sheets.drop("form_code"), on=["file_id", "sheet_no"], how="left", maintain_order="left"
    )
    rows = own_periods(whole_codes(rows, forms), typed, forms)
    # A template without school columns is one school's: its head says which.
    own = typed.filter(pl.col("element_code").is_in(["school_code", "school_name"])).select("file_id", "sheet_no")
    own = own.unique().with_columns(pl.lit(True).alias("names_schools"))
    rows = rows.join(own, on=["file_id", "sheet_no"], how="left", maintain_order="left")
    is_school = (pl.col("reporter_type") == "school") & pl.col("names_schools").fill_null(False)
    rows = rows.with_columns(
        pl.when(is_school).then("own_code").otherwise("code_text").alias("code_text"),
        pl.when(is_school).then("own_name").otherwise("name_text").alias("name_text"),
        pl.col("record_key").fill_null(""),
    )
    begun = pl.col("period_start_date") <= pl.col("received_date")
    return match(rows.drop("names_schools"), reporters).with_columns(
        pl.when(begun).then(pl.lit(BEGUN)).otherwise(pl.lit(NOT_BEGUN)).alias("period_state")
    )


def cell_batch(form: Form, typed: pl.DataFrame) -> pl.DataFrame:
    """The cells of one form as gates/suites.py describes: ROW, element_code, number (Float64, dates as days), state."""
    state = pl.when(pl.col("is_readable")).then(pl.lit(READABLE)).otherwise(pl.lit(UNREADABLE))
    cells = typed.filter(pl.col("form_code") == form.code)
    return cells.select(*ROW, "element_code", _number().alias("number"), state.alias("state"))


def wide_batch(form: Form, typed: pl.DataFrame, rows: pl.DataFrame, read: Collection[str]) -> pl.DataFrame:
    """The rows of one form as gates/suites.py describes, with the elements that are read: numbers and dates as Float64,
    the rest as text."""
    rows = rows.filter(pl.col("form_code") == form.code).select(
        *ROW,
        "reporter_code",
        "reporter_state",
        "period_state",
        "record_key",
        pl.col("period_start_date").dt.epoch("d").cast(pl.Int32).alias("period_no"),
    )
    cells = typed.filter(pl.col("form_code") == form.code)
    rows = _told_apart(rows, cells, form)
    own = [element for element in form.elements.values() if element.code in read]
    numeric = [e.code for e in own if e.is_number or e.data_type == "date"]
    textual = [e.code for e in own if e.code not in numeric]
    cells = cells.filter(pl.col("element_code").is_in([e.code for e in own])).with_columns(_number().alias("float"))
    for codes, column, dtype in ((numeric, "float", pl.Float64), (textual, "value_text", pl.String)):
        if codes:
            rows = rows.join(_pivot(cells, codes, column, dtype), on=ROW, how="left", maintain_order="left")
    return rows


def _number() -> pl.Expr:
    days = pl.col("value_text").str.to_date("%Y-%m-%d", strict=False).dt.epoch("d").cast(pl.Float64)
    return pl.when(pl.col("data_type") == "date").then(days).otherwise(pl.col("value_number").cast(pl.Float64))


def _told_apart(rows: pl.DataFrame, cells: pl.DataFrame, form: Form) -> pl.DataFrame:
    """In a long table the kinds of number in a row belong to what tells it apart."""
    if not form.choices:
        return rows
    chosen = cells.filter(pl.col("element_code").is_in({choice.element for choice in form.choices}))
    kinds = chosen.group_by(ROW).agg(pl.col("element_code").sort().str.join("+").alias("kinds"))
    told = pl.concat_str("record_key", pl.lit("/"), pl.col("kinds").fill_null(""))
    return rows.join(kinds, on=ROW, how="left", maintain_order="left").with_columns(told.alias("record_key"))


def _pivot(cells: pl.DataFrame, elements: list[str], values: str, dtype: type[pl.DataType]) -> pl.DataFrame:
    """One column an element. A cell stands once a row and element; a header that repeats one never gets this far."""
    chosen = cells.filter(pl.col("element_code").is_in(elements))
    frame = chosen.pivot(on="element_code", on_columns=elements, index=ROW, values=values, aggregate_function="first")
    return frame.with_columns(pl.col(code).cast(dtype) for code in elements)
