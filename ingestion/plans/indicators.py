"""The indicator a quantity measures, in the words of its clause: what stands left and right of it, shortened.

Belongs here: noun phrases. Does not: values, dates, what siblings lend (promises.py), links to indicator cards
(linking.py).
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingestion.plans.quantities import Quantity
from ingestion.plans.rules import pattern

_EDGE = " \t、，,；;：:。的地之和与及或并且以将把"
_EDGE_CLASS = "[" + re.escape(_EDGE) + "]"
# words that end the noun after a number and begin its predicate: 20名教师|赴外地研修
_PREDICATE = (
    r"到(?!位)|赴|前往|向|在(?!园|校|编|岗|职|读|册)|进入|通过|达到|达标|实行|实施|"
    r"开展|参加|改善|提升|提高|建立|完成|创建|接受|享受|获得|取得|纳入|成为|建成|推进|"
    r"进行|安装|"
    r"免费|覆盖|补短板|实现|参与|申报|使用|启动|设立|列入|得到|创成|评为|入选|分别|"
    r"均(?!衡)|全部|投用|开工|竣工|交付|给予|配备|支教|对(?!口|外|象|接)|与(?!会)|"
    r"组织|发放|提供|解决|落实|开设|开放|举办|足额|用于|由(?!于)|予以|不得"
)
RATE_END = re.compile(
    r"(率|比例|占比|比重|面|度|水平|份额|值|之比|比|幅|增速|系数|指数|标准|总数|总量|"
    r"数量|人数|数|量|额|人次|规模|时间|时长|年限|投入|投资|经费|面积|成绩|得分|周期|"
    r"周长|里程|容量|频次|次数|权重)$"
)
# 合格率 alone says nothing: what of? · the subject stands in the clause before
BARE = re.compile(
    r"^(?:其|总|平均|综合|总体)?(?:(?:完成|计划|年度|年内|年度计划|总)*(?:投资|投入|"
    r"投资额|资金)|签订率|开工率|竣工率|完工率|资助率|每[人生每天年月学]+(?:资金|补助|"
    r"费用)|(?:发放|拿出|给予)(?:资金|补助)(?:标准)?|完成时间|覆盖率|覆盖面|占比|比例|"
    r"比重|达标率|合格率|优良率|"
    r"不?及格率|不合格率|(?:[省市区县镇校村]|乡镇)级覆盖[面率]|良好率|优秀率|普及率|入学率|入园率|巩固率|毛入学率|毛入园率|满意度|满意率|"
    r"完成率|参与率|参与度|总量|总数|人数|数量|面积|保费|标准|增幅|规模|"
    r"就业率|升学率|知晓率|持证率|开课率|开出率|服务数|服务数量|服务人次|签约率|"
    r"办结率|回复率|整改率|到位率|使用率|安装率|配备率|培训率|建成率|录取率|上线率|"
    r"缺口|权重|平均时间|时间|时长)(?:降幅|增幅)?$"
)
_LIST_HEAD = re.compile(
    r"^(?P<list>.{1,80}?[、和与及“”].{0,60}?|[^、]{2,20}?)等(?:一批|各类|多种|多个|"
    r"系列|\d+大?类)?(?=[^级次待于高额候同，。]{2,}|高[层水素端技精])"
)
_TAIL_WORDS = re.compile(r"(以上|以内|左右|任务|工作|的目标|目标|目标任务|要求|建设任务|项目建设|等)$")


_BRACKETED = re.compile(r"[（(][^（()）]{0,60}[)）]")
# 惠及 and 涉及 keep their 及
# 实训基地 and 场地 keep their 地
_WEAK_END = re.compile(
    r"(?:(?<![惠涉普遍顾])及|(?<![基场营阵产土绿用耕工宅湿草林属])地|[ \t、，,；;：:。的之和与或并且以将把])+$"
)


@lru_cache(maxsize=4096)
def trim(text: str) -> str:
    """Take off blanks, long brackets, separators and weak words at both ends."""
    if "（" in text or "(" in text:
        text = _BRACKETED.sub(lambda m: m[0] if len(m[0]) <= 6 else "", text)
    text = "".join(text.split()).lstrip(_EDGE)
    return _WEAK_END.sub("", text) if text[-1:] in _EDGE else text


_LEAD = (
    r"^(?:(?:20)?\d\d年?(?:[、和及](?:20)?\d\d年?)+年?(?:各|分别)?|(?:[^，。]{2,10}?的)?(?:主要|总体|预期|奋斗)?目标(?:任务)?是[:：]?|"
    r"(?:[省市区县州旗镇乡]|各级)?(?:本级)?(?:财政|[省市区县州旗]里)(?:[一二三四五两]年)?(?:共|每年)?(?=统筹|安排|投入|拿出|落实|拨付|设立|列支|筹措)|"
    r"(?:[^，。]{0,6}(?:教育局|教体局|教育厅|教委|市局|县局|区局|局里|县里|市里|区里|州里))?将?于[^，。]{2,16}?(?=开展|组织|举办|召开)|"
    r"(?:20\d\d年)?起(?=[^，]{4,})|(?:[一二三四五两]年(?:内|来|间)?)(?=[^，]{3,})|另(?![一外])|可(?=提供|新增|增加)|先行?(?=[补安])|首批|首次|已?(?:下|定)了?决心|"
    r"{modal}(?!性|率|化|度)|(?!各[类级种项]){region_lead}|使(?!用|命)|均(?!衡|等|田)|要(?!素|点|"
    r"求)|共(?!同|享|青|建|育|有)|再(?!生|就业)|到?(?:20)?\d\d年(?:年?底|末)?前?|"
    r"“?十[三四五六]五”?(?:规划)?(?:期间|时期|末|期末)?|[上下]半年|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份|\d{1,2}[日号])?(?:上旬|中旬|下旬|初|底|末|中)?(?:之|以)?前?|(?:春季|秋季)学期(?:末|初|开学)?前?|"
    r"第?[一二三四]季度|(?:比|较)(?:上年|去年|上年度|(?:20)?\d\d年)(?:底|末)?|每年|"
    r"年均|力争到|到|在(?=全)|对(?=全)|[一二三四五六七八九十]+(?:是|要)|\d{1,2}[、"
    r"．](?!\d)|\d{1,2}\.(?!\d)|[一二三四五六七八九十]+、|"
    r"[（(][一二三四五六七八九十\d]+[）)]|[①-⑳]|[•·●■◆★▪▲△◎□☆➢✓-]+|在[^，。]{2,8}?(?:内|前)(?=.{3,})|[^，。]{0,4}(?:开学|春节|国庆|供暖|元旦|寒假|暑假)前(?=.{3,}))"
)


@lru_cache(maxsize=4096)
def strip_lead(text: str) -> str:
    """Take off leading words without content: 全区力争普惠性… → 普惠性…, 到2025年 likewise; 均衡, 使用率 stay
    whole."""
    while True:
        text = text.lstrip(_EDGE)
        m = pattern(_LEAD).match(text)
        if not m or m.end() == 0:
            return text
        if m.end() == len(text):
            # neither a date nor 使, 支持 is a subject: 2025年|达到75%
            return "" if re.search(r"[年月]", text) or pattern("^(?:{modal}|使|让)$").match(text) else text
        rest = text[m.end() :]
        # 开展率, 完成度: the verb belongs to the noun
        if len(rest) <= 2 and RATE_END.search(rest):
            return text
        text = rest


# 通过省级评估的县（区）: the tail alone says nothing
_COMMON_TAIL = re.compile(
    r"(?:县|市|区|乡|镇|街道|学校|教师|学生|幼儿|单位|人员|项目)(?:[（(、和]?(?:县|市|区|乡|镇|街道|学校|幼儿园|教师|学生)[）)]?)*"
)


@lru_cache(maxsize=4096)
def shorten(text: str, limit: int = 16) -> str:
    """A long phrase down to its core: no enumeration before 等, no far modifiers before 的."""
    if m := _LIST_HEAD.search(text):
        listed = m["list"]
        generic = re.fullmatch(
            "活动|工作|项目|工程|设施|服务|培训|岗位|课程|任务|内容|方面|平台|基地|场所", text[m.end() :]
        )
        if generic and len(listed) <= 14:
            return text
        if len(text) - m.end() >= 2 and (len(text) > limit or "、" in listed or "和" in listed):
            verb = pattern("^(?:{short_verb})").match(text)
            text = (verb[0] if verb else "") + text[m.end() :]
    if len(text) > limit and "的" in text[:-2]:
        tail = text.rsplit("的", 1)[1]
        if len(tail) >= 4 and not (_COMMON_TAIL.fullmatch(tail) and len(text) <= 34):
            text = tail
    return text


@lru_cache(maxsize=4096)
def subject_of(left: str) -> str:
    """The subject that a comparison measures: 推进幼儿园普惠率 → 幼儿园普惠率."""
    text = trim(strip_lead(trim(left)))
    m = pattern("^.{2,16}?(?:实现|使得?|确保|力争|推动|促进)(?=.{4,})").match(text)
    # 所有学校实现学生锻炼时间…: what is made true is the indicator, if it is one
    if m and RATE_END.search(text):
        text = strip_lead(text[m.end() :])
    return shorten(trim(text), 24)


@lru_cache(maxsize=4096)
def split_right(right: str) -> tuple[str, str]:
    """The noun right after a number and the predicate that follows: 教师|到乡村支教."""
    right = right.strip()
    m = re.search(_PREDICATE, right[2:])
    if not m:
        return right, ""
    noun, rest = right[: m.start() + 2], right[m.start() + 2 :]
    # 隐患要在6月底前整改到位
    noun = re.sub("(?<=.{2})(?:必须|要|应|须|需|将|都)$", "", noun)
    # 提升改造工程 is work on the noun, kept short; 建设的学校 is a noun
    return (right, "") if re.match(r"[^，、对到向与]{1,6}的", rest) and len(rest) <= 10 else (noun, rest)


def _predicate(rest: str) -> str:
    """The predicate's core: before the first 、, without its enumeration, at most twelve characters from its end."""
    text = re.sub(r"为期[^的，]{1,6}的?", "", re.split(r"并|，|；", rest)[0])
    text = shorten(trim(text), 12)
    text = _TAIL_WORDS.sub("", text)
    if len(text) > 12 and "、" in text:
        text = text.split("、")[0]
    if len(text) > 12:
        # a name in quotes is left out whole rather than cut
        text = re.sub(r"“[^”]*”", "", text)
    text = text if len(text) <= 12 else text[-12:]
    return text if text.count("“") == text.count("”") else re.sub("[“”]", "", text.rpartition("”")[2] or text)


