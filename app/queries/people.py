"""Who may act: the users of the bureau's configuration, as it is in force."""

from __future__ import annotations

import streamlit as st

from ingestion.config.loader import ConfigError
from ingestion.registry.catalog import Catalog
from ingestion.settings import load_settings


def users() -> dict[str, str]:
    """Display name → role, in the configuration's order; empty where there is none that can be read."""
    folder = load_settings().paths.config
    stamps = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*") if path.is_file()))
    return _users(str(folder), stamps)


@st.cache_data(show_spinner=False, max_entries=4)
def _users(folder: str, stamps: tuple[tuple[str, int], ...]) -> dict[str, str]:  # noqa: ARG001 - cache key
    try:
        rows = Catalog(load_settings().paths).config["config__users"]
    except (ConfigError, OSError):
        return {}
    return {row["display_name"] or row["user_name"]: row["role"] for row in rows.iter_rows(named=True)}
