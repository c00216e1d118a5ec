"""What is read of one quantity, and what a sentence remembers of its earlier clauses.

Belongs here: the records between the steps of reading. Does not: any rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ingestion.plans import indicators, siblings
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


@dataclass
class Memory:
    """What earlier clauses of a sentence leave to later ones."""

    sentence: int = -1
    paragraph: int = -1
    deadline: date | None = None
    fine: bool = False
    paragraph_deadline: date | None = None
    verb: str = ""
    texts: list[str] = field(default_factory=list)
    last: Reading | None = None

    def at(self, clause: Clause) -> Memory:
        """What is left at the next clause: all in the same sentence, its topics in the same paragraph, a title
        over the next."""
        if clause.paragraph != self.paragraph:
            title = self.texts if len(self.texts) == 1 and len(self.texts[0]) <= 30 else []
            return Memory(clause.sentence, clause.paragraph, texts=list(title))
        if clause.sentence != self.sentence:
            held = self.paragraph_deadline
            return Memory(clause.sentence, clause.paragraph, paragraph_deadline=held, texts=self.texts[-3:])
        return self

    def forget_day(self) -> None:
        """6月底前完成甲；乙…: a day reaches as far as the semicolon, a year further."""
        if self.fine:
            self.deadline = None

    @property
    def topic(self) -> str:
        """What the nearest earlier clause of the sentence is about."""
        return next(
            (
                topic
                for text in reversed(self.texts[-6:])
                if (topic := siblings.topic_of(text[:60])) and not indicators.BARE.match(topic)
            ),
            "",
        )