# 上线率稳中有升 · 比上年: how a rate moves is no part of its name
DRIFT = (
    r"(?:基本实现|实现|稳中有升|稳步(?:提升|提高|增长|上升)|持续(?:提升|提高)|明显提高|不断提高|进一步提高|、|较上年|"
    r"比上年|[较比](?:20\d\d年|上年|去年)(?:度|底|末)?|分年度|逐年|在[^，]{1,16}基础上)+$"
)


def rate_indicator(left: str, right: str, q: Quantity, operator: str) -> str:
    """Indicator of a percentage, a ratio or a universal wording."""
    return _rate_name(left, right, q.unit_text if q.shape == "universal" else None, operator)


@lru_cache(maxsize=4096)
def _rate_name(left: str, right: str, universal: str | None, operator: str) -> str:
    """As `rate_indicator`; `universal` is the wording of a universal quantity, None for others."""
    subject = re.sub(DRIFT, "", subject_of(left)) or subject_of(left)
    right = _TAIL_WORDS.sub("", trim(right))
    if universal is not None:
        core = trim(re.sub(r"(?:基本)?(?:实现|达到|做到|完成)|推进|的$", "", subject))
        tail = {"全覆盖": "覆盖率", "全面覆盖": "覆盖率"}.get(universal, "率" if len(right) < 2 else "")
        return core + (tail or right + "率")
    if operator == "decrease":
        return subject + "降幅"
    if operator == "increase":
        return subject + "增幅"
    if right and not RATE_END.search(subject):
        noun = trim(right)
        if subject and len(noun) <= 6:
            return subject + noun + "率"
        return (subject + shorten(noun, 26))[:36] + "比例"
    return (
        subject
        if RATE_END.search(subject) or not subject or re.search("[高低]于[^，]{2,12}$", subject)
        else re.sub("(达标|合格|覆盖|持证|配备|参保)?$", r"\1率", subject, count=1)
        if not re.search("(?:学校|幼儿园|教师|学生|家庭|班级|儿童|单位|企业|乡镇|村)$", subject)
        else subject + "比例"
    )


