"""Milestones: the stage promised for projects that a clause names, with the work and the stated count.

Belongs here: 建成甲小学、乙幼儿园等5所 → stage, project names. Does not: the count itself (a commitment of its own).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from ingestion.plans.clauses import Clause, depth_map
from ingestion.plans.numerals import number_value

_WORK = "新改扩建|改扩建|迁扩建|新建|扩建|迁建|改建|重建|异地新建|装修|提升改造|改造提升|改造|提升|修缮"
_STARTS = "奠基开工|开工建设|新开工建设|新开工|开工|动建|动工兴建|动工建设|动工|破土动工|启动建设|启动"
_ENDS = "建成并投入使用|建成投入使用|建成投用|建成启用|建成并投用|投入使用|交付使用|竣工投用|投用|启用|建成|竣工|完工"
# a name ends like a place that is built: 城西小学 滨江校区 实训大楼 二期
# some word for a place that is built, before any costly rule is tried
_PLACE = re.compile(
    r"[学园校院楼馆期区心寓地舍部堂场目程宫]|[初高职]中|"
    r"[一二三四五六七八九十][中小幼高]|[实附][小中幼]"
)
_HINT = re.compile(
    "开工|动工|动建|启动|建成|竣工|完工|投用|投入使用|启用|交付|主体|封顶|前期|完成|"
    "扩建|改建|改造|装修|迁建|提升|修缮|开园|立项|招生|维修|新建|奠基|开建|迎新|"
    "封闭|竣工|可研|可行性|选址|设计|招标|招投标|预审|报批|勘察|开学|进场"
)
# what is done before the first stone: 可研批复 · 初步设计 · 选址
_BEFORE = (
    r"(?:前期(?:手续|准备)?(?:工作)?|立项|可研|可行性研究|可行性论证|选址|初步设计|初设|规划设计|"
    r"(?:规划)?方案设计|施工图设计|施工图|用地预审|用地报批|土地报批|征地|土地征收|拆迁|勘察|勘测|"
    r"招投标|招标|项目报批|报批)(?:报告)?(?:编制|批复|审批|审查|手续|工作|论证|设计|拆迁|任务)*"
)
# between a name and what becomes of it: when, how surely, how fully
_WHEN = (
    r"(?:项目|工程|建设|续建|新建|要|必须|应|须|将|于|在|力争|争取|确保|实现|到|计划|预计|"
    r"(?:20\d\d年|今年|明年|当年)?(?:1[0-2]|[1-9]|[一二三四五六七八九十]{1,2})月(?:\d{1,2}日)?(?:份|上旬|中旬|下旬|底|末|初)?之?前?后?|"
    r"20\d\d年(?:底|末)?前?|年底前?|年内|今年|[上下]半年|[春秋]季(?:学期)?(?:开学)?前?|"
    r"第?[一二三四1-4]季度末?前?|开学前|如期|按期|按时|顺利|全部|全面|正式|基本|陆续|同步|并|已|竣工|建成|,|，| )*"
)
_OPEN = (
    "投入使用|投用|启用|交付使用|开园|招生|开门迎新|迎新|开门纳新|投入运行|投入运营|开门办学|招生办学|开学招生|启动招生"
)
_BEGIN = (
    "奠基开工|开工奠基|破土动工|破土开工|复工开建|开工建设|"
    "动工建设|动工兴建|启动建设|进场施工|开工|动工|动建|奠基|开建|复工"
)
_TOPPED = "(?:主体(?:工程|结构|建筑)?|结构)(?:建设|施工)?(?:全面)?(?:完工|封顶|封闭|竣工|完成)|封顶"
_DONE = "建成|竣工验收|竣工|完工|完成建设|完成竣工验收|完成交付|交付"
_NAME_END = (
    r"(小学|中学|学校|幼儿园|幼稚园|学院|大学|校区|分校|校|中心|基地|园区|书院|图书馆|"
    r"体育馆|运动场|教学楼|综合楼|宿舍楼|实训楼|大楼|楼|馆|公寓|新区|教育园|学园|"
    r"[一二三四五六七八九十\d]期|[一二三四五六七八九十]+[中小幼高]|实小|实幼|附小|"
    r"附中|高中|初中|职高|职教中心|党校|特校|少年宫|活动中心|部|园|院|宫|食堂|校舍|工程|项目|中|小|幼)"
    r"(?:[（(][^（()）]*(?:区|部|期|校|园|址)[)）])?"
)
_GENERIC = re.compile(
    r"新改扩建|全市|全区|全县|全省|省级|市级|区级|县级|国家级|城区|城乡|农村|乡村|"
    r"乡镇|镇级|城镇|中心|公办|民办|普惠性?|优质|标准化|规范化|寄宿制|义务教育|普通|"
    r"高中|职业|特殊|教育|学前|小学|中学|初中|学校|幼儿园|中小学|高校|院校|"
    r"综合|实践|基地|示范|特色|智慧|数字|校园|平台|体系|机制|项目|工程|设施|场馆|体育|"
    r"运动|活动|教学|教师|学生|实验|实训|培训|创新|发展|资源|服务|信息化|网络|共享|"
    r"配套|小区|移交|重点|重大|一批|部分|相关|各类|其他|以上|二级|一级|等级|薄弱|"
    r"建设|改造|提升|周转|宿舍|公寓|食堂|校舍|厕所|图书馆|体育馆|的|和|及|与|、|\d+|"
    r"[一二三四五六七八九十]+[个所座家]|青少年|儿童|劳动|研学|心理|健康|安全|专业|"
    r"产业|学院|现代|化|新|分中心|开放型|区域|产教融合实践中心|公共|联合|市域|中小学校|老年|大学|社区|家庭|家长|课程|实验室|教室|校区|集团|共同体|"
    r"联盟|园区|党建|党|思政"
)


Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Milestone:
    """[start, end) of the clause's promise, its stage, the work, the spans of the named projects in order, the
    count that the text states."""

    start: int
    end: int
    stage: str
    work_type: str | None
    projects: tuple[tuple[int, int], ...]
    stated_count: int | None


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Stage rules in order. `names` is the list of projects."""
    return tuple(
        (stage, re.compile(pattern))
        for stage, pattern in (
            # 新建幼儿园2所（城东幼儿园、城西幼儿园）
            (
                "括注",
                r"(?P<verb>建成投用|投用|投入使用|开工建设|开工|动工|新建|建成|改扩建|改建|迁建)"
                r"[^（()）]{2,24}(?:所|个|座|家)[（(](?P<names>[^（()）]{4,})[)）]$",
            ),
            # 做好城西小学项目前期工作 · 完成滨江中学可研批复
            (
                "前期",
                (
                    r"(?:启动|推进|完成|做好|开展|抓好|加快|谋划|推动|取得)(?:推进)?(?P<names>.{3,}?)(?:项目|"
                    rf"工程|建设|的)*{_BEFORE}"
                ),
            ),
            # 城西小学完成选址 · 城西小学年底前立项
            ("前期", rf"^(?P<names>.{{3,}}?){_WHEN}(?:完成{_BEFORE}|立项|获批立项|启动前期工作)"),
            # 城西小学、城东小学主体封顶 · 完成滨江中学主体工程
            ("主体完工", rf"^(?:完成|实现|确保|力争)?(?P<names>.{{3,}}?){_WHEN}(?:{_TOPPED})$"),
            (
                "主体完工",
                (
                    r"^(?:完成|实现|确保|力争)?(?P<names>.{3,}?)(?:项目|工程|建设)*(?:主体工程|"
                    r"主体结构|主体建设|主体|结构)(?:建设|施工)?(?:完工|封顶|竣工)?$"
                ),
            ),
            (
                "主体完工",
                r"^(?:完成|实现|确保|力争)?(?P<names>.{3,}?)(?:项目|工程|建设)*(?:主体|结构)?(?:封顶|主体完工)",
            ),
            # 投用城西小学 · 城西小学建成投用
            ("投用", r"^.{0,10}?(?:建成投用|投用|启用|交付使用|投入使用)(?P<names>.{2,})$"),
            ("投用", rf"^(?P<names>.{{3,}}?){_WHEN}(?:{_OPEN})$"),
            # 开工城西小学 · 城西小学开工建设
            ("开工", rf"^.{{0,10}}?(?:{_STARTS})(?P<names>.{{2,}})$"),
            ("开工", rf"^(?P<names>.{{3,}}?){_WHEN}(?:{_BEGIN})$"),
            # 建成城西小学 · 完成滨江中学建设 · 城西小学竣工
            ("建成", rf"^.{{0,10}}?(?:{_ENDS})(?P<names>.{{2,}})$"),
            # 完成城西幼儿园装修、城东小学扩建: each project its own work, told apart below
            (
                "工程",
                (
                    rf"^.{{0,8}}?完成(?P<names>.{{3,}}?(?:的)?(?:{_WORK}|建设)(?:工程|项目|任务|工作|"
                    rf"建设)*)(?:[（(].*)?$"
                ),
            ),
            ("工程", rf"^(?P<names>[^完实推加]{{3,}}?(?:{_WORK})(?:工程|项目|任务)+)$"),
            # 城西小学、城东小学等校区实施供暖改造工程
            ("改建", r"^(?P<names>.{3,}?(?:等[^、，]{0,8})?)实施.{0,14}(?:改造|提升|修缮)(?:工程|项目)?$"),
            # 改扩建城西小学、城东小学 · 新建滨江学校
            ("工程前", r"^.{0,6}?(?P<work>新改扩建|改扩建|扩建|迁建|改建|新建)(?P<names>.{3,})$"),
            ("建成", rf"^(?P<names>.{{3,}}?){_WHEN}(?:{_DONE})(?:验收)?$"),
        )
    )


