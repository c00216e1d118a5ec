"""The first half of the job `refresh`: everything up to landing. It needs no dbt, so it can be loaded and run alone."""

from __future__ import annotations

import dagster as dg

from orchestration.defs.forms import forms
from orchestration.defs.plans import plans
from orchestration.defs.registry import configuration, registry
from orchestration.defs.resources import Bureau
from orchestration.jobs import refresh

INGEST = [configuration, registry, plans, forms]


def ingest_definitions() -> dg.Definitions:
    """The job with its landing assets only: what a refresh runs first, to learn whether anything changed."""
    return dg.Definitions(assets=INGEST, jobs=[refresh], resources={"bureau": Bureau()})
