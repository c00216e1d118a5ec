"""Invoking dbt in this process: its options, the parsed project kept between runs, what became of each node.

Here: how dbt is called. Not here: what is built when (warehouse.py), and no Dagster. The one place that lets dbt write.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock

from ingestion.durable import replace_bytes
from ingestion.fingerprint import DBT_PROJECT, project_digest
from ingestion.settings import Paths


class DbtFailed(Exception):
    """dbt could not even start or parse; the message is dbt's own."""


@dataclass(frozen=True)
class DbtNode:
    """What became of one model or test: status success|error|skipped|pass|fail|warn, failures counted by a test."""

    unique_id: str
    name: str
    resource_type: str
    status: str
    failures: int
    message: str
    seconds: float

    @property
    def is_bad(self) -> bool:
        return self.status in {"error", "fail", "runtime error"}


def failed_audit(nodes: list[DbtNode]) -> str:
    """Why marts may not be published, in Chinese; '' where they may."""
    bad = [node for node in nodes if node.is_bad]
    return "审核未通过，不发布：" + "；".join(f"{n.name}（{n.message}）" for n in bad[:5]) if bad else ""


def target_folder(paths: Paths) -> Path:
    return paths.home / "warehouse" / "dbt_target"


def dbt_arguments(paths: Paths) -> list[str]:
    """The options every dbt command here shares."""
    return [
        "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
        "--target-path", str(target_folder(paths)), "--log-path", str(paths.home / "warehouse" / "dbt_logs"),
        "--log-level", "none", "--no-version-check", "--no-send-anonymous-usage-stats",
    ]  # fmt: skip


def parsed_manifest(paths: Paths) -> Path:
    """The dbt manifest (JSON) of the project as it is now; parsed again only when a file of the project changed.

    It depends on no day and no home, so all homes of this machine share it where the project's folder can be written.
    """
    kept = _kept_manifest(paths)
    if not (kept.is_file() and kept.with_suffix(".msgpack").is_file()):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(kept.parent / "lock"):
            if not kept.is_file():
                _parse(paths, kept)
    return kept


def loaded_manifest(paths: Paths) -> Any:
    """The same as the object that dbt takes: parsing costs more than most builds."""
    return _loaded(parsed_manifest(paths).with_suffix(".msgpack"))


def run_build(
    paths: Paths, select: list[str], *, same_sql: bool = False, resources: Iterable[str] = ()
) -> list[DbtNode]:
    """`dbt build` of what `select` names, of everything where it is empty; raises DbtFailed where dbt could not run.

    `resources` names the only resource types to build, such as model; everything where it is empty.

    With `same_sql` the database holds a build of the same SQL: its views, being text, stand as they are, and no model
    is compared with its contract again.
    """
    options = ["--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure", "--no-write-json"]
    options += [option for kind in resources for option in ("--resource-type", kind)]
    options += ["--select", *select] if select else []
    if same_sql:
        options += ["--exclude", "config.materialized:view", "--vars", "{sql_was_built: true}"]
    with dbt(paths, loaded_manifest(paths)) as invoke:
        result = invoke(["build", *dbt_arguments(paths), *options])
    if result.result is None or not hasattr(result.result, "results"):
        raise DbtFailed(str(result.exception))
    return [_node(item, paths.warehouse) for item in result.result.results]


@contextmanager
def dbt(paths: Paths, manifest: Any = None) -> Iterator[Any]:
    """A dbt invoker whose connection is closed on leaving: dbt keeps the write lock otherwise."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ["DUBAN_WAREHOUSE"] = str(paths.warehouse)
    paths.warehouse.parent.mkdir(parents=True, exist_ok=True)
    _hear_warnings_only()
    gc.freeze()  # no collection need walk over the manifest, tens of thousands of objects that stay
    try:
        yield dbtRunner(manifest=manifest).invoke
    finally:
        gc.unfreeze()
        DuckDBConnectionManager.close_all_connections()


@lru_cache(maxsize=1)
def _hear_warnings_only() -> None:
    """Nothing here listens to dbt's log: what is below a warning is neither formatted nor written out."""
    from dbt_common.events.base_types import BaseEvent, EventLevel
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager

    class Warnings(EventManager):
        def fire_event(self, e: BaseEvent, level: EventLevel | None = None, *more: Any, **named: Any) -> None:
            if self.loggers or (level or e.level_tag()) in {EventLevel.WARN, EventLevel.ERROR}:
                super().fire_event(e, level, *more, **named)

    ctx_set_event_manager(Warnings())  # pyright: ignore[reportArgumentType] - as dbt sets its own
    fill = BaseEvent.__init__

    def keep(self: BaseEvent, *args: Any, **said: Any) -> None:
        self.__dict__["said"] = (args, said)

    def filled(self: BaseEvent, key: str) -> Any:
        if "pb_msg" not in self.__dict__:
            args, said = self.__dict__.pop("said")
            fill(self, *args, **said)
        return self.pb_msg if key == "pb_msg" else getattr(self.pb_msg, key)

    # dbt makes a message of some hundred fields a node; one that nobody reads need not be made
    BaseEvent.__init__, BaseEvent.__getattr__ = keep, filled


def _kept_manifest(paths: Paths) -> Path:
    target = DBT_PROJECT / "target"
    shared = os.access(target if target.exists() else DBT_PROJECT, os.W_OK)
    return (target if shared else paths.dagster) / "dbt_manifest" / f"{project_digest()[:16]}.json"


def _parse(paths: Paths, kept: Path) -> None:
    with dbt(paths) as invoke:
        result = invoke(["parse", *dbt_arguments(paths)])
    if not result.success:
        raise DbtFailed(str(result.exception))
    for old in kept.parent.glob("*.*"):
        old.unlink()
    replace_bytes(kept.with_suffix(".msgpack"), result.result.to_msgpack())
    replace_bytes(kept, (target_folder(paths) / "manifest.json").read_bytes())


@lru_cache(maxsize=1)
def _loaded(path: Path) -> Any:
    from dbt.contracts.graph.manifest import Manifest

    return Manifest.from_msgpack(path.read_bytes())


def _broken_rules(item: Any, warehouse: Path) -> str:
    """What a failed test found, by rule and count; '' where the test names no rules. Rows themselves are never told."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = con.sql(item.node.compiled_code)
        if "broken_rule" not in found.columns:
            return ""
        return "；".join(f"{rule}（{n} 处）" for rule, n in found.aggregate("broken_rule, count(*)").fetchall())


def _node(item: Any, warehouse: Path) -> DbtNode:
    told = _broken_rules(item, warehouse) if item.status == "fail" else ""
    return DbtNode(
        unique_id=item.node.unique_id,
        name=item.node.name,
        resource_type=str(item.node.resource_type),
        status=str(item.status),
        failures=item.failures or 0,
        message=told or item.message or "",
        seconds=item.execution_time,
    )
