"""The number ledger: every numeral of a plan with the commitment it became, the reason it is none, or 未解析.

Belongs here: completeness over numerals. Does not: new verdicts; it reports those of the extraction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.plans.commitments import Commitment
from ingestion.plans.layout import flow_of
from ingestion.plans.periods import plan_year
from ingestion.plans.promises import Passage
from ingestion.plans.script import plain_view
from ingestion.plans.targets import TARGET

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


def number_ledger(text: str, commitments: Sequence[Commitment]) -> list[NumberEntry]:
    """Every numeral of `text` in order with its label; targets carry the id of their commitment."""
    plain = plain_view(text)
    passage = Passage(flow_of(text), plan_year(text))
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
            entries.append(NumberEntry(m.start(), m.end(), text[m.start() : m.end()], final, None))
    return entries
