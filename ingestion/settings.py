"""Every path and limit, read once from the environment. Nothing else in the project reads the environment.

Paths default to places under DUBAN_HOME, so that one variable moves a whole bureau.
"""

from __future__ import annotations

import os
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings of one bureau; each field is the environment variable DUBAN_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="DUBAN_", extra="ignore")

    home: Path = Field(default=PROJECT_ROOT / "data" / "home", description="where all generated state lives")
    plans_dir: Path | None = Field(default=None, description="folder of plan documents; default DUBAN_HOME/plans")
    evaluation_date: date | None = Field(default=None, description="judge as of this day")
    app_host: str = "127.0.0.1"
    app_port: int = 8501
    dev_port: int = 3000

    # reading untrusted files
    parser_workers: int = Field(default=2, ge=1)
    parser_memory_mb: int = Field(default=2048, description="RLIMIT_AS of one parser process")
    parser_seconds: int = Field(default=30, description="wall clock for one file")
    max_file_mb: int = Field(default=64, description="larger uploads are refused")
    max_expanded_mb: int = Field(default=512, description="byte budget of an unpacked workbook")
    max_cells: int = Field(default=5_000_000, description="cells of one workbook")
    private_days: int = Field(default=180, ge=0, description="days after which lists of persons are destroyed")

    # the analysts' SQL
    sql_memory_mb: int = 2048
    sql_seconds: int = 30
    sql_max_rows: int = 100_000

    keep_releases: int = Field(default=10, ge=1)
    min_free_mb: int = Field(default=200, description="refresh stops before it starts below this much free space")

    @cached_property
    def paths(self) -> Paths:
        return Paths(self.home.resolve(), self.plans_dir)


class Paths:
    """The places below DUBAN_HOME."""

    def __init__(self, home: Path, plans_dir: Path | None) -> None:
        self.home = home
        self.plans = plans_dir.resolve() if plans_dir else home / "plans"
        self.inbox = home / "inbox"
        self.config = home / "config"
        self.arrivals = home / "arrivals"
        self.landing = home / "landing"
        self.registry = home / "registry.sqlite"
        self.warehouse = home / "warehouse" / "build.duckdb"
        self.releases = home / "releases"
        self.docs = home / "docs"
        self.dagster = home / "dagster"
        self.locks = home / "locks"


def load_settings() -> Settings:
    """What the environment says now; callers hold on to the result for the length of one command, and change nothing.

    Reading it costs a millisecond and a page asks a dozen times: the same environment is read once.
    """
    said = tuple(sorted((name, value) for name, value in os.environ.items() if name.upper().startswith("DUBAN_")))
    return _settings(said, Path.cwd())  # a relative path in it means another place elsewhere


@lru_cache(maxsize=4)
def _settings(said: tuple[tuple[str, str], ...], folder: Path) -> Settings:  # noqa: ARG001 - cache key
    return Settings()


def failpoint() -> str:
    """The step at which a crash test wants this process to die, or ''."""
    return os.environ.get("DUBAN_FAILPOINT", "")
