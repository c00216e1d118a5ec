"""The bureau's own side of things: its configuration in force and every version, and the releases that are kept.

Read-only. The configuration is changed by command (duban config), releases by refresh and rollback.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from ingestion.config.loader import Config, ConfigError, load_config
from ingestion.config.sheets import BUREAU, Sheet, sheets
from ingestion.config.versions import Version, VersionError, Versions
from ingestion.evaluation import BUREAU_TIME
from ingestion.releases import Releases
from ingestion.settings import load_settings


@dataclass(frozen=True)
class ConfigurationView:
    """The configuration in force, or why it cannot be read; `versions` newest first."""

    config: Config | None
    trouble: str
    versions: list[Version]

    def table(self, sheet: Sheet) -> pl.DataFrame:
        """Rows of one sheet as a clerk filled them in: Chinese headers, words in place of codes."""
        if self.config is None:
            return pl.DataFrame()
        frame = self.config.tables[sheet.rules.table]
        return frame.select(_shown(sheet, number) for number in range(len(sheet.columns)))

    def count(self, sheet: Sheet) -> int:
        return self.config.tables[sheet.rules.table].height if self.config else 0


def configuration() -> ConfigurationView:
    """The configuration in force, remembered until one of its files changes."""
    folder = load_settings().paths.config
    return _configuration(str(folder), stamps(folder))


def stamps(folder: Path) -> tuple[tuple[str, int], ...]:
    """What tells one state of the configuration from another: its files, and its applied versions."""
    found = [path for pattern in ("*.csv", "*.toml", "versions/*") for path in folder.glob(pattern)]
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in found))


def browsable() -> list[Sheet]:
    """The sheets that are lists; the bureau's own line is shown apart."""
    return [sheet for sheet in sheets() if sheet.key != BUREAU]


@st.cache_resource(show_spinner=False, max_entries=2)
def _configuration(folder: str, stamps: tuple[tuple[str, int], ...]) -> ConfigurationView:  # noqa: ARG001 - cache key
    try:
        config, trouble = load_config(Path(folder)), ""
    except (ConfigError, OSError) as error:
        config, trouble = None, str(error)
    try:
        versions = Versions(Path(folder)).history()[::-1]
    except VersionError as error:
        versions, trouble = [], trouble or str(error)
    return ConfigurationView(config, trouble, versions)


def _shown(sheet: Sheet, number: int) -> pl.Expr:
    column = sheet.columns[number]
    text = pl.col(column.field)
    if sheet.schema[column.field] == pl.Boolean:
        text = pl.when(text).then(pl.lit("是")).when(~text).then(pl.lit("否"))
    else:
        text = text.cast(pl.String)
        if column.choices:
            text = text.replace(dict(column.choices))
    return text.fill_null("").alias(column.header)


def releases() -> list[dict[str, Any]]:
    """Kept releases, newest first: sequence, day, when published, whether in force or pinned; how big."""
    own = Releases(load_settings().paths.releases)
    pointer = own.pointer()
    rows = []
    for sequence in reversed(own.sequences()):
        release = own.find(sequence)
        if release is None or (pointer and sequence > pointer.highest):
            continue
        info = _info(str(release.path), release.path.stat().st_mtime_ns)
        rows.append(
            {
                "sequence": sequence,
                "evaluation_date": info.get("evaluation_date"),
                "at": _at(info.get("published_at")),
                "is_current": bool(pointer and pointer.current == sequence),
                "is_pinned": bool(pointer and sequence in pointer.pinned),
                "size_mb": release.path.stat().st_size / 1e6,
            }
        )
    return rows


@st.cache_data(show_spinner=False, max_entries=64)
def _info(path: str, stamp: int) -> dict[str, Any]:  # noqa: ARG001 - cache key
    found = Releases(Path(path).parent).find(int(Path(path).stem))
    return found.info() if found else {}


def _at(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)).replace(tzinfo=UTC).astimezone(BUREAU_TIME) if text else None
