"""A closed year's last figures as baselines 上年末 of the next: proposed, written for reading. In force: opening.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from ingestion.registry.workbook import Column, Paper
from ingestion.registry.years import REFERENCE
from ingestion.tables import CONFIG

TABLE = "config__baselines"
COLUMNS = (
    Column("指标代码", 26), Column("指标名称", 34), Column("区划代码", 10), Column("区划名称", 14),
    Column("基数参照", 10), Column("报告期首日", 12, is_date=True), Column("分子数值", 14), Column("分母数值", 14),
    Column("基数值", 14), Column("口径版本", 10), Column("依据文件", 30), Column("审批人", 12),
)  # fmt: skip


def proposed(figures: Sequence[Mapping[str, Any]], year: int, sequence: int, by: str) -> pl.DataFrame:
    """Rows of config__baselines for figures of the closed `year`; approved by whoever opens the next one."""
    document = f"{year}年终封版（第{sequence}版）"
    rows = []
    for figure in figures:
        parts = figure["numerator"], figure["denominator"]
        is_ratio = parts[0] is not None and parts[1] is not None and parts[1] > 0
        rows.append(
            (figure["indicator_code"], figure["region_code"], REFERENCE, figure["period_start_date"],
             *(parts if is_ratio else (None, None)), figure["indicator_value"], figure["definition_version"], document,
             by)
        )  # fmt: skip
    return pl.DataFrame(rows, schema=CONFIG[TABLE], orient="row")


def paper(figures: Iterable[Mapping[str, Any]], rows: pl.DataFrame) -> Paper:
    """Proposed baselines for reading, under the headers of the configuration's own sheet."""
    names = {(f["indicator_code"], f["region_code"]): (f["indicator_name"], f["region_name"]) for f in figures}
    lines = []
    for row in rows.iter_rows(named=True):
        indicator, region = names[row["indicator_code"], row["region_code"]]
        numbers = [
            None if row[name] is None else float(row[name])
            for name in ("numerator_value", "denominator_value", "value")
        ]
        lines.append(
            [row["indicator_code"], indicator, row["region_code"], region, row["reference"], row["period_start_date"],
             *numbers, row["definition_version"], row["source_document"], row["approved_by"]]
        )  # fmt: skip
    return Paper("基数", "拟用的上年末基数", "核对后采用：duban year open（去掉 --out）", COLUMNS, lines, spare_rows=0)
