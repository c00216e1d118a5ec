"""Milestones: the stage promised for projects that a clause names, with the work and the stated count.

Belongs here: joining stages (stages.py) and names (projects.py): 建成甲小学、乙幼儿园等5所 → 建成, two names. Does not:
the count itself (a commitment of its own).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from ingestion.plans.clauses import Clause, depth_map
from ingestion.plans.projects import (
    COUNTED,
    DATE,
    NAME_END,
    Spans,
    cut_filler,
    name_of,
    read_projects,
    split_names,
)
from ingestion.plans.stages import (
    BEFORE,
    BEGIN,
    DONE,
    FRAME,
    HINT,
    OPEN,
    TOPPED,
    WORK,
    leading,
    stage_of_work,
    trailing,
    work_type,
)
from ingestion.plans.works import Milestone, by_works

# some word for a place that is built, before any costly rule is tried
_PLACE = re.compile(
    r"[学园校院楼馆期区心寓地舍部堂场目程宫房厅厕路桥站厂道]|[初高职]中|[一二三四五六七八九十][中小幼高]|[实附][小中幼]"
)
_LONGEST = 160


_JOINED = re.compile("[、和并且及]+")


@lru_cache(maxsize=1)
def _steps() -> re.Pattern[str]:
    """Where one stage ends and the next begins: 三中教学楼开工、一小综合楼封顶 · 3月开工、年底竣工."""
    stage = f"{OPEN}|{BEGIN}|{TOPPED}|{DONE}|立项"
    return re.compile(rf"(?:{stage}|{BEFORE}){_JOINED.pattern}(?=[^、]{{0,24}}(?:{stage}|{BEFORE}))")


@lru_cache(maxsize=1)
def _alone() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """6月底前开工 · 力争年底前立项: a stage alone, of the project that stands before it."""
    when = (
        rf"^(?:{DATE}|项目|工程|建设|续建|新建|要|必须|务必|应|须|将|拟|并|再|还|已|其中|力争|争取|确保|实现|保证|计划|预计|全部|全面|"
        r"均|都|整体|顺利|如期|按期|按时|正式|基本|陆续|同步|竣工|建成|新校区?|到|于|在|[，,、 ：:])*"
    )
    done = "(?:完成|启动|做好|开展|取得|通过|办理|获得|获批)"
    return (
        ("前期", re.compile(rf"{when}(?:{done}(?:项目|全部|各项)?{BEFORE}|{BEFORE}|立项)$")),
        ("主体完工", re.compile(rf"{when}(?:完成)?(?:{TOPPED}|主体工程|主体结构|主体)(?:建设|施工)?$")),
        ("开工", re.compile(rf"{when}(?:{BEGIN})(?:建设)?$")),
        ("投用", re.compile(rf"{when}(?:具备)?(?:{OPEN})(?:条件)?$")),
        ("建成", re.compile(rf"{when}(?:{DONE})(?:验收)?$")),
    )


def find_milestones(plain: str, clause: Clause, subject: Spans = ()) -> list[Milestone]:
    """The milestones of one clause: one, or several where 完成 governs works of different kinds; of `subject`,
    the projects named before, where it names a stage alone; [] where it names no project."""
    body = clause.text
    if len(body) > _LONGEST * 2 or not HINT.search(body):
        return []
    if not subject and not _PLACE.search(body):
        return []
    found: list[Milestone] = []
    for piece in _pieces(plain, clause):
        stones = _of_subject(piece, subject) or _of_clause(plain, piece, known=bool(subject))
        subject = stones[-1].projects if stones else subject
        found += stones
    return found


def _pieces(plain: str, clause: Clause) -> list[Clause]:
    """A clause, or its parts where it tells several stages."""
    joined = _JOINED.search(clause.text) is not None
    ends = [clause.start + m.end() for m in _steps().finditer(clause.text)] if joined else []
    if not ends or any(depth_map(plain, clause.start, clause.end)):
        return [clause]
    cuts = [clause.start, *ends, clause.end]
    texts = [(first, plain[first:last].rstrip("、和并且及")) for first, last in pairwise(cuts)]
    pieces = [replace(clause, start=first, end=first + len(text), text=text) for first, text in texts if text]
    if any(stage == "前期" for piece in pieces[:1] for stage in _stages_alone(piece.text)) and len(pieces) == 2:
        return [clause] if _stages_alone(pieces[1].text) == ["前期"] else pieces
    # 完成选址、可研批复: one stage told in two words is one milestone
    told = [_stages_told(piece.text) for piece in pieces]
    return pieces if len(set(told)) > 1 or _named_in(plain, pieces[1]) else [clause]


def _stages_alone(text: str) -> list[str]:
    return [stage for stage, rule in _alone() if rule.match(text)][:1]


def _stages_told(text: str) -> str | None:
    return next((stage for stage, rule in trailing() if rule.search(text)), None)


def _named_in(plain: str, clause: Clause) -> bool:
    kept = cut_filler(clause.text)
    return any(name_of(plain, a, b) for a, b in split_names(plain, clause.start, clause.start + len(kept)))


def _of_subject(clause: Clause, subject: Spans) -> list[Milestone]:
    if not subject or len(clause.text) > 40:
        return []
    return [Milestone(clause.start, clause.end, s, None, subject, None) for s in _stages_alone(clause.text)]


# what a name, a work on it, or its progress ends in: looked at before the rules
_LAST = frozenset(
    "学校园院心地馆场楼寓区期中小幼高部宫堂舍程目群房厅厕池台看路桥站厂道城库体化厨门墙廊浴池）)”建设工修造迁装施度伐力饰容缮新固专搬室所大升"
)
_NUMBERED = re.compile(r"(?=[\d；。])(?<![等\d])\d+[%所个名]|[；。]")
_WEAK_ENDS = ("进度", "步伐", "力度", "进程", "施工", "建设")
_WEAK_TAIL = re.compile(rf"(?:的)?(?:建设|施工|工程|项目)*(?:{'|'.join(_WEAK_ENDS)})$")
_PROJECT_TAIL = re.compile(rf"(?:{NAME_END}|(?:{WORK}|建设)(?:工程|项目)?|[”）)])$")


def named_projects(plain: str, clause: Clause) -> Spans:
    """The projects that a clause names and says nothing of: 城西小学迁建工程： as the head of its stages."""
    if not 3 <= len(clause.text) <= 60 or clause.text[-1] not in _LAST or _NUMBERED.search(clause.text):
        return ()
    body = _WEAK_TAIL.sub("", clause.text) if clause.text.endswith(_WEAK_ENDS) else clause.text
    # a tail is never longer than this
    if not _PROJECT_TAIL.search(body, max(0, len(body) - 12)):
        return ()
    return read_projects(plain, clause.start, clause.start + len(body)).names


def _of_clause(plain: str, clause: Clause, *, known: bool) -> list[Milestone]:
    for reader in (_in_brackets, _by_trailing, _by_leading, by_works):
        found = list(reader(plain, clause, known))
        if found:
            return found
    return []


# 新建幼儿园2所（城东幼儿园、城西幼儿园） · 开工项目3个（甲小学、乙中学、丙幼儿园）
_LISTED = re.compile(
    r"(?P<verb>建成投用|投用|投入使用|开工建设|开工|动工|新建|建成|竣工|改扩建|改建|扩建|迁建)"
    rf"[^（()）]{{2,24}}(?:{COUNTED})[^（()）]{{0,8}}[（(](?:分别(?:为|是)|即|包括|含|其中)?(?P<names>[^（()）]{{4,}})[)）]$"
)
_REACHED = (("投用", "建成投用|投用|投入使用"), ("开工", "开工|动工"), ("建成", "建成|竣工"))
# 推进甲小学（主体封顶）、乙中学（开工建设）
_TOLD = re.compile(r"[（(](?P<stage>[^（()）]{2,18})[)）]")


def _in_brackets(plain: str, clause: Clause, known: bool) -> Iterator[Milestone]:
    body = clause.text
    if "（" not in body and "(" not in body:
        return
    if m := _LISTED.search(body):
        stage = next((to for to, words in _REACHED if re.match(words, m["verb"])), stage_of_work(m["verb"]))
        names = read_projects(plain, clause.start + m.start("names"), clause.start + m.end("names"), known=known)
        if names.names:
            word = next(iter(re.findall(WORK, body)), None)
            yield Milestone(clause.start, clause.end, stage, work_type(word), names.names, names.stated_count)
        return
    at = clause.start
    for m in _TOLD.finditer(body):
        stages = _stages_alone(m["stage"])
        if stages and (names := read_projects(plain, at, clause.start + m.start(), known=known).names):
            yield Milestone(clause.start, clause.end, stages[0], None, names, None)
        at = clause.start + m.end() + 1 if stages else at


def _by_trailing(plain: str, clause: Clause, known: bool) -> Iterator[Milestone]:
    """城西小学、城东小学9月前交付使用: the stage ends the clause."""
    body = re.sub(r"[（(](?![^（()）]*(?:[区部期校园]))[^（()）]*[)）]$", "", clause.text)
    for stage, rule in trailing():
        m = rule.search(body)
        if m is None or m.start() < 2 or not _is_promised(stage, m[0], body):
            continue
        kept = cut_filler(re.sub(r"(?:完成|实现|确保|力争)$", "", body[: m.start()]))
        if not kept or _is_other(stage, kept, body):
            continue
        named = read_projects(plain, clause.start, clause.start + len(kept), known=known)
        if named.names:
            word = next(iter(re.findall(WORK, body)), None)
            yield Milestone(clause.start, clause.end, stage, work_type(word), named.names, named.stated_count)
            return


def _is_promised(stage: str, said: str, body: str) -> bool:
    """完成…设计 · 启动…招标 · 完成…主体工程: a stage only where the clause says it is to be done."""
    if stage == "主体完工" and re.match(rf"{FRAME}$", said):
        return re.search("完成|实现|确保|力争", body) is not None
    return stage != "前期" or (
        re.search(r"完成|启动|做好|开展|取得|办理|办结|通过|获|进入|落实|抓好|开始|立项|前期|推进|推动|谋划", body)
        is not None
    )


def _by_leading(plain: str, clause: Clause, known: bool) -> Iterator[Milestone]:
    """投用城西小学 · 开工建设城西小学等3所: the stage stands before the names."""
    body = clause.text
    for stage, rule in leading():
        m = rule.search(body)
        if m is None or _is_other(stage, m["names"], body):
            continue
        first, last = clause.start + m.start("names"), clause.start + m.end("names")
        named = read_projects(plain, first, last, known=known)
        if named.names:
            word = next(iter(re.findall(WORK, body)), None)
            yield Milestone(clause.start, clause.end, stage, work_type(word), named.names, named.stated_count)
            return


@lru_cache(maxsize=1)
def _heading() -> re.Pattern[str]:
    """新开工项目： · 2024年计划竣工的学校（4所）"""
    return re.compile(
        rf"^(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]\s*|{DATE}|计划|拟|新|确保|力争|重点|本年度?|20\d\d年)*"
        rf"(?:(?P<投用>建成投用|{OPEN})|(?P<开工>{BEGIN})|(?P<建成>{DONE}))(?:建设)?(?:的)?"
        r"(?:重点|教育|建设)*(?:项目|学校|工程|幼儿园|中小学校?)(?:[（(]?共?\d+[个所项][)）]?)?(?:为|包括|有)?$"
    )


def stage_heading(clause: Clause) -> str | None:
    """The stage that a clause announces for the names that follow it, None for other clauses."""
    if clause.mark not in "：:\n" or len(clause.text) > 30:
        return None
    m = _heading().match(clause.text)
    return m.lastgroup if m else None


# what names the project rather than its stage, where a stage follows: 新建城西小学，9月开工
_TITLE = re.compile(r"新建|迁建|重建|改扩建|扩建")


def is_title(clause: Clause, found: list[Milestone], after: Clause | None) -> bool:
    """Whether a clause that reads like a promise only names the project of the stage that the next clause tells."""
    if not found or after is None or after.sentence != clause.sentence or not _stages_alone(after.text):
        return False
    return (
        len(found) == 1
        and _TITLE.search(clause.text) is not None
        and _stages_told(clause.text) is None
        and (re.search("完成|建成|竣工|投用", clause.text) is None)
    )


def _is_other(stage: str, names: str, body: str) -> bool:
    """Wording that looks like a milestone and is none: 启动课程改革 · 提升教学质量 · 语言文字示范校创建提升."""
    if stage in ("投用", "建成") and re.search(
        r"评估|创建|考核|督导|结题|课题|经费|资金|达标|复查|自查|整改|集团化|规范|依法|合作|开放日|联合|特色|健康运行|有序|正常|"
        r"提前|阳光|就近|划片|统一|面向|安全运行|制度|机制",
        body,
    ):
        return True
    if stage != "开工":
        return False
    return re.match(
        r"(?:创建|编制|申报|评估|实施(?!.{3,}工程)|开展|制定|修订|新一轮|认定|评选|筹备|培训|研究)", names
    ) is not None or (
        re.search(r"(?:前期|计划|机制|制度|工作|试点|行动|活动|改革|创建|评估|评选|编制|培训)$", body) is not None
    )
