"""A bureau's first day: an empty DUBAN_HOME becomes one that can be refreshed. Nothing that exists is overwritten."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing

from ingestion.durable import reach
from ingestion.settings import Paths

SAMPLE_SCHOOLS = 60
SAMPLE_PERIODS = 12
SAMPLE_SEED = 2020


def prepare_home(paths: Paths, say: Callable[[str], None]) -> bool:
    """Fill a home that has no configuration with the demonstration bureau; True where it did so.

    Everything is made in a folder beside and moved in, the configuration last: it is the sign that the home is whole,
    so a crash on the way is made good by the next call.
    """
    if paths.config.is_dir() and any(paths.config.iterdir()):
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
