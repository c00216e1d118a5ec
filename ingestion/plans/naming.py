"""The indicator of a quantity among its siblings: restored where its clause drops the subject, the noun or the verb.

Belongs here: what earlier and later quantities of a sentence lend. Does not: the noun phrase of one clause
(indicators.py).
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingestion.plans import indicators, siblings, targets
from ingestion.plans.quantities import RATES, Quantity
from ingestion.plans.readings import Memory, Reading
from ingestion.plans.rules import pattern

# an indicator, and what is doubtful about it
Name = tuple[str, tuple[str, ...]]
_LEVEL = "国家级|省级|市级|区级|县级|校级"


def name_quantity(q: Quantity, subject: str, right: str, operator: str, verb: str, memory: Memory) -> Name:
    """The indicator of a quantity between `subject` and `right`, restored from earlier siblings where the
    clause drops it."""
    last = memory.last
    plain = indicators.trim(subject)
    if last is not None and not right:
        swapped = siblings.swap_stage(last.indicator, indicators.trim(indicators.strip_lead(plain)))
        if swapped:
            return swapped, ("承前名词",)
    if q.shape in RATES:
        return _rate(q, subject, right, operator, memory)
    if (
        q.shape == "money"
        and last is not None
        and re.fullmatch(r"(?:标准)?每[人生名校户月年]+(?:标准)?(?:为|约)?", plain)
    ):
        # 资助大学生800名，每人5000元
        return last.indicator.removesuffix("数") + "标准", ("承前主语",)
    return _count(q, _carried(q, subject, verb, memory), right, memory)


def _rate(q: Quantity, subject: str, right: str, operator: str, memory: Memory) -> Name:
    """合格率达到96%，优良率达到52%: a bare rate takes its subject from the rate or the clause before it."""
    last = memory.last
    name = indicators.rate_indicator(subject, right, q, operator)
    bare = re.sub(r"(?:降幅|增幅)$", "", name)
    if len(bare) <= 1 or re.fullmatch(r"率|比例|力争|其中", bare):
        return (last.indicator, ("承前主语",)) if last else (memory.topic + name, ("无主语",))
    if indicators.BARE.match(name):
        base = siblings.base_of_rate(last.indicator) if last and last.quantity.shape in RATES else ""
        return (base or memory.topic) + name, ("承前主语",)
    return name, ()


def _carried(q: Quantity, subject: str, verb: str, memory: Memory) -> str:
    """创建甲类学校2所、乙类学校3所: the second count depends on the verb of the first."""
    last, plain = memory.last, indicators.trim(subject)
    if last is None or verb or not memory.verb or last.quantity.shape != q.shape or q.shape == "money":
        return subject
    own = pattern("^(?:{modal}|[为给向对])").match(plain) or pattern("{short_verb}").search(plain[:8])
    if own or indicators.RATE_END.search(subject):
        return subject
    return memory.verb + indicators.trim(indicators.strip_lead(plain))


def _count(q: Quantity, subject: str, right: str, memory: Memory) -> Name:
    last = memory.last
    name = indicators.count_indicator(subject, right, q)
    if last is None:
        if indicators.BARE.match(name) or is_verb_only(name) or re.fullmatch(r"第[一二三四五\d]+批数", name):
            return memory.topic + name, ("承前主语",)
        return name, ()
    if level := re.fullmatch(rf"({_LEVEL}|省|市|县)数", name):
        # 国家级奖2项、省级10项
        return re.sub(_LEVEL, level[1], last.indicator, count=1), ("承前名词",)
    if q.shape == last.quantity.shape == "money" and not indicators.RATE_END.search(name):
        m = re.search(r"(?:最低)?标准$", last.indicator)
        name = name.removesuffix("资金") + m[0] if m else name
    if indicators.BARE.match(name):
        return memory.topic + name, ("承前主语",)
    if re.fullmatch(r"第[一二三四五\d]+批数", name):
        return re.sub(r"^第.批", name[:3], last.indicator), ("承前名词",)
    if last.unit == q.unit and is_verb_only(name):
        noun = pattern("^(?:{short_verb}|{add_verb}|规划|计划)+").sub("", last.indicator)
        if len(noun) >= 3:
            return name.removesuffix("数") + noun, ("承前主语",)
    return name, ()


def is_verb_only(name: str) -> bool:
    """Whether a name is a verb without its noun: 新建数."""
    return pattern("^(?:{short_verb}|{add_verb}|规划|计划|拟)*数?$").match(name) is not None


def lend_nouns(found: list[Reading]) -> list[Reading]:
    """新建12个、改建8个教育项目: a verb without its noun takes that of the next count of the sentence."""
    for i in range(len(found) - 2, -1, -1):
        here, after = found[i], found[i + 1]
        if (
            here.verdict != targets.TARGET
            or after.verdict != targets.TARGET
            or here.clause.sentence != after.clause.sentence
        ):
            continue
        if here.quantity.unit == after.quantity.unit and is_verb_only(here.indicator):
            noun = pattern("^(?:{short_verb}|{add_verb}|规划|计划)+").sub("", after.indicator)
            if len(noun) >= 3:
                found[i] = replace(here, indicator=here.indicator.removesuffix("数") + noun, doubts=("承后名词",))
    return found


def doubts_of(q: Quantity, written: Quantity, name: str, right: str, *, told: bool) -> tuple[str, ...]:
    """What makes an indicator less sure than its number."""
    tail = indicators.split_right(right)
    return tuple(
        word
        for word, holds in (
            ("指标过长", len(name) > 26),
            ("指标过短", len(name) < 5),
            ("无动词", q.shape in ("count", "money") and not told),
            ("有序号", re.search(r"\d", name) is not None),
            ("并列未分", name.count("、") > 1 and "等" not in name),
            ("单位补全", written.shape == "bare"),
            ("比例的主语在后", q.shape == "percent" and len(tail[0]) > 6),
            ("谓语入名", q.shape == "count" and len(tail[1]) > 9),
        )
        if holds
    )
