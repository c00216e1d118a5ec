"""Tables of projects whose column heads are stages: under 开工时间 and 竣工时间 stand the days of a row's project.

Belongs here: such tables' heads, the project of a row, the day of a cell, bare figures that are none of these. Does
not: stages told in words (milestones.py), tables of indicators (tables.py).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from ingestion.plans.projects import Spans, read_projects

_NAME = re.compile(r"(?:建设|教育|重点|重大|实施)*(?:项目|工程|学校|幼儿园)(?:名称)?|名称")
_WHEN = "(?:完成)?(?:时间|日期|年月|时限|节点|年份)?"
_STAGES = (
    ("开工", re.compile(rf"(?:计划|预计|拟|项目)*(?:开工|动工|开建)(?:建设)?{_WHEN}")),
    ("主体完工", re.compile(rf"(?:计划|预计|拟|项目)*(?:主体)?(?:封顶|结顶|完工(?<=主体完工)){_WHEN}")),
    ("建成", re.compile(rf"(?:计划|预计|拟|项目)*(?:建成|竣工|完工)(?:验收)?{_WHEN}")),
    ("投用", re.compile(rf"(?:计划|预计|拟|项目)*(?:建成)?(?:投用|投入使用|交付使用|交付|启用){_WHEN}")),
)
_WORK = re.compile("改扩建|新建|扩建|迁建|改建|装修")
# 2031年8月底前 · 2031.8 · 8月30日 · 2031年第三季度 · 2032年底 · 上半年
_DAY = re.compile(
    r"(?:(?P<y>20\d\d)(?:年|[./-](?=\d))?)?(?:(?P<m>1[0-2]|0?[1-9])(?:月(?:份|底|末|上旬|中旬|下旬)?|[./-](?=\d)|$)"
    r"(?:(?P<d>3[01]|[12]\d|0?[1-9])日?)?|第?(?P<q>[一二三四1-4])季度末?|(?P<h>[上下])半年|年?(?:底|末|内))?(?:之?前)?"
)
_FIGURE = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True)
class StageCell:
    """The cell at [start, end) of paragraph `line`: the projects at `names` reach `stage` by `due`. `head` is where the
    cell that names them begins."""

    line: int
    head: int
    start: int
    end: int
    names: Spans
    stage: str
    work: str | None
    due: date


@dataclass
class ProjectTables:
    """Promised cells, and bare figures of the tables with why they are none: {offset: reason}."""

    cells: list[StageCell] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Head:
    name: int
    stages: dict[int, str]
    count: int


def read_project_tables(plain: str, spans: list[tuple[int, int]], year: int | None) -> ProjectTables:
    """The project tables among the paragraphs; days without a year are of `year`, without either they are none."""
    found = ProjectTables()
    head: _Head | None = None
    for line, (start, end) in enumerate(spans):
        texts = plain[start:end].split("\t")
        if sum(bool(text.strip()) for text in texts) < 2:
            head = None
        elif (named := _head(texts)) is not None:
            head = named
        elif head is not None and len(texts) <= head.count:
            _row(plain, line, start, texts, head, year, found)
    return found


def _head(texts: list[str]) -> _Head | None:
    bare = [re.sub(r"[\s（(].*", "", text.strip()) for text in texts]
    name = next((i for i, text in enumerate(bare) if _NAME.fullmatch(text)), None)
    stages = {i: stage for i, text in enumerate(bare) for stage, rule in _STAGES if text and rule.fullmatch(text)}
    return _Head(name, stages, len(texts)) if name is not None and stages else None


def _row(
    plain: str, line: int, start: int, texts: list[str], head: _Head, year: int | None, found: ProjectTables
) -> None:
    places = list(accumulate((len(text) + 1 for text in texts[:-1]), initial=start))
    own = texts[head.name] if head.name < len(texts) else ""
    is_total = re.fullmatch(r"[合小总]\s*计", own.strip()) is not None
    first = places[head.name] + len(own) - len(own.lstrip())
    last = first + len(own.strip())
    names = read_projects(plain, first, last).names or ((first, last),)
    work = _WORK.search(plain[start : start + len("\t".join(texts))])
    for i, text in enumerate(texts):
        at = places[i] + len(text) - len(text.lstrip())
        body = text.strip()
        due = day_of(body, year) if i in head.stages else None
        if due is not None and 2 <= last - first <= 60 and not is_total:
            found.cells.append(
                StageCell(line, first, at, at + len(body), names, head.stages[i], work[0] if work else None, due)
            )
        if body and _FIGURE.fullmatch(body):
            found.reasons[at] = "日期" if i in head.stages else "表内数据" if i else "序号"


def day_of(text: str, year: int | None) -> date | None:
    """The last day that a cell names, None where it says something else: 2031.8 → 31 August 2031."""
    m = _DAY.fullmatch(text.replace(" ", ""))
    named = int(m["y"]) if m and m["y"] else year
    if m is None or not text or named is None or not re.search(r"\d|[年季底末内]", text):
        return None
    if m["m"] is None and m["y"] is None and re.fullmatch(r"\d+", text):
        return None
    quarter = "一二三四".find(m["q"]) + 1 or int(m["q"]) if m["q"] else 0
    month = int(m["m"]) if m["m"] else 3 * quarter if quarter else 6 if m["h"] == "上" else 12
    if m["m"] and not m["y"] and "月" not in text:
        return None
    last = monthrange(named, month)[1]
    return date(named, month, min(int(m["d"]), last) if m["d"] else last)
