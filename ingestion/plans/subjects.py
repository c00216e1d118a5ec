"""What a passage is about where a clause does not say it: headings, labels and titles as subjects.

Belongs here: the topic that stands over a clause, in words that can begin an indicator. Does not: what siblings of the
same sentence lend (siblings.py, naming.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingestion.plans import indicators
from ingestion.plans.clauses import Clause
from ingestion.plans.outline import OutlineItem
from ingestion.plans.rules import pattern
from ingestion.plans.table_lines import LineTable

# 工作目标 · 建设内容 · 资金筹措: headings that name no matter
_GENERIC = re.compile(
    r"^(?:总量|力度|投入|保障|合计|总计|共计|此外|总体|主要|工作|重点|年度|具体|基本|发展|目标|任务|要求|思路|指标|内容|建设|实施|保障|措施|举措|步骤|时间|安排|进度|"
    r"资金|筹措|经费|条件|组织|领导|方法|方式|情况|背景|摘要|附件|说明|备注|范围|对象|原则|阶段|标准|来源|责任|单位|部门|其他|"
    r"一|二|三|四|五|六|七|八|九|十|和|与|及|的|方面|上|第|章|节|条|部分|预期|约束性|有关|事项|工程|行动|项目|计划|县区|市直|"
    r"教育|全市|全县|全区|年|月|\d|第.季度|考核|督导|评价|结果|运用|牵头|配合|完成|时限|今年|明年|下步|下一步|打算|续建|新建|前期|"
    r"推进|加强|强化|夯实|筑牢|提升|水平|质量|能力|基础|队伍|成效|短板|优势|攻坚|特色|民生|福祉|增进|新|更|大|高)+$"
)
_LABEL_END = re.compile(r"(?:上|方面|来看|来说)$")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+[、是要]|[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[、.．]|[①-⑳▲●■◆★▪•]|第[一二三四五六七八九十]+[，、])\s*"
)
_VERBS = (
    r"^(?:{short_verb}|{modal}|{add_verb}|扩大|优化|健全|完善|抓好|做好|加强|推进|逐步|落实|规范|巩固|增强|深化|打好|打赢|抓实|抓牢|"
    r"促进|发展|提高|提升|守牢|筑牢|夯实|聚焦|紧扣|坚持|突出|注重|狠抓|营造|统筹|普及|振兴|持之以恒|学习|宣传|贯彻|继续|着眼|围绕|办好|建强|构建|织密|改进|和|与)+"
)
_BUILDING = re.compile("(?:学校|小学|中学|幼儿园|学院|校区|基地|项目|工程|中心|[园馆楼])$")
_WORK = re.compile(r"(?:攻坚战|保卫战|工作|行动|机制|体系|力度|水平|质量|能力|短板|格局|改革|实施|实事)$")


def is_generic(text: str) -> bool:
    """Whether a phrase only says which part of a paper it heads: 建设内容, 主要目标."""
    return _GENERIC.match(text) is not None


# 关于…加强新时代学校体育美育工作的行动方案 · 学前教育提升三年行动计划
_TITLE = re.compile(
    r"(?:关于|印发《?)?(?P<matter>[^《》（(\n]{4,60}?)(?:的)?(?:实施|行动|工作|推进|若干)*(?:方案|计划|规划|意见|措施|清单)"
)
_TITLE_LEAD = re.compile(
    r"^.{0,24}?(?:市|县|区|省|州|旗|盟|关于|印发|厅|局|室)(?=[^市县区省州旗盟]*$)|^(?:进一步|全面|深入|加强|改进|推进|促进|做好|深化|实施|和|加快|新时代|新形势下)+|"
    r"(?:提升|改革|发展|建设|振兴|攻坚|行动|三年|五年|十四五|“|”|\d+年?|工作|水平|质量|高质量|年)+$"
)


@lru_cache(maxsize=16)
def topic_of_title(text: str) -> str:
    """The matter of a paper by its title, 《…县学前教育提升三年行动计划》 → 学前教育; '' where it covers all."""
    for line in text.splitlines()[:4]:
        m = _TITLE.search(line)
        if m is None or re.search("要点|总结|政府工作报告", line):
            continue
        matter, before = m["matter"], ""
        while matter != before:
            before, matter = matter, indicators.trim(_TITLE_LEAD.sub("", matter))
        if 3 <= len(matter) <= 12 and not is_generic(matter):
            return matter
    return ""


@lru_cache(maxsize=1024)
def topic_of_heading(text: str) -> str:
    """The matter a heading names, 4.打好教育扶贫攻坚战 → 教育扶贫, at most fourteen characters; '' for none."""
    if re.search(r"[年月]\S{0,4}日$|办公室$|(?:局|厅|政府|委员会)$|^\u3014|号$|同志们|各位", text.strip()):
        return ""
    text = _NUMBERED.sub("", text.strip())
    text = re.sub(r"[（(][^（()）]*[)）]|\d+[.、]", "", text)
    text = re.split(r"[，,；;：:。！!\d]", text)[0]
    text = _LABEL_END.sub("", text.strip())
    whole = text
    text = indicators.trim(pattern(_VERBS).sub("", indicators.trim(text)))
    text = _WORK.sub("", text) if len(_WORK.sub("", text)) >= 2 else text
    if _GENERIC.match(text) or _GENERIC.match(whole) or len(text) < 2:
        return ""
    if "、" in text or len(text) > 14:
        text = text.rsplit("的", 1)[-1] if "的" in text else text
    return text if len(text) <= (18 if _BUILDING.search(text) else 14) else ""


_NUMBERS = re.compile(r"\d[^.、）)]")


def _is_heading(clause: Clause) -> bool:
    """Short, and without a number but its own."""
    return clause.end - clause.start <= 24 and _NUMBERS.search(clause.text) is None


class Headings:
    """The topic over every clause of a text."""

    def __init__(self, clauses: Sequence[Clause], items: Sequence[OutlineItem], sheets: Sequence[LineTable]) -> None:
        self._clauses = clauses
        self._topics = self._over_clauses(items)
        self._rows = self._over_rows(sheets)

    def of(self, index: int) -> str:
        """The matter that clause `index` stands under, '' where nothing names it."""
        return self._rows.get(self._clauses[index].paragraph) or self._topics[index]

    def _over_clauses(self, items: Sequence[OutlineItem]) -> list[str]:
        found: list[str] = []
        stack: list[OutlineItem] = []
        at = 0
        label, title, line = "", "", -1
        alone: str = ""
        for index, clause in enumerate(self._clauses):
            opened = False
            while at < len(items) and items[at].start <= clause.end:
                while stack and (stack[-1].level >= items[at].level or stack[-1].end <= items[at].start):
                    stack.pop()
                stack.append(items[at])
                at, opened = at + 1, True
            if clause.paragraph != line:
                line, label = clause.paragraph, ""
                if opened:
                    title = ""
                if alone:
                    title, alone = alone, ""
            if clause.mark in "：:" and re.fullmatch("合计|总计|共计|此外|其他", clause.text):
                title, stack = "", []
            over = (
                label
                or title
                or next(
                    (
                        t
                        for item in reversed(stack)
                        if item.end > clause.start and (t := topic_of_heading(item.heading))
                    ),
                    "",
                )
            )
            found.append(over)
            if clause.mark in "：:。\n" and self._opens(index) and _is_heading(clause):
                topic = topic_of_heading(clause.text)
                # a title on its own line serves what follows, 标签： the rest of its line
                alone, label = (topic, label) if clause.mark == "\n" else (alone, label or topic)
        return found

    def _opens(self, index: int) -> bool:
        return index == 0 or self._clauses[index - 1].paragraph != self._clauses[index].paragraph

    def _over_rows(self, sheets: Sequence[LineTable]) -> dict[int, str]:
        """The matter of a row of a table of one cell a line stands over its other cells."""
        found: dict[int, str] = {}
        texts: dict[int, str] = {}
        for clause in self._clauses:
            texts.setdefault(clause.paragraph, clause.text)
        for sheet in sheets:
            column = sheet.column("任务|事项|项目|指标")
            for row in sheet.rows:
                named = row[column] if column is not None else None
                if named is not None and (topic := topic_of_heading(texts.get(named, ""))):
                    found |= {cell: topic for cell in row if cell is not None and cell > named}
        return found
