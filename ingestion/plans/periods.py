"""Years, periods and deadlines: the plan's year, 6月底前, 到2025年, 十四五末, 5年内.

Belongs here: from wording to dates. Does not: which clause a date governs (clauses.py, commitments.py).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice, pairwise

from ingestion.plans.numerals import chinese_value
from ingestion.plans.script import plain_view

_YEAR = r"(?P<y>20\d\d|19\d\d|二[〇零](?:[〇零一二三四五六七八九]){2})"
_PLAN_WORD = re.compile(
    _YEAR
    + (
        r"\s*年?(?:度|度的)?(?:(?!20\d\d)[^。；;，,\n《》]){0,24}?(?:工作要点|要点|"
        r"工作计划|计划|工作安排|实事|重点工作|工作任务|任务|目标|思路|打算)"
    )
)
_RANGE = re.compile(r"(?P<a>20\d\d)\s*年?\s*[-—~至到]+\s*(?P<b>20\d\d)\s*年?")
_NAMED_YEAR = re.compile(_YEAR + r"\s*年")
_ROC = re.compile(r"(?<!\d)(?:民国\s*)?(?P<y>1[0-3]\d)\s*(?:年度|学年度)|民国\s*(?P<z>\d{2,3})\s*年")
# 某县教育事业发展“十四五”规划
_FIVE_YEARS = re.compile(r"十([三四五六])五”?(?:时期|期间)?[^，。；]{0,16}?(?:规划|行动计划|纲要)(?!编制|起草)")
_ISSUED = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")


def _year(text: str) -> int:
    if text.isdigit():
        return int(text)
    value = chinese_value(text)
    return int(value) if value else 0


def plan_year(text: str, title: str | None = None) -> int | None:
    """The year a plan is for: of its title or opening lines (2023年工作要点; of 2022年总结和2023年计划 the
    later), else the year
    it names most, else of its date; None where no year is written."""
    plain = plain_view(text)
    for head in (plain_view(title or ""), *_opening(plain)):
        found = [_year(m["y"]) for m in _PLAN_WORD.finditer(head)]
        # of a sentence only what it is called counts: 拿出《…规划（2025—2030年）》 is another paper
        titled = len(head) <= 80 and "。" not in head
        ranges = [int(m["b"]) for m in _RANGE.finditer(head)] if titled else []
        if ranges and not re.search(r"(?<![-—~至到])\s*20\d\d年(度|工作|教育|全)", head):
            found += ranges
        if not found and titled and (m := _FIVE_YEARS.search(head)):
            found = [{"三": 2020, "四": 2025, "五": 2030, "六": 2035}[m[1]]]
        if not found and ("年度" in head or "民国" in head) and (m := _ROC.search(head)):
            found = [int(m["y"] or m["z"]) + 1911]
        if found:
            return max(found)
    if (spoken := _spoken_year(plain)) is not None:
        return spoken
    named = Counter(_year(m["y"]) for m in _NAMED_YEAR.finditer(plain[:4000]))
    if named:
        return max(named, key=lambda y: (named[y], y))
    issued = [int(m[1]) for m in _ISSUED.finditer(plain[:2000])]
    return max(issued) if issued else None


def _spoken_year(plain: str) -> int | None:
    """The year of the day a speech was held or a report given: （2025年2月14日） below its title."""
    lines = _lines(plain, 6)
    if not any(re.search("讲话|报告|致辞|发言", line) for line in lines if len(line) <= 60):
        return None
    days = [int(m[1]) for line in lines if len(line) <= 60 for m in _ISSUED.finditer(line)]
    return days[0] if days else None


def _lines(plain: str, count: int) -> list[str]:
    return list(islice((bare for line in plain.splitlines() if (bare := line.strip())), count))


def _opening(plain: str) -> list[str]:
    lines = _lines(plain, 30)
    # a title may be broken over lines: 关于印发2023年 / 工作要点的通知
    return lines + [a + b for a, b in pairwise(lines)]


@dataclass(frozen=True)
class Period:
    """A time phrase at [start, end) and the last day it allows; `past` marks one that lies before the plan year."""

    start: int
    end: int
    deadline: date
    fine: bool  # names less than a year: 6月底前
    relative: bool = False  # names no year: 年底前


_MONTH = r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_BY = r"(?:以?前|之前|底前|底|末前|末|中旬前?|上旬前?|下旬前?|初)?"


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(pattern))
        # a phrase begins with one of its first characters: most places of a text fail at once
        for name, pattern in (
            ("range", r"(?P<a>20\d\d)\s*年?\s*[-—~至到]\s*(?P<y>20\d\d)\s*年"),
            # 2023年6月30日前 · 2023年6月底前 · 6月底前
            (
                "month",
                (
                    rf"(?=[到至在于力今明当本\d一二三四五六七八九十~—-])(?:(?:到|至|在|于|力争)\s*)?(?:{_YEAR}\s*年\s*|(?P<rel>今年|明年|当年|本年)\s*|"
                    rf"(?<!\d))(?:[-—~至到]\s*)?{_MONTH}月\s*(?:(?P<d>\d{{1,2}})日)?\s*(?P<by>{_BY})"
                ),
            ),
            ("quarter", rf"(?=[第一二三四\d])(?:{_YEAR}\s*年\s*)?第?(?P<q>[一二三四1-4])季度(?:末|底)?(?:前)?"),
            ("half", rf"(?=[上下12二])(?:{_YEAR}\s*年\s*)?(?P<h>上半年|下半年)"),
            ("year", rf"(?=[到至截力在12二])(?:(?:到|至|截至|力争到|在)\s*)?{_YEAR}\s*年\s*(?:年?底|末)?(?:以?前)?"),
            ("five", r"“?十(?P<f>[三四五六])五”?(?:规划)?(?:时?期)?(?:末|期末|期间|时期末|收官)?"),
            (
                "within",
                r"(?=[\d一二两三四五六七八九十])(?<![\d第])(?P<n>\d{1,2}|[一二两三四五六七八九十])(?:到\d)?年(?:之?内|左右时间|时间)",
            ),
            ("next", r"(?P<next>明年|后年)(?:底|年底)?(?:前)?"),
            ("both", r"今明两年"),
            (
                "yearend",
                r"(?=[今本当全年])(?:今年|本年|当年|全年)?(?P<e>年底|年末|年内|今年|本年度|全年|当年底)(?:以?前|之前)?",
            ),
        )
    )


def _month_end(year: int, month: int) -> date:
    return date(year, 12, 31) if month == 12 else date.fromordinal(date(year, month + 1, 1).toordinal() - 1)


_DOTTED = re.compile(r"(?:20\d\d[./-]\d{1,2}\s*[-—~至到]+\s*)?(?P<y>20\d\d)[./-](?P<m>1[0-2]|0?[1-9])(?:[./-]\d{1,2})?")


def month_of(cell: str) -> date | None:
    """The end of the month that a cell writes in figures, 2024.10 or 2024-10; None where it writes none."""
    m = _DOTTED.fullmatch(cell.strip())
    return _month_end(int(m["y"]), int(m["m"])) if m else None


def _month_deadline(m: re.Match[str], year: int) -> date | None:
    month = int(m["m"]) if m["m"].isdigit() else int(chinese_value(m["m"]) or 0)
    if not 1 <= month <= 12:
        return None
    by = m["by"] or ""
    if m["d"]:
        try:
            return date(year, month, int(m["d"]))
        except ValueError:
            return None
    if "上旬" in by or "初" in by:
        return date(year, month, 10)
    if "中旬" in by:
        return date(year, month, 20)
    if by in ("前", "以前", "之前"):
        # 6月前: before June begins
        return date.fromordinal(date(year, month, 1).toordinal() - 1)
    return _month_end(year, month)


def _resolve(name: str, m: re.Match[str], year: int | None) -> tuple[date | None, bool]:
    groups = m.groupdict()
    own = _year(groups["y"]) if groups.get("y") else year
    if groups.get("rel") == "明年" and own:
        own += 1
    if own is None and name != "five":
        return None, False
    if name == "five":
        return date({"三": 2020, "四": 2025, "五": 2030, "六": 2035}[m["f"]], 12, 31), False
    assert own is not None  # noqa: S101 - narrowed above
    if name == "month":
        return _month_deadline(m, own), True
    if name == "quarter":
        quarter = int(m["q"]) if m["q"].isdigit() else "一二三四".index(m["q"]) + 1
        return _month_end(own, 3 * quarter), True
    if name == "half":
        return (_month_end(own, 6) if m["h"] == "上半年" else date(own, 12, 31)), True
    if name == "within":
        n = int(m["n"]) if m["n"].isdigit() else int(chinese_value(m["n"]) or 0)
        # one year from now is this plan's year; 5年内 of a 2020 plan is 2025
        return date(own + (n if n > 1 else 0), 12, 31), False
    if name == "both":
        return date(own + 1, 12, 31), False
    if name == "next":
        return date(own + (1 if m["next"] == "明年" else 2), 12, 31), False
    return date(own, 12, 31), False


_COMPARED = re.compile(r"(?:(?<![占对])比|较|由|从|与|自)\s*$")


def find_periods(plain: str, year: int | None, first_year: int | None = None) -> list[Period]:
    """Time phrases of a plain view with their deadlines, in order, the longest where several begin together. In a
    plan of the years from `first_year` to `year`, 三年内 counts from its beginning."""
    found: list[Period] = []
    for name, pattern in _phrases():
        for m in pattern.finditer(plain):
            deadline, fine = _resolve(name, m, year)
            # 比2022年下降: a year to compare with, not one to be done by
            if _COMPARED.search(plain[max(0, m.start() - 3) : m.start()]):
                deadline = None
            # 在2020年54%的基础上: where things stood
            if "基础上" in plain[m.end() : m.end() + 20] and re.match(
                r"[^，。；]{0,14}的?基础上", plain[m.end() : m.end() + 20]
            ):
                deadline = None
            # 编制“十五五”教育发展规划: the name of a paper
            if name == "five" and re.match(r"[^，。；末期]{0,10}(?:规划|纲要)", plain[m.end() - 2 : m.end() + 12]):
                deadline = None
            if name == "within" and deadline is not None and first_year is not None and year is not None:
                deadline = date(min(year, first_year + deadline.year - year - 1), 12, 31)
            if deadline is not None and 1990 <= deadline.year <= 2100:
                relative = name in ("month", "quarter", "half", "yearend", "next") and not m.groupdict().get("y")
                found.append(Period(m.start(), m.start() + len(m[0].rstrip()), deadline, fine, relative))
    found.sort(key=lambda p: (p.start, -p.end))
    kept: list[Period] = []
    for period in found:
        if not kept or period.start >= kept[-1].end:
            kept.append(period)
    return kept


_LONG = re.compile(
    r"规划|行动计划|(?:三年|五年|十年)(?:行动|计划|规划|攻坚|提升|发展)|中长期|远景|"
    r"20\d\d\s*年?\s*[-—~至到]+\s*20\d\d"
)


def horizon(plain: str, year: int | None) -> tuple[int | None, bool]:
    """(first year the plan may promise for, whether it spans several years): of 行动计划（2021—2023年） 2021
    and True."""
    title = " ".join(line for line in _opening(plain)[:8] if len(line) <= 80 and not re.search("[。；]", line))
    ranges = [int(m["a"]) for m in _RANGE.finditer(title)]
    if ranges and year is not None and ranges[0] <= year:
        return min(ranges), True
    is_long = bool(_LONG.search(title)) and not re.search(
        r"20\d\d年(?:度)?[^ ]{0,16}(?:要点|总结|工作计划|实事|重点工作)", title
    )
    if is_long and year is not None:
        five = re.search("十([三四五六])五", title)
        return {"三": 2016, "四": 2021, "五": 2026, "六": 2031}[five[1]] if five else year - 5, True
    return year, False
