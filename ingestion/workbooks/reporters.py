"""Who a row is about: codes and names matched to the register, exactly. A near match is never taken.

Here: normal forms of names, the states 已登记 未登记 重名 已撤销. Not here: what a row says.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import polars as pl

REGISTERED = "已登记"
UNKNOWN = "未登记"
AMBIGUOUS = "重名"
CLOSED = "不在开办期内"


def normal_name(name: pl.Expr) -> pl.Expr:
    """Names compared without width, white space, quotation marks and bracket shapes; every digit and numeral counts."""
    return name.str.normalize("NFKC").str.replace_all(r"[\s“”\"'‘’·•\u200b-\u200f\ufeff]+", "")


def directory(reporters: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """By code: code, region_code, reporter_type, opened_date, closed_date. By name: key, reporter_type, code, count."""
    by_code = reporters.select(
        pl.col("code"), "region_code", pl.col("type").alias("reporter_type"), "opened_date", "closed_date"
    ).unique("code", maintain_order=True)
    names = pl.concat(
        [
            reporters.select("code", pl.col("type").alias("reporter_type"), pl.col("name")),
            reporters.select(
                "code",
                pl.col("type").alias("reporter_type"),
                pl.col("aliases").cast(pl.String).fill_null("").str.split("|").alias("name"),
            ).explode("name"),
        ]
    )
    by_name = (
        names.with_columns(normal_name(pl.col("name")).alias("key"))
        .filter(pl.col("key") != "")
        .group_by("key", "reporter_type")
        .agg(pl.col("code").unique().first(), pl.col("code").n_unique().alias("name_count"))
    )
    return by_code, by_name


def match(rows: pl.DataFrame, reporters: pl.DataFrame) -> pl.DataFrame:
    """Add reporter_code, region_code, reporter_state, and other_code where the name is not the code's but another's.

    `rows` has reporter_type, code_text, name_text (either may be null) and period_start_date, period_end_date. A code
    decides alone; without one the name or an alias does where only one reporter has it.
    """
    by_code, by_name = directory(reporters)
    rows = rows.with_columns(
        pl.col("code_text").str.normalize("NFKC").str.strip_chars(" '").alias("code"),
        normal_name(pl.col("name_text")).alias("key"),
    ).with_columns(pl.when(pl.col("code") == "").then(None).otherwise(pl.col("code")).alias("code"))
    rows = rows.join(
        by_name.rename({"code": "named_code"}), on=["key", "reporter_type"], how="left", maintain_order="left"
    ).with_columns(pl.coalesce("code", pl.when(pl.col("name_count") == 1).then(pl.col("named_code"))).alias("code"))
    rows = rows.join(by_code, on=["code", "reporter_type"], how="left", maintain_order="left")
    found = pl.col("region_code").is_not_null()
    open_then = (pl.col("opened_date").is_null() | (pl.col("opened_date") <= pl.col("period_end_date"))) & (
        pl.col("closed_date").is_null() | (pl.col("closed_date") > pl.col("period_start_date"))
    )
    state = (
        pl.when(found & open_then.fill_null(True))
        .then(pl.lit(REGISTERED))
        .when(found)
        .then(pl.lit(CLOSED))
        .when(pl.col("code").is_null() & (pl.col("name_count") > 1))
        .then(pl.lit(AMBIGUOUS))
        .otherwise(pl.lit(UNKNOWN))
    )
    # The code decides; a name that belongs to somebody else alone makes it doubtful.
    others = found & (pl.col("name_count") == 1) & (pl.col("named_code") != pl.col("code"))
    return rows.with_columns(
        state.alias("reporter_state"),
        pl.when(found).then(pl.col("code")).alias("reporter_code"),
        pl.when(others).then(pl.col("named_code")).alias("other_code"),
    ).drop("code", "key", "named_code", "name_count", "opened_date", "closed_date")


def period_end(start: date, frequency: str) -> date:
    """The last day of the period that begins on `start`.

    >>> period_end(date(2020, 2, 1), "学期")
    datetime.date(2020, 8, 31)
    """
    if frequency == "学期":
        return date(start.year, 8, 31) if start.month < 9 else date(start.year + 1, 1, 31)
    months = {"月": 1, "次": 1, "季": 3, "学年": 12, "年": 12}[frequency]
    last = start.month + months - 1
    year, month = start.year + (last - 1) // 12, (last - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def due_date(start: date, frequency: str, due_days: int, *, is_counted_from_start: bool = False) -> date:
    """Due days count from the period's last day, or from its first where the form is a snapshot."""
    return (start if is_counted_from_start else period_end(start, frequency)) + timedelta(days=due_days)
