"""The indicator of money whose matter stands elsewhere: 安排专项资金, 总投资, 所需经费.

Belongs here: what a fund is for, from its heading, its project, the thing counted before or the clause behind. Does
not: counts (counts.py), rates (rates.py).
"""

from __future__ import annotations

import re

from ingestion.plans import indicators
from ingestion.plans.readings import Memory
from ingestion.plans.rules import pattern
from ingestion.plans.subjects import topic_of_title

PART = re.compile(r"^(?:其中[:：]?|含|包括)+")
# 全年计划投资 · 市财政安排专项资金 · 所需经费: money without its matter
_FUND = re.compile(
    r"^(?:计划|预计|全年|年度|年内|当年|本年|[一二三四五两]年|每年|年均|统筹|安排|投入|拿出|设立|筹措|争取|落实|下达|拨付|发放|完成|所需|"
    r"先行|总|概算|估算|编列|追加|增拨|专项|项目|上级|中央|[省市区县州]级(?:以上)?|各级|财政|本级|资金|投资|经费|补助|奖补|总额|预算|新台币|额|"
    r"配套|建设|引导|每[所个人生年班校])+$"
)
_FUND_NOUN = re.compile(
    r"(?:总|年度|计划|完成|专项|奖补|补助|配套|项目|引导)*(?:投资|资金|经费|投入|预算)(?:总额|额)?$"
)
_BUILT = re.compile("工程|项目|学校|建设|改造|[校园院馆楼县区]|中心|基地|学位|扩")
_PROJECT = re.compile(r"[^，、；。]{2,20}?(?:项目|工程|学校|小学|中学|幼儿园|校区|中心|基地)")


def name_fund(at: int, subject: str, right: str, memory: Memory) -> tuple[str, tuple[str, ...]] | None:
    """Money whose matter the clause before or the heading names: 安排专项资金; None where it names its own."""
    plain = indicators.trim(subject)
    own = indicators.trim(indicators.strip_lead(PART.sub("", plain)))
    text = own or plain
    right = indicators.trim(right)
    if not _FUND.match(text):
        return _funded_project(text) or _of_project(text, right, memory)
    if re.search("上级|中央|争取|[省市区县州]级(?!以上)", text):
        # 争取上级资金 · 市级投资: whose money it is says enough
        return None
    noun = m[0] if (m := _FUND_NOUN.search(text) or re.match("(?:资金|经费|投资)", right)) else "资金"
    m = pattern(
        "^(?:用于|支持|实施|升级|改善|建设|新建|改造|补助|奖励|资助|推进|开展|购买|购置|化解|扶持|发展)(.{2,24})"
    ).match(right)
    if m is not None:
        # 投入3200万元升级教育城域网
        return indicators.shorten(indicators.trim(m[0] if len(m[0]) <= 12 else m[1]), 14) + noun, ("承后名词",)
    if right and not re.match("[^，]{0,4}(?:资金|经费|投资)", right):
        return None
    each = re.match(r"每[所个人生年班校]", text)
    last = memory.last
    if last is not None and last.quantity.shape == "money" and re.fullmatch(r"每.{1,2}", text):
        return text + last.indicator, ("承前主语",)
    headed = re.search("投资|概算|估算", noun + text) and _BUILT.search(memory.heading)
    beside = last is not None and last.clause.start <= at < last.clause.end
    whole = memory.heading if headed and not beside else ""
    whole = whole or _matter(at, memory) or topic_of_title(memory.opening)
    if not whole:
        return (noun, ("无主语",)) if last is None and noun != "资金" and not right else None
    whole = re.sub("给予|发放|享受", "", whole)
    if each and re.search("(?:资助|补助|补贴|奖励|奖补|津贴|助学金|费)$", whole):
        # 给予新生一次性资助，每人5000元
        return whole + "标准", ("承前主语",)
    return (each[0] if each else "") + whole + noun, ("承前主语",)


# 援疆资金 · 县级配套资金 under the heading of a project
_SOURCE = re.compile(
    r"(?:继续|积极|计划|争取|落实|安排|投入|筹措|使用|利用|拟)*(?P<fund>(?:援疆|援藏|援青|对口支援|对口帮扶|东西部协作|社会|彩票公益金|彩票|债券|专项债券?|中央预算内)(?:投入|帮扶|协作|捐助|捐赠)?(?:资金|投资|经费)?)"
)


def _of_project(text: str, right: str, memory: Memory) -> tuple[str, tuple[str, ...]] | None:
    """三、智慧教育项目 / 争取援疆资金750万元: whose money it is, and the project that the heading names."""
    m = _SOURCE.fullmatch(text)
    if m is None or right or not memory.heading.endswith(("项目", "工程")):
        return None
    return re.sub("(?:建设)?(?:项目|工程)$", "", memory.heading) + m["fund"], ("承前主语",)


def _funded_project(text: str) -> tuple[str, tuple[str, ...]] | None:
    """推动市职业中专迁建项目上半年开工、年内完成投资: the project at the head of the same clause."""
    m = re.match(r"(?P<head>[^，]{4,30})、(?P<rest>[^、，]{2,10})$", text)
    if m is None or not _FUND.match(indicators.strip_lead(m["rest"])) or (p := _PROJECT.match(m["head"])) is None:
        return None
    noun = n[0] if (n := _FUND_NOUN.search(m["rest"])) else "资金"
    return indicators.strip_lead(p[0]) + noun, ("承前主语",)


def _matter(at: int, memory: Memory) -> str:
    """What the sentence is about: the thing counted before, else its topic."""
    last = memory.last
    if last is not None and last.quantity.shape == "count" and _is_near(at, memory):
        whole = next((r for r in memory.recent if r.unit == last.unit), last) if last.unit else last
        name = indicators.trim(re.sub(r"(?:建设)?(?:数|人次|场次|户次)$", "", whole.indicator))
        if "、" not in name and not indicators.RATE_END.search(name):
            return name
    return memory.near_topic


def _is_near(at: int, memory: Memory) -> bool:
    """Whether the number before stands in the clause of the quantity at `at` or in the one before."""
    last = memory.last
    if last is None:
        return False
    return last.clause.start <= at < last.clause.end or (bool(memory.texts) and memory.texts[-1] == last.clause.text)
