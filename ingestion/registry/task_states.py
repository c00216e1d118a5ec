"""What the log says of tasks: each task and its nodes as they stand. Read-only; acts are tasks.py and progress.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ingestion.registry.acts import Act
from ingestion.registry.events import RegistryError
from ingestion.registry.reviews import Reviewed


@dataclass(frozen=True)
class Node:
    """One node of a task; `done_date` and `evidence` once it is reported."""

    number: int
    name: str
    due_date: str
    evidence_required: str = ""
    done_date: str | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Task:
    """One task; dates are YYYY-MM-DD. `signed` is unit → day, `reports` the acts of progress in order."""

    key: str
    commitment: Reviewed
    name: str
    lead: str
    assisting: tuple[str, ...]
    due_date: str
    person: str = ""
    year: int | None = None
    origin: str | None = None
    nodes: tuple[Node, ...] = ()
    signed: dict[str, str] = field(default_factory=dict)
    reports: tuple[Act, ...] = ()

    @property
    def state(self) -> str:
        """未签收 已签收 办理中 待核查 已退回 已销号."""
        last = self.reports[-1] if self.reports else None
        if last is None:
            return "已签收" if self.signed else "未签收"
        if last.event_type == "task.reported":
            return "待核查" if last.payload["status"] == "办结" else "办理中"
        return "已销号" if last.event_type == "task.accepted" else "已退回"

    @property
    def payload(self) -> dict[str, Any]:
        """The task as task.created and task.changed write it."""
        said = {
            "commitment_id": self.commitment.commitment_id, **self.commitment.words, "task_name": self.name,
            "lead_unit_code": self.lead, "assisting_unit_codes": list(self.assisting), "due_date": self.due_date,
            "person": self.person or None, "task_year": self.year, "origin_task_key": self.origin,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value is not None}

    def node(self, number: int) -> Node:
        """One node. Raises RegistryError where the task has no such node."""
        for node in self.nodes:
            if node.number == number:
                return node
        numbers = "、".join(str(node.number) for node in self.nodes) or "没有节点"
        raise RegistryError(f"任务 {self.key} 没有第{number}个节点；现有：{numbers}")


def read_tasks(acts: Iterable[Act]) -> dict[str, Task]:
    """Task key → task, of standing acts about tasks and nodes; in the order they were made."""
    tasks: dict[str, Task] = {}
    for act in acts:
        if act.subject_type == "task":
            _take(tasks, act)
        elif act.subject_type == "node" and act.payload.get("task_key") in tasks:
            task = tasks[act.payload["task_key"]]
            tasks[task.key] = replace(task, nodes=_with_node(task.nodes, act))
    return tasks


def by_commitment(tasks: Iterable[Task], commitments: Iterable[Reviewed]) -> dict[str, list[Task]]:
    """commitment_id → its tasks: by the id a task names, by (plan, quote, number) where that id is gone."""
    ids: set[str] = set()
    by_words: dict[tuple[str, str, str], str] = {}
    for c in commitments:
        ids.add(c.commitment_id)
        by_words.setdefault((c.plan, c.quote, c.number_text or ""), c.commitment_id)
    grouped: dict[str, list[Task]] = {}
    for task in tasks:
        c = task.commitment
        own = c.commitment_id if c.commitment_id in ids else by_words.get((c.plan, c.quote, c.number_text or ""))
        if own:
            grouped.setdefault(own, []).append(task)
    return grouped


def _take(tasks: dict[str, Task], act: Act) -> None:
    key, said = act.subject_key, act.payload
    before = tasks.get(key)
    if act.event_type in ("task.created", "task.changed"):
        task = _stated(key, said)
        kept = {"nodes": before.nodes, "signed": before.signed, "reports": before.reports} if before else {}
        tasks[key] = replace(task, **kept)
    elif before is None:
        return
    elif act.event_type == "task.removed":
        del tasks[key]
    elif act.event_type == "task.signed":
        tasks[key] = replace(before, signed=before.signed | {said["unit_code"]: said["signed_date"]})
    elif act.event_type in ("task.reported", "task.accepted", "task.returned"):
        tasks[key] = replace(before, reports=(*before.reports, act))


def _stated(key: str, said: dict[str, Any]) -> Task:
    commitment = Reviewed.of(said, said["plan"])
    return Task(
        key, commitment, said["task_name"], said["lead_unit_code"], tuple(said["assisting_unit_codes"]),
        said["due_date"], said.get("person") or "", said.get("task_year"), said.get("origin_task_key"),
    )  # fmt: skip


def _with_node(nodes: tuple[Node, ...], act: Act) -> tuple[Node, ...]:
    said = act.payload
    number = said["node_no"]
    before = next((node for node in nodes if node.number == number), None)
    others = [node for node in nodes if node.number != number]
    if act.event_type == "node.set":
        done = (before.done_date, before.evidence) if before else (None, "")
        others.append(Node(number, said["node_name"], said["due_date"], said.get("evidence_required") or "", *done))
    elif act.event_type == "node.reported" and before:
        others.append(replace(before, done_date=said["done_date"], evidence=said["evidence"]))
    return tuple(sorted(others, key=lambda node: node.number))
