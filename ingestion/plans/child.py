"""The side of the sandbox that reads plan documents: a PDF or a docx may crash or eat memory, its child only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.plans.document import UnreadablePlan
from ingestion.plans.reading import PlanReading, read_plan

if TYPE_CHECKING:
    import polars as pl

# path, name, year, region
Task = tuple[str, str, int | None, str | None]
HANDLER = f"{__name__}:make_reader"


def make_reader(regions: pl.DataFrame | None) -> Callable[[Task], PlanReading | str]:
    """The function of one task; it answers a reading, or in Chinese why there is none."""

    def read(task: Task) -> PlanReading | str:
        path, name, year, region = task
        try:
            return read_plan(Path(path).read_bytes(), name, year=year, region=region, regions=regions)
        except UnreadablePlan as error:
            return error.reason

    return read
