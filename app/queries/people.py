"""Who may act: the users of the bureau's configuration, as it is in force."""

from __future__ import annotations

from app.queries.settings import configuration


def users() -> dict[str, str]:
    """Display name → role, in the configuration's order; empty where there is none that can be read."""
    config = configuration().config
    if config is None:
        return {}
    rows = config.tables["config__users"].iter_rows(named=True)
    return {row["display_name"] or row["user_name"]: row["role"] for row in rows}
