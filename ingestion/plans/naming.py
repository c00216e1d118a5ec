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
_LEVEL = "国家级|自治区级|省级|市级|州级|盟级|区级|县级|旗级|镇级|校级"
# 宣讲场次 · 培训人次 · 总数: counts that do not say what of
_THIN = re.compile(
    r"(?:[每各][人生名校所班期月年周天日学期年度个县市区]{0,3})?(?:至少)?(?:宣讲|比赛|培训|轮训|活动|送课|晒课|督查|检查|教研|研讨|讲座|演练|招生|招录|"
    r"开展|组织|举办|开设|服务|参与|辐射|惠及|总|样本|有效样本|期|学|基本|项目|课程|学校|平均|人均|合计|总计)?(?:数|人次|场次|期数|次数|户次|学时|总数|总量|人数|份数)$"
)


# 不低于交流总数的20% · 占招聘总数的60%: what the share is a share of
_SHARE = r"(?:{at_least}|{raise_to}|{at_most}|占)(?:到|了)?(?P<of>[^，、；。]{2,16})(?:的|之)$"
_SELF_EVIDENT = re.compile(r"近视率|辍学率|失业率|升学率|就业率|负债率|绿化率")
_STAGES = re.compile(siblings.STAGE + "$")
# 全年计划投资 · 市财政安排专项资金 · 所需经费: money without its matter
_FUND = re.compile(
    r"^(?:计划|预计|全年|年度|年内|当年|本年|[一二三四五两]年|每年|年均|统筹|安排|投入|拿出|设立|筹措|争取|落实|下达|拨付|发放|完成|所需|"
    r"先行|总|概算|估算|编列|追加|增拨|专项|项目|上级|中央|[省市区县州]级(?:以上)?|各级|财政|本级|资金|投资|经费|补助|奖补|总额|预算|新台币|额|"
    r"配套|建设|引导|每[所个人生年班校])+$"
)
_FUND_NOUN = re.compile(
    r"(?:总|年度|计划|完成|专项|奖补|补助|配套|项目|引导)*(?:投资|资金|经费|投入|预算)(?:总额|额)?$"
)
_PROJECT = re.compile(r"[^，、；。]{2,20}?(?:项目|工程|学校|小学|中学|幼儿园|校区|中心|基地)")


def name_quantity(
    q: Quantity, subject: str, right: str, operator: str, verb: str, memory: Memory, left: str = ""
) -> Name:
    """The indicator of a quantity between `subject` and `right`, restored from earlier siblings where the
    clause drops it; `left` is the clause up to the quantity."""
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
        return _rate(q, subject, right, operator, memory, left)
    if (
        q.shape == "money"
        and last is not None
        and re.fullmatch(r"(?:标准)?每[人生名校户月年]+(?:标准)?(?:为|约)?", plain)
    ):
        # 资助大学生800名，每人5000元
        return last.indicator.removesuffix("数") + "标准", ("承前主语",)
    if q.shape == "money" and (fund := _fund(subject, right, memory)):
        return fund
    return _count(q, _carried(q, subject, verb, memory), right, memory)


def _fund(subject: str, right: str, memory: Memory) -> Name | None:
    """Money whose matter the clause before or the heading names: 安排专项资金, 完成投资; None where it names its own."""
    plain = indicators.trim(subject)
    own = indicators.trim(indicators.strip_lead(_PART.sub("", plain)))
    text = own or plain
    right = indicators.trim(right)
    if not _FUND.match(text):
        return _funded_project(text)
    if re.search("上级|中央|争取|[省市区县州]级(?!以上)", text):
        # 争取上级资金 · 市级投资: whose money it is says enough
        return None
    noun = m[0] if (m := _FUND_NOUN.search(text)) else "资金"
    m = pattern(
        "^(?:用于|支持|实施|升级|改善|建设|新建|改造|补助|奖励|资助|推进|开展|购买|购置|化解|扶持|发展)(.{2,24})"
    ).match(right)
    if m is not None:
        # 投入3200万元升级教育城域网
        return indicators.shorten(indicators.trim(m[0] if len(m[0]) <= 12 else m[1]), 14) + noun, ("承后名词",)
    if right and not re.match("[^，]{0,4}(?:资金|经费|投资)", right):
        return None
    each = re.match(r"每[所个人生年班校]", text)
    whole = memory.heading if re.search("投资|概算|估算", noun + text) else ""
    whole = whole or _matter(memory)
    if not whole:
        return None
    return (each[0] if each else "") + whole + noun, ("承前主语",)


def _funded_project(text: str) -> Name | None:
    """推动市职业中专迁建项目上半年开工、年内完成投资: the project at the head of the same clause."""
    m = re.match(r"(?P<head>[^，]{4,30})、(?P<rest>[^、，]{2,10})$", text)
    if m is None or not _FUND.match(indicators.strip_lead(m["rest"])) or (p := _PROJECT.match(m["head"])) is None:
        return None
    noun = n[0] if (n := _FUND_NOUN.search(m["rest"])) else "资金"
    return indicators.strip_lead(p[0]) + noun, ("承前主语",)


def _matter(memory: Memory) -> str:
    """What the sentence is about: the thing counted before, else its topic."""
    last = memory.last
    if last is not None and last.quantity.shape == "count" and memory.texts and memory.texts[-1] == last.clause.text:
        whole = next((r for r in memory.recent if r.unit == last.unit), last) if last.unit else last
        name = indicators.trim(re.sub(r"(?:建设)?数$", "", whole.indicator))
        if "、" not in name:
            return name
    return memory.topic


