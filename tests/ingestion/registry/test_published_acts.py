"""What the services say of the log and what the release shows of it are the same, over the whole demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.registry.acts import Act, standing
from ingestion.registry.approvals import state
from ingestion.registry.calendars import read_calendar
from ingestion.registry.catalog import Catalog, reviewed
from ingestion.registry.events import Registry
from ingestion.registry.published import accepted
from ingestion.registry.rectifications import read_rectifications
from ingestion.registry.reviews import follow, state_of
from ingestion.registry.task_states import read_tasks
from ingestion.releases import Releases, connect
from ingestion.settings import Settings


@pytest.fixture(scope="module")
def paths(refreshed_home: Path) -> Any:
    return Settings(home=refreshed_home).paths


@pytest.fixture(scope="module")
def acts(paths: Any) -> list[Act]:
    return standing(Registry(paths.registry))


@pytest.fixture(scope="module")
def marts(paths: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(Releases(paths.releases).resolve()) as con:
        con.execute("set schema = 'marts'")
        yield con


def rows(marts: duckdb.DuckDBPyConnection, query: str) -> set[tuple[Any, ...]]:
    return set(marts.execute(query).fetchall())


def test_tasks_and_nodes(acts: list[Act], marts: duckdb.DuckDBPyConnection) -> None:
    tasks = read_tasks(acts).values()
    said = {(t.key, t.state, t.lead, date.fromisoformat(t.due_date), len(t.nodes), len(t.assisting)) for t in tasks}
    assert said
    shown = "select task_key, handling_state, lead_unit_code, due_date, node_count, assisting_count from fct_tasks"
    assert rows(marts, shown) == said
    done = {(task.key, node.number) for task in tasks for node in task.nodes if node.done_date}
    assert rows(marts, "select task_key, node_no from fct_task_nodes where is_done") == done


def test_rectifications(acts: list[Act], marts: duckdb.DuckDBPyConnection) -> None:
    said = {(m.key, m.stage, date.fromisoformat(m.due_date)) for m in read_rectifications(acts).values()}
    assert said
    assert rows(marts, "select rectification_key, stage, due_date from fct_rectifications") == said


def test_approvals_and_their_digests(acts: list[Act], marts: duckdb.DuckDBPyConnection, paths: Any) -> None:
    release = Releases(paths.releases).resolve()
    grouped: dict[str, list[Act]] = {}
    for act in acts:
        if act.subject_type == "approval":
            grouped.setdefault(act.subject_key, []).append(act)
    said = set()
    for key, own in grouped.items():
        form, start, region = key.split("|")
        digest = accepted(release, form, date.fromisoformat(start), region).digest
        said.add((key, digest, state(own, digest)))
    assert {word for _, _, word in said} >= {"已报送", "已校审", "已锁定", "已发布"}
    shown = "case when is_void then '失效' else approved_state end"
    assert rows(marts, f"select approval_key, present_digest, {shown} from fct_approvals") == said


def test_reviews(acts: list[Act], marts: duckdb.DuckDBPyConnection, paths: Any) -> None:
    commitments = [reviewed(row) for row in Catalog(paths).commitments.iter_rows(named=True)]
    followed = follow([act for act in acts if act.subject_type == "commitment"], commitments)
    said = {(commitment_id, state_of(own)) for commitment_id, own in followed.items()}
    assert rows(marts, "select commitment_id, review_state from fct_commitments") == said


def test_own_calendar_entries(acts: list[Act], marts: duckdb.DuckDBPyConnection) -> None:
    said = {(entry.matter, date.fromisoformat(entry.entry_date)) for entry in read_calendar(acts).values()}
    assert said
    assert rows(marts, "select matter, entry_date from fct_calendar_entries where source = '自定'") == said