_SUFFIX = {
    "人次": "人次",
    "场次": "场次",
    "场": "场次",
    "期": "期数",
    "公里": "里程",
    "户次": "户次",
    "学时": "学时",
    "课时": "课时",
    "分": "得分",
    "次": "次数",
}
_SOFT_HEAD = re.compile(
    r"^(?:支持|引导|推动|组织|帮助|带动|鼓励|确保|为|给|向|对|让|使|重点|培育.*|强化|"
    r"开展|促进|动员|保障|指导|力争|力促|实施|落实|推进|完成|持续)$"
)
_ACTOR = (
    r"^(?P<actor>[^“《]{2,20}?)(?P<verb>完成|组织开展|开展|组织|举办|提供|新增|增加|"
    r"建成|建设|新建|创建|培养|培训|发放|招聘|引进|配备|实施)(?P<object>[^率].*)$"
)


# 按照分类实施原则做好 · 通过“订单班”发放: the manner before the verb
_MEANS = (
    r"^(?:根据|按照|依托|利用|通过|围绕|结合|针对|依据|借助|采取|采用|以)[^，"
    r"]{2,30}?(?:原则|方式|形式|途径|要求|标准|办法|”|资源|资金|契机|政策|平台|渠道|"
    r"模式)(?=.{2,})"
)


