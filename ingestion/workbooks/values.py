"""Raw cells as typed values, vectorised: widths, thousands, percent, units, dates, flags, and the kinds of missing.

Here: what a cell says. Not here: whether it is plausible (gates/), where it stands (reader.py). 0, blank, 不适用 and
未填 are four things and stay apart.
"""

from __future__ import annotations

import polars as pl

from ingestion.tables import NUMBER
from ingestion.workbooks.missing_words import MISSING

EMPTY = "空"
HELD = "隔离"
_TRUE = ["是", "1", "√", "✓", "有", "Y", "YES", "TRUE", "对"]
_FALSE = ["否", "0", "\u00d7", "X", "✗", "无", "没有", "N", "NO", "FALSE"]
_UNIT_FACTORS = {
    "万元": ("元", 10_000), "亿元": ("元", 100_000_000), "千元": ("元", 1_000), "万人": ("人", 10_000),
    "万平方米": ("平方米", 10_000), "名": ("人", 1), "㎡": ("平方米", 1), "m2": ("平方米", 1),
}  # fmt: skip
_FOOTNOTE = r"([0-9\uff10-\uff19%％])\s*(?:[*\uff0a†‡§\u00b9\u00b2\u00b3\u2070-\u2079]+|\[[0-9a-zA-Z]{1,2}\])\s*$"
_NUMBER = r"^([-+]?\d{1,15}(?:\.\d+)?)\s*([^\d\s.,+\-]{0,4})$"


def type_cells(cells: pl.DataFrame, elements: pl.DataFrame, marks: pl.DataFrame | None = None) -> pl.DataFrame:
    """Add raw_text, value_number, value_text, missing_reason, is_withheld and is_readable to long cells.

    `cells` has form_code, element_code, number (Float64), text (String), scale (Int64: stored units in a written
    one); `elements` has form_code, element_code, data_type, unit, allowed (list of String); `marks`, the forms' own
    words for what is missing, form_code, clean, marked_reason: is_withheld says that one of them stands there. A cell
    neither missing nor readable has only its raw_text, and is_readable false.
    """
    reasons = {marker: reason for reason, markers in MISSING.items() for marker in markers}
    cells = (
        cells.join(elements, on=["form_code", "element_code"], how="left", maintain_order="left")
        .with_columns(_raw_text().alias("raw_text"))
        .with_columns(_clean(pl.col("raw_text")).alias("clean"))
        .with_columns(
            pl.when(pl.col("clean").is_null() | (pl.col("clean") == ""))
            .then(pl.lit(EMPTY))
            .when((pl.col("data_type") == "flag") & pl.col("clean").str.to_uppercase().is_in(_TRUE + _FALSE))
            .then(None)
            .otherwise(pl.col("clean").str.to_uppercase().replace_strict(reasons, default=None, return_dtype=pl.String))
            .alias("missing_reason")
        )
    )
    cells = _marked(cells, marks)
    present = pl.col("missing_reason").is_null()
    kind = pl.col("data_type")
    return (
        cells.with_columns(
            pl.when(present & kind.is_in(["integer", "decimal"]))
            .then(_number())
            .when(present & (kind == "flag"))
            .then(_flag())
            .alias("value_number"),
            pl.when(present & (kind == "date"))
            .then(_date())
            .when(present & (kind == "enum") & pl.col("allowed").list.contains(pl.col("clean")))
            .then(pl.col("clean"))
            .when(present & (kind == "text"))
            .then(pl.col("raw_text").str.strip_chars())
            .alias("value_text"),
        )
        .with_columns(
            (~present | pl.col("value_number").is_not_null() | pl.col("value_text").is_not_null()).alias("is_readable")
        )
        .drop("clean", "allowed", "unit")
    )


def _marked(cells: pl.DataFrame, marks: pl.DataFrame | None) -> pl.DataFrame:
    """A form's own marks come before the common ones; in a column of text they are texts."""
    if marks is None or marks.is_empty():
        return cells.with_columns(pl.lit(False).alias("is_withheld"))
    upper = cells.with_columns(pl.col("clean").str.replace_all(" ", "").str.to_uppercase().alias("upper"))
    found = upper.join(marks.rename({"clean": "upper"}), on=["form_code", "upper"], how="left", maintain_order="left")
    reason = pl.when(pl.col("data_type") != "text").then(pl.col("marked_reason"))
    return found.with_columns(
        pl.coalesce(reason, "missing_reason").alias("missing_reason"), reason.is_not_null().alias("is_withheld")
    ).drop("upper", "marked_reason")


