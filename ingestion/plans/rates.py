"""The indicator of a rate among its siblings: shares of a whole, bare rates, stages below a label.

Belongs here: 合格率 → whose. Does not: the noun phrase of one clause (indicators.py), counts (counts.py).
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingestion.plans import indicators, siblings
from ingestion.plans.quantities import RATES, Quantity
from ingestion.plans.readings import Memory
from ingestion.plans.rules import pattern

Name = tuple[str, tuple[str, ...]]
PART = re.compile(r"^(?:其中[:：]?|含|包括|分别为|分别是|[^（(）)]{0,20}[（(](?![^）)]*[）)])(?=..))+")
# 不低于交流总数的20% · 占招聘总数的60%: what the share is a share of
_SHARE = r"(?:{at_least}|{raise_to}|{at_most}|占)(?:到|了)?(?P<of>[^，、；。]{2,16})(?:的|之)$"
# 义务教育阶段66人以上超大班额 …，56人以上大班额比例: the second of two thresholds shares its stage
_BY_SIZE = re.compile(r"\d+人(?:以上|及以上)的?(?:超?大班|大校)额")
# 交流轮岗人数占符合条件人数的比例: the whole goes without saying
_OF_WHOLE = re.compile(
    r"(?:人数|数|总数)?占(?:符合(?:交流)?条件|应(?:交流|参加|参训)?|全体|全部|在职|同类|相应)?[^占]{0,6}?(?:人数|总数|人员|教师数|教师总数|总量)?的?(?=比例$|比重$)"
)
_SELF_EVIDENT = re.compile(r"近视率|辍学率|失业率|升学率|就业率|负债率|绿化率")
# 整改销号率 · 本地就业率 name no owner, 教师参训率 does
_OWNED = re.compile(
    "[生师园校班员童人课]|幼儿|教|高考|中考|上线|近视|家长|毛入|义务|小学|初中|高中|中职|普惠|公办|民办|双语|大班|健康"
)
_STAGES = re.compile(siblings.STAGE + "$")


def name_rate(q: Quantity, subject: str, right: str, operator: str, memory: Memory, left: str) -> Name:
    """合格率达到96%，优良率达到52%: a bare rate takes its subject from the rate or the clause before it."""
    if (shared := _share(q, left)) is not None:
        return shared, ()
    last = memory.last
    part = PART.match(indicators.trim(left))
    name = indicators.rate_indicator(
        subject[part.end() :] if part and part.end() <= len(subject) else subject, right, q, operator
    )
    bare = re.sub(r"(?:降幅|增幅)$", "", name)
    if (
        len(bare) <= 1
        and last is not None
        and last.quantity.shape not in RATES
        and operator in ("increase", "decrease")
    ):
        # 教育支出38亿元，增长8%
        grown = re.sub(r"(?:资金|数)$", "", last.indicator)
        return grown + ("增幅" if operator == "increase" else "降幅"), ("承前主语",)
    if len(bare) <= 1 or re.fullmatch(r"率|比例|力争|其中", bare):
        return (last.indicator, ("承前主语",)) if last else (memory.topic + name, ("无主语",))
    noun = bare.removesuffix("率")
    if noun == bare and not indicators.RATE_END.search(indicators.trim(subject)):
        noun = bare.removesuffix("比例")
    if (labelled := _labelled(noun, subject, memory)) is not None:
        return labelled
    counted = part is not None and last is not None and last.quantity.shape == "count" and noun != bare
    if counted and last and len(noun) <= 10 and not indicators.RATE_END.search(indicators.trim(subject)):
        # 招聘教师640名，其中乡村学校不少于60%
        return last.indicator.removesuffix("数") + "中" + noun + "占比", ("承前主语",)
    if _BY_SIZE.match(name):
        return _staged(name, memory), ()
    if len(name) > 18 and "占" in name:
        # 县域内义务教育学校校长教师交流轮岗人数占符合条件人数的比例
        name = bare = re.sub("^[^，]{0,3}域内", "", _OF_WHOLE.sub("", name))
    return (name, ()) if "分别" in left[-8:] else _whose(q, name, bare, memory)


def _staged(name: str, memory: Memory) -> str:
    """The stage that the clause before sets before its own threshold, with the name."""
    before = memory.texts[-1] if memory.texts else ""
    m = _BY_SIZE.search(before)
    stage = re.search(f"(?:{siblings.STAGE[1:]})$", before[: m.start()]) if m else None
    return stage[0] + name if stage else name


def _share(q: Quantity, left: str) -> str | None:
    """骨干教师不低于交流总数的20% → 骨干教师占交流总数比例."""
    return _share_of(left) if q.shape == "percent" else None


@lru_cache(maxsize=1024)
def _share_of(left: str) -> str | None:
    share = pattern(_SHARE).search(left)
    if share is None:
        return None
    part = indicators.trim(indicators.strip_lead(PART.sub("", indicators.trim(left[: share.start()]))))
    if not part or indicators.RATE_END.search(part):
        return None
    return indicators.shorten(part) + "占" + indicators.trim(share["of"]) + "比例"


def _whose(q: Quantity, name: str, bare: str, memory: Memory) -> Name:
    """A rate that leaves out whose it is, with its owner from the rate or the clause before."""
    last, topic = memory.last, memory.topic
    near = last is not None and (
        last.clause.start <= q.start < last.clause.end or (bool(memory.texts) and memory.texts[-1] == last.clause.text)
    )
    if said := _said_whole(bare, memory):
        return said, ("承前主语",)
    short = len(bare) == 3 and bare[-1] == "率"
    topic = topic[2:] if topic.startswith(bare[:2]) and len(topic) > 4 else topic
    if short and memory.texts and (thing := siblings.object_after(bare[:2], memory.texts[-1])):
        # 层层签订安全责任书，签订率100%
        return thing + name, ("承前主语",)
    said_bare = indicators.BARE.match(name) is not None
    if not said_bare and 4 <= len(bare) <= 5 and not _OWNED.search(bare):
        near_topic = memory.near_topic
        return (near_topic + name, ("承前主语",)) if 2 <= len(near_topic) <= len(bare) + 1 else (name, ())
    if not said_bare and (len(bare) > 3 or _SELF_EVIDENT.fullmatch(bare)):
        return name, ()
    base = siblings.base_of_rate(last.indicator) if near and last and last.quantity.shape in RATES else ""
    if not base and not said_bare and not 2 <= len(topic) <= 8:
        return name, ("承前主语",)
    return (base or topic) + name, ("承前主语",)


def _said_whole(bare: str, memory: Memory) -> str:
    """确保毕业生去向落实率总体稳定，落实率不低于75%: the whole name of the rate in the clause before, '' for none."""
    if not 3 <= len(bare) <= 5 or not memory.texts:
        return ""
    head, found, _ = memory.texts[-1].rpartition(bare)
    whole = indicators.trim(indicators.strip_lead(indicators.trim(re.split("[、：:]", head)[-1]))) if found else ""
    whole = re.sub("^(?:保持|稳定|维持|巩固|提高|提升|加强)", "", whole)
    return whole + bare if 2 <= len(whole) <= 16 else ""


def _labelled(noun: str, subject: str, memory: Memory) -> Name | None:
    """教师学历合格率：小学99.5%、初中98%: a stage or a place below the name of a rate."""
    plain = indicators.trim(subject)
    if indicators.RATE_END.search(plain) or len(noun) > 8:
        return None
    for text in reversed(memory.texts[-3:]):
        label = indicators.trim(indicators.strip_lead(text))
        if (
            re.search(r"\d", label) is None
            and re.search(r"(?:率|比例|占比|系数|覆盖面|面)$", label)
            and 3 <= len(label) <= 20
        ):
            return noun + label, ("承前主语",)
    last = memory.last
    if last is not None and last.doubts == ("承前主语",) and _STAGES.match(noun) and _STAGES.match(last.indicator):
        return None
    return None