def _rate(q: Quantity, subject: str, right: str, operator: str, memory: Memory, left: str) -> Name:
    """合格率达到96%，优良率达到52%: a bare rate takes its subject from the rate or the clause before it."""
    last = memory.last
    if q.shape == "percent" and (share := pattern(_SHARE).search(left)):
        part = indicators.trim(indicators.strip_lead(_PART.sub("", indicators.trim(left[: share.start()]))))
        if part and not indicators.RATE_END.search(part):
            return indicators.shorten(part) + "占" + indicators.trim(share["of"]) + "比例", ()
    part = _PART.match(indicators.trim(left))
    name = indicators.rate_indicator(
        subject[part.end() :] if part and part.end() <= len(subject) else subject, right, q, operator
    )
    bare = re.sub(r"(?:降幅|增幅)$", "", name)
    near = last is not None and (
        last.clause.start <= q.start < last.clause.end or (bool(memory.texts) and memory.texts[-1] == last.clause.text)
    )
    if len(bare) <= 1 or re.fullmatch(r"率|比例|力争|其中", bare):
        return (last.indicator, ("承前主语",)) if last else (memory.topic + name, ("无主语",))
    noun = bare.removesuffix("率")
    if (labelled := _labelled(noun, subject, memory)) is not None:
        return labelled
    if part and last is not None and last.quantity.shape == "count" and noun == indicators.trim(noun) and noun != bare:
        if not indicators.RATE_END.search(indicators.trim(subject)) and len(noun) <= 10:
            # 招聘教师640名，其中乡村学校不少于60%
            return last.indicator.removesuffix("数") + "中" + noun + "占比", ("承前主语",)
    if "分别" in left[-8:]:
        return name, ()
    if indicators.BARE.match(name) or (len(bare) <= 3 and not _SELF_EVIDENT.fullmatch(bare)):
        base = siblings.base_of_rate(last.indicator) if near and last and last.quantity.shape in RATES else ""
        if not base and len(bare) <= 3 and not indicators.BARE.match(name) and not 2 <= len(memory.topic) <= 8:
            return name, ("承前主语",)
        return (base or memory.topic) + name, ("承前主语",)
    return name, ()


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


def _noun_of_topic(memory: Memory) -> str:
    """The thing that the clause before works on, for a verb without its noun: 建设示范校，2024年建成2所 → 示范校."""
    return memory.object if memory.texts else ""


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
    if re.search(r"总(?:数|量)数?$", name) and len(name) <= 4 and (thing := memory.object):
        return thing + "数", ("承前主语",)
    if _THIN.match(name) and memory.topic and not is_verb_only(name):
        return indicators.shorten(memory.topic, 12) + name, ("承前主语",)
    if last is None:
        if indicators.BARE.match(name) or is_verb_only(name) or re.fullmatch(r"第[一二三四五\d]+批数", name):
            return memory.topic + name, ("承前主语",)
        return name, ()
    if (shared := _shared_head(name, last)) is not None:
        return shared, ("承前名词",)
    if level := re.fullmatch(rf"(?:创建|创成|打造|建设|认定)?({_LEVEL}|省|市|县)数", name):
        # 国家级奖2项、省级10项
        return re.sub(_LEVEL, level[1], last.indicator, count=1), ("承前名词",)
    if q.shape == last.quantity.shape == "money" and not indicators.RATE_END.search(name):
        m = re.search(r"(?:最低)?标准$", last.indicator)
        name = name.removesuffix("资金") + m[0] if m else name
    if indicators.BARE.match(name):
        return memory.topic + name, ("承前主语",)
    if re.fullmatch(r"第[一二三四五\d]+批数", name):
        return re.sub(r"^第.批", name[:3], last.indicator), ("承前名词",)
    if (
        is_verb_only(name)
        and memory.texts
        and memory.texts[-1] != last.clause.text
        and (thing := _noun_of_topic(memory))
    ):
        return name.removesuffix("数") + thing + "数", ("承前主语",)
    if last.unit == q.unit and is_verb_only(name):
        noun = pattern("^(?:{short_verb}|{add_verb}|规划|计划|、)+").sub("", last.indicator)
        if len(noun) >= 3:
            return name.removesuffix("数") + noun, ("承前主语",)
    return name, ()


def _shared_head(name: str, last: Reading) -> str | None:
    """建设省级“三全育人”试点高校6所、试点院系30个: the second stands under the modifier of the first."""
    noun = pattern("^(?:{short_verb})+").sub("", name)
    whole = pattern("^(?:{short_verb})+").sub("", last.indicator)
    verb = siblings.leading_verb(name)
    if len(noun) < 4 or last.quantity.shape != "count" or verb != siblings.leading_verb(last.indicator):
        return None
    at = whole.find(noun[:2])
    if (
        at < 2
        or whole[0] in "、，"
        or re.match("学校|教师|学生|幼儿|项目|公办|民办|普惠|农村|乡镇|城区|中小|义务|高中|普通|新增|.级", noun)
    ):
        return None
    return verb + whole[:at] + noun


def is_verb_only(name: str) -> bool:
    """Whether a name is a verb without its noun: 新建数."""
    return (
        pattern(
            "^(?:{short_verb}|{add_verb}|规划|计划|拟|竣工|完工|动工|续建|保留|撤销|取缔|压减|整改|分别|分别补充|各|先行|关停|关闭|合并|"
            "整合|回收|交付|推进|汰换|采购|配置|投放|开建|补|清零|启用|审计|基本|再|其余|另|、)*数?$"
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
