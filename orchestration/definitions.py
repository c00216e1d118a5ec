"""What Dagster loads: the assets of the data's way, the one job, its schedule and its sensors."""

from __future__ import annotations

import dagster as dg

from ingestion.settings import load_settings
from orchestration.dbt_runs import parsed_manifest
from orchestration.defs.release import make_release
from orchestration.defs.resources import Bureau
from orchestration.defs.schedules import nightly
from orchestration.defs.sensors import acts, inbox
from orchestration.defs.transform import make_transform
from orchestration.ingest import INGEST
from orchestration.jobs import refresh


@dg.definitions
def defs() -> dg.Definitions:
    """Built when Dagster asks, since the models are known only once dbt has parsed its project."""
    transform = make_transform(parsed_manifest(load_settings().paths))
    marts = [key for key, group in transform.group_names_by_key.items() if group == "marts"]
    return dg.Definitions(
        assets=[*INGEST, transform, make_release(marts)],
        jobs=[refresh],
        schedules=[nightly],
        sensors=[inbox, acts],
        resources={"bureau": Bureau()},
    )
