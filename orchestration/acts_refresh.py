"""The small refresh after a person's act: land the log, build what lies downstream, publish. No plan, inbox or
configuration is looked at.

The same steps as the job's assets, called directly: recording the hundred events of a run costs Dagster several times
what the work itself does. Dagster is told what was made, once for each asset at either end.
"""

from __future__ import annotations

import time

import dagster as dg
from rich.console import Console

from ingestion.fingerprint import refresh_fingerprint
from ingestion.locks import writer_lock
from ingestion.releases import PublishingHeld
from ingestion.settings import Paths, Settings
from orchestration.dbt_runs import DbtFailed, failed_audit
from orchestration.defs.resources import Bureau
from orchestration.instance import ensure_instance_config
from orchestration.refreshing import record_attempt

TOLD = ("raw_registry__events", "raw_registry__submission_events", "release")
STEP = "办理后的刷新"


def refresh_acts(settings: Settings, console: Console, wait_seconds: float = 0) -> int:
    """Refresh from people's acts alone. Returns 0 published or unchanged, 1 held back.

    Raises Busy when another process writes.
    """
    began = time.monotonic()
    bureau, paths = Bureau(), settings.paths
    with writer_lock(paths.locks, "办理后的刷新", wait_seconds):
        bureau.land_events()
        if bureau.is_published(refresh_fingerprint(bureau.landing, bureau.judged_on())):
            return 0
        try:
            bureau.stop_if_held()
            said = failed_audit(bureau.build(whole=False))
            release = None if said else bureau.publish()
        except (dg.Failure, DbtFailed, PublishingHeld) as error:
            said, release = getattr(error, "description", None) or str(error), None
        record_attempt(paths, {STEP: said} if said else {}, is_success=not said)
    if release is None:
        console.print(f"[red]没有发布[/]：{said}", highlight=False)
        return 1
    _tell_dagster(paths, release.sequence)
    console.print(f"[green]已发布第 {release.sequence} 版[/]  用时 {time.monotonic() - began:.1f} 秒", highlight=False)
    return 0


def _tell_dagster(paths: Paths, release: int) -> None:
    ensure_instance_config(paths)
    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        for key in TOLD:
            instance.report_runless_asset_event(dg.AssetMaterialization(key, metadata={"release": release}))