_GOVERNS = "^(?:{modal}|{short_verb}|{add_verb}|解决|更新|保障|淘汰|完善|采购)+(?=.{2})"


@lru_cache(maxsize=4096)
def count_head(left: str) -> str:
    """The verb and noun left of a counted thing, without actor, manner and lead words."""
    if left.rstrip()[-1:] in tuple("、和与") and (verb := pattern(_GOVERNS).match(left)):
        # 解决“大通铺”和300名教师住房难 · 推进智慧安防、13个消防站: the first of the list is another matter
        left = verb[0]
    left = re.sub(_MEANS, "", re.sub(r"^(?:\d{1,2}[.、．]|[（(]?[一二三四五六七八九十\d]+[）)、])", "", trim(left)))
    # 对民办园按在园幼儿数给予奖补: what a sum is reckoned by
    if "按" in left:
        left = re.sub(
            r"按(?:照)?[^，按]{2,10}(?:数|人数|人次|规模|标准|比例)(?=给予|发放|补助|拨付|奖|安排|核定|核拨)", "", left
        )
    # 面向职工、农民和军人开展培训: a long list of those served says less than the act
    left = re.sub(r"^(?:面向|针对)[^，]{2,}[、和与及][^，]{2,}?(?=开展|举办|组织|提供|实施)", "", left)
    if left.endswith("基础上"):
        left = re.sub(r"在[^，]{1,16}基础上$", "", left)
    left = re.sub(r"^(?:利用|整合|盘活)[^，]{2,14}?(?=改建|新建|建设|改造|扩建|增设|开办|举办|改扩建)", "", left)
    head = trim(strip_lead(trim(left)))
    if len(head) <= 2 < len(trim(left)) <= 8 and RATE_END.search(head):
        # 年度计划投资: what is left over says too little
        head = trim(left)
    if head.startswith("在") and (m := pattern("{short_verb}|{add_verb}").search(head)):
        head = head[m.start() :]
    if (
        (m := re.match(_ACTOR, head))
        and len(m["object"]) >= 3
        and not pattern("^(?:[为给向对]|{short_verb})").match(head)
    ):
        # 每所学校每学年组织演练4次: each of whom belongs to what is counted
        of_each = m["actor"] if m["actor"][0] == "每" and len(m["actor"]) <= 9 else ""
        head = head if RATE_END.search(m["actor"]) else of_each + (m["object"] if of_each else m["verb"] + m["object"])
    return trim(head)


