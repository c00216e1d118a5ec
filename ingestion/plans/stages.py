"""The wording of stages: what is said of a project when work begins, its frame stands, it is done, it opens.

Belongs here: words for stages and works, the stage that a clause ends or begins with. Does not: which projects are
meant (projects.py), joining both (milestones.py).
"""

from __future__ import annotations

import re
from functools import lru_cache

MARK = r"[（(][^（()）]*[)）]"
WORK = (
    "新改扩建|改扩建|迁扩建|新建|扩建|迁建|改建|重建|异地新建|整体搬迁|扩容|装修|装饰装修|装饰|提升改造|改造提升|改造|提升|修缮|"
    "翻新|维修|加固"
)
STARTS = (
    "奠基开工|开工建设|新开工建设|新开工|开工|动建|动工兴建|动工新建|动工建设|动工|破土动工|启动建设|启动实施|启动|开建"
)
ENDS = (
    "建成并投入使用|建成投入使用|建成投用|建成启用|建成并投用|投入使用|交付使用|竣工投用|竣工交付|投用|启用|开办|"
    "新建成|建成|建好|竣工|完工|落成"
)
# what is done before the first stone: 可研批复 · 初步设计 · 选址
BEFORE = (
    r"(?:前期(?:手续|准备|各项|审批)?(?:工作)?|立项|项目建议书|可研|可行性研究|可行性论证|选址|初步设计|初设|规划设计|"
    r"(?:规划|建设|设计)?方案(?:设计|编制|评审|审批|批复)|设计方案|概念设计|施工图设计|施工图审查|施工图|用地(?:预审|报批|手续|审批|调规|规划)|土地(?:报批|征收|"
    r"划拨|出让|平整|挂牌|手续|预审)|征地(?:拆迁)?|征拆|征收|拆迁|勘察|勘测|地勘|环评|规划许可|施工许可证?|报建|"
    r"招投标|招标|项目报批|报批|项目审批|规划选址|设计|筹建|筹备)"
    r"(?:报告|书|文件|方案)?(?:编制|批复|审批|审查|审核|手续|工作|论证|设计|拆迁|任务|办理|报批|评审|阶段|程序|等|[、和及与]|"
    r"立项|可研|环评|用地预审|选址|招标|招投标|初步设计|勘察|施工图|土地|规划|许可|前期|设计|方案)*"
)
OPEN = (
    "投入(?:教学|试|正式)?使用|投用|启用|交付使用|开园|招生(?:办学)?|开门迎新|迎新|开门纳新|投入运行|投入运营|投运|开门办学|开门招生|招生办学|"
    "开学招生|启动招生|开班|开诊|开馆|(?:建成|对外|正式)开放|入驻|搬迁入驻|整体搬迁|搬入(?:新校区?|新址)|开学|开课|正式办学|迎接新生"
)
BEGIN = (
    "奠基开工|开工奠基|破土动工|破土开工|破土兴建|破土|复工开建|开工建设|动工建设|动工兴建|启动建设|启动施工|进场施工|"
    "进场|全面施工|开始施工|进入施工阶段|开工|动工|动建|奠基|开建|复工|上马|打桩"
)
TOPPED = (
    "(?:主体(?:工程|结构|建筑|部分)?|结构|土建(?:工程)?|地上结构)(?:建设|施工)?"
    "[^、，]{0,3}(?:完工|封顶|结顶|封闭|竣工|完成|建成)|封顶|结顶|断水"
)
# 完成…主体工程: done where the clause says so
FRAME = "(?:主体(?:工程|结构|建筑)?|土建工程)(?:建设|施工)?"
DONE = (
    "建成|竣工(?:备案)?|竣工验收|通过验收|交工验收|验收|完工|落成|完成建设|建设完成|"
    "完成(?:竣工|交工)?验收|完成交付|交付|交工|贯通|通车|完成施工"
)

# some word without which a clause speaks of no stage, tried before any costly rule
HINT = re.compile(
    "开工|动工|动建|启动|建成|竣工|完工|投用|投入|启用|交付|主体|封顶|结顶|前期|完成|扩建|改建|改造|装修|装饰|迁建|提升|修缮|"
    "开园|立项|招生|维修|新建|奠基|开建|迎新|封闭|可研|可行性|选址|设计|招标|招投标|预审|报批|勘察|开学|进场|破土|落成|"
    "验收|交工|开诊|开馆|开放|运营|运行|入驻|搬|征地|征收|拆迁|环评|许可|报建|施工|建好|复工|开办|开班|开课|办学|贯通|通车|筹建|筹备|断水|用地|土地|加固|翻新"
)
# 前期 first: 启动施工图设计 begins no work; 投用 before 建成: 建成投用
_TAIL = r"(?:的)?(?:目标|任务|条件|阶段|要求|节点)?$"
_VERBS = "完成|启动|做好|开展|取得|办理|办结|通过|获得|获批|进入|推进|落实|抓好|开始|推动|加快|谋划|加快推进"


@lru_cache(maxsize=1)
def trailing() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(stage, pattern) of the wording that ends a clause, in the order in which they are tried."""
    return (
        # 城西小学完成可研批复 · 做好城西小学前期工作 · 城西小学立项
        ("前期", re.compile(rf"(?:{_VERBS})*(?:项目|工程|建设|的)*{BEFORE}{_TAIL}")),
        # 城西小学主体封顶 · 完成城西小学主体工程
        ("主体完工", re.compile(rf"(?:{TOPPED}|(?<=.){FRAME}){_TAIL}")),
        # 城西小学9月开园 · 城西小学交付使用
        ("投用", re.compile(rf"(?:{OPEN}){_TAIL}")),
        # 城西小学破土动工
        ("开工", re.compile(rf"(?:{BEGIN}){_TAIL}")),
        # 城西小学竣工验收
        ("建成", re.compile(rf"(?:{DONE})(?:验收)?{_TAIL}")),
    )


@lru_cache(maxsize=1)
def leading() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(stage, pattern) of the wording that begins a clause before the names: 投用城西小学 · 开工城西小学."""
    return (
        (
            "投用",
            re.compile(
                r"^.{0,16}?(?:建成(?:并)?(?:投用|启用|投入使用|招生)|投用|启用|交付使用|投入使用|开办)(?P<names>.{2,})$"
            ),
        ),
        ("开工", re.compile(rf"^.{{0,16}}?(?:{STARTS})(?P<names>.{{2,}})$")),
        ("建成", re.compile(rf"^.{{0,16}}?(?:{ENDS})(?P<names>.{{2,}})$")),
    )


def stage_of_work(word: str | None) -> str:
    """The stage that a completed work reaches: 扩建 → 改扩建, 改造 → 改建, 迁建 and 新建 → 建成."""
    if word is None or re.search("迁建|重建|^新建|异地|搬迁|建设", word):
        return "建成"
    if "扩" in word:
        return "改扩建"
    return "装修" if "装" in word else "改建"


def work_type(word: str | None) -> str | None:
    """The kind of work that a word names: 新建 改扩建 改建 装修 迁建; None for none."""
    if word is None or word == "建设":
        return None
    for kind, forms in (
        ("改扩建", ("扩建", "扩容")),
        ("迁建", ("迁建", "异地", "搬迁")),
        ("装修", ("装修", "装饰")),
        ("新建", ("新建", "重建")),
    ):
        if any(form in word for form in forms):
            return kind
    return "改建"
