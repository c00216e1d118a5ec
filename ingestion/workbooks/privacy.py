"""Workbooks that name persons: who may read what was kept of them, and when it is destroyed.

Here: which arrivals they are, by the finding of the reader, and their term, counted from receipt. Not here: telling
that a sheet names persons (headers.py, row_kinds.py); its content was never landed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import polars as pl

from ingestion.arrivals import Arrival, Arrivals
from ingestion.landing import Landing

RULE = "PRV01"


def private_files(landing: Landing) -> set[int]:
    """file_id of every arrival that was held because it names persons."""
    return set(landing.read("intake__findings").filter(pl.col("rule_code") == RULE)["file_id"])


def overdue(arrivals: Collection[Arrival], private: Collection[int], days: int, today: date) -> list[Arrival]:
    """Those of `private` that were received more than `days` days before `today`."""
    last = datetime.combine(today, datetime.min.time()) - timedelta(days=days)
    return [arrival for arrival in arrivals if arrival.file_id in private and arrival.received_at < last]


def guard(arrivals: Arrivals, landing: Landing, days: int, now: datetime, today: date) -> list[Arrival]:
    """Restrict what was kept of all lists of persons and destroy it where its term is over; returns what was destroyed.

    `now` (UTC, without a zone) is written down as the time of the act, `today` decides. Again changes nothing.
    """
    private = private_files(landing)
    arrivals.restrict(private)
    due = overdue(arrivals.all("workbook"), private, days, today)
    return arrivals.purge({arrival.file_id for arrival in due}, now)