# 恰克乡、英里镇双语幼儿园: where is no part of what
_PLACES = re.compile(
    r"^(?P<verb>[^、]{0,4}?(?:建|造|设|修|扩|成|用|完成))(?:[^、，“]{1,6}(?:乡|镇|村|街道|社区|县|区|市)[、和与])+[^、，“]{1,6}?(?:乡|镇|村|街道|社区|县|区|市)(?P<noun>[^、，]{2,})$"
)
_NAMED = re.compile(r"^(?P<verb>[^、“《]{0,8}?)(?P<list>[^、]{3,20}(?:[、和与及][^、]{3,20})+?)(?:等)?(?:一批)?$")
_SCHOOL = re.compile(
    r"(?:学校|小学|中学|幼儿园|高中|校区|分校|分园|附小|附中|学院|职专|[一二三四五六七八九十\d](?:小|中|高|幼|职))$"
)
_COMMON = re.compile(
    r"(?:公办|民办|普惠性?|优质|示范|农村|乡镇|城区|城镇|中心|标准化|义务教育|普通|中小|小|中|初中|高中|幼儿园|学校|学|寄宿制|九年一贯制|特殊教育|职业|"
    r"中职|高职|完全|新建|改建|扩建|改扩建|薄弱|教学点|院校|高等|技工|县级|市级|省级|特色|试点|实验|一批|园|类|各)+"
)


def without_names(head: str, unit: str) -> str:
    """A list of named projects down to their kind: 投用云岭中学、锦绣路小学 → 投用学校; others unchanged."""
    if placed := _PLACES.match(head):
        return placed["verb"] + placed["noun"]
    m = _NAMED.match(head.removesuffix("等"))
    if m is None or unit not in ("所", "个", "项", "处"):
        return head
    names = re.split(r"[、和与及]", m["list"])
    verb = pattern("^(?:{short_verb}|竣工|交付|开工|动工|完工|续建|启用|投入使用|推进|实施|、|和|及)+").match(head)
    if verb is not None and verb.end() > m.start("list"):
        names[0] = head[verb.end() :].split("、", maxsplit=1)[0]
    if not all(_SCHOOL.search(name) for name in names) or any(_COMMON.fullmatch(name) for name in names):
        return head
    return (verb[0] if verb else m["verb"]) + ("学校" if unit == "所" else "项目")


def count_indicator(left: str, right: str, q: Quantity) -> str:
    """Indicator of a count, of money or of time."""
    return _count_name(left, right, q.unit, q.shape)


@lru_cache(maxsize=4096)
def _count_name(left: str, right: str, unit: str, shape: str) -> str:
    head, (noun, rest) = count_head(left), _counted(left, right, unit, shape)
    kept = without_names(head, unit)
    if kept != head:
        head = kept.removesuffix("学校").removesuffix("项目") if noun else kept
    suffix = "" if shape in ("money", "time") else _SUFFIX.get(unit, "数")
    noun = shorten(_TAIL_WORDS.sub("", trim(noun)), 10)
    if shape == "money":
        return _money(head, noun, rest)
    if m := re.match(r"^(为|给|向|对|让|使)(.*)$", head):
        head = m[2]
        if not noun:
            noun, rest = _served(head)
            return _predicate(rest) + noun + suffix
        head = ""
    if (placed := _in_places(head, rest)) is not None:
        return placed + noun + suffix
    # 6所龙头校与21所成员校全部挂牌: what the next number does is its own
    predicate = _predicate(rest) if noun and not re.search(r"\d", rest) else ""
    if predicate and (_SOFT_HEAD.match(head) or "、" in head or len(head) > 8):
        head = ""
    if not noun and RATE_END.search(head):
        suffix = ""
    if noun and RATE_END.search(head) and len(noun) > 4:
        noun = ""
    if head.endswith("等"):
        # 城西镇等7个镇通过验收: the names before 等 say which, the predicate says what
        name = predicate + noun if predicate else shorten(head + noun)
    else:
        name = shorten(head) + predicate + noun
    return name if name.endswith(suffix) or (RATE_END.search(noun or "") and len(noun) > 2) else name + suffix


