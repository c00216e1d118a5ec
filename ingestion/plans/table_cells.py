"""What the cell of an indicator table says: a figure with its sign, its unit and its bound, or several of them.

Belongs here: one cell. Does not: which cell is a target, what it measures (tables.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingestion.plans.rules import any_of

_SIGNS = dict.fromkeys(["≥", ">=", "≧", ">", "≮", "达到", "达", "不低于", "不少于", "超过", "大于", "高于"], ">=")
_SIGNS |= dict.fromkeys(["≤", "<=", "≦", "<", "≯", "低于", "小于", "不超过", "不高于", "控制在"], "<=")
_BOUNDS = {"以上": ">=", "及以上": ">=", "以内": "<=", "以下": "<="}
_OP = "|".join(sorted((*map(re.escape, _SIGNS), "约"), key=len, reverse=True))
_FIGURE = r"\d[\d,]*(?:\.\d+)?"
_NUMBER = re.compile(
    rf"^(?P<op>{_OP})?\s*[\[(（\u3014]?(?P<n>{_FIGURE})(?:\s*%?\s*[-~～—至]\s*(?P<high>{_FIGURE}))?[\])）\u3015]?\s*"
    r"(?P<rest>(?![月日年季级、.．)）])[^\d\s（(]{0,8})(?:[（(][^（()）]{1,12}[)）])?$"
)
# 10/12 under a name that ends in （小学/初中）
_SEVERAL = re.compile(rf"^{_FIGURE}%?(?:\s*[/／]\s*{_FIGURE}%?)+$")
_NONE = re.compile(r"^(?:[-—–/一－]+|无|暂无|…+|\.{3,})$")
# 56人以上大班额比例 is a name though it begins with a figure
_NAME = re.compile(r"(?:率|比例|占比|比重|人数|数量|总数|面积|程度|水平|覆盖面|额|数)$")


@dataclass(frozen=True)
class CellFigure:
    """A figure at [start, end) of its cell, `unit` as the cell writes it ('' for none), `operator` where the cell
    says one, the upper end of a range."""

    start: int
    end: int
    unit: str
    operator: str | None
    high: str | None = None


@lru_cache(maxsize=1)
def _unit() -> re.Pattern[str]:
    unit = any_of("unit_percent", "unit_points", "unit_money", "unit_count", "unit_time")
    return re.compile(rf"(?P<unit>(?:万|亿)?(?:{unit})?)(?P<bound>及以上|以上|以内|以下|左右)?$")


@lru_cache(maxsize=4096)
def is_figure(text: str) -> bool:
    """Whether a cell holds a figure and no name."""
    if _SEVERAL.match(text):
        return True
    m = _NUMBER.match(text)
    return m is not None and (len(m["rest"]) < 3 or not _NAME.search(m["rest"]))


@lru_cache(maxsize=4096)
def is_blank(text: str) -> bool:
    """Whether a cell says that there is no figure: —, /, 无."""
    return _NONE.match(text) is not None


def figures(text: str) -> list[CellFigure]:
    """The figures of a cell in order: one, or several that a slash parts; [] where it holds none."""
    if not is_figure(text):
        return []
    if _SEVERAL.match(text):
        return [
            CellFigure(m.start(), m.end(), "%" if text.startswith("%", m.end()) else "", None)
            for m in re.finditer(_FIGURE, text)
        ]
    m = _NUMBER.match(text)
    if m is None:
        return []
    said = _unit().match(m["rest"])
    bound = (said["bound"] or "") if said else ""
    operator = _BOUNDS.get(bound) or _SIGNS.get(m["op"] or "")
    last = m.end("high" if m["high"] else "n")
    end = m.end("rest") if said and last == m.start("rest") else last
    return [CellFigure(m.start("n"), end, said["unit"] if said else "", "range" if m["high"] else operator, m["high"])]
