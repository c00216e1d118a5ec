"""Running the refresh job from a terminal: progress while it runs, a summary when it ends, an exit code.

The same job as Dagster's schedule starts. What the steps do lives in ingestion/ and dbt_project/.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import dagster as dg
from rich.console import Console

from ingestion.attempts import FILE_NAME
from ingestion.durable import replace_json
from ingestion.fingerprint import project_digest, refresh_fingerprint
from ingestion.home import prepare_home
from ingestion.locks import writer_lock
from ingestion.releases import NoRelease, Releases
from ingestion.settings import Paths, Settings
from orchestration.defs.resources import Bureau
from orchestration.ingest import INGEST, ingest_definitions
from orchestration.instance import open_instance
from orchestration.jobs import judging
from orchestration.summary import print_summary
from orchestration.tables import asset_name
from orchestration.warehouse import changed_tables

STEP_LABELS = {
    "configuration": "载入配置",
    "registry": "载入登记事件",
    "plans": "读取工作要点",
    "forms": "接收报表",
    "transform": "计算与审核",
    "release": "发布",
}


# Dagster prints every event to stderr otherwise; the terminal has its own progress, the instance keeps the events.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


RELEASE = dg.AssetKey("release")


class NotEnoughSpace(Exception):
    """The disk is too full to begin; nothing was changed."""


@dataclass
class Progress:
    """Seconds by step and what failed, gathered from the run's events while it runs."""

    console: Console
    started: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def hear(self, entry: dg.EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None or event.step_key is None:
            if entry.step_key and int(entry.level) == logging.INFO:
                self.console.print(f"    {entry.user_message}", style="dim", highlight=False, markup=False)
            return
        step, label = event.step_key, STEP_LABELS.get(event.step_key, event.step_key)
        if event.is_step_start:
            self.started[step] = time.monotonic()
            self.console.print(f"· {label} …", highlight=False)
        elif event.is_step_success or event.is_step_failure:
            self.seconds[label] = time.monotonic() - self.started.get(step, time.monotonic())
            mark = "[green]✓[/]" if event.is_step_success else "[red]✗[/]"
            self.console.print(f"{mark} {label}  {self.seconds[label]:.1f} 秒", highlight=False)
            if event.is_step_failure:
                error = event.step_failure_data.error
                cause = error.cause if error and error.cause else error
                self.failures[label] = (cause.message if cause else "").strip()


def run_refresh(settings: Settings, evaluation_date: str, console: Console, wait_seconds: float = 0) -> int:
    """Refresh once. Returns the exit code: 0 published or unchanged, 1 published without some plan or held back
    by the audit, 2 failure. Raises Busy when another process writes."""
    began = time.monotonic()
    paths = settings.paths
    _check_space(paths.home, settings.min_free_mb)
    with writer_lock(paths.locks, "duban refresh", wait_seconds):
        prepare_home(paths, say=lambda text: console.print(text, highlight=False))
        releases = Releases(paths.releases, settings.keep_releases)
        before = _current(releases)
        progress = Progress(console)
        is_success = _run_job(paths, evaluation_date, progress)
        after = _current(releases)
        record_attempt(paths, progress.failures, is_success=is_success)
    return print_summary(console, paths, progress, published=after if after != before else None, is_success=is_success,
                         total_seconds=time.monotonic() - began)  # fmt: skip


def _run_job(paths: Paths, evaluation_date: str, progress: Progress) -> bool:
    """Run the job's landing assets, and the rest only where that changed something: dbt takes seconds to load."""
    bureau = Bureau(evaluation_date=evaluation_date)
    with open_instance(paths) as instance:

        def execute(job: dg.JobDefinition, assets: list[dg.AssetKey] | None = None) -> bool:
            run_id = str(uuid.uuid4())
            instance.add_event_listener(run_id, progress.hear)
            result = job.execute_in_process(
                run_config=judging(evaluation_date) | QUIET,
                instance=instance,
                run_id=run_id,
                raise_on_error=False,
                asset_selection=assets,
                tags={"duban/pid": str(os.getpid())},
            )
            return result.success

        if not execute(_landing_job()):
            return False
        if bureau.is_published(refresh_fingerprint(bureau.landing, bureau.judged_on())):
            return True
        job = _whole_job(paths.home, project_digest())
        if not execute(job, _to_build(bureau, job)):
            return False
        if bureau.is_published(refresh_fingerprint(bureau.landing, bureau.judged_on())):
            return True
        # a step that waits for something nobody builds is skipped without a word
        progress.failures[STEP_LABELS["release"]] = (
            "计算之后没有发布新版本：请再运行一次 duban refresh，仍然如此请联系维护人员"
        )
        return False


def load_dbt(paths: Paths) -> None:
    """Load the models now, for a process that will refresh more than once."""
    _whole_job(paths.home, project_digest())


@lru_cache(maxsize=1)
def _landing_job() -> dg.JobDefinition:
    return ingest_definitions().resolve_job_def("refresh")


@lru_cache(maxsize=1)
def _whole_job(home: Path, project: str) -> dg.JobDefinition:
    """The job with the models of this SQL; dbt takes seconds to load, so it is loaded when needed and kept."""
    from orchestration.definitions import defs

    del home, project
    return defs().resolve_job_def("refresh")


def _to_build(bureau: Bureau, job: dg.JobDefinition) -> list[dg.AssetKey]:
    """What comes after landing: the models downstream of what changed and the release, all models where unknown."""
    landed = {key for asset in INGEST for key in asset.keys}
    all_keys = [key for key in job.asset_layer.executable_asset_keys if key not in landed]
    changed = changed_tables(bureau.paths, bureau.landing, bureau.releases, bureau.judged_on())
    if changed is None:
        return all_keys
    graph = job.asset_layer.asset_graph
    reached = {dg.AssetKey(asset_name(table)) for table in changed}
    for level in graph.toposorted_asset_keys_by_level:
        # not through the landing: what landed is known to have changed or not, whatever it was landed after
        reached |= {key for key in level if key not in landed and graph.get(key).parent_keys & reached}
    return [key for key in all_keys if key in reached or key == RELEASE]


def _current(releases: Releases) -> int | None:
    try:
        return releases.resolve().sequence
    except NoRelease:
        return None


def _check_space(home: Path, min_free_mb: int) -> None:
    home.mkdir(parents=True, exist_ok=True)
    free_mb = shutil.disk_usage(home).free // 2**20
    if free_mb < min_free_mb:
        raise NotEnoughSpace(
            f"{home} 所在磁盘只剩 {free_mb} MB，少于 {min_free_mb} MB：请清理后再刷新，现有版本不受影响"
        )


def record_attempt(paths: Paths, failures: dict[str, str], *, is_success: bool) -> None:
    """What the dashboard's banner says when the last refresh did not pass; `failures` by the step's Chinese label."""
    content = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "is_success": is_success,
        "failures": failures,
    }
    replace_json(paths.releases / FILE_NAME, content)
