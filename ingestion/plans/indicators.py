"""The indicator a quantity measures, in the words of its clause: what stands left and right of it, shortened, restored where dropped.

Belongs here: noun phrases. Does not: values, dates, links to indicator cards (linking.py).
"""

from __future__ import annotations

import re

from ingestion.plans.operators import lead_words
from ingestion.plans.quantities import Quantity
from ingestion.plans.rules import pattern

_EDGE = " \t、，,；;：:。的地之和与及或并且以将把使让对在 "
# words that end the noun after a number: 20名教师|赴外地研修
_STOP = (
    r"到|赴|向|在(?!园|校|编|岗|职|读|册)|进入|通过|达到|实行|实施|开展|参加|改善|提升|提高|建立|完成|创建|接受|享受|获得|纳入|成为|建成|投入使用|推进|对|进行|安装|"
    r"免费|覆盖|补短板|实现|组成|参与|申报|使用|用于|启动|设立|列入|得到|创成|评为|入选|分别|均|全部|以及|等(?=[，、。]|$)|投用|开工|竣工|交付|办好|与|给予|新建|配备|支教"
)
_RATE_END = re.compile(
    r"(率|比例|占比|比重|面|度|水平|份额|值|比|幅|速|系数|指数|标准|数|量|额|人次|规模|时间|时长|年限|投入|经费|面积|成绩|得分)$"
)
_BARE_RATE = re.compile(
    r"^(总|平均|综合|其)?.{0,2}(覆盖率|覆盖面|占比|比例|比重|达标率|合格率|优良率|普及率|入学率|入园率|巩固率|毛入学率|满意度|满意率|完成率|参与率|优秀率|总量|总数|人数|数量|面积|保费|标准|增幅|规模|服务数量|就业率|升学率)$"
)
_LIST_HEAD = re.compile(r"^[^为]{1,60}?等(?=[^级次待于高额候同，。]{2,})(?:一批|各类|多种)?(?!\d)")


def trim(text: str) -> str:
    """Take off blanks, separators and weak words at both ends."""
    text = re.sub(r"[（(][^（()）]{0,40}[)）]", lambda m: m[0] if len(m[0]) <= 6 else "", text)
    return re.sub(r"\s+", "", text).strip(_EDGE)


def strip_lead(text: str) -> str:
    """Take off leading words without content: 全区力争普惠性… → 普惠性…, 到2025年底前 likewise."""
    lead = pattern(
        rf"^(?:{lead_words()}|到?(?:20)?\d\d年(?:底|末)?前?|[上下]半年|\d+月底?前?|{_EDGE_CLASS}|一是|二是|三是|四是|[一二三四五六七八九十]+是|\d+[.、．]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)])"
    )
    while text:
        m = lead.match(text)
        if not m or m.end() == 0 or m.end() == len(text):
            return text
        # 开展率 or 完成度: the verb belongs to the noun
        if _RATE_END.match(text[m.end() :]) and len(text) - m.end() <= 2:
            return text
        text = text[m.end() :]
    return text


_EDGE_CLASS = "[" + re.escape(_EDGE) + "]"


def shorten(text: str, limit: int = 16) -> str:
    """A long phrase down to its core: no enumeration before 等, no far modifiers before 的."""
    if len(text) > limit and (m := _LIST_HEAD.search(text)) and len(text) - m.end() >= 2:
        verb = re.match(pattern("^{short_verb}"), text)
        text = (verb[0] if verb else "") + text[m.end() :]
    if len(text) > limit + 4 and "的" in text[:-2]:
        tail = text.rsplit("的", 1)[1]
        if len(tail) >= 4:
            text = tail
    return text


def subject_of(left: str) -> str:
    """The subject that a comparison measures."""
    return shorten(trim(strip_lead(trim(left))), 20)


def split_right(right: str) -> tuple[str, str]:
    """The noun right after a number and the predicate that follows: 教师|到乡村支教."""
    right = right.strip()
    m = re.search(_STOP, right[1:])
    return (right[: m.start() + 1], right[m.start() + 1 :]) if m else (right, "")


def rate_indicator(left: str, right: str, q: Quantity, operator: str) -> str:
    """Indicator of a percentage, a ratio or a universal wording."""
    subject = subject_of(left)
    right = right.strip()
    if q.shape == "universal":
        core = re.sub(r"实现|达到|推进|的$", "", subject)
        return trim(core) + (
            "覆盖率" if "覆盖" in "全覆盖全面覆盖" and not right else "率" if not right else trim(right) + "率"
        )
    m = re.match(r"(的|以上的)?(.{2,})", right)
    if m and not _RATE_END.search(subject) and operator not in ("increase", "decrease"):
        noun = trim(m[2])
        if subject and len(noun) <= 6:
            return subject + noun + "率"
        return trim(subject + noun)[:40] + "比例"
    if operator == "decrease":
        return subject + "降幅"
    if operator == "increase":
        return subject + "增幅"
    return subject if _RATE_END.search(subject) or not subject else subject + "率"


def count_indicator(left: str, right: str, q: Quantity) -> str:
    """Indicator of a count or of money."""
    head, (noun, rest) = trim(strip_lead(trim(left))), split_right(right)
    suffix = (
        "数"
        if q.unit not in ("人次", "场次", "场", "期", "公里", "元", "小时", "户次")
        else {"场": "场次", "期": "期数", "元": ""}.get(q.unit, q.unit)
    )
    if q.shape in ("money", "time"):
        suffix = ""
    noun = shorten(trim(noun), 14)
    if re.match(r"^(为|给|向|对|让|使)", trim(left)) and noun:
        return shorten(trim(rest))[:20] + noun + suffix
    head = re.sub(r"^(为|给|向|对)", "", head)
    if not noun and re.search(r"(人数|数量|总数|总量|规模|数|人次|场次|总额|投入|经费|标准|时间|时长|面积)$", head):
        suffix = ""
    if noun and _RATE_END.search(head):
        noun = ""
    return shorten(head) + noun + (suffix if not noun.endswith(suffix) or not suffix else "")
