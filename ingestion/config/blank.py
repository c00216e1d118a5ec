"""What a new bureau's workbook holds before anyone fills it in: the written light preset, and cards asked for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from ingestion.config.targets import COMMON, TargetSet, common_cards, shipped_sets
from ingestion.tables import CONFIG

PRESET = {"preset_name": "书面办法", "yellow_from_lag": Decimal(10), "red_above_lag": Decimal(30), "is_default": True}


def every_set() -> dict[str, TargetSet]:
    """All sets that can be loaded, by code: the common cards first."""
    return {COMMON: common_cards()} | shipped_sets()


def blank_frames(sets: Iterable[str] = ()) -> dict[str, pl.DataFrame]:
    """Frames by key of sheet; sheets left out are empty. Raises KeyError for an unknown set."""
    known = every_set()
    chosen = [known[code] for code in sets]
    frames = {"light_presets.csv": pl.DataFrame([PRESET], schema=CONFIG["config__light_presets"])}
    if chosen:
        frames["indicators.csv"] = pl.concat([one.cards for one in chosen])
        frames["target_sets.csv"] = pl.concat([one.targets for one in chosen])
    return frames
