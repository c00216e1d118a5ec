"""The one job: refresh everything, in one process."""

from __future__ import annotations

import dagster as dg

MAX_RUNTIME_SECONDS = 4 * 3600

# In-process: ten assets cost 2 s this way, 11-23 s with a process each. A busy writer is worth a second try.
refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    tags={"dagster/max_runtime": str(MAX_RUNTIME_SECONDS), "dagster/max_retries": "1"},
    description="Plans and workbooks → landing → marts → audit → release.",
)


def judging(day: str) -> dict[str, object]:
    """Run configuration that judges figures on `day` (YYYY-MM-DD, or '' for the configured day)."""
    return {"resources": {"bureau": {"config": {"evaluation_date": day}}}}
