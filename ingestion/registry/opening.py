"""A year's opening as one version of the configuration: baselines 上年末 and the new school year's register together.

Here: putting them in force and taking them back. Not here: what they are (baselines.py, registers.py), the event
(years.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext

import polars as pl

from ingestion.config.applying import Act as ConfigAct
from ingestion.config.applying import ConfigService
from ingestion.config.loader import Config
from ingestion.config.sources import Refusal
from ingestion.locks import writer_lock
from ingestion.registry import registers
from ingestion.registry.acts import Act, Who, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.undoing import undo
from ingestion.registry.years import OPENED, unpin_reopened
from ingestion.releases import Releases
from ingestion.settings import Settings


def register(config: Config, school_year: int) -> pl.DataFrame:
    """The register to be written; empty where the clerk has entered that school year's, which is left as it is."""
    rows = registers.proposed(config, school_year)
    return rows if registers.known(config, school_year).is_empty() else rows.clear()


def configuration(settings: Settings) -> Config:
    """The configuration in force. Raises RegistryError where there is none."""
    config = ConfigService(settings).current()
    if config is None:
        raise RegistryError("还没有采用过配置：请先填写工作簿并运行 duban config apply")
    return config


def apply(settings: Settings, added: Mapping[str, pl.DataFrame], source: str, who: Who) -> int | None:
    """Make rows part of the configuration in force; returns the new version, None where nothing differs."""
    added = {table: rows for table, rows in added.items() if not rows.is_empty()}
    if not added:
        return None
    service, act = ConfigService(settings), ConfigAct.now(who.by, who.why)
    try:
        if service.versions.current() is None:  # so that there is a version to come back to
            service.apply(settings.paths.config, act)
        done = service.add_rows(added, act, source=source)
    except Refusal as refusal:
        raise RegistryError(str(refusal)) from refusal
    return done.number


def undo_act(
    settings: Settings, registry: Registry, event_no: int, who: Who, *, whole: bool = False, wait: float = 60
) -> tuple[list[Act], str]:
    """Take an act back with what it did outside the log: a closed year's pin, an opened year's configuration.

    Returns the acts that are gone, latest first, and what to tell of the configuration, or ''. Raises RegistryError,
    and Busy where a year is concerned and another process writes for `wait` seconds; then nothing was taken back.
    """
    acts = standing(registry)
    own = {act.payload.get("act") for act in acts if act.event_no == event_no} - {None}
    turns = any(act.event_no == event_no or act.payload.get("act") in own for act in acts if act.subject_type == "year")
    with writer_lock(settings.paths.locks, "duban undo", wait) if turns else nullcontext():
        gone = undo(registry, event_no, who.by, who.why, whole=whole)
        unpin_reopened(registry, Releases(settings.paths.releases, settings.keep_releases), gone)
        return gone, take_back(settings, gone, who)


def take_back(settings: Settings, gone: Iterable[Act], who: Who) -> str:
    """Bring back the configuration from before a year's opening that was taken back; returns what to tell, or ''."""
    versions = [act.payload.get("config_version") for act in gone if act.event_type == OPENED]
    made = next((version for version in versions if version), None)
    if made is None:
        return ""
    service = ConfigService(settings)
    current = service.versions.current()
    if current is None or current.number != made or made == 1:
        return f"开启年度时采用的是配置第{made}版，其后配置又有改动，没有自动恢复；需要时请用 duban config rollback"
    restored = service.restore(made - 1, ConfigAct.now(who.by, who.why))
    return f"配置已恢复为第{made - 1}版的内容（成为第{restored.number}版）"
