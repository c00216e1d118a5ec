"""Deliverables: the written outputs a plan commits to produce, and the one-off events it commits to hold.

Belongs here: verb + output, exact offsets. Does not: what is only carried out (落实《…》) or perfected (完善机制).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ingestion.plans.clauses import depth_map
from ingestion.plans.rules import beginning

# 制定 · 修订 · 印发 · 拿出, alone or with what is said of the drafting: 研究制定, 修订完善, 制定出台
_LEADING = "抓紧|尽快|重新|组织|牵头|联合|会同"
_PREPARING = "研究|推动|细化|修改|讨论"
_WRITING = (
    "制定|制订|订定|研订|研制|拟定|拟订|草拟|起草|编制|编写|编印|编纂|汇编|修订|修编|修正|出台|印发|印制|下发|发布|颁布|公布|"
    "推出|拿出"
)
_WRITE = (
    f"(?:{_LEADING})?(?:{_PREPARING})?(?:{_WRITING})"
    "(?:完善|完成|出台|印发|发布|实施|形成|并印发|并实施|并出台|好)?|修改完善|研究起草|出台实施"
)
_PAPER = (
    "规划|方案|意见|办法|清单|计划|计画|细则|指南|指引|规定|条例|标准|纲要|规范|手册|目录|"
    "白皮书|蓝皮书|绿皮书|报告|导则|章程|台账|规程|预案|通知|制度|要点|措施|举措|政策|规则|规章|"
    "文件|读本|图谱|汇编|建议|守则|公约|体系|准则|大纲|案例集|作品集|成果集|论文集|汇编集|文集|图集|画册|图册|名册|年鉴|校本教材|教材|教案|"
    "通知书|责任书|任务书|倡议书|承诺书|告知书|一封信|公告|通告|计划表|进度表|任务表|一览表|时间表|路线图|作战图|施工图|地图|蓝图|"
    "草案|议案|范本|样本|模板|题库|名录|名单|条|协议|合同|框架|大典|简报|通报|年报|要则|须知|法|图表|日历|行事历|任务单|责任单|单"
)
_HOLD = (
    "组织开展好|组织开展|广泛开展|深入开展|持续开展|继续开展|开展好|开展|组织好|组织|组织召开|召开好|"
    "召开|举办好|举办|举行|承办好|承办|协办|主办|筹办好|筹办|办好|开好|组织举办|继续举办|办理"
)
# 5月办大赛
_HOLD_THEN = "(?<=[份月初底中旬年半])办"
_EVENT = (
    "(?<!委员)(?<!协)(?<!学生)(?<!理事)(?<!董事)(?<!社)(?<!机)(?<!工)会|会议|大会|赛|大赛|比赛|竞赛|论坛|讲坛|展演|艺术节|节|展示周|活动周|宣传周|活动月|宣传月|活动日|开放日|周|"
    "峰会|年会|仪式|典礼|大比武|比武|沙龙|展览|博览|书画展|作品展|成果展|展|汇演|会演|公演|巡演|"
    "研讨活动|交流活动|评选活动|展示活动|观摩活动|夏令营|冬令营|盛典|晚会|歌咏|锦标赛|联赛|听证|对话"
)
# what 开展 and 组织 hold only once: 开展教师技能大赛, not 开展交流活动
_CONTEST = (
    "大赛|比赛|竞赛|大比武|运动会|锦标赛|联赛|展演|艺术节|技能节|文化节|体育节|"
    "读书节|科技节|挑战赛|邀请赛|对抗赛|论坛|教学比武|展示周|活动周|宣传周"
)
# no list of outputs is longer
_LONGEST = 400
_SET_UP = "建立|建立健全|编制|梳理"
_LIST = "负面清单制度|负面清单|清单制度|清单|台账|黑名单制度|“黑名单”制度|黑名单"


@dataclass(frozen=True)
class Deliverable:
    """[start, end) from the verb to the output's end; the output itself at [output_start, output_end)."""

    start: int
    end: int
    output_start: int
    output_end: int
    verb: str
    is_event: bool


@lru_cache(maxsize=1)
def _verbs() -> re.Pattern[str]:
    begins = beginning(_LEADING, _PREPARING, _WRITING, _HOLD, _SET_UP)
    return re.compile(f"{begins}(?:(?P<write>{_WRITE})|(?P<hold>{_HOLD}|{_HOLD_THEN})|(?P<set>{_SET_UP}))")


_NOT_BEFORE = re.compile(
    r"(落实|执行|贯彻|按照|根据|依据|学习|宣传|围绕|已|部门|七部门|部|院|办|未|参与|参加|配合|关于)$"
)