# the words without which no rule of a stage can hold, tried before the costly rules
_GATES = {
    "前期": re.compile(_BEFORE),
    "主体完工": re.compile("主体|结构|封顶"),
    "投用": re.compile(_OPEN),
    "开工": re.compile(f"{_BEGIN}|启动"),
    "建成": re.compile(f"{_DONE}|{_ENDS}"),
    "工程": re.compile(f"{_WORK}|建设"),
    "括注": re.compile("[（(]"),
}
_REACHED = (("投用", "建成投用|投用|投入使用"), ("开工", "开工|动工"), ("建成", "建成"))


# 三中教学楼开工、一小综合楼封顶: each name its own stage
_NEXT = re.compile(
    rf"(?:{_OPEN}|{_BEGIN}|{_TOPPED}|竣工|完工)[、和并]"
    rf"(?=[^、]{{2,}}(?:{_OPEN}|{_BEGIN}|{_TOPPED}|{_DONE}))"
)
# 6月底前开工 · 力争年底前立项: a stage alone, of the project that stands before it
_ALONE = (
    ("前期", rf"^{_WHEN}(?:(?:完成|启动|做好|开展|取得|通过){_BEFORE}.*|立项|{_BEFORE})$"),
    ("主体完工", rf"^{_WHEN}(?:完成)?(?:{_TOPPED}|主体工程|主体结构|主体)$"),
    ("开工", rf"^{_WHEN}(?:{_BEGIN})$"),
    ("投用", rf"^{_WHEN}(?:{_OPEN})$"),
    ("建成", rf"^{_WHEN}(?:{_DONE})$"),
)


