"""Acts in force, and recording new ones: what every service reads before it decides and how it writes what it decided.

Here: the log as acts that nobody took back, the check against the vocabulary, one transaction an act. Not here: what
follows from an act (the services), what it means for figures (dbt_project/models).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ingestion.registry.checking import check
from ingestion.registry.events import NewEvent, Registry, RegistryError
from ingestion.registry.vocabulary import PROGRESS, UNDONE


@dataclass(frozen=True)
class Act:
    """One event in force, its payload read."""

    event_no: int
    event_type: str
    subject_type: str
    subject_key: str
    payload: dict[str, Any]
    actor: str
    reason: str
    occurred_at: datetime


@dataclass(frozen=True)
class Who:
    """Who acts and why, and when where that is not now (a log taken over from paper, the demonstration)."""

    by: str
    why: str
    at: datetime | None = None

    def event(self, event_type: str, subject_type: str, subject_key: str, payload: Mapping[str, object]) -> NewEvent:
        """An event of this person; fields that say nothing are left out of the payload."""
        said = {name: value for name, value in payload.items() if value is not None}
        return NewEvent(event_type, subject_type, subject_key, said, self.by, self.why, self.at)


@dataclass(frozen=True)
class Report:
    """How far a matter is, as whoever does it says. `done_date` only with 办结."""

    status: str
    report_date: date | str
    done_date: date | str | None = None
    evidence: str = ""
    note: str = ""

    def checked(self) -> dict[str, str | None]:
        """The payload fields. Raises RegistryError where they contradict one another."""
        if self.status not in PROGRESS:
            raise RegistryError(f"进度“{self.status}”不对，只能是：{'、'.join(PROGRESS)}")
        done, reported = day(self.done_date, "办结日期") if self.done_date else None, day(self.report_date, "填报日期")
        if self.status == "办结" and not self.evidence.strip():
            raise RegistryError("办结须写明佐证（文号、网址或附件名）")
        if self.status != "办结" and done:
            raise RegistryError(f"进度是“{self.status}”，不能填办结日期；已办结请把进度写成“办结”")
        if done and done > reported:
            raise RegistryError(f"办结日期 {done} 晚于填报日期 {reported}")
        evidence, note = self.evidence.strip() or None, self.note.strip() or None
        return {"status": self.status, "report_date": reported, "done_date": done, "evidence": evidence, "note": note}


def standing(registry: Registry, *subject_types: str) -> list[Act]:
    """The acts that nobody took back, in order; of the given kinds of subjects only, where any are given."""
    events = registry.events()
    undone = set(events["undoes_event_no"].drop_nulls())
    rows = events.drop("undoes_event_no").iter_rows()
    return [
        Act(number, kind, subject, key, json.loads(payload), actor, reason, at)
        for number, kind, subject, key, payload, actor, reason, at in rows
        if kind != UNDONE and number not in undone and (not subject_types or subject in subject_types)
    ]


def record(registry: Registry, events: Iterable[NewEvent], *, together: bool = False) -> list[int]:
    """Append events, all or none, and return their numbers; `together` ties several into one act that is undone whole.

    Raises RegistryError where one is not in the words of the vocabulary.
    """
    batch = list(events)
    if together and len(batch) > 1:
        act = uuid.uuid4().hex[:12]
        batch = [replace(event, payload={**event.payload, "act": act}) for event in batch]
    for event in batch:
        check(event.event_type, event.subject_type, event.subject_key, event.payload)
    return registry.append_all(batch)


def day(value: date | str, name: str) -> str:
    """A date as payloads write it. Raises RegistryError where the text is no date."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise RegistryError(f"{name}“{value}”不是日期：请写成 YYYY-MM-DD，例如 2020-06-30") from None


def number(value: object, name: str) -> str:
    """A number as payloads write it, without exponent or idle zeros. Raises RegistryError where it is none."""
    try:
        exact = Decimal(str(value).strip().replace(",", ""))
        if not exact.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise RegistryError(f"{name}“{value}”不是数字：请只写数，例如 96 或 0.5") from None
    return f"{exact.normalize():f}"


def known(code: str, names: Mapping[str, str], kind: str) -> str:
    """The code of a unit (form, region, school) given by code or by its only name; `names` is code → name.

    Raises RegistryError, with what comes nearest, where nothing or more than one fits.
    """
    text = code.strip()
    if text in names:
        return text
    fitting = [key for key, name in names.items() if name == text] or [
        key for key, name in names.items() if text and text in name
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise RegistryError(f"有{len(fitting)}个{kind}符合“{code}”：{_some(fitting, names)}，请写代码")
    raise RegistryError(f"没有{kind}“{code}”；现有：{_some(list(names), names)}")


def _some(codes: Sequence[str], names: Mapping[str, str], at_most: int = 8) -> str:
    shown = "、".join(f"{names[code]}（{code}）" for code in codes[:at_most])
    return shown + ("等" if len(codes) > at_most else "") if shown else "无"
