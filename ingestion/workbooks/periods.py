"""The reporting period as people write it, as the first day of the period. Not here: due dates (submissions.py)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR = r"((?:19|20)\d{2})"
_MONTH = re.compile(_YEAR + r"(?:年|[-./])?(1[0-2]|0?[1-9])(?:月|$|[-./]|\D)")
_COMPACT = re.compile(_YEAR + r"(0[1-9]|1[0-2])(?:[0-3]\d)?$")
_QUARTER = re.compile(_YEAR + r"年?第?([1-4])季度?")
_SCHOOL_YEAR = re.compile(r"((?:19|20)(\d{2}))(?:[-–—/~至]|to)?(?:19|20)?(\d{2})(?!\d)", re.IGNORECASE)
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = re.compile(rf"({'|'.join(_ENGLISH)})[a-z]*\.?,?((?:19|20)\d{{2}})", re.IGNORECASE)
_SEASONS = ((re.compile("autumn|fall", re.IGNORECASE), "秋"), (re.compile("spring", re.IGNORECASE), "春"))
_MONTHS = re.compile(r"\d{1,2}月?[-—–~至]\d{1,2}月")  # 1-9月 is no one month


@lru_cache(maxsize=4096)
def parse_period(text: str, frequency: str) -> date | None:
    """The first day of the period that `text` names for a form of this frequency; None where it names none.

    >>> parse_period("2020年9月", "月")
    datetime.date(2020, 9, 1)
    >>> parse_period("2019-2020学年第二学期", "学期")
    datetime.date(2020, 2, 1)
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    text = _english(_common_era(_plain_digits(text)))
    if frequency == "学期":
        return _term(text)
    if frequency == "季" and (match := _QUARTER.search(text)):
        return date(int(match[1]), 3 * int(match[2]) - 2, 1)
    month = _month(text)
    if frequency in {"月", "次"}:
        return month
    year = re.search(_YEAR, text)
    if frequency == "季":
        return date(month.year, month.month - (month.month - 1) % 3, 1) if month else None
    if not year:
        return None
    return date(_school_year(text, int(year[1])), 9, 1) if frequency == "学年" else date(int(year[1]), 1, 1)


def _school_year(text: str, year: int) -> int:
    """2006-07 and 202021 are years of school; 2021年1月 lies in the one that began the year before."""
    if _names_school_year(text):
        return year
    match = None if _MONTHS.search(text) else _MONTH.search(text)
    return int(match[1]) - (int(match[2]) < 8) if match else year


def _names_school_year(text: str) -> bool:
    return any((int(match[2]) + 1) % 100 == int(match[3]) for match in _SCHOOL_YEAR.finditer(text))


def _month(text: str) -> date | None:
    match = None if _MONTHS.search(text) else _COMPACT.search(text) or _MONTH.search(text)
    return date(int(match[1]), int(match[2]), 1) if match else None


def _term(text: str) -> date | None:
    """Autumn terms start in September, spring terms in February."""
    match = re.search(_YEAR, text)
    if not match:
        return None
    year = int(match[1])
    if re.search(r"春|下半年", text):
        return date(year + ("学年" in text or _names_school_year(text)), 2, 1)
    if re.search(r"秋|上学期|第[一1]学期", text):
        return date(year, 9, 1)
    if re.search(r"下学期|第[二2]学期", text):
        return date(year + 1, 2, 1)
    month = _month(text)
    if month is None:
        return None
    if month.month in range(2, 9):
        return date(month.year, 2, 1)
    return date(month.year if month.month >= 9 else month.year - 1, 9, 1)


def _common_era(text: str) -> str:
    """Years of the Republic as years AD: 109學年度, 民國109年9月, a cell that says 109."""
    if match := re.fullmatch(r"([89]\d|1[0-4]\d)(?:[學学]?年度?)?", text):
        text = f"{int(match[1]) + 1911}學年"
    pattern = r"民[國国](\d{2,3})(?=[學学]?年)|(?<!\d)(1[0-4]\d)(?=[學学]年)"
    return re.sub(pattern, lambda m: str(int(m[1] or m[2]) + 1911), text).replace("學", "学")


def _english(text: str) -> str:
    """November2020 as 2020年11月, spring as 春."""
    if not text.isascii() and not re.search("[A-Za-z]{3}", text):
        return text
    for pattern, season in _SEASONS:
        text = pattern.sub(season, text)
    return _ENGLISH_MONTH.sub(lambda m: f"{m[2]}年{_ENGLISH.index(m[1].lower()) + 1}月", text)


def _plain_digits(text: str) -> str:
    """二〇二〇年十一月 as 2020年11月."""
    text = re.sub(r"[〇零○一二三四五六七八九]{4}(?=年|学年|[-—])", lambda m: m[0].translate(_DIGITS), text)
    text = re.sub(r"第([一二三四])季", lambda m: f"第{m[1].translate(_DIGITS)}季", text)
    return re.sub(r"(十[一二]?|[一二三四五六七八九])月", lambda m: f"{_month_number(m[1])}月", text)


def _month_number(text: str) -> int:
    return 10 + int(text[1:].translate(_DIGITS) or 0) if text.startswith("十") else int(text.translate(_DIGITS))