def find_milestones(plain: str, clause: Clause, subject: Spans = ()) -> list[Milestone]:
    """The milestones of one clause: one, or several where 完成 governs works of different kinds; of `subject`,
    the projects named before, where it names a stage alone; [] where it names no project."""
    body = clause.text
    if not _HINT.search(body):
        return []
    if subject and len(body) <= 40:
        for stage, rule in _ALONE:
            if re.match(rule, body):
                return [Milestone(clause.start, clause.end, stage, None, subject, None)]
    if not _PLACE.search(body):
        return []
    cuts = [clause.start, *(clause.start + m.end() for m in _NEXT.finditer(body)), clause.end]
    if len(cuts) > 2 and not any(depth_map(plain, clause.start, clause.end)):
        texts = [(first, plain[first:last].rstrip("、和并")) for first, last in pairwise(cuts)]
        pieces = [replace(clause, start=first, end=first + len(text), text=text) for first, text in texts]
        return [found for piece in pieces for found in _of_clause(plain, piece)]
    return _of_clause(plain, clause)


# what a name, or the work on it, ends in: tried before the costly rules
_LAST = frozenset("学校园院心地馆场楼寓区期中小幼部宫堂舍程目高）)建修升造设缮")


def named_projects(plain: str, clause: Clause) -> Spans:
    """The projects that a clause names and says nothing of: 城西小学迁建工程： as the head of its stages."""
    if not 3 <= len(clause.text) <= 48 or clause.text[-1] not in _LAST:
        return ()
    body = re.sub(r"^(?:\d{1,2}[.、．]|[（(]?[一二三四五六七八九十\d]+[)）、]|[①-⑳])\s*", "", clause.text)
    if not 3 <= len(body) <= 40 or re.search(r"\d+[%所个名]|[；。]", body) or not _PLACE.search(body):
        return ()
    if not re.search(rf"(?:{_NAME_END}|(?:{_WORK}|建设)(?:工程|项目)?)$", body):
        return ()
    return _projects(plain, clause.end - len(body), clause.end)[0]


