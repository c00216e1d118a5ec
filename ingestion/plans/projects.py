"""Names of projects in a list: where each begins and ends, which are names and which are common words.

Belongs here: 、和及与 and nested brackets, 等N所, what stands before and behind a name. Does not: the stage that is
promised of them (milestones.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingestion.plans.clauses import depth_map
from ingestion.plans.numerals import number_value
from ingestion.plans.stages import MARK, WORK

Spans = tuple[tuple[int, int], ...]

_CN = "一二三四五六七八九十"
# buildings that stand within a school: 食堂 alone is no name, 县二中食堂 is
_BUILDING = (
    r"教学楼群?|综合楼|教学综合楼|实验楼|实训楼|宿舍楼|宿舍|办公楼|行政楼|科技楼|艺术楼|学生公寓|公寓楼|公寓|周转房|"
    r"图书馆|体育馆|游泳馆|风雨操场|运动场馆?|操场|塑胶跑道|跑道|田径场|足球场|食堂|餐厅|礼堂|报告厅|围墙|校门|"
    r"连廊|校舍|厕所|浴室|大楼|楼群|楼|馆|房|厅|浴池|锅炉房|停车场|看台"
)
# a name ends like a place that is built: 城西小学 · 滨江校区 · 二期 · 区一小
NAME_END = (
    rf"((?:九年一贯制|十二年一贯制|完全|高级|特殊教育)?(?:小学|中学|学校)|幼儿园|幼稚园|幼托园|托育园|学院|大学|学堂|书院|"
    rf"中专|技校|高专|师专|电大|本部|(?:[新老东南西北总分主本])?(?:校区|院区|厂区|园区|馆区|片区)|(?:分|总)[校园院部馆]|学部|"
    rf"校|中心|基地|园|院|宫|(?<!全)部|(?<!工作)站|{_BUILDING}|[新]区|教育园|学园|教育城|大学城|职教城|科教城|体育公园|公园|广场|"
    rf"[{_CN}\d]期(?:工程)?|[{_CN}]+[中小幼高](?![学园心])|[实附外][小幼中](?![学园心])|[高初]中部?|[小初]学部|职高|职校|职中|党校|特校|少体校|"
    rf"少年宫|文化宫|医院|卫生院|福利院|敬老院|养老院|博物馆|档案馆|快速化改造|快速路|大道|大桥|[路桥厂](?=$|[^段线])|水厂|"
    rf"综合体|工程|项目|(?:中|小|幼)(?![学园心区班型微]))"
    r"(?:[（(][^（()）]*(?:区|部|期|校|园|址|中心|名|段|楼)[)）])?"
)
_ENDING = re.compile(rf"{NAME_END}$")
_ENDINGS = re.compile(NAME_END)
_GENERIC = re.compile(
    r"中小学生|新改扩建|全市|全区|全县|全省|省级|市级|区级|县级|国家级|城区|城乡|农村|乡村|"
    r"乡镇|镇级|城镇|中心|公办|民办|普惠性?|优质|标准化|规范化|寄宿制|义务教育|普通|"
    r"高中|职业|特殊|教育|学前|小学|中学|初中|学校|幼儿园|中小学|高校|院校|"
    r"综合|实践|基地|示范|特色|智慧|数字|校园|平台|体系|机制|项目|工程|设施|场馆|体育|"
    r"运动|活动|教学|教师|学生|实验|实训|培训|创新|发展|资源|服务|信息化|网络|共享|"
    r"配套|小区|移交|重点|重大|一批|部分|相关|各类|其他|以上|二级|一级|等级|薄弱|村级|"
    r"建设|改造|提升|周转|宿舍|公寓|食堂|校舍|厕所|图书馆|体育馆|的|和|及|与|、|\d+|"
    r"[一二三四五六七八九十]+[个所座家]|青少年|儿童|劳动|研学|心理|健康|安全|专业|"
    r"产业|学院|现代|化|新|分中心|开放型|区域|产教融合实践中心|公共|联合|市域|中小学校|老年|大学|社区|家庭|家长|课程|实验室|教室|校区|集团|共同体|"
    r"联盟|园区|党建|党|思政|养老|托育|托幼|婴幼儿|医疗|卫生|医院|文化|便民|群众|广场|公园|停车|道路|厂|"
    r"艺术|素质|心育|阅读|书香|美丽|绿色|平安|温馨|营养|餐厅|风雨操场|运动场|操场|跑道|塑胶|围墙|校门|报告厅|"
    r"礼堂|大楼|楼房|楼|馆|房|院|站|中|小|幼|校|园|专门|阶段|所有|全部|各|该|本|其|上述"
)
# 实验小学 · 第三幼儿园 · 区一小: a name in its county though every word of it is common
_NUMBERED = re.compile(
    r"(?:省|市|区|县|旗|州|镇|城关)?(?:第[一二三四五六七八九十]+|[一二三四五六七八九十]+|"
    r"实验|外国语|高级|师范|特殊教育|幼师|职业|机关|直属机关|青少年|妇幼|人民|中心)(?:小学|中学|初中|高中|幼儿园|学校|职高|小|中|"
    r"幼|宫|活动中心|保健院|医院)(?!生)"
)
# 区特殊教育学校 · 县职教中心 · 市青少年宫: one of its kind in its place
_ONLY = re.compile(
    r"(?:省|市|区|县|旗|州)(?:直)?(?:职教中心|职业教育中心|职业技术?学校|职业技术教育中心|职高|职校|职中|特校|特殊教育(?:学校|中心)|特教学校|特教中心|"
    r"党校|青少年宫|青少年活动中心|少年宫|体校|少体校|电大|开放大学|老年大学|技校|技工学校|教师发展中心|教师进修学校|机关幼儿园|幼儿园|"
    r"图书馆|体育馆|体育中心|文化馆|博物馆|档案馆|科技馆|医院|中医院|妇幼保健院|人民医院|实践基地|研学基地)"
)
_N = rf"(?:\d+|[{_CN}两]+)"
# 甲小学、乙幼儿园等5所 · 甲小学、乙幼儿园两校区
COUNTED = "所|个|座|家|处|栋|幢|项|校(?=$)|园(?=$)|校区|片"
_COUNT = re.compile(
    rf"(?=[等这共合（(\d{_CN}两])(?:等[^、，]{{0,8}}?|这|共|合计|[（(]共)?"
    rf"(?P<n>\d+|[{_CN}两]+)(?:{COUNTED})(?:[^、，]{{0,12}})$"
)
_ETC = re.compile(r"等(?:一批)?[^、，]{0,14}$")
_REFUSED = re.compile(
    r"做好|抓好|平稳|^(?:与|同|跟|校内|校外|校园内|园内|室内|室外|本地|周边)|\d+[%所个名]|[。；：]|一批|若干|部分|以上|[多几每各]所|标准化|示范|薄弱|公办|民办|普惠|[一二三]级|"
    r"创建|评估|申报|培训|研究|督导|考核|用好|机制|体系|制度|改革|行动|活动周|(?<!职业)(?<!特殊)(?<!师范)教育(?:教学)?(?:质量|事业)|数字化|信息化"
)
DATE = (
    r"(?:(?:到|至|在|于)?(?:20\d\d年|今年|明年|年内|当年|本年|本年度)?"
    r"(?:\d{1,2}月(?:\d{1,2}日)?(?:上旬|中旬|下旬|底|末|份)?之?前?|[一二三四五六七八九十]{1,2}月(?:底|末|份)?前?|(?:底|末)之?前?|"
    r"第?[一二三四1-4]季度(?:末|底)?前?|年底之?前?|年末前?|[上下]半年|[春秋]季(?:学期|开学)?前?|国庆(?:节)?前?|春节前?|"
    r"(?:新学期|学期)?开学前?|寒假|暑期|暑假)(?:，|,| )?|20\d\d年(?:底|末)?之?前?(?:，|,| )?)"
)
_LEAD = re.compile(
    r"^(?:[ \t“‘]|[-—*·•●▪]|\d{1,2}[.、．](?!\d)|[（(][一二三四五六七八九十\d]+[）)]|[①-⑳]|"
    rf"[一二三四五六七八九十]+是|首先|{DATE}|争取|必须|务必|要|将|计划|预计|拟|到|"
    r"新改扩建|改扩建|完成|建成|开工|动建|投用|启动|推进|推动|促进|加快|加大|加强|确保|保证|保障|"
    r"力争|实现|新建|续建|迁建|改建|扩建|重建|实施|全面|全力|大力|积极|稳妥|有序|高质量|高标准|高水平|做好|做实|位于|以及|及|等|抓好|抓紧|"
    r"继续|持续|稳步|扎实|建设(?![路街大镇乡村])|筹建|规划建设|规划|谋划|统筹|切实|尽快|尽早|着力|重点|督促|协调|对|把|年内|年底前|今年|全年|其中|同时|"
    r"取得|办理|办结|获得|通过|支持|配合|协助|指导|组织|开展|抢抓|完善|打造|办好|为|使|让|[^、，]{0,14}(?:元|平方米|亩|学位|平米)的(?=.{3})|"
    rf"[^、，的]{{2,8}}[区县市镇乡旗盟州][的：:]|[^、，（(）)]{{2,14}}(?:配套|配建)(?:的)?(?:学校|幼儿园)(?=.{{4,}})|"
    r"(?:所属|辖区内?|城区内?|市直|县直|区直)的|教育(?:重点)?(?:建设)?项目[：:]|项目[：:]|名称[：:]|已|还|再|全市|全县|全区|"
    r"(?:[一二三四五六七八九十两]|\d{1,2})(?:所|个|座)(?=[^、]{4,}))+"
)
_TRAIL = re.compile(
    rf"(?:的|(?:于|在)?{DATE}|竣工|交付|建成|并|将|必须|正式|[（(](?![^（()）]*(?:[区部期校园址名段楼]|中心)[）)])[^（()）]*[)）]|"
    rf"(?:室内外?|室外|外墙|内部|整体|二次|精|校园|智能化|暖通|消防|电力|配电|供暖|屋面|附属)+(?={WORK})|(?<!化)(?:{WORK})|"
    r"(?:室内外?|室外|外墙|内部|整体)$|进行|实施|建设|工程|项目|任务|工作|主体|前期|续建|等|[ABC]?\d+(?:号|#)(?:[、和至-]\d+(?:号|#)?)*(?:楼)?|"
    r"一标段|二标段|[ \t])+$"
)


# nothing that trails a name ends like this; 开学 does
SCHOOL_ENDS = ("园", "校", "院", "小学", "中学", "大学")
_PLACE = re.compile(r"[^、，]{1,8}(?:乡|镇|村|街道|社区|片区)$")
_IN_PLACE = re.compile(
    r"[^、，“]{1,6}(?:乡|镇|村|街道|社区|片区)(?:双语|公办|普惠性?|村级|乡镇|镇级)?(?:中心)?(?:幼儿园|小学|中学|学校|教学点)$"
)


@dataclass(frozen=True)
class NamedProjects:
    """Spans of the named projects in order, and the count that the text states, None where it states none."""

    names: Spans
    stated_count: int | None


def read_projects(plain: str, first: int, last: int, *, known: bool = False) -> NamedProjects:
    """The projects that [first, last) lists. Where `known`, a school was named before: 教学楼 and 食堂 are its own."""
    body = plain[first:last]
    count = None
    if (m := _COUNT.search(body)) and m.start() > 2:
        value = number_value(m["n"].replace("两", "二"))
        count, last = (int(value) if value is not None else None), first + m.start()
        if "等" not in m[0] and count != len(split_names(plain, first, last)):
            # 建成长者食堂30家: what is counted, not a name
            return NamedProjects((), count)
    elif m := _ETC.search(body):
        last = first + m.start()
    pieces = split_names(plain, first, last)
    # 新建恰克乡、英里镇幼儿园2所: where the list is of places, no name stands whole
    pieces = [
        piece
        for i, piece in enumerate(pieces)
        if not (
            i and _PLACE.search(plain[slice(*pieces[i - 1])]) and _IN_PLACE.match(plain[slice(*_bare(plain, *piece))])
        )
    ]
    sure = [name_of(plain, a, b) for a, b in pieces]
    if known or any(sure):
        # 实验楼、图书馆扩建: common words beside a name, or after one, are of that place
        sure = [
            name or (name_of(plain, a, b, common=True) if known or i else None)
            for i, (name, (a, b)) in enumerate(zip(sure, pieces, strict=True))
        ]
    return NamedProjects(tuple(name for name in sure if name), count)


def split_names(plain: str, first: int, last: int) -> list[tuple[int, int]]:
    """A list of names at its 、 和 与, marks within names kept: 第一中学和第二中学."""
    depth = depth_map(plain, first, last)
    pieces: list[tuple[int, int]] = []
    at = first
    for i in range(first, last):
        if depth[i - first] == 0 and plain[i] in "、，,；;和及与/":
            if plain[i] in "和及与" and not _ends_name(plain[at:i].removesuffix("以")):
                continue
            pieces.append((at, i))
            at = i + 1
        elif plain[i] == "“" and i > at and plain[i - 1] == "”":
            # “明德学校”“育英学校”
            pieces.append((at, i))
            at = i
    return [*pieces, (at, last)]


def _ends_name(text: str) -> bool:
    return re.search(rf"(?:{NAME_END}|{WORK}|建设|工程|项目|[”）)])$", text) is not None


# words between a name and a stage that speak of something else than the building
_FILLED = re.compile(
    r"升格|更名|创建|申报|评估|课程|课题|专业|学科|质量|师资|教师|学生|党建|制度|机制|集团|资金|经费|活动|方案"
)


def cut_filler(text: str) -> str:
    """A list of names without what stands behind its last name: 县三幼10月份无论如何要 → 县三幼."""
    names = list(_ENDINGS.finditer(text))
    if not names:
        return ""
    end = names[-1].end()
    tail = re.match(rf"(?:[”’）)]|{WORK}|建设|工程|项目|等|[^，、]{{0,3}}{_N}[所个座家]|学校|幼儿园)+", text[end:])
    end += tail.end() if tail else 0
    return text[:end] if len(text) - end <= 16 and not _FILLED.search(text[end:]) else ""


def name_of(plain: str, start: int, end: int, *, common: bool = False) -> tuple[int, int] | None:
    """The span of the one project name in [start, end), None where there is none; `common` lets 图书馆 pass."""
    start, end = _bare(plain, start, end)
    name = plain[start:end]
    if name[:1].isdecimal() and re.match(r"\d+(?:号|#)", name):
        return None
    if common and re.fullmatch(_BUILDING, name) and len(name) >= 2:
        return start, end
    if not 3 <= len(name) <= 40 or not _ENDING.search(name) or _REFUSED.search(_unmarked(name)):
        return None
    if name.count("“") != name.count("”"):
        return None
    if re.search(r"[，,]|(?:推进|加强|提高|提升|完善|加快|确保|开展|落实)(?!中学|小学|幼儿园|学校)", name):
        return None
    if _NUMBERED.match(name) or _ONLY.match(name):
        return start, end
    return (start, end) if _GENERIC.sub("", re.sub(r"[（()）]", "", name)) else None


def _unmarked(name: str) -> str:
    return re.sub(MARK, "", name) if "（" in name or "(" in name else name


def _bare(plain: str, start: int, end: int) -> tuple[int, int]:
    """A name without what leads to it and what is done to it, quotes dropped."""
    while True:
        before = start, end
        if m := _LEAD.match(plain[start:end]):
            start += m.end()
        # nothing that trails a name ends like a school
        if not plain.endswith(SCHOOL_ENDS, start, end) and (m := _TRAIL.search(plain[start:end])) and m.start() > 1:
            end = start + m.start()
        while start < end and plain[start] in "“”‘’ ":
            start += 1
        while end > start and plain[end - 1] in "“”‘’ ":
            end -= 1
        if before == (start, end):
            break
    return start, end
