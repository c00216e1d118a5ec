"""Which day the figures are judged on: the command, else DUBAN_EVALUATION_DATE, else configuration, else today."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from ingestion.settings import Settings

BUREAU_TIME = ZoneInfo("Asia/Shanghai")


class HasEvaluationDate(Protocol):
    """The bureau's configuration, as far as this module needs it."""

    @property
    def evaluation_date(self) -> date | None: ...


def resolve_evaluation_date(asked: str, settings: Settings, bureau: HasEvaluationDate) -> date:
    """`asked` is YYYY-MM-DD or ''. Raises ValueError for anything else."""
    if asked:
        return date.fromisoformat(asked)
    return settings.evaluation_date or bureau.evaluation_date or datetime.now(BUREAU_TIME).date()
