"""Which passages look back: summaries, results, the state of things. What they report is no promise.

Belongs here: past or forward for every clause, the year a section speaks of. Does not: deadlines of single
quantities (promises.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingestion.plans.clauses import Clause
from ingestion.plans.outline import OutlineItem
from ingestion.plans.rules import pattern, words

# 2023年工作总结 · 关于教育工作情况的报告: a document that looks back unless a section looks ahead
_SUMMARY = re.compile(
    r"总结|工作情况|情况(?:的)?(?:报告|汇报|通报|公示|说明)|完成情况|进展情况|"
    r"落实情况|回顾|述职|年度报告|统计公报|自查报告|自评报告|发展概况|综述|纪实|"
    r"工作汇报|工作成效|取得.{0,6}成效"
)
_PLAN = re.compile(r"要点|计划|打算|思路|安排|任务|目标|方案|规划|实事|意见|部署|清单|责任书|通知|纲要|举措")
# 一、2022年工作回顾 · （二）存在的问题
_BACK_HEAD = re.compile(
    r"回顾|工作总结|情况总结|^(?:20\d\d年)?总结(?!评估|推广|阶段|提升|验收|经验)|"
    r"(?:主要|工作|取得|显著|明显|阶段性)[^，。"
    r"]{0,8}(?:成效|成绩|成果)|成效(?:显著|明显)|工作情况|完成情况|进展情况|落实情况|"
    r"存在.{0,6}(?:问题|困难|不足|短板)|"
    r"主要问题|(?:基本|发展)(?:情况|现状|概况)|发展(?:基础|成就)|主要做法|工作亮点|过去[一二三四五]年|面临(?:的)?形势"
)
# 二、下一步工作打算 · 2024年工作思路
_AHEAD_HEAD = re.compile(
    r"下一步|下步|下阶段|下一阶段|今后|打算|明年|下年度|努力方向|展望|(?:工作|发展|"
    r"主要|重点)(?:计划|思路|安排|要点|目标|任务)|(?:总体|目标)(?:要求|思路|目标)|"
    r"20\d\d年.{0,10}(?:重点|计划|打算|思路|安排|目标|任务|要点)"
)
# 夯实发展基础 · 打造工作亮点 · 解决突出问题: the same words as an aim; 落实情况督查: as matter of a work to do
_AIMED_HEAD = re.compile(
    r"(?:夯实|筑牢|打牢|巩固|厚植|打造|提升|提高|增强|彰显|凸显|展现|强化|扩大|注重|突出|追求|争创|再创|创造|做优|做亮|擦亮|打响|力争|确保|推动|促进|"
    r"解决|破解|化解|整改|针对|聚焦|补齐|攻克|消除|改善|查摆|排查|检查|督查|监测|掌握|摸清|完善|建立|健全|加强|开展|公开|公示|跟踪)[^，、；。]{0,12}$"
)
_WATCHED = re.compile(
    r"(?:的)?(?:督查|检查|监测|考核|通报|公开|公示|反馈|评估|调研|跟踪|整改|核查|抽查|调度|制度|机制)"
)
_SUMMARY_YEAR = re.compile(r"(20\d\d)年?度?[^，。\n]{0,16}?(?:总结|情况|回顾|述职)")
_YEAR = re.compile(r"(20\d\d)\s*年")
# 去年新建5所 · 截至目前 · 建成了 · 已完成
_BACK_CLAUSE = (
    r"(?:^|[，、（(])(?:{past})|(?:建|完|新|实|举|开|投|达|取|增|办|展|入|到|得|成|设|"
    r"供|现|训|聘|立|加|少|善|助|放|动|查|建成|完成)了|^(?:据|经)(?:测算|预测|统计)|已(?!经?(?:批|审|出台))|"
    r"(?<![三五]年)(?<!期内)累计(?:投入|完成|发放|资助|培训|建成|新增|创建)(?![^，。]*(?:以上|力争))|"
    r"(?:作|做|说|讲)了|(?:排查|摸排|清查|抽查)出(?!的)|查出(?!的)|是[^，]{2,40}出来的$|"
    r"截[至止](?!\s*20\d\d年)|位居|荣获|获评|被(?:评|授予|认定|列)|(?<![固升化对托用造活充展善合留挥将把在])(?:共|现|总共|"
    r"设)有[^达]{0,16}$|^(?:全[市区县省校])?拥有[^达]{0,16}$|存在的?(?:主要|"
    r"突出)?(?:问题|不足|困难)|仍(?:达|有|为|占|高达)|"
    r"(?:(?<=清醒)|(?<=清醒地)|(?<=也要)|(?<=也应))看到|(?:(?<=清醒)|(?<=清醒地))认识到|(?<=面)临(?:不少|诸多|许多|一些|很多|着|的)*(?:困难|挑战|问题|压力)"
)
# 将新建3所; 每年将七成支出用于民生 has a 将 that only moves its object forward
_WILL = r"(?<!每年)将(?!军|近|[^，。；]{2,30}(?:用于|作为|纳入|列入|融入|贯穿))"
_AHEAD_CLAUSE = (
    rf"力争|争取|计划|拟|{_WILL}|明年|下一步|到20\d\d年|今年|本年度|(?:^|，"
    r")(?:确保|全年|年内|要|到年底)"
)
# 已经定了 · 已明确: what is settled is still to be done
_SETTLED = re.compile(
    r"已经?(?:研究)?(?:定|明确|决定|确定|部署|下达|批复|批准|列入|纳入|审议|同意|印发|商定)|(?:去年|上年)[^，。\d]{1,8}的(?!\d)"
)
# 听了6场报告 · 首次突破800人 · 有的学校一学期不到10节: told, not promised
_TOLD = (
    r"(?<![为除])了(?:大?约|近)?[\d一二三四五六七八九十百两]|首次(?:突破|超过|达到|进入|实现)|创(?:历史)?新高|"
    r"^(?:刚才|有的|有些|有一些|个别|少数|一些|部分)[^，]{0,12}(?:学校|同志|老师|教师|校长|单位|地方|部门|干部|县|区|代表)|^刚才|"
    r"预计[^，]{0,20}(?:将|会)?(?:降至|减少至?|减至|降到|下降至?)|"
    r"(?:预计|预测|据测算|经测算)[^。]{0,30}(?:缺口|在校生|学龄|人口|生源|入学需求|在园幼儿|峰值)|(?:将达到?|达到?)(?:峰值|高峰)|"
    r"(?<=人)口(?:总量|总数|总规模|规模)?(?:预计)?(?:将|会)(?!达到?(?:峰值|高峰))"
)
_MUST = r"必须|务必|一定要|一律|力争|确保|争取"
_STRONG_AHEAD = rf"{_WILL}|明年|下一步|下一阶段|拟(?!定)|力争到|争取到|计划(?:于|在|新|到|用|投)|今后"
# after a paragraph began with 去年: what turns it to this year
_TURN = rf"今年|本年度|新的一年|{_STRONG_AHEAD}|力争|到20\d\d年"
# the characters such wording begins with: where none stands, none of it need be tried
_BACK_BEGINS = (
    "，、（(建完新实举开投达取增办展入到得成设供现训聘立加少善助放动查据经已累作做说讲排摸清抽是截位荣获被共总全拥存仍"
    "看认临"
)
_AHEAD_BEGINS = "力争计拟将明下到今本，确全年要新必规需我"
_TOLD_BEGINS = "了首创刚有个少一部预据经将达口"
# 据测算，到2025年将达3万人: what is reckoned with, until a plan is told
_FORECAST = re.compile(r"(?=[据根经按])(?:据|根据|经|按)[^，。；]{0,10}(?:测算|预测|推算|估算)")
_PLANNED = r"力争|争取|确保|计划|(?<!模)拟|必须|规划(?:新|建|增)|需(?:要)?(?:新|增|补)|我们?将"
_FROM_HERE = re.compile(r".{0,4}?(?:下一步|下一阶段|下阶段|今后|明年|新的一年)")
_PROBLEMS = (
    *("不优", "不合理", "老化", "陈旧", "短缺", "滞后", "偏低", "偏大", "偏高", "偏少"),
    *("不均衡", "不平衡", "不充分", "不完善", "不健全", "匮乏", "严重不足"),
)
_SOLVED = re.compile(
    "(?:[^，]{0,6}是)?(?:针对|解决|着力|缓解|破解|聚焦|围绕|改善|补齐|改变|防止|避免|整治|纠正|对|推进|推动|加快|消除)"
)
_DONE = re.compile(r"了|已|同比|比上年|较上年|去年")


@lru_cache(maxsize=1)
def _back() -> re.Pattern[str]:
    begins = _BACK_BEGINS + "".join(word[0] for word in words("past"))
    return pattern(f"(?=[{begins}])(?:{_BACK_CLAUSE})")


@lru_cache(maxsize=8)
def _ahead(wording: str) -> re.Pattern[str]:
    return re.compile(f"(?=[{_AHEAD_BEGINS}])(?:{wording})")


@lru_cache(maxsize=1)
def _told() -> re.Pattern[str]:
    return re.compile(f"(?=[{_TOLD_BEGINS}])(?:{_TOLD})")


@dataclass
class _Section:
    level: int
    past: bool
    year: int | None


def looks_back(plain: str) -> bool:
    """Whether the document as a whole reports what was done: its opening lines name a summary and no plan."""
    lines = [line.strip(" \t\ufeff\r") for line in plain.splitlines() if line.strip(" \t\ufeff\r")][:8]
    for line in lines:
        if (
            len(line) <= 60
            and not re.search(r"[。；]|^[（(]?[一二三四五六七八九十]+[、)）]", line)
            and _SUMMARY.search(line)
        ):
            return not _PLAN.search(
                re.sub(r"(计划|任务|目标|方案|规划|实事|意见)(执行|完成|落实|进展|实施)?(情况)", r"\3", line)
            ) or bool(re.search(r"总结", line))
    return False


def mark_tense(
    plain: str, clauses: Sequence[Clause], items: Sequence[OutlineItem], year: int | None, floor: int | None
) -> dict[int, int]:
    """Set `past` on every clause that looks back; returns {clause index: year} where a section speaks of
    another year than the plan's."""
    summary = looks_back(plain)
    told = _SUMMARY_YEAR.search(plain[:400]) if summary else None
    # the year after the one a summary tells of: 下一步 of a report on 2021 is 2022
    following = int(told[1]) + 1 if told else year + 1 if year is not None else None
    stack: list[_Section] = [_Section(0, summary, None)]
    years: dict[int, int] = {}
    paragraph = sentence = onward = -1
    next_item = 0
    in_paragraph = in_sentence = forecast = False
    for i, clause in enumerate(clauses):
        while next_item < len(items) and items[next_item].start < clause.start:
            next_item += 1
        head = items[next_item] if next_item < len(items) else None
        if head is not None and head.start >= min(clause.start + 12, clause.end):
            head = None
        alone = (
            head is None and clause.mark == "\n" and clause.paragraph != paragraph and clause.end - clause.start <= 36
        )
        if head is not None or alone:
            _enter(
                stack,
                head.level if head else 0,
                (head.heading if head else clause.text)[:40],
                following if summary else None,
                floor if floor is not None else year,
            )
        section = stack[-1]
        if clause.paragraph != paragraph or clause.sentence != sentence:
            opens = _opens_back(clause.text, floor)
            in_paragraph = opens if clause.paragraph != paragraph else in_paragraph
            in_sentence = opens if clause.sentence != sentence else in_sentence
            forecast = _FORECAST.match(clause.text) is not None if clause.sentence != sentence else forecast
            paragraph, sentence = clause.paragraph, clause.sentence
        if section.past and (_FROM_HERE.match(clause.text) or onward == clause.paragraph):
            # 下一步，我们将…: the rest of the paragraph looks ahead
            onward, section = clause.paragraph, _Section(section.level, False, section.year or following)
        turn = _STRONG_AHEAD if section.past else _TURN if in_paragraph else _AHEAD_CLAUSE
        ahead = _ahead(_PLANNED if forecast else turn).search(clause.text) is not None or (
            not section.past and not forecast and _opens_ahead(clause.text, floor, year)
        )
        forecast = forecast and not ahead
        in_sentence, in_paragraph = _turned(clause.text, in_sentence, in_paragraph, ahead=ahead)
        spoken = _told().search(clause.text) is not None and re.search(_MUST, clause.text) is None
        clause.past = spoken or in_sentence or in_paragraph or (section.past and not ahead)
        if section.past and ahead:
            section = _Section(section.level, False, section.year)
        if section.year is not None:
            years[i] = section.year
    return years


