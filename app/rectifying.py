"""How rectifications read on the page: where each stands on its five steps, how late, what was done.

Here: the log's matters on the day of the release. Not here: layout, and recording acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.pending import Log, of_act
from app.presenting import amount, days_text
from app.vocabulary import LIGHTS, Light
from ingestion.registry.rectifications import (
    CAUSE,
    CHECK,
    CLOSED,
    MEASURES,
    SELF_CHECK,
    Rectification,
    read_rectifications,
)

STAGES = (SELF_CHECK, CAUSE, MEASURES, CHECK, CLOSED)
NEXT = {
    SELF_CHECK: "查明原因",
    CAUSE: "制定措施",
    MEASURES: "填报进展，等候复核",
    CHECK: "销号",
    CLOSED: "已办完",
}
OVERDUE = "逾期"


@dataclass(frozen=True)
class MatterView:
    """One rectification as the page shows it on the day of the release."""

    matter: Rectification
    unit: str
    day: date
    commitment_id: str
    is_pending: bool

    @property
    def key(self) -> str:
        return self.matter.key

    @property
    def due(self) -> date:
        return date.fromisoformat(self.matter.due_date)

    @property
    def is_overdue(self) -> bool:
        return self.matter.is_open and self.due < self.day

    @property
    def days(self) -> str:
        return days_text((self.due - self.day).days, is_met=not self.matter.is_open)

    @property
    def css(self) -> str:
        return "red" if self.is_overdue else "green" if self.matter.is_open else "blue"

    @property
    def light(self) -> Light:
        """The light it was opened under."""
        return LIGHTS.get(self.matter.opened.get("light") or "灰", LIGHTS["灰"])

    @property
    def steps(self) -> list[dict[str, str]]:
        """The five steps: behind, here, ahead."""
        here = STAGES.index(self.matter.stage)
        closed = self.matter.stage == CLOSED
        return [
            {"name": name, "css": "done" if place < here or closed else "here" if place == here else "ahead"}
            for place, name in enumerate(STAGES)
        ]

    @property
    def next_step(self) -> str:
        return NEXT[self.matter.stage]

    @property
    def gap(self) -> str:
        """The figures that it was opened on."""
        said = self.matter.opened
        unit = said.get("unit")
        parts = [
            f"{word} {amount(float(said[name]), unit)}"
            for word, name in (("目标", "target_value"), ("当时", "attained_value"), ("差", "gap"))
            if said.get(name) is not None
        ]
        return "，".join(parts) or str(said.get("status") or "")


def matter_views(log: Log, known: set[str], units: Mapping[str, str], day: date) -> list[MatterView]:
    """Every matter, overdue first, closed ones last."""
    views = [
        MatterView(
            matter, units.get(matter.opened["unit_code"], matter.opened["unit_code"]), day,
            matter.opened["commitment_id"] if matter.opened["commitment_id"] in known else "",
            ("rectification", matter.key) in log.subjects,
        )
        for matter in read_rectifications(log.of("rectification")).values()
    ]  # fmt: skip
    return sorted(views, key=lambda view: (not view.is_overdue, not view.matter.is_open, view.due, view.key))


def tally(views: list[MatterView]) -> dict[str, int]:
    """How many are overdue, and how many stand at each step."""
    return {OVERDUE: sum(view.is_overdue for view in views)} | {
        stage: sum(view.matter.stage == stage for view in views) for stage in STAGES
    }


def history(log: Log, key: str) -> list[dict[str, Any]]:
    """What was done about a matter, the newest first."""
    return [of_act(act, log) for act in log.of("rectification") if act.subject_key == key][::-1]


def open_one(views: list[MatterView], commitment_id: str) -> MatterView | None:
    """The matter that is open for a commitment."""
    own = (view for view in views if view.matter.opened["commitment_id"] == commitment_id and view.matter.is_open)
    return next(own, None)
