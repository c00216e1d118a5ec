"""The demonstration world: synthetic schools, their reports over months, and planted errors with their answers.

The parts: world (schools), processes and works (figures), grids (sheets), filings (who files what, when), faults (what
is planted), writing (all of it on disk). Nothing in this package reads a plan or a target.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["write_sample"]


def write_sample(out: Path, *, schools: int, periods: int, seed: int) -> None:
    """Write a whole demonstration home below `out`: config/, plans/, inbox/ with receipts.csv, and answers.json.

    `periods` months end with the month of the bureau's evaluation date, which is not over and has no reports yet.
    The same arguments give the same bytes. Raises ValueError where schools or periods is below 1.
    """
    from ingestion.sample.writing import write_home

    write_home(out, schools=schools, periods=periods, seed=seed)
