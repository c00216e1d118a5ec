"""What stands left of a quantity: its comparison, its strength, and where the words of its subject end.

Belongs here: operator and strength of one quantity. Does not: its indicator, its date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingestion.plans.quantities import Quantity
from ingestion.plans.rules import any_of, pattern

# group, word class, operator; 不低于95% · 提高到80% · 控制在5%以内 · 降低1个百分点 · 增长3%
_GROUPS = (
    ("ge", "at_least", ">="),
    ("to", "raise_to", ">="),
    ("le", "at_most", "<="),
    ("fall", "fall_by", "decrease"),
    ("rise", "rise_by", "increase"),
)
_RELATIVE = ("percent", "points", "double", "multiple")


@dataclass(frozen=True)
class Comparison:
    """`operator` of the contract; `cut` is the length of the left text once the comparing words are taken off;
    `said` if a word says it."""

    operator: str
    cut: int
    said: bool


@lru_cache(maxsize=1)
def _comparing() -> re.Pattern[str]:
    """One comparing word at the end of the text, weak adverbs around it: the longest word that begins first
    wins (不少于 over 少于)."""
    words = "|".join(f"(?P<{group}>{any_of(name)})" for group, name, _ in _GROUPS)
    each = "(?:每(?:人|生|年|月|名|校|户|班|天|周|学期|学年|个))"
    return pattern(rf"[ ]*(?:(?:{any_of('limp')})[ ]*)*(?:{words})[ ]*(?:(?:{any_of('limp')}|{each})[ ]*)*$")


def compare(left: str, q: Quantity) -> Comparison:
    """The comparison that `left` (the words up to the quantity) and the quantity's own qualifier express."""
    window = left[-24:]
    base = len(left) - len(window)
    m = _comparing().search(window)
    if m is None:
        if distant := _distant(left, q):
            return distant
        limp = pattern("[ ]*(?:(?:{limp})[ ]*)*$").search(window)
        return Comparison(_unsaid(left, q), base + (limp.start() if limp else len(window)), bool(q.qualifier))
    group = m.lastgroup or "ge"
    operator = next(op for name, _, op in _GROUPS if name == group)
    if group in ("fall", "rise") and q.shape == "money":
        return Comparison(operator, base + m.start(), True)
    if group in ("fall", "rise") and q.shape not in _RELATIVE and not (group == "fall" and q.shape == "count"):
        # 教师增加200名, 增加200名教师: of a count the verb belongs to the indicator
        said = _unsaid(left, q)
        return Comparison(
            "increase" if said == "==" and m[group] in ("提高", "增长", "上升", "增加") else said,
            base + m.end(group),
            True,
        )
    cut = base + m.start()
    if group == "ge" and q.shape in _RELATIVE and (falls := pattern("({fall_by})(?:{limp})*$").search(left[:cut])):
        # 每年至少降低1个百分点: the bound belongs to the fall
        return Comparison("decrease", falls.start(), True)
    if group in ("fall", "rise") and (bound := pattern("(?:{at_least}|{at_most})[ ]*$").search(left[:cut])):
        cut = bound.start()
    return Comparison(_refine(operator, left[:cut], q), cut, True)


def _distant(left: str, q: Quantity) -> Comparison | None:
    """A comparison that does not touch its number: 不低于同级教师的90% · 至少开展1次 · 压减文件20% ·
    提高入学率3个百分点."""
    if q.shape in ("percent", "multiple") and left.rstrip().endswith(("的", "之")):
        said = list(pattern("(?P<ge>{at_least}|{raise_to})|(?P<le>{at_most})").finditer(left))
        m = said[-1] if said else None
        if m is not None and len(left) - m.end() <= 30:
            return Comparison("<=" if m["le"] else ">=", m.start(), True)
    if q.shape == "points" and pattern("(?:高于|高出|超过|超出|领先)[^，]{2,16}$").search(left):
        return Comparison(">=", len(left), True)
    if q.shape == "points":
        m = pattern("(?P<fall>{fall_by})|(?P<rise>{rise_by})").search(left)
        if m is not None:
            return Comparison("decrease" if m["fall"] else "increase", len(left), True)
    if q.shape == "percent" and pattern("^[^，]{0,6}?(?:{fall_by})(?!率|幅|到|至)[^率比]{2,14}$").search(left):
        return Comparison("decrease", len(left), True)
    if q.shape == "count" and pattern("^[^，]{0,4}?(?:减少|压减|精简|精减|缩减|压缩)(?!到|至)[^，]{1,10}$").search(
        left
    ):
        return Comparison("decrease", len(left), True)
    if q.shape in ("count", "time") and re.search("(?:至少|最少|不少于)[^，、]{1,10}$", left) and not adds(left, q):
        return Comparison(">=", len(left), True)
    return None


def _refine(operator: str, left: str, q: Quantity) -> str:
    if operator in ("decrease", "increase"):
        return operator
    if q.value_high is not None:
        return "range"
    if q.qualifier in ("以内", "以下", "之内"):
        return "<="
    return "increase" if operator == ">=" and adds(left, q) else operator


def _unsaid(left: str, q: Quantity) -> str:
    if q.shape == "double":
        return "increase"
    if q.value_high is not None:
        return "range"
    if adds(left, q):
        return "increase"
    if q.qualifier in ("以内", "以下", "之内"):
        return "<="
    if "以上" in q.qualifier or q.shape == "universal":
        return ">="
    if q.shape == "time" and q.unit in ("小时", "分钟") and re.search("每[天日周]", left):
        # 保证学生每天1小时体育活动时间
        return ">="
    return ">=" if q.shape == "percent" and not q.qualifier else "=="


def adds(left: str, q: Quantity) -> bool:
    """Whether the clause adds to what is there: 新增学位500个, 增设3个; 新建 and 创建 do not add."""
    return q.shape in ("count", "bare") and pattern("{add_verb}").search(left) is not None


@lru_cache(maxsize=1024)
def strength_of(text: str) -> str:
    """力争 (an aim), 确保 (a guarantee) or 一般."""
    if pattern("力争|争取|努力|力促|力求").search(text):
        return "力争"
    return "确保" if pattern("确保|保证|必须|务必|不得").search(text) else "一般"
