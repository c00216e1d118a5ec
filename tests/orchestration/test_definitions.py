"""What Dagster sees: one asset a table under one name, one job, the schedule, the sensor, checks of gates and tests."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from ingestion.registry.events import Registry
from ingestion.settings import load_settings
from ingestion.tables import TABLES
from orchestration.defs.resources import Bureau
from orchestration.defs.schedules import nightly
from orchestration.defs.sensors import acts, inbox
from orchestration.instance import fail_dead_runs, open_instance

MARTS = {
    "dim_regions", "dim_schools", "dim_units", "dim_indicators", "dim_periods", "dim_forms",
    "fct_commitments", "fct_actuals", "fct_attainments", "fct_milestones", "fct_submissions", "fct_findings",
    "fct_light_changes", "fct_events", "fct_reviews", "fct_tasks", "fct_task_nodes", "bridge_task_units",
    "fct_rectifications", "fct_approvals", "fct_calendar_entries", "fct_matters", "fct_submission_attempts",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    before = os.environ.get("DUBAN_HOME")
    folder = tmp_path_factory.mktemp("home")
    os.environ["DUBAN_HOME"] = str(folder)
    yield folder
    if before is None:
        del os.environ["DUBAN_HOME"]
    else:
        os.environ["DUBAN_HOME"] = before


@pytest.fixture(scope="module")
def definitions(home: Path) -> dg.Definitions:
    from orchestration.definitions import defs

    return defs()


def test_every_landing_table_and_mart_is_an_asset_under_its_own_name(definitions: dg.Definitions) -> None:
    names = {key.to_user_string() for key in definitions.resolve_asset_graph().materializable_asset_keys}
    assert {f"raw_{table}" for table in TABLES} <= names
    assert names >= MARTS
    assert "release" in names


def test_every_asset_has_a_group_an_owner_a_kind_and_a_description(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.group_name in {
            "plans",
            "forms",
            "config",
            "registry",
            "staging",
            "intermediate",
            "marts",
            "release",
        }, key
        assert node.owners, key
        assert node.kinds, key
        assert node.description, key


def test_gates_and_dbt_tests_are_asset_checks(definitions: dg.Definitions) -> None:
    checks = definitions.resolve_asset_graph().asset_check_keys
    assert {c.name for c in checks} >= {"every_plan_was_read", "received_is_loaded_quarantined_or_ignored"}
    assert any(c.asset_key.to_user_string() == "fct_attainments" for c in checks)


def test_the_nightly_run_judges_its_scheduled_day_however_late_it_starts(
    home: Path, definitions: dg.Definitions
) -> None:
    scheduled = datetime(2020, 10, 20, 2, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    context = dg.build_schedule_context(scheduled_execution_time=scheduled)
    request = nightly(context)
    assert isinstance(request, dg.RunRequest)
    assert request.run_config["resources"]["bureau"]["config"]["evaluation_date"] == "2020-10-20"
    assert nightly.cron_schedule == "0 2 * * *"


def test_the_sensor_waits_until_the_inbox_stands_still(home: Path) -> None:
    folder = load_settings().paths.inbox
    folder.mkdir(parents=True, exist_ok=True)

    def look(cursor: str | None) -> tuple[bool, str | None]:
        result = inbox(dg.build_sensor_context(cursor=cursor), bureau=Bureau())
        assert isinstance(result, dg.SensorResult)
        return bool(result.run_requests), result.cursor

    asked, cursor = [], None
    for content in (None, "half", "whole", "whole", "whole", "more", "more"):
        if content:
            (folder / "a.csv").write_text(content, "utf-8")
            os.utime(folder / "a.csv", (1_600_000_000 + len(content), 1_600_000_000 + len(content)))
        is_asked, cursor = look(cursor)
        asked.append(is_asked)
    assert asked == [False, False, False, True, False, False, True]


def test_an_act_asks_for_what_lies_downstream_of_the_log_and_once(home: Path, definitions: dg.Definitions) -> None:
    def look(cursor: str | None) -> dg.SensorResult:
        repository = definitions.get_repository_def()
        result = acts(dg.build_sensor_context(cursor=cursor, repository_def=repository), bureau=Bureau())
        assert isinstance(result, dg.SensorResult)
        return result

    assert not look(None).run_requests
    log = Registry(load_settings().paths.registry)
    log.append("note.added", "note", "1", {"text": "批注"}, "甲", "记一笔")
    asked = look(None)
    assert asked.run_requests
    names = {key.to_user_string() for key in asked.run_requests[0].asset_selection or []}
    assert {"raw_registry__events", "fct_tasks", "fct_commitments", "fct_attainments", "release"} <= names
    assert not {"raw_plans__documents", "raw_forms__values", "stg_forms__values", "dim_forms"} & names
    assert not look(asked.cursor).run_requests


def test_a_run_whose_process_died_is_failed_and_its_slot_freed(home: Path) -> None:
    paths = load_settings().paths
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )

    @dg.job(name="refresh")
    def dead_job() -> None: ...

    with open_instance(paths) as instance:
        run = instance.create_run_for_job(
            dead_job, status=dg.DagsterRunStatus.STARTED, tags={"duban/pid": done.stdout.strip()}
        )
        alive = instance.create_run_for_job(
            dead_job, status=dg.DagsterRunStatus.STARTED, tags={"duban/pid": str(os.getpid())}
        )
        assert fail_dead_runs(instance) == [run.run_id]
        for run_id, status in ((run.run_id, "FAILURE"), (alive.run_id, "STARTED")):
            kept = instance.get_run_by_id(run_id)
            assert kept is not None
            assert kept.status.value == status
