"""The register of a new school year 学年名册: who of the schools and units in force is there when it begins.

Taken from opening and closing dates and spans of validity, and from nothing else: how many pupils a school has is for
its reports to say. Here: making and counting it. Not here: putting it in force (opening.py).
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from ingestion.config.loader import Config
from ingestion.registry.workbook import Column, Paper
from ingestion.tables import CONFIG

TABLE = "config__registers"
COLUMNS = (
    Column("学年", 8), Column("学校标识码或单位代码", 16), Column("名称", 34), Column("类别", 8),
    Column("所在区划代码", 10), Column("学段", 12), Column("在册起始日期", 12, is_date=True),
    Column("在册截止日期", 12, is_date=True),
)  # fmt: skip
FIRST_TERM, FIRST_MONTH = "第一学期", 9


def span(config: Config, school_year: int) -> tuple[date, date]:
    """First and last day of a school year: as the terms say, else 1 September to 31 August."""
    terms = config.tables["config__school_terms"].filter(term_name=FIRST_TERM)
    said = dict(terms.select("school_year", "start_date").iter_rows())
    first, after = (said.get(year, date(year, FIRST_MONTH, 1)) for year in (school_year, school_year + 1))
    return first, after - timedelta(days=1)


def known(config: Config, school_year: int) -> pl.DataFrame:
    """The register of a school year that the configuration holds already; empty where it holds none."""
    return config.tables[TABLE].filter(school_year=school_year)


def proposed(config: Config, school_year: int) -> pl.DataFrame:
    """Rows of config__registers: everybody who is there on some day of the school year, with their days in it.

    A school that closed by the first day is left out; one that opens or closes on a day of it has that day as its
    first, or the day before as its last. A unit that is stated anew in it stands with its later name.
    """
    first, last = span(config, school_year)
    schools = config.tables["config__schools"].select(
        pl.col("school_code").alias("reporter_code"),
        pl.col("school_name").alias("reporter_name"),
        pl.lit("学校").alias("reporter_type"),
        "region_code",
        "stage",
        pl.col("opened_date").alias("valid_from_date"),
        pl.col("closed_date").dt.offset_by("-1d").alias("valid_to_date"),
    )
    units = config.tables["config__units"].select(
        pl.col("unit_code").alias("reporter_code"),
        pl.col("unit_name").alias("reporter_name"),
        pl.lit("单位").alias("reporter_type"),
        "region_code",
        pl.lit(None, pl.String).alias("stage"),
        "valid_from_date",
        "valid_to_date",
    )
    there = (
        pl.concat([schools, units])
        .with_columns(
            pl.max_horizontal(pl.col("valid_from_date"), pl.lit(first)),
            pl.min_horizontal(pl.col("valid_to_date"), pl.lit(last)),
            pl.lit(school_year, pl.Int32).alias("school_year"),
        )
        .filter(pl.col("valid_from_date") <= pl.col("valid_to_date"))
        .sort("reporter_code", "valid_from_date")
        .with_columns(
            pl.col("valid_from_date").min().over("reporter_code"), pl.col("valid_to_date").max().over("reporter_code")
        )
        .unique("reporter_code", keep="last", maintain_order=True)
    )
    return there.select(pl.col(name).cast(dtype) for name, dtype in CONFIG[TABLE].items())


def paper(rows: pl.DataFrame) -> Paper:
    """A proposed register for reading, under the headers of the configuration's own sheet."""
    lines = [list(row) for row in rows.iter_rows()]
    return Paper(
        "学年名册", "拟用的学年名册", "核对后采用：duban year open（去掉 --out）", COLUMNS, lines, spare_rows=0
    )


def described(rows: pl.DataFrame) -> str:
    """A register in words: 2021学年名册 学校 120 所、单位 40 个."""
    schools = rows.filter(reporter_type="学校").height
    return f"{rows['school_year'].min()}学年名册：学校 {schools} 所、单位 {rows.height - schools} 个"
