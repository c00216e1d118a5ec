"""Who may act and see what: the users of the bureau's configuration, as it is in force."""

from __future__ import annotations

from app.queries.core import fetch, per_release
from app.queries.settings import configuration
from ingestion.releases import Release


def users() -> dict[str, str]:
    """Display name → role, in the configuration's order; empty where there is none that can be read."""
    config = configuration().config
    if config is None:
        return {}
    rows = config.tables["config__users"].iter_rows(named=True)
    return {row["display_name"] or row["user_name"]: row["role"] for row in rows}


@per_release(max_entries=64)
def regions_below(release: Release, region: str) -> frozenset[str]:
    """Codes of a region and every region below it."""
    query = "select descendant_region_code from bridge_region_descendants where ancestor_region_code = ?"
    return frozenset([region, *fetch(release, query, [region])["descendant_region_code"]])
