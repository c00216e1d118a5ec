"""A bureau's first day: an empty DUBAN_HOME becomes one that can be filled in, or the demonstration bureau.

Nothing that exists is overwritten. Not here: what a configuration is (config/), what the sample holds (sample/).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from ingestion.durable import reach
from ingestion.settings import Paths

SAMPLE_SCHOOLS = 60
SAMPLE_PERIODS = 12
SAMPLE_SEED = 2020


class HomeExists(Exception):
    """The home has a configuration already; it is left as it is."""


def is_configured(paths: Paths) -> bool:
    """Whether the home holds a configuration, applied or being filled in."""
    return paths.config.is_dir() and any(paths.config.iterdir())


def init_home(paths: Paths, sets: Iterable[str] = ()) -> Path:
    """Make an empty bureau's home and return its workbook, with examples and the cards of the named target sets.

    Raises HomeExists, KeyError for a set that is not shipped. A crash leaves no half-made workbook.
    """
    from ingestion.config.applying import WORKBOOK
    from ingestion.config.blank import blank_frames
    from ingestion.config.loader import OWN_FORMS
    from ingestion.config.workbook_writing import write_workbook
    from ingestion.workbooks.forms import load_forms

    if is_configured(paths):
        raise HomeExists(f"{paths.config} 中已有配置，没有改动")
    frames = blank_frames(sets)
    for folder in (paths.plans, paths.inbox, paths.home / OWN_FORMS, paths.config):
        folder.mkdir(parents=True, exist_ok=True)
    workbook = paths.config / WORKBOOK
    write_workbook(workbook, frames, load_forms(extra=paths.home / OWN_FORMS), examples=True)
    return workbook


def prepare_home(paths: Paths, say: Callable[[str], None]) -> bool:
    """Fill a home that has no configuration with the demonstration bureau; True where it did so.

    Everything is made in a folder beside and moved in, the configuration last: it is the sign that the home is whole,
    so a crash on the way is made good by the next call.
    """
    if is_configured(paths):
        return False
    from ingestion.registry.events import Registry
    from ingestion.registry.sample_events import confirm_sample
    from ingestion.sample import write_sample

    say(f"首次运行：在 {paths.home} 建立演示单位（{SAMPLE_SCHOOLS} 所学校，{SAMPLE_PERIODS} 个月，全部为演示数据）")
    new = paths.home / ".preparing"
    shutil.rmtree(new, ignore_errors=True)
    write_sample(new, schools=SAMPLE_SCHOOLS, periods=SAMPLE_PERIODS, seed=SAMPLE_SEED)
    with closing(Registry(new / paths.registry.name)) as registry:
        confirm_sample(registry, new / "plans")
    reach("home:made")
    for item in sorted(new.iterdir(), key=lambda item: item.name == paths.config.name):
        target = paths.home / item.name
        if not target.exists() or item.name == paths.config.name:
            item.replace(target)
        reach(f"home:moved-{item.name}")
    shutil.rmtree(new, ignore_errors=True)
    return True