def _of_clause(plain: str, clause: Clause) -> list[Milestone]:
    body = clause.text
    for stage, rule in _rules():
        if stage in _GATES and not _GATES[stage].search(body):
            continue
        m = rule.search(body)
        if not m or _is_other(stage, m["names"], body) or (stage == "工程" and clause.mark in "：:"):
            continue
        first, last = clause.start + m.start("names"), clause.start + m.end("names")
        if stage == "工程":
            found = _by_work(plain, clause, first, last)
        else:
            projects, count = _projects(plain, first, last)
            reached, word = _reached(stage, m, body)
            found = (
                [Milestone(clause.start, clause.end, reached, _work_type(word), projects, count)] if projects else []
            )
        if found:
            return found
    return []


def _reached(stage: str, m: re.Match[str], body: str) -> tuple[str, str | None]:
    """The stage a rule promises and the word for the work."""
    verb = m.groupdict().get("verb") or m.groupdict().get("work")
    if stage == "括注":
        stage = next((to for to, words in _REACHED if re.match(words, verb or "")), "工程前")
    if stage == "工程前":
        return _stage_of(verb), verb
    return stage, next(iter(re.findall(_WORK, body)), None)


def _is_other(stage: str, names: str, body: str) -> bool:
    """Wording that looks like a milestone and is none: 启动课程改革 · 提升教学质量 · 语言文字示范校创建提升."""
    if stage.startswith("工程"):
        return (
            re.search(r"创建|评估|评选|认定|申报|能力|质量|水平|素养|素质|品质|形象|效能|培训|制度|机制|方案", body)
            is not None
        )
    if stage != "开工":
        return False
    return re.match(
        r"(?:创建|编制|申报|评估|实施|开展|制定|修订|新一轮|认定|评选|筹备|培训|研究)", names
    ) is not None or (
        re.search(r"(?:前期|计划|机制|制度|工作|试点|行动|活动|改革|创建|评估|评选|编制|培训)$", body) is not None
    )


def _by_work(plain: str, clause: Clause, first: int, last: int) -> list[Milestone]:
    """完成甲校装修、乙校和丙校扩建 → 装修: 甲校, 改扩建: 乙校 丙校. A project without a work of its own shares
    the next one's."""
    groups: list[tuple[str, list[tuple[int, int]]]] = []
    waiting: list[tuple[int, int]] = []
    end = last
    count = None
    if (m := _COUNT.search(plain[first:last])) and m.start() > 2:
        value = number_value(m["n"])
        count, end = (int(value) if value is not None else None), first + m.start()
    pieces = _pieces(plain, first, end)
    tail = re.findall(f"{_WORK}|建设", plain[first:last])
    for i, (a, b) in enumerate(pieces):
        words = re.findall(f"{_WORK}|建设", plain[a:b])
        word = words[-1] if words else (tail[-1] if i == len(pieces) - 1 and tail else None)
        waiting.append((a, b))
        if word is not None:
            groups.append((word, waiting))
            waiting = []
    found: list[Milestone] = []
    for word, spans in groups:
        names = tuple(name for a, b in spans if (name := _name(plain, a, b)))
        if names:
            found.append(Milestone(clause.start, clause.end, _stage_of(word), _work_type(word), names, count))
    return found


def _stage_of(word: str | None) -> str:
    """The stage that a completed work reaches: 扩建 → 改扩建, 改造 → 改建, 迁建 and 新建 → 建成."""
    if word is None or re.search("迁建|重建|^新建|建设", word):
        return "建成"
    if "扩建" in word:
        return "改扩建"
    return "装修" if "装修" in word else "改建"


def _work_type(word: str | None) -> str | None:
    if word is None:
        return None
    for kind, forms in (
        ("改扩建", ("扩建",)),
        ("迁建", ("迁建", "异地")),
        ("装修", ("装修",)),
        ("新建", ("新建", "重建")),
    ):
        if any(form in word for form in forms):
            return kind
    return "改建"


