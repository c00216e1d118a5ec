"""The log as it lands: whole, and once more the acts on submissions alone.

Two tables, because a refresh rebuilds what lies downstream of a table that changed: confirming a promise leaves every
figure as it is, withdrawing a report does not. What the acts mean is SQL.
"""

from __future__ import annotations

import polars as pl

EVENTS, SUBMISSION_EVENTS = "registry__events", "registry__submission_events"
ON_SUBMISSIONS = ("submission.withdrawn", "submission.reassigned", "unlock.granted")


def landed_events(events: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Landing table → rows, from `Registry.events()`; an undo goes with the act that it takes back."""
    taken = set(events.filter(pl.col("event_type").is_in(ON_SUBMISSIONS))["event_no"])
    for event_no, undoes in events.select("event_no", "undoes_event_no").drop_nulls().sort("event_no").iter_rows():
        if undoes in taken:
            taken.add(event_no)
    return {EVENTS: events, SUBMISSION_EVENTS: events.filter(pl.col("event_no").is_in(taken))}