_MEETING = re.compile(r"[^，、]{0,8}?(?:会议|例会|联席会|座谈会|调度会|推进会|现场会|家长会)")


def _counted(left: str, right: str, unit: str, shape: str) -> tuple[str, str]:
    """The noun that is counted, and its predicate."""
    noun, rest = split_right(right)
    if unit in ("次", "场") and re.match("(?:研究|部署|解决|分析|协调|推进|讨论|总结)(?!会)", noun):
        # 召开会议1次研究解决问题
        return "", ""
    if unit in ("次", "场") and (m := _MEETING.match(noun)):
        # 召开一次会议研究解决重大问题: what a meeting is for is no part of its name
        return m[0], ""
    if "、" in noun and left.rstrip().endswith("、"):
        # 13个消防站、用电设施建设: the list ends in what is done with all of it
        done = re.search("(?:建设|改造|采购|配备|更新|安装|创建)$", noun)
        return noun.split("、")[0] + (done[0] if done else ""), rest
    if shape == "time" and re.match("全面|得到|落实|到位|足额", noun):
        # 课间15分钟全面落实到位
        return "", ""
    return noun, rest


def _in_places(head: str, rest: str) -> str | None:
    """在甲乡、乙乡等6个乡建设宿舍180套: what is done there, None where the head lists no places."""
    if not head.startswith("在") or not re.search(r"等$|[、和与]", head):
        return None
    return _predicate(re.sub(r"\d.*$", "", rest))


def _served(text: str) -> tuple[str, str]:
    """低收入家庭患者实施免费手术 → (低收入家庭患者, 免费手术)."""
    m = re.search(r"(免费)?(实施|开展|提供|发放|进行|安装|配备)", text)
    if not m:
        return shorten(text, 8), ""
    return shorten(text[: m.start()], 8), (m[1] or "") + text[m.end() :]


def _money(head: str, noun: str, rest: str) -> str:
    paid = re.sub(r"(?:标准)?按(?:照)?(?:每[生人年月天学期名]+)*(?:的)?$", "", head)
    if re.match(r"的?标准", noun) and len(paid) >= 4 and paid != head:
        # 营养改善计划按每生每天4元标准执行
        return shorten(paid, 14) + "标准"
    if re.match(r"的?标准", noun):
        noun = subject_of(noun[noun.index("标准") + 2 :] + rest)
        return noun + "标准" if not noun.endswith("标准") else noun
    if m := re.search(r"(?:标准|定额|限额|额度)(?=(?:为|达到?|按)?(?:每[生人年月天名户校园班期学]+)+$)", head):
        # 资助标准为每生每年1000元
        return shorten(head[: m.end()], 14)
    if m := re.search(r"(?:补助|补贴|津贴|奖励|费)(?=每[生人年月天名学期]+$)", head):
        # 班主任津贴每月500元
        return shorten(head[: m.end()], 14) + "标准"
    # 助学金按每生每年2000元发放
    head, fixed = (
        (head[: m.start()], True)
        if (m := re.search(r"(?:标准)?按(?:照)?(?:每[生人年月天学期]+)?(?:的)?(?:标准)?$", head))
        else (head, False)
    )
    name = shorten(head, 14) + noun
    if (fixed or re.match("每[生人名校所班户园]", name)) and re.search("(?:补助|补贴|津贴|经费|金|费)$", name):
        return name + "标准"
    return (
        name
        if re.search(
            r"(资金|投入|投资|经费|标准|补助|补贴|金|费|额|值|价|产值|收入|工资|报酬|贷款|债券|支出|预算|债务|保费)$",
            name,
        )
        else name + "资金" * (not RATE_END.search(name))
    )
