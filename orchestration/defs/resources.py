"""What an asset is given: the bureau it works for and the day it judges. No assets here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import dagster as dg

from ingestion.config.loader import Config, load_config
from ingestion.durable import replace_bytes
from ingestion.evaluation import resolve_evaluation_date
from ingestion.fingerprint import refresh_fingerprint
from ingestion.landing import Landing
from ingestion.locks import writer_lock
from ingestion.registry.events import Registry
from ingestion.registry.landed import landed_events
from ingestion.releases import NoRelease, Release, Releases
from ingestion.settings import Paths, Settings, load_settings
from orchestration import inputs
from orchestration.dbt_runs import DbtNode
from orchestration.dictionary import comments, provenance_macros
from orchestration.warehouse import audited_mark, build_marts

WAIT_FOR_WRITER_SECONDS = 3600


class Bureau(dg.ConfigurableResource):
    """One bureau's home. `evaluation_date` (YYYY-MM-DD) overrides the environment and the configuration."""

    evaluation_date: str = ""

    @property
    def settings(self) -> Settings:
        return load_settings()

    @property
    def paths(self) -> Paths:
        return self.settings.paths

    @property
    def landing(self) -> Landing:
        return Landing(self.paths.landing)

    @property
    def releases(self) -> Releases:
        return Releases(self.paths.releases, self.settings.keep_releases)

    def config(self) -> Config:
        return load_config(self.paths.config)

    def judged_on(self) -> date:
        return resolve_evaluation_date(self.evaluation_date, self.settings, self.config().bureau)

    def is_published(self, fingerprint: str) -> bool:
        """Whether the release in force was made from exactly these inputs."""
        try:
            current = self.releases.resolve()
        except NoRelease:
            return False
        return current.alarm is None and current.info().get("fingerprint") == fingerprint

    def stop_if_held(self) -> None:
        """Fail while a rollback holds publishing: nothing need be computed that may not be published."""
        pointer = self.releases.pointer()
        if pointer and pointer.hold:
            raise dg.Failure(f"自动发布已暂停：{pointer.hold}；恢复请运行 duban rollback --resume")

    def land_events(self) -> None:
        """Land the log of people's acts as it stands now."""
        self.landing.replace_all(landed_events(Registry(self.paths.registry).events()))

    def build(self, *, whole: bool) -> list[DbtNode]:
        """Build and audit the marts, all or what changed; only where nothing failed may they be published."""
        judged_on = self.judged_on()
        fingerprint = refresh_fingerprint(self.landing, judged_on)
        nodes = build_marts(self.paths, self.landing, self.releases, judged_on, whole=whole)
        if not any(node.is_bad for node in nodes):
            replace_bytes(audited_mark(self.paths), fingerprint.encode())
        return nodes

    def publish(self) -> Release:
        """Publish the build database, which must have passed its audit since it was last written."""
        mark = audited_mark(self.paths)
        if not mark.is_file():
            raise dg.Failure("计算库尚未通过审核，不能发布：请重新运行 duban refresh")
        bureau = self.config().bureau
        info = {
            "fingerprint": mark.read_text("utf-8"),
            "evaluation_date": self.judged_on().isoformat(),
            "bureau_name": bureau.name,
            "is_demo": bureau.is_demo,
        }
        self.stop_if_held()
        made_from = json.dumps(inputs.record(self.landing, self.releases, self.judged_on()), ensure_ascii=False)
        return self.releases.publish(
            self.paths.warehouse, info, comments(), macros=provenance_macros(), made_from=made_from
        )

    @contextmanager
    def writing(self, purpose: str) -> Iterator[None]:
        """Be the one writer; a second run waits here."""
        with writer_lock(self.paths.locks, purpose, wait_seconds=WAIT_FOR_WRITER_SECONDS):
            yield
