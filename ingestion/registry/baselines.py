"""A closed year's last figures as baselines 上年末 of the next: proposed, written for reading, applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from ingestion.config.applying import Act as ConfigAct
from ingestion.config.applying import ConfigService
from ingestion.config.sources import Refusal
from ingestion.registry.acts import Act, Who
from ingestion.registry.events import RegistryError
from ingestion.registry.workbook import Column, Paper, write
from ingestion.registry.years import OPENED, REFERENCE
from ingestion.settings import Settings
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


def write_baselines(path: Path, figures: Iterable[Mapping[str, Any]], rows: pl.DataFrame) -> None:
    """Write proposed baselines for reading, under the headers of the configuration's own sheet."""
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
    write(
        path,
        Paper("基数", "拟用的上年末基数", "核对后采用：duban year open（去掉 --out）", COLUMNS, lines, spare_rows=0),
    )


def apply(settings: Settings, rows: pl.DataFrame, source: str, who: Who) -> int | None:
    """Make baselines part of the configuration in force; returns the new version, None where nothing differs."""
    if rows.is_empty():
        return None
    service, act = ConfigService(settings), ConfigAct.now(who.by, who.why)
    try:
        if service.versions.current() is None:  # so that there is a version to come back to
            service.apply(settings.paths.config, act)
        done = service.add_rows({TABLE: rows}, act, source=source)
    except Refusal as refusal:
        raise RegistryError(str(refusal)) from refusal
    return done.number


def take_back(settings: Settings, gone: Iterable[Act], who: Who) -> str:
    """Bring back the configuration from before a year's opening that was taken back; returns what to tell, or ''."""
    versions = [act.payload.get("config_version") for act in gone if act.event_type == OPENED]
    made = next((version for version in versions if version), None)
    if made is None:
        return ""
    service = ConfigService(settings)
    current = service.versions.current()
    if current is None or current.number != made or made == 1:
        return f"开启年度时采用的是配置第{made}版，其后配置又有改动，没有自动恢复；需要时请用 duban config rollback"
    restored = service.restore(made - 1, ConfigAct.now(who.by, who.why))
    return f"配置已恢复为第{made - 1}版的内容（成为第{restored.number}版）"
