"""Quantities in a text: a numeral or universal wording with its unit and trailing qualifier, at exact offsets.

Belongs here: what is written (95%以上, 3-5条, 1900万, 三分之二, 全覆盖) and its value. Does not: whether it is
promised (targets.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingestion.plans.numerals import CHINESE, MAGNITUDES, number_value
from ingestion.plans.rules import any_of, words

_SPACE = " {0,2}"  # a tab parts cells: 3\t项目 is no 3项
# 2 700个: blanks may part the thousands of a number that a unit follows
_ARABIC = (
    r"(?<![\d.])\d{1,3}(?: \d{3})+(?=\s?[万亿元个名人所套册])|"
    r"(?<![\d.])\d+(?:,\d{3})+(?:\.\d+)?(?!\d)|(?<![\d])\d+(?:\.\d+)?"
)
_TILL = r"\s?(?:--|——|[-—~至到])\s?"


# shapes that are relations of two figures
RATES = ("percent", "points", "universal", "double", "multiple")


@dataclass(frozen=True)
class Quantity:
    """One quantity; `shape` is percent points money count time multiple universal or bare; value in the unit
    (万/亿 expanded). `unit_text` is a universal wording, or the 余 or 多 behind a numeral."""

    start: int
    end: int
    value: Decimal
    value_high: Decimal | None
    unit: str
    shape: str
    qualifier: str = ""
    chinese: bool = False
    core_end: int = 0
    unit_text: str = ""


@lru_cache(maxsize=1)
def _numeric() -> re.Pattern[str]:
    # 八万五千: a magnitude within the numeral
    chinese = f"[{CHINESE}]+亿[{CHINESE}]+万[{CHINESE}]*|[{CHINESE}]+(?:[万亿][{CHINESE}]+)?(?:点[{CHINESE}]+)?"
    number = f"(?:{_ARABIC}|{chinese})"
    magnitude = "(?:万亿|个亿|千万|百万|十万|[万亿千百十])"
    unit = any_of("unit_percent", "unit_points", "unit_money", "unit_count", "unit_time", "unit_multiple")
    one = rf"(?P<n#>{number})(?P<f#>[余多几来]?){_SPACE}(?P<m#>{magnitude}?)(?P<g#>[余多]?){_SPACE}(?P<u#>{unit}?)"
    low, high = one.replace("#", "1"), one.replace("#", "2")
    begins = rf"(?=[\d{CHINESE}])"
    return re.compile(rf"{begins}{low}(?:{_TILL}{high})?{_SPACE}(?P<q>{any_of('quality_after')}?)")


@lru_cache(maxsize=1)
def _named() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A unit, and the words that qualify a number behind it."""
    return re.compile(any_of("unit_money", "unit_count")), re.compile(f"{any_of('quality_after')}?")


# 3亿2,500万元 · 3万2,000人: a number in two magnitudes
_TWOFOLD = re.compile(
    r"(?=\d)(?<![\d.])(?P<a>\d+)(?:亿(?P<b>\d{1,4}(?:,\d{3})?)万|万(?P<c>\d,\d{3}|\d{4}|\d千)|亿(?P<d>\d千)万)"
    r"(?P<f>[余多]?)(?=[ ]?[一-鿿])"
)
_ROUGHLY = re.compile("(?P<a>[一二两三四五六七八])(?P<b>[二两三四五六七八九])")
_PERCENT_WORD = re.compile(rf"百分之(?P<n>[{CHINESE}]+(?:点[{CHINESE}]+)?|\d+(?:\.\d+)?)(?P<q>以上|以内|左右|以下)?")
_FRACTION_WORD = re.compile(rf"(?P<d>[{CHINESE}]{{1,6}})分之(?P<n>[{CHINESE}]{{1,6}})(?P<q>及?以上|以内|左右|以下)?")
_FRACTION = re.compile(r"(?<![\d/.])(?P<n>\d)/(?P<d>\d{1,2})(?![\d/.])(?P<q>及?以上|左右)?")
_HALF = re.compile(r"(?P<n>一半|半数)(?P<q>以上|左右)?")
_TENTHS = re.compile(
    rf"(?=[{CHINESE}\d]成)(?P<n>[{CHINESE}]|(?<![\d.])\d)成(?P<h>[{CHINESE}]|半)?(?=以上|左右|以内|的|$|[，。；、\s）)])(?P<q>以上|左右|以内)?"
)
_DOUBLE = re.compile(r"翻(?P<n>[一两二三])?番")
_UNIVERSAL = re.compile(r"全覆盖|全面覆盖|全部(?:达标|达到|覆盖|合格|持证|达成|清零|完成|建成|消除)|应覆尽覆")


def _qualified(match: re.Match[str], value: Decimal) -> Quantity:
    return Quantity(match.start(), match.end(), value, None, "%", "percent", match["q"] or "", True, match.end())


def _worded(text: str) -> Iterator[Quantity]:
    yield from _fractions(text)
    yield from _twofold(text)
    for m in _HALF.finditer(text):
        yield _qualified(m, Decimal(50))
    for m in _DOUBLE.finditer(text):
        value = number_value(m["n"] or "一") or Decimal(1)
        yield Quantity(m.start(), m.end(), (2**value - 1) * 100, None, "%", "double", "", True, m.end())
    for m in _UNIVERSAL.finditer(text):
        yield Quantity(m.start(), m.end(), Decimal(100), None, "%", "universal", "", False, m.end(), m[0])


