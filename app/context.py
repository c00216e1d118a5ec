"""One release a page run: resolved once by the router, handed to the page, named on every page.

Here: what a page knows about where its figures come from. Not here: figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from app.queries.core import release_info
from app.queries.people import regions_below
from app.scoping import scoped
from ingestion.attempts import Attempt, last_attempt
from ingestion.evaluation import BUREAU_TIME
from ingestion.releases import Release, Releases
from ingestion.settings import load_settings

_KEY = "_run_context"


@dataclass(frozen=True)
class RunContext:
    """The release of this page run with its record.

    `published` is the release as it is; for a person of one region (`scope`) `release` is a copy of it with that
    region's rows. `hold` says why publishing is held after a rollback; `attempt` is the last refresh.
    """

    release: Release
    info: dict[str, Any]
    hold: str | None
    attempt: Attempt | None
    scope: str = ""
    published: Release | None = None

    @property
    def regions(self) -> frozenset[str] | None:
        """The regions a person of one region may see; None without bounds."""
        return regions_below(self.whole, self.scope) if self.scope else None

    @property
    def whole(self) -> Release:
        """The release as published, for counts that no page shows."""
        return self.published or self.release

    @property
    def bureau_name(self) -> str:
        return str(self.info.get("bureau_name") or "督办")

    @property
    def is_demo(self) -> bool:
        return bool(self.info.get("is_demo"))

    @property
    def evaluation_date(self) -> date:
        return date.fromisoformat(str(self.info["evaluation_date"]))

    @property
    def published_at(self) -> datetime | None:
        """When the release was published, in the bureau's time."""
        text = self.info.get("published_at")
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC).astimezone(BUREAU_TIME) if text else None

    @property
    def failed_attempt(self) -> Attempt | None:
        """The last refresh where it did not pass and came after this release."""
        attempt = self.attempt
        if attempt is None or attempt.is_success:
            return None
        is_newer = self.published_at is None or attempt.at >= self.published_at.astimezone(UTC)
        return attempt if is_newer else None

    @property
    def failed_at(self) -> datetime | None:
        """When that refresh ended, in the bureau's time."""
        attempt = self.failed_attempt
        return attempt.at.astimezone(BUREAU_TIME) if attempt else None


def open_context(scope: str = "") -> RunContext:
    """Resolve the current release for this run, for a person of one region (`scope`) that region's copy.

    Raises NoRelease before the first publish.
    """
    settings = load_settings()
    releases = Releases(settings.paths.releases)
    published = releases.resolve()
    release = scoped(published, scope) if scope else published
    hold = (pointer := releases.pointer()) and pointer.hold
    context = RunContext(release, release_info(release), hold, last_attempt(settings.paths), scope, published)
    st.session_state[_KEY] = context
    return context


def current() -> RunContext:
    """The context of this run; pages never resolve a release themselves."""
    return st.session_state[_KEY]
