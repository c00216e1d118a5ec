"""What stands left of a quantity: its comparison, its strength, and where the words of its subject end.

Belongs here: operator and strength of one quantity. Does not: its indicator, its date.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.plans.quantities import Quantity
from ingestion.plans.rules import any_of, pattern

_ADVERBS = r"[ \t]*(?:{limp}[ \t]*)*"


@dataclass(frozen=True)
class Comparison:
    """`operator` of the contract; `cut` is the length of the left text once the comparing words are taken off; `said` if a word says it."""

    operator: str
    cut: int
    said: bool


def _tail(left: str, *classes: str) -> int | None:
    """Where the comparing words at the end of `left` begin, with weak adverbs around them."""
    m = pattern(rf"{_ADVERBS}(?:{{{'|'.join(classes)}}}){_ADVERBS}$").search(left)
    return m.start() if m else None


# operator, word classes; 提高到90% · 控制在5%以内 · 降低1个百分点 · 增长3%: tried in order, the first that ends the left text wins
_LEFT = ((">=", ("raise_to",)), ("<=", ("at_most",)), (">=", ("at_least",)))


def compare(left: str, q: Quantity) -> Comparison:
    """The comparison that `left` (the clause up to the quantity) and the quantity's own qualifier express."""
    limp = pattern(rf"{_ADVERBS}$").search(left)
    bare = limp.start() if limp else len(left)
    for operator, classes in _LEFT:
        at = _tail(left, *classes)
        if at is None:
            continue
        if operator == ">=" and q.shape != "universal":
            fall = _tail(left[:at], "fall_by")
            if fall is not None and q.shape in ("percent", "points"):
                return Comparison("decrease", fall, True)
        return Comparison(_refine(operator, left, q), at, True)
    if q.shape in ("percent", "points", "double", "multiple"):
        for operator, name in (("decrease", "fall_by"), ("increase", "rise_by")):
            at = _tail(left, name)
            if at is not None:
                return Comparison(operator, at, True)
    if q.shape == "double":
        return Comparison("increase", bare, True)
    return Comparison(_unsaid(left, q), bare, bool(q.qualifier))


def _refine(operator: str, left: str, q: Quantity) -> str:
    if q.value_high is not None:
        return "range"
    if q.qualifier in ("以内", "以下", "之内"):
        return "<="
    return "increase" if operator == ">=" and adds(left, q) else operator


def _unsaid(left: str, q: Quantity) -> str:
    if q.value_high is not None:
        return "range"
    if adds(left, q):
        return "increase"
    if q.qualifier in ("以内", "以下", "之内"):
        return "<="
    if "以上" in q.qualifier or q.shape == "universal":
        return ">="
    return ">=" if q.shape in ("percent",) and not q.qualifier else "=="


def adds(left: str, q: Quantity) -> bool:
    """Whether the clause adds to what is there: 新增学位500个, 增设3个; 新建 and 创建 do not add."""
    return q.shape in ("count", "bare", "money") and pattern("{add_verb}|增加|净增").search(left) is not None


def strength_of(text: str) -> str:
    """力争 (an aim), 确保 (a guarantee) or 一般."""
    if pattern("力争|争取|努力|力促|力求").search(text):
        return "力争"
    return "确保" if pattern("确保|保证|必须|务必|不得").search(text) else "一般"


def lead_words() -> str:
    """A pattern for words before a subject that carry no content: 确保 全区 力争."""
    return any_of("modal", "region_lead")
