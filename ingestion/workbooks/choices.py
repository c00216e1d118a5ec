"""Long tables: one column of numbers whose other columns say what each number is, as the elements a form chose.

Here: which element a number is, by the words in its row (choices.csv). Not here: the form's other columns, which are
read as in any table. A row of which no choice speaks is ignored with that reason, and so are the words that chose.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import and_

import polars as pl

from ingestion.workbooks.batches import IGNORED_SCHEMA, Batch
from ingestion.workbooks.forms import Form

ROW = ["file_id", "sheet_no", "row_no"]
UNCHOSEN, CHOOSING = "没有对应指标的行", "选定指标的列"


def choose(batch: Batch, forms: dict[str, Form]) -> Batch:
    """The batch with numbers of long tables under the elements they are; cells that are spent become ignored."""
    for form in forms.values():
        if form.choices and (batch.cells["form_code"] == form.code).any():
            batch = _chosen(batch, form)
    return batch


def _chosen(batch: Batch, form: Form) -> Batch:
    own = batch.cells.filter(pl.col("form_code") == form.code)
    others = batch.cells.filter(pl.col("form_code") != form.code)
    dimensions = list(dict.fromkeys(code for choice in form.choices for code in choice.where))
    values = {choice.value for choice in form.choices}
    number = pl.col("number").round_sig_figs(15)
    word = pl.when(number == number.floor()).then(number.cast(pl.Int64, strict=False).cast(pl.String))
    word = pl.coalesce("text", word, number.cast(pl.String)).str.strip_chars().fill_null("")
    words = own.filter(pl.col("element_code").is_in(dimensions)).select(*ROW, "element_code", word.alias("word"))
    rows = words.pivot(on="element_code", on_columns=dimensions, index=ROW, values="word", aggregate_function="first")
    rows = own.select(ROW).unique(maintain_order=True).join(rows, on=ROW, how="left", maintain_order="left")
    chosen = pl.concat([_elements_of(rows, form, value, dimensions) for value in sorted(values)])
    spoken = chosen.select(ROW).unique()
    keeps = pl.col("is_total") | ~pl.col("element_code").is_in([*dimensions, *values])
    named = own.filter(~pl.col("is_total")).join(
        chosen, left_on=[*ROW, "element_code"], right_on=[*ROW, "value_code"], maintain_order="left"
    )
    named = named.with_columns(pl.col("chosen_code").alias("element_code")).select(own.columns)
    kept = own.filter(keeps & ~pl.col("is_total")).join(spoken, on=ROW, how="semi", maintain_order="left")
    totals = own.filter("is_total")
    silent = own.filter(~pl.col("is_total")).join(spoken, on=ROW, how="anti", maintain_order="left")
    spent = own.filter(~pl.col("is_total") & pl.col("element_code").is_in(dimensions)).join(spoken, on=ROW, how="semi")
    unnamed = own.filter(~pl.col("is_total") & pl.col("element_code").is_in(list(values))).join(
        spoken, on=ROW, how="semi"
    )
    unnamed = unnamed.join(chosen, left_on=[*ROW, "element_code"], right_on=[*ROW, "value_code"], how="anti")
    ignored = [_areas(silent, UNCHOSEN), _areas(unnamed, UNCHOSEN), _areas(spent, CHOOSING)]
    return replace(batch, cells=pl.concat([others, kept, named, totals]), ignored=pl.concat([batch.ignored, *ignored]))


def _elements_of(rows: pl.DataFrame, form: Form, value: str, dimensions: list[str]) -> pl.DataFrame:
    """ROW, value_code and chosen_code of the rows in which some choice speaks of this column; the first one decides."""
    element = pl.lit(None, dtype=pl.String)
    for choice in reversed([choice for choice in form.choices if choice.value == value]):
        tests = [pl.col(code).is_in(list(words)) for code, words in choice.where.items()]
        element = pl.when(reduce(and_, tests, pl.lit(True))).then(pl.lit(choice.element)).otherwise(element)
    found = rows.with_columns(pl.col(code).fill_null("") for code in dimensions).select(
        *ROW, pl.lit(value).alias("value_code"), element.alias("chosen_code")
    )
    return found.filter(pl.col("chosen_code").is_not_null())


def _areas(cells: pl.DataFrame, reason: str) -> pl.DataFrame:
    """Ignored areas of filled cells, one a sheet and column."""
    filled = cells.filter(pl.col("number").is_not_null() | (pl.col("text").fill_null("") != ""))
    areas = filled.group_by("file_id", "sheet_no", "column_no", maintain_order=True).agg(
        pl.col("row_no").min().alias("first_row_no"),
        pl.col("row_no").max().alias("last_row_no"),
        pl.len().cast(pl.Int64).alias("cell_count"),
    )
    column = pl.col("column_no")
    areas = areas.with_columns(
        column.alias("first_column_no"), column.alias("last_column_no"), pl.lit(reason).alias("ignored_reason")
    )
    return areas.select(list(IGNORED_SCHEMA))
