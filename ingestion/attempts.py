"""How the last refresh ended, for whoever shows it: the dashboard's banner, the status on a terminal.

Here: reading the record. Not here: writing it (the refresh does) and what a release contains.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ingestion.settings import Paths

FILE_NAME = "LAST_ATTEMPT.json"


@dataclass(frozen=True)
class Attempt:
    """One refresh: when it ended (UTC), whether it passed, and what failed by the step's Chinese label."""

    at: datetime
    is_success: bool
    failures: dict[str, str] = field(default_factory=dict)


def last_attempt(paths: Paths) -> Attempt | None:
    """The last refresh, or None where none was recorded or its record cannot be read."""
    try:
        content = json.loads((paths.releases / FILE_NAME).read_text("utf-8"))
        at = datetime.fromisoformat(content["at"])
        failures = {str(label): str(why) for label, why in content.get("failures", {}).items()}
        return Attempt(at if at.tzinfo else at.replace(tzinfo=UTC), bool(content["is_success"]), failures)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