def _fractions(text: str) -> Iterator[Quantity]:
    """百分之九十 · 三分之二以上 · 2/3 · 八成以上."""
    for m in _PERCENT_WORD.finditer(text):
        if (value := number_value(m["n"])) is not None:
            yield _qualified(m, value)
    for sign, pattern in (("分之", _FRACTION_WORD), ("/", _FRACTION)):
        for m in pattern.finditer(text) if sign in text else ():
            below, above = number_value(m["d"]), number_value(m["n"])
            if m["d"] != "百" and below and above is not None and above < below:
                yield _qualified(m, round(above * 100 / below, 2))
    for m in _TENTHS.finditer(text):
        if (value := number_value(m["n"])) is not None and value <= 10:
            # 九成五: the digit behind counts its tenth
            rest = 5 if m["h"] == "半" else number_value(m["h"]) or 0 if m["h"] else 0
            yield _qualified(m, value * 10 + rest)


def _scaled(numeral: str, magnitude: str) -> Decimal | None:
    """The value of 3.5 and 万; a run of twenty digits is a code, whatever stands behind it."""
    value = None if len(numeral) > 18 else number_value(numeral)
    return value * MAGNITUDES[magnitude] if value is not None and magnitude else value


@lru_cache(maxsize=1)
def _shapes() -> dict[str, str]:
    shapes: dict[str, str] = {}
    for shape in ("count", "multiple", "time", "money", "points", "percent"):
        shapes |= dict.fromkeys(words(f"unit_{shape}"), shape)
    return shapes


_UNIT_NAMES = {
    "个百分点": "百分点",
    "pct": "百分点",
    "个点": "百分点",
    "人民币元": "元",
    "人民币": "元",
    "个小时": "小时",
    "个月": "月",
    "学位": "个",
    **dict.fromkeys(("元/人", "元/月", "元/年", "元/生", "元/天"), "元"),
    "个工作日": "工作日",
}


def _twofold(text: str) -> Iterator[Quantity]:
    """3亿2,500万元 → 325,000,000 元."""
    unit, after = _named()
    for m in _TWOFOLD.finditer(text):
        named = unit.match(text, m.end())
        if named is None:
            continue
        rest = (m["b"] or m["c"] or m["d"]).replace(",", "")
        small = Decimal(rest[:-1]) * 1000 if rest.endswith("千") else Decimal(rest)
        value = Decimal(m["a"]) * 10**8 + small * 10_000 if m["b"] or m["d"] else Decimal(m["a"]) * 10_000 + small
        qualifier = after.match(text, named.end())
        end = qualifier.end() if qualifier else named.end()
        shape = _shapes().get(named[0], "count")
        yield Quantity(
            m.start(), end, value, None, _UNIT_NAMES.get(named[0], named[0]), shape, text[named.end() : end], False,
            named.end(),
        )  # fmt: skip


def _measured(text: str) -> Iterator[Quantity]:
    for m in _numeric().finditer(text):
        numeral, magnitude, unit, other = m.group("n1", "m1", "u1", "n2")
        value, high = _scaled(numeral, magnitude), None
        if value is None:
            continue
        end = m.end()
        if other is not None:
            high = _scaled(other, m["m2"])
            if high is None or not (m["u2"] and unit in ("", m["u2"])):
                high, end = None, m.end("u1") + _trailing(text, m.end("u1"))
            else:
                unit = m["u2"]
                if not magnitude and m["m2"]:
                    value *= MAGNITUDES[m["m2"]]
        if (
            high is None
            and unit
            and (pair := _ROUGHLY.fullmatch(m["n1"]))
            and not m["m1"]
            and _shapes()[unit] == "count"
        ):
            # 三五所: three to five
            low, up = number_value(pair["a"]), number_value(pair["b"])
            value, high = (low, up) if low is not None and up is not None and low < up else (value, high)
        if unit == "个点" and not _is_point(text, m.start(), m.end("u1")):
            unit, end = "个", m.end("u1") - 1
        while end > m.start() and text[end - 1] in " \t":
            end -= 1
        shape = _shapes().get(unit, "bare")
        qualifier = m["q"] if end == m.end() and not (other and high is None) else text[m.end("u1") : end]
        chinese = numeral[0] in CHINESE
        yield Quantity(
            m.start(), end, value, high, _UNIT_NAMES.get(unit, unit), shape, qualifier, chinese, end - len(qualifier),
            m["f1"] or m["g1"],
        )  # fmt: skip


def _is_point(text: str, start: int, end: int) -> bool:
    """低分率再降4个点 moves a rate, 布设4个点位 counts places."""
    moved = re.search("[率比例占]|[提降升涨]", text[max(0, start - 12) : start])
    return moved is not None and not text.startswith("位", end)


def _trailing(text: str, at: int) -> int:
    """Length of a qualifier right at `at`, for a range that turned out to be two numbers."""
    return next((len(word) for word in words("quality_after") if text.startswith(word, at)), 0)


def find_quantities(text: str) -> list[Quantity]:
    """All quantities of a plain view, in order, not overlapping: worded ones (百分之五, 三分之二) win over
    their parts."""
    worded = sorted(_worded(text), key=lambda q: (q.start, -q.end))
    taken: list[Quantity] = []
    for q in worded:
        if not taken or q.start >= taken[-1].end:
            taken.append(q)
    covered = {i for q in taken for i in range(q.start, q.end)}
    taken += [q for q in _measured(text) if q.start not in covered and q.end - 1 not in covered]
    return sorted(taken, key=lambda q: q.start)
