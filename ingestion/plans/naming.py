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

# 其中 · 含 · an opened bracket: a part of what stands before
_PART = re.compile(r"^(?:其中[:：]?|含|包括|分别为|分别是|[^（(）)]{0,20}[（(](?![^）)]*[）)])(?=..))+")
# who is paid at a rate that the clause before names
_PAYEE = r"[^，]{0,5}(?:生|人|员|户|师|园|小学|初中|高中|中学|中职|高职|阶段|学前|学校|教育|本科|专科|城市|农村)"
# what parts leave out: 幼儿园教育项目 of 教育项目41个，其中幼儿园13个
_WHOLE = re.compile(
    r"(?:特色|示范|试点|实验|成员|样板|标准化|达标|标杆|先进)?(?:学校|校|园)(?=数?$)|(?:建设)?项目(?=数?$)|"
    r"(?:教育)?学位(?=数?$)|(?:特岗|骨干|专任|免费)?(?:教师|学生)(?=数?$)|专业(?=数?$)|课程(?=数?$)|基地(?=数?$)|"
    r"中心(?=数?$)|实验室(?=数?$)|床位(?=数?$)|托位(?=数?$)|岗位(?=数?$)|编制(?=数?$)|大班额(?=数?$)|平台(?=数?$)"
)
# an indicator, and what is doubtful about it
Name = tuple[str, tuple[str, ...]]
_LEVEL = "国家级|省级|市级|区级|县级|校级"


def name_quantity(q: Quantity, subject: str, right: str, operator: str, verb: str, memory: Memory) -> Name:
    """The indicator of a quantity between `subject` and `right`, restored from earlier siblings where the
    clause drops it."""
    last = memory.last
    plain = indicators.trim(subject)
    if last is not None and not right:
        whole = memory.units.get(q.unit, last)
        stage = _PART.sub("", indicators.trim(indicators.strip_lead(plain)))
        swapped = siblings.swap_stage(whole.indicator, stage)
        if swapped:
            return swapped, ("承前名词",)
    if q.shape == "time" and subject.rstrip().endswith("人"):
        # 实践人均不少于1个月
        subject = subject.rstrip() + "均时间"
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
    if cut := _PART.match(plain):
        subject = plain = plain[cut.end() :]
    if last is None or verb or not memory.verb or last.quantity.shape != q.shape or q.shape == "money":
        return subject
    own = pattern("^(?:{modal}|[为给向对])").match(plain) or pattern(
        "{short_verb}|竣工|完工|动工|续建|保留|撤销|取缔|压减|整改"
    ).search(plain[:8])
    if own or indicators.RATE_END.search(subject):
        return subject
    noun = indicators.trim(indicators.strip_lead(plain))
    whole = memory.units.get(q.unit)
    part = _WHOLE.search(whole.indicator) if whole is not None and len(noun) <= 6 else None
    # 特色学校60所、篮球40所: the part stands for part and kind
    lent = (
        part[0]
        if part and not noun.endswith(part[0][-1]) and not re.search(r"[校园人师生目]$|小学|中学|初中|高中", noun)
        else ""
    )
    if part and re.search("项目|学位|教师", part[0]) and not noun.endswith(part[0][-2:]) and len(noun) <= 4:
        lent = part[0]
    return memory.verb + noun + lent


def _lent(q: Quantity, name: str, memory: Memory) -> Name | None:
    """第一批5所 · 小学650元 · 2021年建成40所: a name whose noun stands in a clause before, None where it has its
    own."""
    last = memory.last
    if batch := re.fullmatch(r".{0,4}?(第[一二三四五六\d]+[批期])数", name):
        noun = siblings.object_of(memory.texts[-1][:60]) if memory.texts else ""
        if noun:
            return batch[1] + noun, ("承前名词",)
    if q.shape == "money" and re.fullmatch(rf"(?:{_PAYEE})?(?:每[人生年月校所]+)?资金", name):
        head = name.removesuffix("资金")
        if last is not None and last.quantity.shape == "money" and re.fullmatch("每.{1,3}|", head):
            return head + last.indicator, ("承前主语",)
        if grant := memory.grant:
            return head.replace("每生", "").replace("每年", "") + grant, ("承前主语",)
    whole = memory.units.get(q.unit)
    if whole is not None and whole is not last and is_verb_only(name) and q.shape == "count":
        noun = pattern("^(?:{short_verb}|{add_verb}|规划|计划|、)+").sub("", whole.indicator)
        if len(noun) >= 3:
            return name.removesuffix("数") + noun, ("承前主语",)
    return None


def _count(q: Quantity, subject: str, right: str, memory: Memory) -> Name:
    last = memory.last
    right = re.sub(r"^[）)]\s*$", "", right)
    name = indicators.count_indicator(subject, right, q)
    if lent := _lent(q, name, memory):
        return lent
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
        noun = pattern("^(?:{short_verb}|{add_verb}|规划|计划|、)+").sub("", last.indicator)
        if len(noun) >= 3:
            return name.removesuffix("数") + noun, ("承前主语",)
    return name, ()


def is_verb_only(name: str) -> bool:
    """Whether a name is a verb without its noun: 新建数."""
    return (
        pattern(
            "^(?:{short_verb}|{add_verb}|规划|计划|拟|竣工|完工|动工|续建|保留|撤销|取缔|压减|整改|分别|分别补充|、)*数?$"
        ).match(name)
        is not None
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
        if here.quantity.unit == after.quantity.unit and is_verb_only(here.indicator):
            noun = pattern("^(?:{short_verb}|{add_verb}|规划|计划|、)+").sub("", after.indicator)
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
