"""A bureau's first day: an empty DUBAN_HOME becomes one that can be refreshed. Nothing that exists is overwritten."""

from __future__ import annotations

from collections.abc import Callable

from ingestion.settings import Paths

SAMPLE_SCHOOLS = 60
SAMPLE_PERIODS = 12
SAMPLE_SEED = 2020


def prepare_home(paths: Paths, say: Callable[[str], None]) -> bool:
    """Fill a home that has no configuration with the demo bureau; True where it did so."""
    if paths.config.is_dir() and any(paths.config.iterdir()):
        return False
    from ingestion.sample import write_sample

    say(f"首次运行：在 {paths.home} 建立演示单位（{SAMPLE_SCHOOLS} 所学校，{SAMPLE_PERIODS} 个月，全部为演示数据）")
    write_sample(paths.home, schools=SAMPLE_SCHOOLS, periods=SAMPLE_PERIODS, seed=SAMPLE_SEED)
    return True