_DRAWN_UP = "(?:编制|修编|修订|制定|制订|起草|编写)(?:工作|任务)?(?:全面|全部|基本)?完成"
# 《某办法》6月底前印发实施 · 布局规划编制完成 · 完成布局规划编制, each with what no such output goes without
_AFTER = (
    (
        "》",
        r"(?P<out>《[^》]{3,}》)[^，,。；;《》、]{0,12}?(?:正式)?(?:出台|印发|发布|颁布|公布|下发)(?:实施|执行|施行)?(?=[，,。；;\n\t]|$)",
    ),
    (
        "完成《",
        r"完成(?P<out>《[^》]{3,}》)(?:的)?(?:编制|修编|修订|制定|制订|起草|编写|印发|编印)(?:工作|任务)?(?=[，,。；;、\n\t]|$)",
    ),
    (
        "完成",
        rf"完成(?P<out>[^，,。；;：:\t]{{2,40}}?(?:{_PAPER}))(?:的)?(?:编制|修编|修订|制定|制订|起草|编写|印发|编印)(?:工作|任务)?(?=[，,。；;、\n\t]|$)",
    ),
    (
        _DRAWN_UP,
        rf"(?:^|(?<=[，,。；;：:\n\t]))(?P<out>[^，,。；;：:\t]{{2,40}}?(?:{_PAPER}))(?:的)?{_DRAWN_UP}(?=[，,。；;\n\t]|$)",
    ),
    ("条”", r"(?:出台|印发|发布|下发)实施?(?P<out>“[^”]{2,12}条”)"),
)


@lru_cache(maxsize=1)
def _after() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((re.compile(sign), re.compile(rule)) for sign, rule in _AFTER)


def find_deliverables(plain: str, start: int, end: int) -> list[Deliverable]:
    """Deliverables of one sentence [start, end), in order."""
    found = [*_verb_first(plain, start, end), *_verb_last(plain, start, end)]
    # what is taken never overlaps: only its neighbours can be in the way
    taken: list[tuple[int, int]] = []
    kept: list[Deliverable] = []
    for d in found:
        output = (d.output_start, d.output_end)
        i = bisect_left(taken, output)
        if all(b <= d.output_start or d.output_end <= a for a, b in taken[max(0, i - 1) : i + 1]):
            taken.insert(i, output)
            kept.append(d)
    return sorted(kept, key=lambda d: (d.start, d.output_start))


def _verb_last(plain: str, start: int, end: int) -> Iterator[Deliverable]:
    """Outputs whose verb follows or surrounds them."""
    for sign, rule in _after():
        for m in rule.finditer(plain, start, end) if sign.search(plain, start, end) else ():
            first, last = m.span("out")
            if lead := _WHEN.match(plain[first:last]):
                first += lead.end()
            if plain[first] == "《":
                first, last = first + 1, last - 1
            if re.search(r"可行性研究|可研|设计方案|用地", plain[first:last]) or re.search(
                r"(?:落实|执行|贯彻|按照|根据|依据|学习|宣传|围绕|已)$", plain[max(start, m.start() - 4) : m.start()]
            ):
                continue
            yield Deliverable(m.start(), m.end(), first, last, "", False)


_WHEN = re.compile(
    r"(?:(?:到|至|于|在)?(?:20\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日|底|末|初|中旬|上旬|下旬|份)?之?前?)?(?:将|要|力争|确保)?"
)


class _Sentence:
    """A sentence with the places where its clauses and the members of its lists end, brackets kept whole."""

    def __init__(self, plain: str, start: int, end: int) -> None:
        self.plain, self.start, self.end = plain, start, end

    @cached_property
    def depth(self) -> list[int]:
        return depth_map(self.plain, self.start, self.end)

    @cached_property
    def joints(self) -> list[int]:
        return self._flat("[、和及与]")

    @cached_property
    def stops(self) -> list[int]:
        return self._flat("[，,；;。：:！\n\t]")

    def _flat(self, marks: str) -> list[int]:
        found = (m.start() for m in re.compile(marks).finditer(self.plain, self.start, self.end))
        return [i for i in found if self.depth[i - self.start] == 0]

    def clause_end(self, at: int) -> int:
        i = bisect_left(self.stops, at)
        return min(self.stops[i] if i < len(self.stops) else self.end, at + _LONGEST)

    def pieces(self, at: int, stop: int, ends: str) -> Iterator[tuple[int, int, bool]]:
        """[start, end) of the members of a list after a verb; the flag tells an end at 、."""
        first = at
        for i in [*self.joints[bisect_left(self.joints, at) : bisect_left(self.joints, stop)], stop]:
            if i < stop and self.plain[i] != "、" and not re.search(f"(?:{ends})$", self.plain[max(first, i - 8) : i]):
                continue
            yield first, i, i < stop and self.plain[i] == "、"
            first = i + 1


