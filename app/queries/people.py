"""Who may act and see what: the users of the bureau's configuration, as it is in force."""

from __future__ import annotations

from typing import Any

from app.queries.core import fetch, per_release
from app.queries.settings import configuration
from ingestion.releases import Release


def people() -> list[dict[str, Any]]:
    """Rows of the configured users: user_name, display_name, role, region_code; none where nothing can be read."""
    config = configuration().config
    return [] if config is None else config.tables["config__users"].to_dicts()


def users() -> dict[str, str]:
    """Display name → role, in the configuration's order."""
    return {row["display_name"] or row["user_name"]: row["role"] for row in people()}


@per_release(max_entries=64)
def regions_below(release: Release, region: str) -> frozenset[str]:
    """Codes of a region and every region below it."""
    query = "select descendant_region_code from bridge_region_descendants where ancestor_region_code = ?"
    return frozenset([region, *fetch(release, query, [region])["descendant_region_code"]])
