"""Numerals as people write them in plans: 1,530  3.5万  十二  二十五  两  三分之一  百分之九十五.

Belongs here: the value of one numeral. Does not: units, operators, whether it is a target.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

_DIGITS = {"〇": 0, "零": 0, "一": 1, "壹": 1, "二": 2, "两": 2, "贰": 2, "三": 3, "叁": 3, "四": 4, "五": 5, "六": 6}
_DIGITS |= {"七": 7, "八": 8, "九": 9, "半": 0}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000}
MAGNITUDES |= {"亿": 100_000_000, "个亿": 100_000_000, "万亿": 1_000_000_000_000}

CHINESE = "〇零一二两三四五六七八九十百千"
_ARABIC = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?$")


def chinese_value(text: str) -> Decimal | None:
    """Value of a Chinese numeral: 二十五 → 25, 一百零三 → 103, 三点五 → 3.5, 一万二千 → 12000, 二〇二五 → 2025;
    None if it is none."""
    whole, point, tail = text.partition("点")
    if point:
        if not whole or not tail or any(c not in _DIGITS for c in tail):
            return None
        head = chinese_value(whole)
        return None if head is None else head + Decimal("0." + "".join(str(_DIGITS[c]) for c in tail))
    if not whole or any(c not in _DIGITS and c not in _SMALL and c not in _LARGE for c in whole):
        return None
    if len(whole) > 1 and all(c in _DIGITS for c in whole):
        return Decimal("".join(str(_DIGITS[c]) for c in whole))
    return _positional(whole)


def _positional(text: str) -> Decimal:
    total = section = digit = 0
    last = 1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            last = 1 if char in "零〇" else last
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit, last = 0, _SMALL[char]
        else:
            # 一亿二千万: the 亿 is closed; 一万亿: the 万 is multiplied
            large = _LARGE[char]
            total = total + (section + digit) * large if total >= large else (total + section + digit or 1) * large
            section = digit = 0
            last = _LARGE[char]
    # 一万二 is 12000, 三百五 is 350: the digit after a magnitude counts its tenth
    return Decimal(total + section + (digit * last // 10 if last > 10 else digit))


@lru_cache(maxsize=4096)
def number_value(text: str) -> Decimal | None:
    """Value of an Arabic or Chinese numeral without magnitude: '1,530' → 1530, '十二' → 12; None if it is none."""
    text = text.replace(" ", "")
    if _ARABIC.match(text):
        return Decimal(text.replace(",", ""))
    return chinese_value(text)


@lru_cache(maxsize=4096)
def as_number(value: Decimal | None) -> int | float | None:
    """A JSON number: an int when integral, else a float; None stays None."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
