"""What is read of one quantity, and what a sentence remembers of its earlier clauses.

Belongs here: the records between the steps of reading. Does not: any rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from ingestion.plans import indicators, siblings, subjects
from ingestion.plans.clauses import Clause
from ingestion.plans.quantities import Quantity


@dataclass(frozen=True)
class Reading:
    """One quantity as read; `verdict` is 目标 or the reason why not, the fields after it hold for 目标 only."""

    quantity: Quantity
    clause: Clause
    verdict: str
    indicator: str = ""
    operator: str = "=="
    unit: str = ""
    kind: str = "count"
    deadline: date | None = None
    baseline: Quantity | None = None
    strength: str = "一般"
    per: str | None = None
    recurrence: str | None = None
    doubts: tuple[str, ...] = ()


# 本局将于 · 是开局之年 · 进教材、进课堂: words that begin a clause and name nothing
_NO_TOPIC = re.compile(
    r"[于将把对被为]$|^(?:按照?|根据|依据|依照|参照|围绕)|^(?:本局|我们|各|请|是|为|把|将|要|坚持)|、.*、|其中"
)


# so many clauses back a topic reaches
_NEAR = 6
_GRANT = "标准|定额|经费|补助|补贴|津贴|助学金|奖学金|工资|待遇|低保金|养老金|限额|奖补|奖励"


@dataclass
class Memory:
    """What earlier clauses of a sentence leave to later ones."""

    sentence: int = -1
    paragraph: int = -1
    deadline: date | None = None
    fine: bool = False
    local: bool = False
    paragraph_deadline: date | None = None
    verb: str = ""
    texts: list[str] = field(default_factory=list)
    last: Reading | None = None
    # the topic of the heading above, and how many texts stand before this sentence
    heading: str = ""
    opening: str = ""
    # the topic, and what it was read from
    known_topic: tuple[tuple[int, int, str], str] | None = None
    carried: int = 0
    # the targets of the sentence so far
    recent: list[Reading] = field(default_factory=list)
    # the last count of each unit among them, the latest last
    counted: dict[str, Reading] = field(default_factory=dict)
    # the last whole of each unit: what 其中小学3所 is a part of
    units: dict[str, Reading] = field(default_factory=dict)

    def at(self, clause: Clause) -> Memory:
        """What is left at the next clause: all in the same sentence, its topics in the same paragraph, a title
        over the next."""
        if clause.paragraph != self.paragraph:
            title = self.texts if len(self.texts) == 1 and len(self.texts[0]) <= 30 else []
            return Memory(clause.sentence, clause.paragraph, texts=list(title))
        if clause.sentence != self.sentence:
            held = self.paragraph_deadline
            texts = self.texts[-3:]
            return Memory(
                clause.sentence,
                clause.paragraph,
                paragraph_deadline=held,
                texts=texts,
                carried=len(texts),
                units=self.units,
            )
        return self

    def forget_local(self) -> None:
        """6月底前完成甲；乙…, 2024年遴选甲；乙…: such a date reaches as far as the semicolon, 到2025年， further."""
        if self.local:
            self.deadline = None

    def keep(self, reading: Reading) -> None:
        """Remember a target for what follows it in the sentence."""
        self.last = reading
        self.recent.append(reading)
        if reading.quantity.shape == "count" and reading.unit:
            self.counted.pop(reading.unit, None)
            self.counted[reading.unit] = reading

    def part(self) -> None:
        """What stands before a semicolon is further off than the heading."""
        self.carried = len(self.texts)

    @property
    def topic(self) -> str:
        """What the nearest earlier clause of the sentence is about, else the heading, else the sentence before."""
        key = (len(self.texts), self.carried, self.heading)
        if self.known_topic is None or self.known_topic[0] != key:
            since = max(self.carried, len(self.texts) - _NEAR)
            said = (
                _said(self.texts[since:])
                or self.heading
                or _said(self.texts[max(0, self.carried - _NEAR) : self.carried])
            )
            self.known_topic = (key, said)
        return self.known_topic[1]

    @property
    def near_topic(self) -> str:
        """As `topic`, without the sentence before."""
        return _said(self.texts[max(self.carried, len(self.texts) - _NEAR) :]) or self.heading

    @property
    def object(self) -> str:
        """The thing the clause before works on: 全部设立资源教室，总数增加到21个."""
        return siblings.last_object(self.texts[-1][-40:]) if len(self.texts) > self.carried else ""

    @property
    def grant(self) -> str:
        """The standard or fund that the clauses before speak of: 提高公用经费基准定额：小学650元."""
        for text in reversed(self.texts[-3:]):
            topic = siblings.object_of(text[:60])
            if re.search(rf"(?:{_GRANT})$", topic):
                return topic
            if m := re.search(
                rf"(?:给予|发放|落实|执行|提高|调整|享受|按照|提供|实行|达到)(?P<grant>[^，、]{{2,20}}(?:{_GRANT}))$",
                text,
            ):
                return m["grant"]
        return ""


# 资助政策体系: whose rate it is stands before
_BODIES = re.compile("(?<=.{2})(?:政策|制度|机制)?(?:体系|机制|制度|政策)$")


def _said(texts: list[str]) -> str:
    """What the nearest of the clauses is about."""
    for text in reversed(texts[-_NEAR:]):
        for read in (siblings.topic_of, siblings.object_of):
            topic = _BODIES.sub("", read(text[:60]))
            if topic and not (
                _NO_TOPIC.search(topic)
                or topic.endswith("率")
                or topic in ("制度", "机制", "体系", "政策", "办法", "保障", "管理", "责任", "措施")
                or indicators.BARE.match(topic)
                or subjects.is_generic(topic)
            ):
                return topic
    return ""
