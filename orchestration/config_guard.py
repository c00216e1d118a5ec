"""Refusals of the configuration as errors of the command: on stderr, in Chinese, exit code 2. No commands here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command whose refusals are said on stderr."""

    @wraps(command)
    def safe(*args: Any, **kwargs: Any) -> Any:
        from ingestion.config.problems import ConfigError
        from ingestion.config.sources import Refusal
        from ingestion.config.versions import VersionError
        from ingestion.locks import Busy
        from ingestion.workbooks.forms import FormError
        from orchestration.cli import fail

        try:
            return command(*args, **kwargs)
        except (ConfigError, Refusal, VersionError, Busy, FormError) as error:
            fail(str(error))

    return safe
