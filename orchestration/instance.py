"""The Dagster instance under DUBAN_HOME: its configuration, and what a power cut left in it.

Telemetry is off. Runs that a dead process left STARTED are failed at opening, so that they keep no slot for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from ingestion.locks import is_alive
from ingestion.settings import Paths

INSTANCE_YAML = """\
# Written by duban; settings of one machine belong in a file of your own, see docs/operations.md.
nux:
  enabled: false
telemetry:
  enabled: false
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
run_retries:
  enabled: true
concurrency:
  pools:
    default_limit: 1
  runs:
    max_concurrent_runs: 1
"""


def ensure_instance_config(paths: Paths) -> None:
    """Write dagster.yaml where none is; one that a person changed stays."""
    paths.dagster.mkdir(parents=True, exist_ok=True)
    config = paths.dagster / "dagster.yaml"
    if not config.exists():
        config.write_text(INSTANCE_YAML, "utf-8")


@contextmanager
def open_instance(paths: Paths) -> Iterator[dg.DagsterInstance]:
    """The instance of this home, with dead runs reconciled."""
    ensure_instance_config(paths)
    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        fail_dead_runs(instance)
        yield instance


def fail_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Fail the runs whose process is gone, free their slots, and name them."""
    unfinished = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    dead = []
    for run in instance.get_runs(filters=unfinished):
        pid = run.tags.get("duban/pid")
        if pid is None or is_alive(int(pid)):
            continue
        instance.report_run_failed(run, "运行它的进程已经不在（断电或被终止），已标记为失败")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
        dead.append(run.run_id)
    return dead
