"""The number ledger: every numeral of a plan with the commitment it became, the reason it is none, or 未解析.

Belongs here: completeness over numerals. Does not: new verdicts; it reports those of the extraction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.plans.commitments import Commitment
from ingestion.plans.layout import flow_of
from ingestion.plans.periods import plan_year
from ingestion.plans.promises import Passage
from ingestion.plans.script import plain_view
from ingestion.plans.targets import TARGET

if TYPE_CHECKING:
    from ingestion.plans.document import Paragraph

UNRESOLVED = "未解析"
_NUMERAL = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[〇零一二两三四五六七八九十百千万亿]+")


@dataclass(frozen=True)
class NumberEntry:
    """One numeral at [start, end); `label` is 目标, a reason, or 未解析; `commitment_id` where it is a target."""

    start: int
    end: int
    number_text: str
    label: str
    commitment_id: str | None


# what numerals that no quantity holds are: text left of, in and right of them, tried in order
_LEFTOVERS = tuple(
    (label, re.compile(before), re.compile(token), re.compile(after))
    for label, before, token, after in (
        # 2023-02-16 · 8月20日—8月31日 · 2018-2035
        ("日期", r"\d{4}\s*[-/.年]\s*(?:\d{1,2}\s*[-/.月]\s*)?$", r"^\d{1,2}$", ""),
        ("日期", r"[日月年\d]\s*[-—–~至到]+\s*$", r"^\d{1,4}$", r"^\s*(?:年|月|日|[）)]|[:：]\d)"),
        ("日期", r"(?:20\d\d|[（(])$", r"^20\d\d$", ""),
        ("日期", r"(?:^|[^\d])$", r"^20\d\d$", r"^(?:\D|$)"),
        # 2031.8 in a cell
        ("日期", r"(?:^|[\t（(至—-])$", r"^20\d\d\.(?:0?[1-9]|1[0-2])$", r"^(?:[\t）)至—-]|$)"),
        # 3\t校舍建设 · 学前\t3\t校舍建设: the number of a row
        ("序号", r"^(?:[^\t\d]{1,12}\t)?$", r"^\d{1,3}$", r"^[.、]?\t[^\t\d]"),
        # 0877-4410086转803 · 2892 5555 · 12345热线 · 客服QQ：8000
        ("号码", r"(?:电话|热线|传真|分机|联系|QQ|微信|转|账号|[-—–]|\d{4}\s)[^，。；\n]{0,12}$", r"^\d{3,}$", ""),
        ("号码", "", r"^\d{5,}$", r"^[^\d%元人万亿]{0,8}热线"),
        ("号码", r"(?:索引|备案|ICP|文号|编号)[^，。；\n]{0,16}$", r"^\d+$", ""),
        ("文号", r"第\s*[\d、/]{1,6}$|[\u3014\\[]$", r"^\d+$", r"^\s*[号號\u3015\\]]"),
        # 第 1 页 / 共 3 页 [2] · 点击数：3714 · 8912℃
        (
            "页面信息",
            r"(?:\[|[第共]\s?|点击数?：|浏览[^\d]{0,6}[\d ]*|约|小编\s?|Copyright[^一-鿿]*|©[^一-鿿]*)$",
            r"^\d+$",
            "",
        ),
        ("页面信息", "", r"^\d+$", r"^\s*(?:℃|字，|页|点赞)"),
        # 15:1 · 6\u22364 · 1:19
        ("比值", r"\d\s*[:：\u2236]\s*$", r"^[\d.]+$", ""),
        ("比值", "", r"^[\d.]+$", r"^\s*[:：\u2236]\s*\d"),
        # 1号、2号楼 · 任务1—3、5 · 1人1载具
        ("名称", "", r"^\d+$", r"^[、—-]?\d*[号號](?:楼|教学|学生)?|^人\d"),
        ("序号", r"(?:任务|附件|附表|第|项|表|图)\s*[\d—、-]*$", r"^\d+$", ""),
        # 清零 · 万家 · 单位：万元
        ("词语", "", r"^[零〇百千万亿]+$", ""),
    )
)


def leftover_label(left: str, token: str, right: str) -> str:
    """What a numeral that no quantity holds is, 未解析 where nothing tells."""
    for label, before, inside, after in _LEFTOVERS:
        if inside.search(token) and before.search(left) and after.search(right):
            return label
    return UNRESOLVED


def number_ledger(
    text: str,
    commitments: Sequence[Commitment],
    *,
    year: int | None = None,
    paragraphs: Sequence[Paragraph] | None = None,
) -> list[NumberEntry]:
    """Every numeral of `text` in order with its label; targets carry the id of their commitment. `year` and
    `paragraphs` are those the commitments were read with."""
    plain = plain_view(text)
    passage = Passage(flow_of(text, paragraphs), year if year is not None else plan_year(text))
    verdicts = {}
    for r in passage.readings():
        start, end = passage.flow.source(r.quantity.start, r.quantity.end)
        verdicts[start] = (end, r.verdict)
    targets = sorted((c.number_start, c.number_end or 0, c.id) for c in commitments if c.number_start is not None)
    entries: list[NumberEntry] = []
    at, reach, label = 0, 0, UNRESOLVED
    for m in _NUMERAL.finditer(plain):
        while at < len(targets) and targets[at][1] <= m.start():
            at += 1
        if m.start() in verdicts:
            reach, label = verdicts[m.start()]
        elif m.start() >= reach:
            label = UNRESOLVED
        if at < len(targets) and targets[at][0] <= m.start():
            entries.append(NumberEntry(m.start(), m.end(), text[m.start() : m.end()], TARGET, targets[at][2]))
        else:
            final = UNRESOLVED if label == TARGET else label
            if final == UNRESOLVED:
                left, right = plain[max(0, m.start() - 24) : m.start()], plain[m.end() : m.end() + 16]
                final = leftover_label(left.rpartition("\n")[2], m[0], right.partition("\n")[0])
            entries.append(NumberEntry(m.start(), m.end(), text[m.start() : m.end()], final, None))
    return entries
