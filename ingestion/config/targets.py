"""Target sets: external standards shipped as data, each a folder of target_sets/ with its cards and its thresholds.

Here: which sets there are and their rows. Not here: what a bureau has loaded of them (its configuration), and how a
school or a region is judged by them (SQL).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingestion.config.reading import read_file
from ingestion.config.rules import FILES, FileRules
from ingestion.settings import PROJECT_ROOT
from ingestion.tables import CONFIG, empty

FOLDER = Path(__file__).resolve().parent / "target_sets"
COMMON = "common"
COMMON_CARDS = PROJECT_ROOT / "data" / "config" / "indicators.csv"
ROWS = FileRules(table="config__target_sets", required=(), key=())


@dataclass(frozen=True)
class TargetSet:
    """One standard: `cards` has the schema of config__indicators, `targets` that of config__target_sets."""

    code: str
    name: str
    source: str
    form: str
    cards: pl.DataFrame
    targets: pl.DataFrame


def shipped_sets(folder: Path = FOLDER) -> dict[str, TargetSet]:
    """Every set the product ships, by code."""
    return {path.parent.name: _read_set(path.parent) for path in sorted(folder.glob("*/set.toml"))}


def common_cards() -> TargetSet:
    """The cards of usual indicators, for any region, as a set without thresholds."""
    cards, _ = read_file(COMMON_CARDS, FILES["indicators.csv"])
    cards = cards.filter(pl.col("scope_region_code").is_null()).select(list(CONFIG["config__indicators"]))
    return TargetSet(COMMON, "常用指标卡", "随软件提供", "", cards, empty("config__target_sets"))


def _read_set(folder: Path) -> TargetSet:
    about = tomllib.loads((folder / "set.toml").read_text(encoding="utf-8"))
    cards, problems = read_file(folder / "indicators.csv", FILES["indicators.csv"])
    rows, more = read_file(folder / "targets.csv", ROWS)
    if problems or more:  # shipped data: a fault here is ours
        raise ValueError("\n".join(map(str, [*problems, *more])))
    schema = CONFIG["config__target_sets"]
    said = {
        "set_code": about["code"], "set_name": about["name"], "source": about["source"],
        "required_count": about["required_count"], "floor_pct": about["floor_pct"],
    }  # fmt: skip
    targets = rows.with_columns(pl.lit(value).cast(schema[name]).alias(name) for name, value in said.items())
    return TargetSet(
        about["code"],
        about["name"],
        about["source"],
        about["form"],
        cards.select(list(CONFIG["config__indicators"])),
        targets.select(list(schema)),
    )