def mark_fractions(cells: pl.DataFrame, elements: pl.DataFrame) -> pl.DataFrame:
    """Cells with is_fraction, true in percentage columns where every number is at most 1 and some lie between 0 and 1:
    0.953 means 95.3. Their scale becomes 100. A column that also holds larger numbers is taken as written.
    """
    percent = elements.filter(pl.col("unit") == "%").select("form_code", "element_code")
    if percent.is_empty():
        return cells.with_columns(pl.lit(False).alias("is_fraction"))
    percent = percent.with_columns(pl.lit(True).alias("is_percent"))
    column = ["file_id", "sheet_no", "column_no"]
    cells = cells.join(percent, on=["form_code", "element_code"], how="left", maintain_order="left")
    size = pl.coalesce("number", pl.col("text").str.strip_chars().cast(pl.Float64, strict=False)).abs()
    plain = pl.col("is_percent").fill_null(False) & size.is_not_null()
    size = pl.when(plain).then(size)
    between = ((size > 0) & (size < 1)).any().over(column)
    signed = pl.col("text").str.contains("[%％]").any().over(column)
    is_fraction = plain & between & (size.max().over(column) <= 1) & ~signed.fill_null(False)
    cells = cells.with_columns(is_fraction.fill_null(False).alias("is_fraction")).drop("is_percent")
    scale = pl.when("is_fraction").then(pl.lit(100, dtype=pl.Int64)).otherwise("scale")
    return cells.with_columns(scale.alias("scale"))


def _raw_text() -> pl.Expr:
    """What Excel shows of a number, without its format: 15 significant digits, no trailing .0."""
    number = pl.col("number")
    whole = number.is_not_null() & (number.floor() == number) & (number.abs() < 1e15)
    shown = pl.when(whole).then(number.cast(pl.Int64, strict=False).cast(pl.String))
    shown = shown.otherwise(number.round_sig_figs(15).cast(pl.String))
    text = pl.when(pl.col("text") == "").then(None).otherwise(pl.col("text"))
    return pl.when(number.is_not_null()).then(shown).otherwise(text)


def _clean(text: pl.Expr) -> pl.Expr:
    """Half-width, no white space around, no text-marking apostrophe, one kind of minus, no thousands separators, no
    footnote sign behind a number (95.3* 1,204‡ 12² 7[1]): a raised 2 must not become a digit."""
    return (
        text.str.replace(_FOOTNOTE, "${1}")
        .str.normalize("NFKC")
        .str.replace_all(r"[\u200b-\u200f\ufeff\s]+", " ")
        .str.strip_chars(" '’‘`")
        .str.replace(r"^[\u2212\u2012–﹣－]\s*(\d)", "-${1}")
        .str.replace(r"^\((\d[\d,]*(?:\.\d+)?%?)\)$", "-${1}")
        .str.replace_all(r"^(-?\d{1,3}),(\d{3}),(\d{3}),(\d{3})", "${1}${2}${3}${4}")
        .str.replace_all(r"^(-?\d{1,3}),(\d{3}),(\d{3})", "${1}${2}${3}")
        .str.replace_all(r"^(-?\d{1,3}),(\d{3})", "${1}${2}")
    )


def _number() -> pl.Expr:
    """The stored value: a number times the column's scale, or times the factor of a unit written in the cell itself."""
    from_number = pl.col("number").round(6).cast(NUMBER, strict=False)
    digits = pl.col("clean").str.extract(_NUMBER, 1)
    written = pl.col("clean").str.extract(_NUMBER, 2)
    written = pl.when(written == "").then(None).otherwise(written)
    target = written.replace_strict({k: v[0] for k, v in _UNIT_FACTORS.items()}, default=written)
    factor = written.replace_strict({k: v[1] for k, v in _UNIT_FACTORS.items()}, default=1, return_dtype=pl.Int64)
    fits = written.is_null() | (target == pl.col("unit"))
    own_scale = pl.when(written.is_null()).then(pl.col("scale")).otherwise(factor)
    from_text = pl.when(fits).then(digits.cast(pl.Float64, strict=False).round(6).cast(NUMBER, strict=False))
    value = pl.when(pl.col("number").is_not_null()).then(from_number).otherwise(from_text)
    scale = pl.when(pl.col("number").is_not_null()).then(pl.col("scale")).otherwise(own_scale)
    return (value * scale.cast(pl.Decimal(10, 0))).cast(NUMBER, strict=False)


def _flag() -> pl.Expr:
    upper = pl.col("clean").str.to_uppercase()
    return (
        pl.when(upper.is_in(_TRUE)).then(pl.lit(1)).when(upper.is_in(_FALSE)).then(pl.lit(0)).cast(NUMBER, strict=False)
    )


def _date() -> pl.Expr:
    """A whole date as ISO text: written out, eight digits, or an Excel serial number (1900 base)."""
    clean = pl.col("clean").str.replace(r" \d{1,2}:\d{2}(:\d{2})?$", "")
    parts = clean.str.extract_groups(r"^(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})日?$")
    written = pl.concat_str(
        [parts.struct.field("1"), parts.struct.field("2").str.zfill(2), parts.struct.field("3").str.zfill(2)],
        separator="-",
    ).str.to_date("%Y-%m-%d", strict=False)
    digits = clean.str.extract(r"^(\d{8})$", 1).str.to_date("%Y%m%d", strict=False)
    serial = pl.col("number")
    in_range = serial.is_between(20_000, 80_000)
    counted = pl.when(in_range).then(pl.date(1899, 12, 30) + pl.duration(days=serial.cast(pl.Int64, strict=False)))
    return pl.coalesce(written, digits, counted.cast(pl.Date)).dt.to_string("%Y-%m-%d")
