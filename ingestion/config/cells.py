"""One cell of a configuration workbook as the value its column asks for, or what is wrong with it in Chinese."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from ingestion.config.reading import FALSE, TRUE
from ingestion.config.sheets import Column, Dtype, Vocabulary

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBER = re.compile(r"[-+]?[\d,，]+([.．]\d+)?%?")
_LIST = re.compile(r"[、,，;；|｜]\s*")
LIMIT = Decimal(10) ** 18


class BadCell(Exception):
    """A cell that cannot be taken; the message says why and what to do."""


def value_of(raw: Any, column: Column, dtype: Dtype, words: Vocabulary, form: str | None) -> Any:
    """The typed value of one raw cell, None where blank. Raises BadCell.

    `form` is the code of the row's source form, for columns that name its elements.
    """
    if isinstance(raw, str):
        raw = raw.strip()
        if raw.startswith("#") and raw.rstrip("!?/0AN").isupper():
            raise BadCell(f"公式出错（{raw}）：请填写内容，不用公式")
    if raw is None or raw == "":
        return None
    if dtype == pl.Date:
        return _date(raw)
    if dtype == pl.Boolean:
        return _flag(raw)
    if dtype == pl.String:
        return _stored(_text(raw), column, words, form)
    return _number(raw, dtype)


def _date(raw: Any) -> date:
    if isinstance(raw, datetime):
        if raw.hour or raw.minute or raw.second:
            raise BadCell(f"“{raw}”带有时间：请只填日期，例如 2026-09-01")
        return raw.date()
    if isinstance(raw, date):
        return raw
    match = _ISO.fullmatch(str(raw))
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise BadCell(f"没有“{raw}”这一天") from None
    raise BadCell(f"“{_shown(raw)}”不是日期：请写成 2026-09-01")


def _flag(raw: Any) -> bool:
    word = str(raw).lower() if not isinstance(raw, float) else _shown(raw)
    if word in TRUE or word in FALSE:
        return word in TRUE
    raise BadCell(f"“{_shown(raw)}”应为是或否")


def _number(raw: Any, dtype: Dtype) -> int | Decimal:
    if isinstance(raw, str):
        if _NUMBER.fullmatch(raw):
            raise BadCell(f"“{raw}”是文字格式的数：请改为数值格式重新填写（不带逗号、百分号）")
        raise BadCell(f"“{raw}”不是数：请填写数值")
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise BadCell(f"“{_shown(raw)}”不是数：请填写数值")
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        raise BadCell(f"“{raw}”不是数：请填写数值") from None
    if dtype == pl.Int32:
        if number != number.to_integral_value() or abs(number) > 2**31 - 1:
            raise BadCell(f"“{_shown(raw)}”不是整数")
        return int(number)
    if not number.is_finite() or abs(number) >= LIMIT:
        raise BadCell(f"“{raw}”太大")
    return number.quantize(Decimal("0.000001"))


def _text(raw: Any) -> str:
    if isinstance(raw, datetime | date):
        raise BadCell(f"“{_shown(raw)}”成了日期：请把单元格改为文字格式重新填写")
    return "是" if raw is True else "否" if raw is False else _shown(raw)


def _stored(text: str, column: Column, words: Vocabulary, form: str | None) -> str:
    if column.kind == "form":
        return words.form_code(text)
    if column.kind == "elements":
        return words.element_codes(form, text)
    if column.is_list:
        return "|".join(filter(None, (part.strip() for part in _LIST.split(text))))
    if column.choices and text not in column.choices:
        chosen = next((stored for stored, shown in column.choices.items() if shown == text), None)
        if chosen is None:
            raise BadCell(f"“{text}”不在可填值之内（{'、'.join(column.choices.values())}）")
        return chosen
    return text


def _shown(raw: Any) -> str:
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
