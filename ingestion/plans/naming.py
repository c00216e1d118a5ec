"""The indicator of a quantity among its siblings: which of rates, funds and counts names it, and how sure that is.

Belongs here: the choice, what makes a name doubtful, nouns that stand behind. Does not: the noun phrase of one clause
(indicators.py), what siblings lend (rates.py, counts.py, funds.py).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from ingestion.plans import indicators, siblings, targets
from ingestion.plans.counts import PART, carried, is_verb_only, name_count
from ingestion.plans.funds import name_fund
from ingestion.plans.quantities import RATES, Quantity
from ingestion.plans.rates import name_rate
from ingestion.plans.readings import Memory, Reading
from ingestion.plans.rules import pattern

# an indicator, and what is doubtful about it
Name = tuple[str, tuple[str, ...]]


def name_quantity(
    q: Quantity, subject: str, right: str, operator: str, verb: str, memory: Memory, left: str = ""
) -> Name:
    """The indicator of a quantity between `subject` and `right`, restored from earlier siblings where the
    clause drops it; `left` is the clause up to the quantity."""
    last = memory.last
    plain = indicators.trim(subject)
    if last is not None and not right:
        whole = memory.units.get(q.unit, last)
        stage = PART.sub("", indicators.trim(indicators.strip_lead(plain)))
        swapped = siblings.swap_stage(whole.indicator, stage) or siblings.swap_person(last.indicator, stage)
        if swapped:
            return swapped, ("承前名词",)
    if left[len(subject) :].lstrip().startswith("均") and subject.rstrip()[-1:] in tuple("人生师校班户园"):
        # 人均不少于72学时 · 实践人均不少于1个月
        subject = subject.rstrip() + "均" + "时间" * (q.shape == "time")
    if q.shape in RATES or (q.shape == "bare" and not q.unit):
        return name_rate(q, subject, right, operator, memory, left)
    if (
        q.shape == "money"
        and last is not None
        and re.fullmatch(r"(?:标准)?每[人生名校户月年]+(?:标准)?(?:为|约)?", plain)
    ):
        # 资助大学生800名，每人5000元
        return last.indicator.removesuffix("数") + "标准", ("承前主语",)
    if q.shape == "money" and (fund := name_fund(q.start, subject, right, memory)):
        return fund
    return name_count(q, carried(q, subject, verb, memory), right, memory)


# 投入资金 · 总投资: money that does not say what for
_FUND_ALONE = re.compile(
    "(?:计划|完成|年度|投入|安排|落实|拨付|专项|总|争取|筹措|统筹)*(?:资金|投资|经费|专项债券?|债券)"
)


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
        if _FUND_ALONE.fullmatch(here.indicator) and here.quantity.shape == "money" and after.quantity.shape == "count":
            # 投入资金2600万元，改造农村学校厕所86座
            noun = after.indicator.removesuffix("数")
            found[i] = replace(here, indicator=noun + here.indicator, doubts=("承后名词",))
        elif here.doubts == ("无主语",) and here.quantity.shape == "money" and after.quantity.shape == "count":
            # 计划总投资5.1亿元，新建学校11所
            found[i] = replace(here, indicator=after.indicator.removesuffix("数") + here.indicator)
        if here.quantity.unit == after.quantity.unit and is_verb_only(here.indicator):
            noun = pattern("^(?:{short_verb}|{add_verb}|规划|计划|竣工|完工|动工|续建|、)+").sub("", after.indicator)
            if len(noun) >= 3 and not is_verb_only(after.indicator):
                found[i] = replace(here, indicator=here.indicator.removesuffix("数") + noun, doubts=("承后名词",))
    return found


# how often records with such a doubt are right in all fields, over the annotated documents
_RIGHT = {"无动词": 0.85, "按每": 0.85, "承前主语": 0.75, "指标过短": 0.7, "承后名词": 0.6, "无主语": 0.5}


@lru_cache(maxsize=256)
def confidence_of(doubts: tuple[str, ...], per: str | None = None) -> float:
    """0.92 for a record without doubt, else what its weightiest doubt leaves; 每校 tells apart whose it is."""
    doubts = (*doubts, "按每") if per else doubts
    return min((_RIGHT.get(doubt, 0.8) for doubt in doubts), default=0.92)


def doubts_of(q: Quantity, written: Quantity, name: str, right: str, *, told: bool) -> tuple[str, ...]:
    """What makes an indicator less sure than its number."""
    tail = indicators.split_right(right)
    return tuple(
        word
        for word, holds in (
            ("指标过长", len(name) > 26),
            ("指标过短", len(name) < 5),
            ("无动词", q.shape in ("count", "money") and not told),
            ("并列未分", name.count("、") > 1 and "等" not in name),
            ("单位补全", written.shape == "bare"),
            ("谓语入名", q.shape == "count" and len(tail[1]) > 9),
        )
        if holds
    )
