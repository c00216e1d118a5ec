"""What the commands of people's acts share: who and why, one registry, refusals as errors of the command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ingestion.registry.catalog import Catalog
    from ingestion.registry.events import Registry
    from ingestion.registry.task_import import Difference

By = Annotated[str, typer.Option(help="谁办理的")]
Why = Annotated[str, typer.Option(help="依据或说明")]
Date = Annotated[str, typer.Option("--date", help="办理日期 YYYY-MM-DD；默认今天（上海时间）")]

TAKES_EFFECT = "下次刷新（duban refresh）后生效"


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command whose refusals are said on stderr, with exit code 2."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        from ingestion.config.loader import ConfigError
        from ingestion.landing import LandingError
        from ingestion.locks import Busy
        from ingestion.registry.store import RegistryError
        from ingestion.releases import NoRelease
        from orchestration.cli import fail

        try:
            return command(*args, **kwargs)
        except (RegistryError, ConfigError, LandingError, NoRelease, Busy) as error:
            fail(str(error))

    return guarded


def registry() -> Registry:
    """The log of the bureau in force."""
    from ingestion.registry.events import Registry
    from ingestion.settings import load_settings

    return Registry(load_settings().paths.registry)


def catalog() -> Catalog:
    """The names and rows of the bureau in force."""
    from ingestion.registry.catalog import Catalog
    from ingestion.settings import load_settings

    return Catalog(load_settings().paths)


def today(asked: str = "") -> date:
    """The day an act is dated: as asked, else today in the bureau's time. Raises RegistryError for no date."""
    from ingestion.evaluation import BUREAU_TIME
    from ingestion.registry.acts import day

    return date.fromisoformat(day(asked, "办理日期")) if asked else datetime.now(BUREAU_TIME).date()


def say(numbers: list[int] | int, what: str) -> None:
    """Tell what was done, and the event's number, by which it can be taken back."""
    own = [numbers] if isinstance(numbers, int) else numbers
    if not own:
        typer.echo(f"{what}：没有要办理的")
        return
    span = f"第{own[0]}号事件" if len(own) == 1 else f"第{own[0]}～{own[-1]}号事件"
    typer.echo(f"{what}（{span}）；{TAKES_EFFECT}；撤回：duban undo {own[0]}" + (" --whole" if len(own) > 1 else ""))


def say_difference(done: Difference, *, is_dry_run: bool) -> None:
    """Tell what a workbook that came back changes, or would."""
    for line in done.lines:
        typer.echo(line)
    if not done.lines:
        typer.echo("没有改动")
    elif is_dry_run:
        typer.echo(f"以上 {len(done.lines)} 处改动尚未生效；去掉 --dry-run 即生效")
    else:
        say(done.event_numbers, f"已采用 {len(done.lines)} 处改动")