def _verb_first(plain: str, start: int, end: int) -> list[Deliverable]:
    sentence = _Sentence(plain, start, end)
    found: list[Deliverable] = []
    at = start
    for m in _verbs().finditer(plain, start, end):
        if m.start() < at or _is_no_act(plain, start, m) or sentence.depth[m.start() - start]:
            continue
        ends = {"write": _PAPER, "hold": _EVENT, "set": _LIST}[m.lastgroup or "write"]
        if m.lastgroup == "hold" and re.search("开展|组织(?!召开)", m[0]):
            ends = _CONTEST
        for a, b in _objects(sentence, m.end(), ends, titles=m.lastgroup == "write"):
            # the mark that closes a title belongs to the promise
            closed = b + plain.startswith(("》", "”"), b)
            found.append(Deliverable(m.start(), closed, a, b, m[0], m.lastgroup == "hold"))
            at = b
    return found


def _is_no_act(plain: str, start: int, m: re.Match[str]) -> bool:
    """落实制定的… · 制定的… · 定期召开…: the verb stands in another's sentence, or tells a habit."""
    before, after = plain[max(start, m.start() - 12) : m.start()], plain[m.end() : m.end() + 4]
    return (
        _NOT_BEFORE.search(before[-4:]) is not None
        or re.match(r"[的了]|背景|过程|情况|完成情况|单位|人员|工作", after) is not None
        or (m.lastgroup == "hold" and _HABIT.search(before) is not None)
    )


def _objects(sentence: _Sentence, start: int, ends: str, *, titles: bool) -> list[tuple[int, int]]:
    """Outputs after a verb: titles in 《》, else the clause up to a word for a paper or an event; lists share
    the verb."""
    plain, stop = sentence.plain, sentence.clause_end(start)
    if titles and "《" in plain[start : start + 16]:
        named = [(m.start(1), m.end(1)) for m in re.finditer(r"《([^》]{3,})》", plain[start:stop])]
        if named and named[0][0] <= 14 and not re.search("[和与及、]|的", plain[start : start + named[0][0] - 1]):
            return [(start + a, start + b) for a, b in named]
    found: list[tuple[int, int]] = []
    begin = None
    for first, last, listed in sentence.pieces(start, stop, ends):
        # a list before its first output belongs to it: 义务教育、高中教育发展规划
        begin = first if begin is None else begin
        piece = plain[begin:last]
        m = _object_rule(ends).match(piece)
        if m is None and listed and not found:
            continue
        if ends != _PAPER and _ATTENDED.search(piece):
            # 组织教师参加技能大赛: held by others
            return found
        if ends != _PAPER and m is not None and _INSTITUTION.match(piece):
            # 办好家长学校、家长开放日: what has begun with an institution lists no events
            return found
        if m is not None and not _UNSAID.match(piece):
            # “一校一案”实施方案 keeps its marks, “书香校园” alone does not
            marks = "“" * (piece.count("”") == 0 or piece.rstrip().endswith("”"))
            found.append((begin + len(piece) - len(piece.lstrip("好了 ”" + marks)), begin + m.end()))
        begin = None
    return found


_ATTENDED = re.compile("参加|参与|参赛|观摩|备战|观看|收看|赴|学访")
_INSTITUTION = re.compile(r"[^、]{2,12}(?:学校|幼儿园|学院|中心|基地|专业|课程|食堂|实验班|社团)、")
# an output that is not named: 以下方案 · 本实施细则 · 最少三次会议 · 一系列政策
_UNSAID = re.compile(
    r"(?:如下|以下|本(?!科|市|县|区|省)|该|此|上述|这次|这个|有关|相关)|"
    r"(?:好|最少|至少|不少于)*(?:[一二两三四五六七八九十几多\d]+[个批项次场]|一系列|系列)"
)
_HABIT = re.compile(r"(?:连续[^，。；]{1,4}年|历年|往年|每次|定期|每月|每周|每季度|每学期|经常|不定期)[^，。；]{0,8}$")


@lru_cache(maxsize=8)
def _object_rule(ends: str) -> re.Pattern[str]:
    return re.compile(
        rf".{{2,40}}?(?:{ends})(?![一-鿿]{{0,1}}(?:的|化|性))(?:[（(][^）)]*[)）])?"
        r"(?=$|”(?![一-鿿])|”(?:的|等|制度|活动)|的|工作|编制|活动|评审|，|报|并|下发|印发)"
    )