# 实验小学 · 第三幼儿园 · 区一小: a name in its county though every word of it is common
_NUMBERED = re.compile(
    r"(?:省|市|区|县|镇|城关)?(?:第[一二三四五六七八九十]+|[一二三四五六七八九十]+|"
    r"实验|外国语|高级|师范|特殊教育)(?:小学|中学|初中|高中|幼儿园|学校|职高|小|中|"
    r"幼)(?!生)"
)
_COUNT = re.compile(r"(?:等[^、，]{0,8}?)?(?P<n>\d+|[一二三四五六七八九十]+)(?:所|个|座|家)(?:[^、，]{0,12})$")
_ETC = re.compile(r"等(?:一批)?[^、，]{0,14}$")


def _projects(plain: str, first: int, last: int) -> tuple[tuple[tuple[int, int], ...], int | None]:
    body = plain[first:last]
    count = None
    if (m := _COUNT.search(body)) and m.start() > 2:
        value = number_value(m["n"])
        count, last = (int(value) if value is not None else None), first + m.start()
        if "等" not in m[0] and count != len(_pieces(plain, first, last)):
            # 建成长者食堂30家: what is counted, not a name
            return (), count
    elif m := _ETC.search(body):
        last = first + m.start()
    return tuple(name for a, b in _pieces(plain, first, last) if (name := _name(plain, a, b))), count


def _pieces(plain: str, first: int, last: int) -> list[tuple[int, int]]:
    """A list of names at its 、 和 与, marks within names kept: 第一中学和第二中学."""
    depth = depth_map(plain, first, last)
    pieces: list[tuple[int, int]] = []
    at = first
    for i in range(first, last):
        if depth[i - first] == 0 and plain[i] in "、，,和及与":
            if plain[i] in "和及与" and not re.search(rf"(?:{_NAME_END}|{_WORK}|建设|工程|项目)$", plain[at:i]):
                continue
            pieces.append((at, i))
            at = i + 1
    return [*pieces, (at, last)]


_LEAD = re.compile(
    r"^(?:[ \t“]|\d{1,2}[.、．]|[（(][一二三四五六七八九十\d]+[）)]|"
    r"[一二三四五六七八九十]+是|争取|(?:到|至|在|"
    r"于)?(?:20\d\d年)?(?:\d{1,2}月(?:\d{1,2}日)?(?:上旬|中旬|下旬|底|末)?之?前?|"
    r"20\d\d年(?:底|末)?之?前?|[一二三四1-4]季度末?前?|年底前?|[上下]半年|"
    r"[春秋]季学期)|改扩建|新改扩建|完成|建成|开工|动建|投用|启动|推进|加快|加大|确保|"
    r"力争|实现|新建|"
    r"迁建|改建|扩建|实施|全面|积极|做好|位于|以及|等|抓好|继续|持续|稳步|扎实|建设|年内|年底前|今年|其中|同时|"
    r"[^、，的]{2,6}[区县市镇]的|[^、，]{2,14}配套(?:学校|幼儿园)(?=.{4,}))+"
)
_TRAIL = re.compile(
    rf"(?:的|(?:于|在)?(?:\d{{4}}年)?\d+月(?:\d+日)?份?(?:底|末|中旬|上旬)?前?|年底前?|"
    rf"年内|[春秋]季(?:学期)?|竣工|交付|建成|并|将|必须|正式|[（(](?![^（()）]*[区部期校园址][）)])[^（()）]*[)）]|(?:{_WORK})|建设|"
    rf"工程|项目|任务|工作|主体|前期|续建|等|\d+(?:号|#)(?:楼)?|[ \t])+$"
)


def _name(plain: str, start: int, end: int) -> tuple[int, int] | None:
    if m := _LEAD.match(plain[start:end]):
        start += m.end()
    if (m := _TRAIL.search(plain[start:end])) and m.start() > 1:
        end = start + m.start()
    name = plain[start:end].strip("“”")
    if (
        not 3 <= len(name) <= 40
        or not re.search(_NAME_END + "$", name)
        or re.search(
            (
                r"\d+[%所个名]|[。；：]|一批|若干|部分|以上|[多几每各]所|标准化|示范|薄弱|公办|"
                r"民办|普惠|[一二三级]级"
            ),
            name,
        )
    ):
        return None
    if len(_GENERIC.sub("", re.sub(r"[（()）]", "", name))) < 1 and not _NUMBERED.match(name):
        return None
    while start < end and plain[start] in "“” ":
        start += 1
    while end > start and plain[end - 1] in "“” ":
        end -= 1
    return start, end