def _turned(text: str, in_sentence: bool, in_paragraph: bool, *, ahead: bool) -> tuple[bool, bool]:
    """Whether sentence and paragraph look back after a clause: 计划 turns both, 已完成 the sentence."""
    if ahead and not _DONE.search(text):
        return False, False
    if not in_sentence and text.endswith(_PROBLEMS) and _SOLVED.match(text) is None:
        # 一是结构不优，…缺编46人: what is wrong is told, not promised
        in_sentence = not ahead
    if not in_sentence:
        settled = _SETTLED.sub("", text) if "已" in text or "去年" in text or "上年" in text else text
        in_sentence = _back().search(settled) is not None
    return in_sentence, in_paragraph


_TIME_CHAR = re.compile("[0去上过来近目五]")
_YEAR_FIRST = re.compile(r"\D{0,6}?(?<![较比由从与])(20\d\d)年(?:度|来|以来|全年|上半年|下半年|底|末)?[，,]?")
_FIVE_FIRST = re.compile(r".{0,4}“?十([二三四五])五”?(?:期间|时期|以来)")
_LATELY = re.compile(
    r".{0,4}(?:(?:去年|上年)(?!遗留|结转|未|剩余|续建)(?![^，\d]{1,8}的(?!\d))|过去|一年来|五年来|三年来|近年来|近[一二三五\d]+年|目前)"
)
_FIVE_AHEAD = re.compile(r".{0,3}?“?十([三四五六])五”?(?:期间|时期|末|期末)?(?!以?来)")
_YEAR_AHEAD = re.compile(r".{0,4}?(20\d\d)年(?!以?来|的)")


