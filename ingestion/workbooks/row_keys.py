"""What a row of a published table says of itself beside its values: record key, period, and its school's whole code.

Here: keys of several columns, periods in a column, leading zeros that a spreadsheet dropped. Not here: who the row is
about (reporters.py), which element a number of a long table is (choices.py).
"""

from __future__ import annotations

import polars as pl

from ingestion.workbooks.forms import Form
from ingestion.workbooks.periods import parse_period
from ingestion.workbooks.reporters import period_end

ROW = ["file_id", "sheet_no", "row_no"]
JOINED = "|"  # between the words of a key of several columns


def record_keys(typed: pl.DataFrame, forms: dict[str, Form]) -> pl.DataFrame:
    """ROW and record_key of every row that has one: Grade 7|White|Male, in the order the form names the columns."""
    keys = [(form.code, code, place) for form in forms.values() for place, code in enumerate(form.record_keys)]
    schema = {"form_code": pl.String, "element_code": pl.String, "place": pl.Int32}
    places = pl.DataFrame(keys, schema=schema, orient="row")
    # a number is written as the cell shows it: the key is what tells rows apart, not a quantity
    word = pl.coalesce("value_text", "raw_text", pl.lit("")).str.strip_chars()
    cells = typed.join(places, on=["form_code", "element_code"]).select(*ROW, "place", word.alias("word"))
    joined = cells.sort(*ROW, "place").group_by(ROW, maintain_order=True).agg(pl.col("word"))
    is_blank = (pl.col("word").list.join("") == "").alias("is_blank")
    key = pl.when(~is_blank).then(pl.col("word").list.join(JOINED))
    return joined.select(*ROW, key.alias("record_key"))


def whole_codes(rows: pl.DataFrame, forms: dict[str, Form]) -> pl.DataFrame:
    """own_code filled up with zeros to the digits that the row's form declares."""
    digits = {form.code: form.code_digits for form in forms.values() if form.code_digits}
    if not digits:
        return rows
    length = pl.col("form_code").replace_strict(digits, default=0, return_dtype=pl.Int64)
    bare = pl.col("own_code").str.strip_chars(" '")
    short = (length > 0) & bare.str.contains(r"^\d+$")
    return rows.with_columns(pl.when(short).then(bare.str.zfill(length)).otherwise("own_code").alias("own_code"))


def own_periods(rows: pl.DataFrame, typed: pl.DataFrame, forms: dict[str, Form]) -> pl.DataFrame:
    """period_start_date and period_end_date of the row's own cell where its form names a column of periods."""
    columns = [(form.code, form.period_column) for form in forms.values() if form.period_column]
    if not columns:
        return rows
    named = pl.DataFrame(columns, schema={"form_code": pl.String, "element_code": pl.String}, orient="row")
    cells = typed.join(named, on=["form_code", "element_code"]).select(*ROW, "form_code", "raw_text")
    said = [
        (form, text, start, period_end(start, forms[form].frequency))
        for form, text in cells.select("form_code", "raw_text").unique().drop_nulls().iter_rows()
        if (start := parse_period(text, forms[form].frequency))
    ]
    schema = {"form_code": pl.String, "raw_text": pl.String, "own_start": pl.Date, "own_end": pl.Date}
    periods = pl.DataFrame(said, schema=schema, orient="row")
    own = cells.join(periods, on=["form_code", "raw_text"]).select(*ROW, "own_start", "own_end")
    return (
        rows.join(own, on=ROW, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("own_start", "period_start_date").alias("period_start_date"),
            pl.coalesce("own_end", "period_end_date").alias("period_end_date"),
        )
        .drop("own_start", "own_end")
    )
