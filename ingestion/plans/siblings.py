"""What quantities in one sentence lend each other: 分别, shared heads and nouns, dropped subjects.

Belongs here: dealing a list of subjects to a list of numbers, inheriting a verb, a noun, a topic. Does not:
single noun phrases (indicators.py).
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingestion.plans import indicators
from ingestion.plans.quantities import Quantity
from ingestion.plans.rules import pattern

_SEPARATOR = re.compile(r"[ ]*(?:、|和|与|及|以及|，|,|/)[ ]*")
STAGE = (
    r"^(?:学前(?:教育)?|幼儿园|小学(?!生(?!均))|初中(?!生(?!均))|普通高中|普高|"
    r"高中(?:阶段)?(?!生(?!均))|中职(?:学校)?|高职|义务教育(?:阶段|学校)?|特殊教育(?:学校)?|"
    r"本科|专科|城区|城市|农村|乡镇|县城|市区|男生|女生|公办园|民办园|(?:小学|初中|高中)生(?!均))"
)


def parallel_runs(plain: str, quantities: list[Quantity]) -> list[list[int]]:
    """Indexes of quantities that stand as one list, 98%、100%和99%以上, with nothing but separators between."""
    runs: list[list[int]] = []
    for i, q in enumerate(quantities):
        if i and _SEPARATOR.fullmatch(plain, quantities[i - 1].end, q.start):
            runs[-1].append(i)
        else:
            runs.append([i])
    return [run for run in runs if len(run) > 1]


def deal(subject: str, count: int) -> list[str]:
    """Deal a list of subjects to `count` numbers: 小学、初中巩固率 over 2 → 小学巩固率, 初中巩固率; the whole
    subject to each where the
    lengths differ."""
    if count == 2 and subject.startswith(("城乡", "男女生")):
        # 城乡低保标准分别提高4%和6%
        first, second, rest = ("城市", "农村", 2) if subject[0] == "城" else ("男生", "女生", 3)
        return [first + subject[rest:], second + subject[rest:]]
    parts = [p for p in re.split(r"、|以及|和|与|及(?!格)", re.sub(r"(?:分别|各)$", "", subject)) if p.strip()]
    if len(parts) != count or count < 2:
        return [subject] * count
    last = parts[-1]
    stage = re.match(STAGE, last)
    # 公办园和普惠性民办园占比: what both share stands behind the character that ends both names
    shared = last.rfind(parts[-2][-1]) + 1
    cut = stage.end() if stage else shared if 0 < shared < len(last) else min(len(parts[-2]), max(1, len(last) - 2))
    tail = last[cut:]
    return [p if indicators.RATE_END.search(p) or i == count - 1 else p + tail for i, p in enumerate(parts)]


def swap_stage(indicator: str, subject: str) -> str:
    """The indicator of an earlier sibling for another stage: 生均图书小学 and 初中 → 生均图书初中; '' where
    neither names one."""
    if not re.fullmatch(STAGE[1:], subject):
        return ""
    one = rf"(?:{STAGE[1:]}|中小学校?|中学)"
    # 中小学、幼儿园学位: the whole list gives way
    swapped, count = re.subn(rf"{one}(?:[、和与及]{one})*", subject, indicator, count=1)
    return swapped if count else ""


_PERSON = "(?:副?校长|副?园长|教师|教研员|班主任|中层干部|专任教师|学生|家长|副?局长|局领导|局班子成员|督学|干部)"


def swap_person(indicator: str, subject: str) -> str:
    """校长每学期听课数 and 教师 → 教师每学期听课数; '' where either names nobody."""
    if not re.fullmatch(_PERSON, subject) or not re.match(rf"{_PERSON}每", indicator):
        return ""
    return re.sub(f"^{_PERSON}", subject, indicator)


@lru_cache(maxsize=4096)
def leading_verb(head: str) -> str:
    """The verb a counted thing depends on, 创建 of 创建市级学校, '' where the head begins with none."""
    m = pattern("^(?:{short_verb}|{add_verb})").match(indicators.count_head(head))
    return m[0] if m else ""


_AIMED = (
    r"^(?:{short_verb}|{modal}|{add_verb}|扩大|优化|健全|完善|抓好|做好|加强|推进|逐步|落实|规范|巩固|增强|深化|"
    r"促进|发展|提高|提升|安排|筹措|拨付|执行|调整|分[一二两三四五六\d]+[批期]|对|为|向)+"
)


# 完善资助制度 says of what only behind its verb
_ONLY_VERB = _AIMED.removesuffix("+") + "+"
# 把…作为首要任务 speaks of what stands between
_ONLY_STUDY = r"^(?:学习|宣传|贯彻|落实|深入|全面|开展|推进|加强|抓好|做好|、)+"
_TAKEN_AS = re.compile(r"^把(?P<matter>[^，]{4,30}?)(?:作为|摆在|放在|列为|纳入)")


@lru_cache(maxsize=1024)
def object_of(clause: str) -> str:
    """What a clause works on: 扩大普惠资源 → 普惠资源, 分三批建设智慧校园示范校 → 智慧校园示范校; '' where it
    names nothing short."""
    if m := _TAKEN_AS.match(clause):
        return indicators.trim(pattern(_ONLY_STUDY).sub("", m["matter"]))[-16:]
    text = indicators.strip_lead(indicators.trim(re.sub(r"“[^”]*\d[^”]*”", "", clause)))
    text = re.split(r"\d|：|:|，|达到|由|从|不低于|不少于", pattern(_AIMED).sub("", text), maxsplit=1)[0]
    text = re.sub(r"(?:工作|力度|行动|任务|进程|步伐|覆盖面|规模)$", "", indicators.shorten(indicators.trim(text)))
    return text if 2 <= len(text) <= 16 and not re.search(r"[；。]|[一二三四五六七八九十]+个", text) else ""


@lru_cache(maxsize=1024)
def last_object(clause: str) -> str:
    """What the last verb of a clause governs: 普通学校全部设立资源教室 → 资源教室; '' where it is long or absent."""
    found = [indicators.trim(clause[m.end() :]) for m in pattern("{short_verb}|{add_verb}").finditer(clause)]
    text = next((rest for rest in reversed(found) if len(rest) >= 2), "")
    text = re.sub(
        r"^[第一二三四五六七八九十\d]+(?:轮|次|批|期|场|届|项|个|名|所|[^一-鿿])?|(?:等)?(?:工作|任务|行动)$",
        "",
        indicators.shorten(text, 12),
    )
    return text if 2 <= len(text) <= 14 and not re.search(r"\d|[，；。]", text) else ""


@lru_cache(maxsize=1024)
def topic_of(clause: str) -> str:
    """What a clause is about, for a sibling that drops its subject: 社区教育提质扩面 → 社区教育."""
    text = re.sub(r"\d[\d.,]*[万亿]?[余多]?[名所个人户位家套间门](?=[一-鿿])", "", indicators.trim(clause))
    text = re.split(r"\d", indicators.strip_lead(text), maxsplit=1)[0]
    m = re.search(
        pattern(
            "{short_verb}|签订|办理|全部|一律|进行|按(?!时|期)|工作|扎实|稳步|有序|一[个名所校人]|都(?!市)|每[个名所校人年月]|提质|扩面|扩大|加强|推进|加快|从|由|达|为(?!民)|占|不(?=少|低|超|"
            "断)|超(?!级)|保持|控制|稳定|健全|优化|深化|规范|巩固|增强|有效|率先|力争|确保"
        ),
        text,
    )
    text = indicators.trim(text[: m.start()] if m else text if len(text) <= 14 else "")
    text = re.sub(indicators.DRIFT, "", text)
    return (
        text
        if 2 <= len(text) <= 14
        and not text.endswith("了")
        and text[0] not in "在较比"
        and not pattern(_ONLY_VERB).fullmatch(text)
        else ""
    )


@lru_cache(maxsize=1024)
def object_after(verb: str, clause: str) -> str:
    """What `verb` governs in a clause, 签订 of 层层签订安全责任书 → 安全责任书; '' where it governs nothing short."""
    before, found, rest = clause.rpartition(verb)
    text = indicators.trim(indicators.shorten(indicators.trim(rest), 12)) if found else ""
    if found and (not text or not re.match(r"[一-鿿“]", text) or re.search("[不都]", text)):
        text = topic_of(before.rstrip("“"))
    return text if 3 <= len(text) <= 14 and re.search(r"\d", text) is None else ""


@lru_cache(maxsize=1024)
def base_of_rate(indicator: str) -> str:
    """What a rate is a rate of: 学生体质健康合格率 → 学生体质健康."""
    return indicators.trim(
        re.sub(
            (
                r"(?:毛入学率|毛入园率|入学率|入园率|覆盖率|覆盖面|普及率|合格率|优良率|优秀率|"
                r"达标率|巩固率|占比|比例|比重|完成率|参与率|满意度|率)(?:降幅|增幅)?$"
            ),
            "",
            indicator,
        )
    )