def _opens_back(text: str, floor: int | None) -> bool:
    if _TIME_CHAR.search(text, 0, 12) is None:
        return False
    m = _YEAR_FIRST.match(text)
    if m and floor is not None and int(m[1]) < floor and not re.search("到20|至20", text[:12]):
        return not re.search("起|开始", text[:14]) and "基础上" not in text[:40]
    five = _FIVE_FIRST.match(text)
    if five and floor is not None and {"二": 2015, "三": 2020, "四": 2025, "五": 2030}[five[1]] < floor:
        return True
    return _LATELY.match(text) is not None


def _opens_ahead(text: str, floor: int | None, year: int | None) -> bool:
    """“十四五”期间 · 2022年底前 · 到2023年: a clause that begins with a time of the plan itself."""
    if floor is None or year is None or _TIME_CHAR.search(text, 0, 12) is None:
        return False
    five = _FIVE_AHEAD.match(text)
    if five:
        return {"三": 2016, "四": 2021, "五": 2026, "六": 2031}[five[1]] >= min(floor, year - 4)
    m = _YEAR_AHEAD.match(text)
    return m is not None and floor <= int(m[1]) <= year + 10 and _DONE.search(text) is None


@lru_cache(maxsize=1024)
def _heads_back(heading: str) -> bool:
    """Whether a heading speaks of what was: 工作回顾, 发展基础; 夯实发展基础 does not."""
    return any(
        _AIMED_HEAD.search(heading, 0, m.start()) is None and _WATCHED.match(heading, m.end()) is None
        for m in _BACK_HEAD.finditer(heading)
    )


@lru_cache(maxsize=1024)
def _heads_ahead(heading: str) -> bool:
    return _AHEAD_HEAD.search(heading) is not None


@lru_cache(maxsize=1024)
def _years_of(heading: str) -> tuple[int, ...]:
    return tuple(int(y) for y in _YEAR.findall(heading))


def _enter(stack: list[_Section], level: int, heading: str, following: int | None, year: int | None) -> None:
    """Open the section of a heading: it inherits the tense around it unless its words turn it."""
    back, ahead, named = _heads_back(heading), _heads_ahead(heading), _years_of(heading)
    if level == 0 and back == ahead and not named:
        # （上略）: a short line that turns nothing closes no section
        return
    while len(stack) > 1 and stack[-1].level >= level:
        stack.pop()
    around = stack[-1]
    past, own = around.past, around.year
    if back and not ahead:
        past = True
    elif ahead and not back and (around.past or following is not None or named):
        past = False
        own = named[-1] if named else (following if following is not None and own is None else own)
    elif named and year is not None and not back and not ahead:
        past = max(named) < year if level else past
    if level == 0:
        if back != ahead or (named and past != around.past):
            stack[0] = _Section(0, past, own)
        return
    stack.append(_Section(level, past, own))
