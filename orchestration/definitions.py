"""What Dagster loads: the assets of the data's way, the one job, its schedule and its sensor."""

from __future__ import annotations

from datetime import date, datetime

import dagster as dg

from ingestion.config.loader import ConfigError
from ingestion.evaluation import BUREAU_TIME
from ingestion.settings import load_settings
from orchestration.defs.release import make_release
from orchestration.defs.resources import Bureau
from orchestration.defs.schedules import nightly
from orchestration.defs.sensors import inbox
from orchestration.defs.transform import make_transform
from orchestration.ingest import INGEST
from orchestration.jobs import refresh
from orchestration.warehouse import parsed_manifest


def likely_day() -> date:
    """The day the next refresh will probably judge; today where nothing is configured yet."""
    try:
        return Bureau().judged_on()
    except ConfigError:
        return datetime.now(BUREAU_TIME).date()


@dg.definitions
def defs() -> dg.Definitions:
    """Built when Dagster asks, since the models are known only once dbt has parsed its project."""
    transform = make_transform(parsed_manifest(load_settings().paths, likely_day))
    marts = [key for key, group in transform.group_names_by_key.items() if group == "marts"]
    return dg.Definitions(
        assets=[*INGEST, transform, make_release(marts)],
        jobs=[refresh],
        schedules=[nightly],
        sensors=[inbox],
        resources={"bureau": Bureau()},
    )
