"""Whether an event is written in the words of vocabulary.py. Whether it fits the state of things: the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ingestion.registry.store import RegistryError
from ingestion.registry.vocabulary import ACT, DATE, EVENT_TYPES, INTEGER, LIST, MAP, NUMBER, TEXT, UNDONE, Field


def check(event_type: str, subject_type: str, subject_key: str, payload: Mapping[str, Any]) -> None:
    """Raises RegistryError, in Chinese, naming every word of an event that is not in the table or not of its type."""
    known = EVENT_TYPES.get(event_type)
    if known is None or event_type == UNDONE:
        raise RegistryError(f"没有“{event_type}”这种事件")
    wrong = []
    if subject_type not in known.subject_types:
        wrong.append(f"对象应为{'、'.join(known.subject_types)}，不是“{subject_type}”")
    if not subject_key.strip():
        wrong.append(f"没有写明是哪一个对象（{known.key}）")
    fields = known.fields | ACT
    wrong += [f"多出“{name}”一项" for name in payload if name not in fields]
    wrong += filter(None, (_fault(name, field, payload.get(name)) for name, field in fields.items()))
    if wrong:
        raise RegistryError(f"{known.label}：{'；'.join(wrong)}")


def _fault(name: str, field: Field, value: Any) -> str | None:
    if value is None or (value == "" and field.optional):
        return None if field.optional else f"缺“{field.label}”（{name}）"
    if not _FITS[field.type](value):
        return f"“{field.label}”（{name}）填成了“{value}”，应为{_SHAPES[field.type]}"
    if field.among and value not in field.among:
        return f"“{field.label}”只能是{'、'.join(field.among)}，不是“{value}”"
    return None


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


_FITS = {
    TEXT: lambda value: isinstance(value, str) and bool(value.strip()),
    DATE: _is_date,
    NUMBER: _is_number,
    INTEGER: lambda value: isinstance(value, int) and not isinstance(value, bool),
    LIST: lambda value: isinstance(value, list) and all(isinstance(item, str) and item for item in value),
    MAP: lambda value: isinstance(value, dict) and bool(value),
}
_SHAPES = {
    TEXT: "文字", DATE: "日期（YYYY-MM-DD）", NUMBER: "数字", INTEGER: "整数", LIST: "一组代码", MAP: "一组改动",
}  # fmt: skip
