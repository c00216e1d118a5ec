"""The indicator of a count among its siblings: verbs without nouns, levels, parts, thin names.

Belongs here: what earlier clauses, counts and headings lend a count. Does not: the noun phrase of one clause
(indicators.py), rates (rates.py), money without its matter (funds.py).
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingestion.plans import indicators, siblings
from ingestion.plans.quantities import Quantity
from ingestion.plans.readings import Memory, Reading
from ingestion.plans.rules import pattern

Name = tuple[str, tuple[str, ...]]
# 其中 · 含 · an opened bracket: a part of what stands before
PART = re.compile(r"^(?:其中[:：]?|含|包括|分别为|分别是|[^（(）)]{0,20}[（(](?![^）)]*[）)])(?=..))+")
# who is paid at a rate that the clause before names
_PAYEE = r"[^，]{0,5}(?:生|人|员|户|师|园|小学|初中|高中|中学|中职|高职|阶段|学前|学校|教育|本科|专科|城市|农村)"
# what parts leave out: 幼儿园教育项目 of 教育项目41个，其中幼儿园13个
_WHOLE = re.compile(
    r"(?:特色|示范|试点|实验|成员|样板|标准化|达标|标杆|先进)?(?:学校|校|园)(?=数?$)|(?:建设)?项目(?=数?$)|"
    r"(?:教育)?学位(?=数?$)|(?:特岗|骨干|专任|免费)?(?:教师|学生)(?=数?$)|专业(?=数?$)|课程(?=数?$)|基地(?=数?$)|"
    r"中心(?=数?$)|实验室(?=数?$)|床位(?=数?$)|托位(?=数?$)|岗位(?=数?$)|编制(?=数?$)|大班额(?=数?$)|平台(?=数?$)"
)
_LEVEL = "国家级|自治区级|省级|市级|州级|盟级|区级|县级|旗级|镇级|校级"
# 宣讲场次 · 培训人次 · 总数: counts that do not say what of
_THIN = re.compile(
    r"(?:(?:小学|初中|高中|中小学|学校|幼儿园)(?=每))?(?:各级)?(?:各类)?(?:[每各][人生名校所班期月年周天日学期年度个县市区类级]{0,3})?(?:至少)?(?:宣讲|比赛|培训|轮训|活动|送课|晒课|督查|检查|教研|研讨|讲座|演练|招生|招录|"
    r"开展|组织|举办|开设|服务|参与|辐射|惠及|总|样本|有效样本|期|学|基本|项目|课程|学校|平均|人均|合计|总计)?(?:数|人次|场次|期数|次数|户次|学时|总数|总量|人数|份数)$"
)


_OF_LEVEL = rf"(?:{{short_verb}}|{{add_verb}})?(?P<level>{_LEVEL}|省|市|县)(?:以上)?数"
# 各类宣讲 · 全员培训: an act without its matter
_ACT = re.compile(
    r"(?:各类|各级|全员|集中|分层|分类|分级|专题|系列|岗前|岗位|在职|线上|线下|常态化|专项)*(?:培训|轮训|宣讲|研修|活动|演练|检查|督查|教研|讲座)(?:活动|工作|任务)?"
)
_SHORT = re.compile(r"(?P<verb>[一-鿿]{1,2})(?P<suffix>数|人次|场次)")
_NOUN_TAIL = re.compile(
    r"[校园人师生目室馆班课车书房床位点站所员工场地库套器材灯桌椅路基品件篇章项组队社团厅店家长吏费卡证表网站屏机台]$"
)


def carried(q: Quantity, subject: str, verb: str, memory: Memory) -> str:
    """创建甲类学校2所、乙类学校3所: the second count depends on the verb of the first."""
    last, plain = memory.last, indicators.trim(subject)
    if cut := PART.match(plain):
        subject = plain = plain[cut.end() :]
    if last is None or verb or not memory.verb or last.quantity.shape != q.shape or q.shape == "money":
        return subject
    own = pattern("^(?:{modal}|[为给向对每])").match(plain) or pattern(
        "{short_verb}|竣工|完工|动工|续建|保留|撤销|取缔|压减|整改|淘汰|停办|停招|关停|裁撤|参加|获得?|荣获|输送|接收|解决|更新|更换|聘请|联系"
    ).search(plain if re.match("利用|通过|依托|结合|采取|整合", plain) else plain[:8])
    if own or indicators.RATE_END.search(subject):
        return subject
    noun = indicators.trim(indicators.strip_lead(plain))
    whole = memory.units.get(q.unit)
    if plain and not noun and whole is not None and not is_verb_only(whole.indicator):
        # 招聘幼儿教师260名，其中2014年80名
        return re.sub(r"(?:人数|数|人次|场次)$", "", whole.indicator)
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


def name_count(q: Quantity, subject: str, right: str, memory: Memory) -> Name:
    """The indicator of a count, of money with its own noun, or of time."""
    right = re.sub(r"^[）)]\s*$|^/[人生年月校所]", "", right) if right[:1] in ("）", ")", "/") else right
    if right.startswith("/班") and q.unit == "人":
        return indicators.subject_of(subject) + "班额", ()
    name = indicators.count_indicator(subject, right, q)
    if q.shape == "time":
        return _lasting(name, memory)
    name = name.replace("至少", "").replace("不少于", "").replace("原则上", "")
    if (found := _aspiring(right, memory) or _of_level(name, q, memory)) is not None:
        return found
    for restore in (_lent, _total, _of_each, _thin, _alone, _verb_and_topic, _prize, _beside):
        if (found := restore(q, name, memory)) is not None:
            return found
    if q.unit == "所" and is_verb_only(name):
        # 开工22所、竣工18所
        name = name.removesuffix("数") + "学校数"
    last = memory.last
    if last is not None and q.shape == last.quantity.shape == "money" and not indicators.RATE_END.search(name):
        m = re.search(r"(?:最低)?标准$", last.indicator)
        name = name.removesuffix("资金") + m[0] if m else name
    return name, ()


_ASPIRES = re.compile(
    r"(?P<kind>县|区|市|校|园|镇|乡|村|单位)[^，]{0,12}(?:通过|达到|完成|创成|获评|接受)[^，]{0,16}(?:评估|认定|验收|督导|评定|命名)"
)


def _of_level(name: str, q: Quantity, memory: Memory) -> Name | None:
    """建设工作室12个，其中市级4个、县级8个: parts by level of a whole that names none."""
    whole = memory.units.get(q.unit)
    m = pattern(_OF_LEVEL).fullmatch(name) if whole is not None and len(name) <= 9 else None
    if m is None or whole is None or re.search(_LEVEL, whole.indicator) or is_verb_only(whole.indicator):
        return None
    verb = siblings.leading_verb(whole.indicator)
    return verb + m["level"] + whole.indicator.removeprefix(verb), ("承前名词",)


def _aspiring(right: str, memory: Memory) -> Name | None:
    """推进学前教育普及普惠县创建，新增5个县通过国家认定: what they become is what was striven for before."""
    m = _ASPIRES.match(re.sub(r"[（(][^（()）]*[)）]", "", right))
    if m is None:
        return None
    for text in reversed(memory.texts[max(memory.carried, len(memory.texts) - 2) :]):
        if (made := re.search(rf"(?P<what>[^，、]{{3,20}}{m['kind']})(?:的)?(?:创建|建设)", text)) is not None:
            passed = indicators.trim(re.sub(rf"^[^，]*?{m['kind']}", "", m[0]))
            return passed + siblings.object_of(made["what"]) + "数", ("承前名词",)
    return None


def _lasting(name: str, memory: Memory) -> Name:
    """A span of time that says whose it is neither: 每天至少2小时, of the service before."""
    last = memory.last
    if last is not None and last.quantity.shape == "time" and _GROUP.fullmatch(name):
        # 户外活动时间不少于2小时，寄宿制不少于3小时
        return name + re.sub(siblings.STAGE, "", last.indicator), ("承前名词",)
    if name.endswith(("时间", "时长", "时限", "期限", "年限", "周期", "任期", "工期")) and not _EACH_TIME.match(name):
        return name, ()
    each = re.sub(r"^.*、", "", name) if _EACH_TIME.match(name) else ""
    if each and memory.topic:
        return memory.topic + each + "时间", ("承前主语",)
    # 每天锻炼1小时
    told = indicators.RATE_END.search(name) or "时间" in name or "时长" in name or len(name) <= 2
    return name if told else name + "时间", ()


_GROUP = re.compile(
    f"(?:{siblings.STAGE[1:]}|寄宿制|寄宿生|走读生|住校生|非寄宿制|大班|中班|小班|低年级|高年级|毕业年级)(?:学校|学生|段)?"
)
_EACH_TIME = re.compile(r"(?:每[天日周月学期年校生人名]+[\d一二三四五六七八九十]*[天次节]?[、，]?)+$")


def _total(q: Quantity, name: str, memory: Memory) -> Name | None:
    """全部设立资源教室，总数由9个增加到21个: a total is of what the clause before works on."""
    if (
        q.shape == "count"
        and "总" in name
        and re.search(r"总(?:数|量)数?$", name)
        and len(name) <= 4
        and (thing := memory.object)
    ):
        return thing + "数", ("承前主语",)
    return None


def _thin(q: Quantity, name: str, memory: Memory) -> Name | None:
    """宣讲不少于200场 · 送课500场次: an act without its matter."""
    if not _THIN.match(name) or is_verb_only(name):
        return None
    act = memory.object if re.search("次数|人次|场次|学时|课时", name) else ""
    if _ACT.fullmatch(act) and memory.heading:
        # 开展全员培训，共培训3800人次: the heading says of whom
        act = memory.heading
    if q.unit in ("人", "名") and re.search("[员师人长]", memory.object):
        # 选派教师驻校，每校不少于2人
        act = memory.object
    topic = act or indicators.shorten(memory.topic, 12)
    name = re.sub("^(?:各类|各级)+", "", name)
    # 社会培训 + 培训人次
    name = name[2:] if len(name) > 3 and topic.endswith(name[:2]) else name
    return (topic + name, ("承前主语",)) if topic else None


def _of_each(_q: Quantity, name: str, memory: Memory) -> Name | None:
    """组织3期研修，每期50人: a name that begins with what was counted before."""
    found = _each(name, memory)
    return None if found is None else (found, ("承前名词",))


_BASE = re.compile(r"\d[余多]?[万]?[个所名人项间套台处条支门座](?P<noun>[一-鿿]{2,8}?)(?:的?基础上)?$")


def _alone(_q: Quantity, name: str, memory: Memory) -> Name | None:
    """A name that no number before it can complete."""
    if memory.last is not None:
        return None
    if is_verb_only(name) and memory.texts and (m := _BASE.search(memory.texts[-1])):
        # 在现有15个共同体的基础上，再组建6个
        return name.removesuffix("数") + m["noun"] + "数", ("承前名词",)
    if indicators.BARE.match(name) or is_verb_only(name) or re.fullmatch(r"第[一二三四五\d]+批数", name):
        return memory.topic + name, ("承前主语",)
    return None


def _verb_and_topic(_q: Quantity, name: str, memory: Memory) -> Name | None:
    """课桌椅更新有序推进，全年更新2万套: a verb of two characters without its thing."""
    m = _SHORT.fullmatch(name) if len(name) <= 4 else None
    if m is None or is_verb_only(name) or _NOUN_TAIL.search(m["verb"]):
        return None
    if not memory.topic or memory.topic.endswith(m["verb"]):
        return None
    return m["verb"] + memory.topic + m["suffix"], ("承前主语",)


_PRIZE_IN = re.compile("[特一二三优金银铜][等秀]?[奖牌]数?$")
_PRIZE = re.compile("[特一二三优金银铜][等秀]?[奖牌]数")


def _prize(_q: Quantity, name: str, memory: Memory) -> Name | None:
    """获省级一等奖6个、二等奖10个: the second prize of the same contest."""
    last = memory.last
    if last is None or not _PRIZE.fullmatch(name) or (prize := _PRIZE_IN.search(last.indicator)) is None:
        return None
    return last.indicator[: prize.start()] + name, ("承前名词",)


def _beside(q: Quantity, name: str, memory: Memory) -> Name | None:
    """A name that leaves out what the count before it says."""
    last = memory.last
    if last is None:
        return None
    if (found := _shared_head(name, last)) is not None:
        return found, ("承前名词",)
    if len(name) <= 9 and (level := pattern(_OF_LEVEL).fullmatch(name)) and re.search(_LEVEL, last.indicator):
        # 国家级奖2项、省级10项
        return re.sub(_LEVEL, level["level"], last.indicator, count=1), ("承前名词",)
    if indicators.BARE.match(name):
        return memory.topic + name, ("承前主语",)
    if "批" in name and re.fullmatch(r"第[一二三四五\d]+批数", name):
        return re.sub(r"^第.批", name[:3], last.indicator), ("承前名词",)
    if not is_verb_only(name):
        return None
    if memory.texts and memory.texts[-1] != last.clause.text and (thing := memory.object):
        return name.removesuffix("数") + thing + "数", ("承前主语",)
    if last.unit == q.unit:
        noun = pattern("^(?:{short_verb}|{add_verb}|规划|计划|、)+").sub("", last.indicator)
        if len(noun) >= 3:
            return name.removesuffix("数") + noun, ("承前主语",)
    return None


def _each(name: str, memory: Memory) -> str | None:
    """引进教师12名，给予每人20万元安家费 · 组织3期研修，每期50人: what each of the things counted before gets."""
    if "每" not in name:
        return None
    m = re.match(r"(?:给予|发放|补助|奖励|按)?每(?P<unit>[人名所校园期班场个生户])(?P<rest>.*)$", name)
    if m is None:
        return None
    units = {"人": "名人", "校": "所校", "园": "所园", "生": "名人生"}.get(m["unit"], m["unit"])
    whole = next((r for unit, r in reversed(memory.counted.items()) if unit in units), None)
    if whole is None:
        return None
    noun = indicators.trim(re.sub(r"(?:数|期数)$", "", whole.indicator))
    if m["rest"] in ("数", "人次", "场次"):
        return "每" + m["unit"] + pattern("^(?:{short_verb})+").sub("", noun) + "人数"
    return noun + m["rest"] + ("标准" if re.search("(?:补助|补贴|津贴|经费|金|费|奖励)$", m["rest"]) else "")


def _lent(q: Quantity, name: str, memory: Memory) -> Name | None:
    """第一批5所 · 小学650元 · 2021年建成40所: a name whose noun stands in a clause before, None where it has its
    own."""
    last = memory.last
    if "第" in name and (batch := re.fullmatch(r".{0,4}?(第[一二三四五六\d]+[批期])数", name)):
        noun = siblings.object_of(memory.texts[-1][:60]) if memory.texts else ""
        if noun:
            return batch[1] + noun, ("承前名词",)
    if q.shape == "money" and re.fullmatch(rf"(?:{_PAYEE}|[区省市县州国境][内外])?(?:每[人生年月校所]+)?资金", name):
        head = name.removesuffix("资金")
        if last is not None and last.quantity.shape == "money" and re.fullmatch("每.{1,3}|", head):
            return head + last.indicator, ("承前主语",)
        if grant := memory.grant:
            fixed = q.value < 50_000 and re.search("(?:补助|补贴|津贴|奖励|奖补|助学金)$", grant)
            return head.replace("每生", "").replace("每年", "") + grant + "标准" * bool(fixed), ("承前主语",)
    whole = memory.units.get(q.unit)
    if whole is not None and whole is not last and is_verb_only(name) and q.shape == "count":
        noun = pattern("^(?:{short_verb}|{add_verb}|规划|计划|、)+").sub("", whole.indicator)
        if len(noun) >= 3:
            return name.removesuffix("数") + noun, ("承前主语",)
    return None


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


@lru_cache(maxsize=1024)
def is_verb_only(name: str) -> bool:
    """Whether a name is a verb without its noun: 新建数."""
    return (
        pattern(
            "^(?:{short_verb}|{add_verb}|规划|计划|拟|竣工|完工|动工|续建|保留|撤销|取缔|压减|整改|分别|分别补充|各|先行|关停|关闭|合并|"
            "整合|回收|交付|推进|汰换|采购|配置|投放|开建|补|清零|启用|组建|设置|审计|基本|再|其余|另|、)*数?$"
        ).match(name)
        is not None
    )
