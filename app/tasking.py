"""How tasks read on the page: state, days, progress, nodes; which commitments are not decomposed; deliverables.

Here: the log's tasks beside the release's commitments. Not here: layout, and recording acts. The same rules as
fct_tasks: what was sent back is due anew, done is 100 %, else the last reported share, else nodes reached of nodes set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.pending import Log, as_date
from app.presenting import Promise, days_text
from app.reviewing import Item
from ingestion.registry.acts import Act
from ingestion.registry.courses import REPORTED as MATTER_REPORTED
from ingestion.registry.task_states import Node, Task, by_commitment

# state → (class, shape's class); the order is the life of a task
STATES = {
    "未签收": "gray",
    "已签收": "green",
    "办理中": "green",
    "已退回": "yellow",
    "待核查": "yellow",
    "已销号": "blue",
}
OVERDUE = "逾期"
PROGRESS_CSS = {"未启动": "gray", "进行中": "green", "办结": "blue"}


@dataclass(frozen=True)
class TaskView:
    """One task as the page shows it on the day of the release."""

    task: Task
    lead: str
    assisting: list[str]
    day: date
    commitment_id: str
    plan: str
    is_pending: bool

    @property
    def key(self) -> str:
        return self.task.key

    @property
    def due(self) -> date:
        """What was sent back is due anew, where a day was set."""
        last = self.task.reports[-1] if self.task.reports else None
        anew = last.payload.get("redo_due_date") if last and last.event_type == "task.returned" else None
        return date.fromisoformat(anew or self.task.due_date)

    @property
    def is_done(self) -> bool:
        return self.task.state in ("待核查", "已销号")

    @property
    def is_overdue(self) -> bool:
        return not self.is_done and self.due < self.day

    @property
    def state(self) -> str:
        return self.task.state

    @property
    def css(self) -> str:
        return "red" if self.is_overdue else STATES[self.task.state]

    @property
    def days(self) -> str:
        return days_text((self.due - self.day).days, is_met=self.is_done)

    @property
    def progress_pct(self) -> float:
        if self.is_done:
            return 100.0
        told = [act for act in self.task.reports if act.event_type == "task.reported"]
        if told and told[-1].payload.get("progress_pct"):
            return float(told[-1].payload["progress_pct"])
        nodes = self.task.nodes
        return 100.0 * sum(bool(node.done_date) for node in nodes) / len(nodes) if nodes else 0.0

    @property
    def nodes(self) -> list[dict[str, Any]]:
        return [
            {"node": node, "css": node_css(node, self.day), "word": node_word(node, self.day)}
            for node in self.task.nodes
        ]

    @property
    def unsigned(self) -> list[str]:
        """Codes of its units that have not signed."""
        return [code for code in (self.task.lead, *self.task.assisting) if code not in self.task.signed]

    @property
    def last_report(self) -> Act | None:
        return self.task.reports[-1] if self.task.reports else None


def node_css(node: Node, day: date) -> str:
    return "blue" if node.done_date else "red" if date.fromisoformat(node.due_date) < day else "gray"


def node_word(node: Node, day: date) -> str:
    if node.done_date:
        return f"{node.done_date} 完成"
    return OVERDUE if date.fromisoformat(node.due_date) < day else "未到期"


def task_views(log: Log, found: list[Item], units: Mapping[str, str], day: date) -> list[TaskView]:
    """Every task, overdue first, then by the day it is due."""
    grouped = by_commitment(log.tasks.values(), [item.reviewed for item in found])
    owner = {task.key: commitment_id for commitment_id, own in grouped.items() for task in own}
    plans = {item.id: item.row["file_name"] for item in found}
    views = [
        TaskView(
            task, units.get(task.lead, task.lead), [units.get(code, code) for code in task.assisting], day,
            owner.get(task.key, ""), plans.get(owner.get(task.key, ""), task.commitment.plan),
            ("task", task.key) in log.subjects,
        )
        for task in log.tasks.values()
    ]  # fmt: skip
    return sorted(views, key=lambda view: (not view.is_overdue, view.is_done, view.due, view.key))


def tally(views: list[TaskView]) -> dict[str, int]:
    """How many are overdue, and how many in each state."""
    counted = Counter(view.state for view in views)
    return {OVERDUE: sum(view.is_overdue for view in views)} | {state: counted[state] for state in STATES}


def undivided(found: list[Item], log: Log) -> list[Item]:
    """Confirmed commitments that no task comes from; what repeats another follows its root."""
    grouped = by_commitment(log.tasks.values(), [item.reviewed for item in found])
    return [
        item
        for item in found
        if item.state in ("已确认", "已调整") and item.id not in grouped and not item.row["restates"]
    ]


def deliverables(found: list[Item], promises: Mapping[str, Promise]) -> list[dict[str, Any]]:
    """Confirmed deliverables with the release's verdict and what was last reported of each, those not done first."""
    rows = []
    for item in found:
        if item.row["kind"] != "deliverable" or item.state not in ("已确认", "已调整"):
            continue
        told = [act for act in item.acts if act.event_type == MATTER_REPORTED]
        last = told[-1] if told else None
        status = last.payload["status"] if last else ""
        rows.append(
            {
                "item": item,
                "last": last,
                "status": status,
                "css": PROGRESS_CSS.get(status, "gray"),
                "times": len(told),
                "promise": promises.get(item.id),
            }
        )
    return sorted(rows, key=lambda row: (_is_settled(row), row["item"].row["deadline"] or date.max))


def _is_settled(row: dict[str, Any]) -> bool:
    promise: Promise | None = row["promise"]
    return row["status"] == "办结" or (promise is not None and promise.light.name == "蓝")


def history(log: Log, task: Task) -> list[Act]:
    """What was done about a task, the newest first."""
    own = [
        act for act in log.acts if act.subject_type in ("task", "node") and act.subject_key.split("/")[0] == task.key
    ]
    return own[::-1]


def due_of(item: Item, day: date) -> date:
    """The day proposed for a task of a commitment: its own, never before the day of the release."""
    deadline = item.row["deadline"]
    if isinstance(deadline, str):
        deadline = as_date(deadline)
    return max(deadline, day) if deadline else day
