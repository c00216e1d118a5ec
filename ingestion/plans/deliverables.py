"""Deliverables: the written outputs a plan commits to produce, and the one-off events it commits to hold.

Belongs here: verb + output, exact offsets. Does not: what is only carried out (落实《…》) or perfected (完善机制).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingestion.plans.clauses import depth_map

_WRITE = (
    "研究制定出台|研究制定|研究出台|研究起草|制定出台|制定印发|制定实施|制定完善|"
    "制定|制订出台|制订实施|制订|研制|拟定|拟订|草拟|起草|编制完成|编制出台|编制|"
    "编写|编印|修订完善|修订出台|修订|修编|修改完善|出台实施|推动出台|出台|"
    "印发实施|印发|发布实施|发布|颁布"
)
_PAPER = (
    "规划|方案|意见|办法|清单|计划|细则|指南|指引|规定|条例|标准|纲要|规范|手册|目录|"
    "白皮书|蓝皮书|报告|导则|章程|台账|规程|预案|通知|制度|要点|措施|政策|规则|规章|"
    "文件|读本|图谱|汇编|建议|守则|公约|指标体系|评价体系|实施方案|行动方案|行动计划"
)
_HOLD = (
    "组织开展好|组织开展|广泛开展|深入开展|持续开展|继续开展|开展好|开展|组织|召开好|"
    "召开|举办好|举办|举行|承办好|承办|办好|开好|组织举办|继续举办"
)
_EVENT = (
    "大会|会议|工作会|推进会|现场会|大赛|比赛|竞赛|论坛|运动会|展演|艺术节|科技节|"
    "读书节|体育节|文化节|展示周|活动周|宣传周|博览会|联赛|锦标赛|技能节|峰会|年会|"
    "足球赛|篮球赛|排球赛|乒乓球赛|球赛|决赛|联谊赛|表演赛|选拔赛|动员会|部署会|誓师会|启动仪式|"
    "表彰会|研讨会|汇演|会演|音乐会|发布会|交流会|座谈会|大比武|巡回赛|挑战赛|邀请赛|对抗赛|"
    "教学比武|观摩会|展览会|展示会|研讨活动|交流活动|评选活动|展示活动"
)
# what 开展 and 组织 hold only once: 开展教师技能大赛, not 开展交流活动
_CONTEST = (
    "大赛|比赛|竞赛|大比武|运动会|锦标赛|联赛|展演|艺术节|技能节|文化节|体育节|"
    "读书节|科技节|挑战赛|邀请赛|对抗赛|论坛|教学比武|展示周|活动周|宣传周"
)
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
    return re.compile(f"(?P<write>{_WRITE})|(?P<hold>{_HOLD})|(?P<set>{_SET_UP})")


_NOT_BEFORE = re.compile(
    r"(落实|执行|贯彻|按照|根据|依据|学习|宣传|围绕|已|部门|七部门|部|院|办|未|参与|参加|配合|关于)$"
)


def find_deliverables(plain: str, start: int, end: int) -> list[Deliverable]:
    """Deliverables of one sentence [start, end), in order."""
    depth = depth_map(plain, start, end)
    found: list[Deliverable] = []
    at = start
    for m in _verbs().finditer(plain, start, end):
        if (
            m.start() < at
            or depth[m.start() - start]
            or _NOT_BEFORE.search(plain[max(start, m.start() - 4) : m.start()])
        ):
            continue
        if plain[m.end() : m.end() + 1] in "的了" or re.match(
            r"背景|过程|情况|完成情况|单位|人员|工作", plain[m.end() : m.end() + 4]
        ):
            continue
        if m.lastgroup == "hold" and re.search(
            r"(定期|每月|每周|每季度|每学期|经常|不定期)[^，。；]{0,8}$", plain[max(start, m.start() - 12) : m.start()]
        ):
            continue
        ends = {"write": _PAPER, "hold": _EVENT, "set": _LIST}[m.lastgroup or "write"]
        if m.lastgroup == "hold" and re.search("开展|组织", m[0]):
            ends = _CONTEST
        for a, b in _objects(plain, depth, start, m.end(), end, ends, m.lastgroup == "write"):
            found.append(Deliverable(m.start(), b + (plain[b : b + 1] in "》”"), a, b, m[0], m.lastgroup == "hold"))
            at = b
    return found


def _objects(
    plain: str, depth: list[int], origin: int, start: int, end: int, ends: str, titles: bool
) -> list[tuple[int, int]]:
    """Outputs after a verb: titles in 《》, else the clause up to a word for a paper or an event; lists share
    the verb."""
    stop = start
    while stop < end and (depth[stop - origin] or plain[stop] not in "，,；;。：:！\n"):
        stop += 1
    if titles:
        named = [(m.start(1), m.end(1)) for m in re.finditer(r"《([^》]{3,})》", plain[start:stop])]
        if named and named[0][0] <= 14 and not re.search("[和与及、]|的", plain[start : start + named[0][0] - 1]):
            return [(start + a, start + b) for a, b in named]
    pieces: list[tuple[int, int]] = []
    at = start
    for i in range(start, stop + 1):
        if (
            i == stop
            or (depth[i - origin] == 0 and plain[i] == "、")
            or (depth[i - origin] == 0 and plain[i] in "和及与" and re.search(f"(?:{ends})$", plain[at:i]))
        ):
            piece = plain[at:i]
            m = re.match(
                (
                    rf".{{2,40}}?(?:{ends})(?![一-鿿]{{0,1}}(?:的|化|性))(?:[（(][^）)]*[)）])?(?=$|”|"
                    rf"的|工作|编制|活动|评审|，)"
                ),
                piece,
            )
            if m:
                # “一校一案”实施方案 keeps its marks, “书香校园” alone does not
                skip = len(piece) - len(
                    piece.lstrip("好了 ”" + "“" * (piece.count("”") == 0 or piece.rstrip().endswith("”")))
                )
                if re.match(r"(?:如下|以下|本(?!科)|该|此|上述)", piece):
                    at = i + 1
                    continue
                if re.match(r"(?:好)?(?:[一二两三四五六七八九十几\d]+[个批项次场]|一系列|系列)", piece):
                    at = i + 1
                    continue
                pieces.append((at + skip, at + m.end()))
                at = i + 1
            elif not pieces and i < stop and plain[i] == "、":
                continue
            else:
                at = i + 1
    return pieces
