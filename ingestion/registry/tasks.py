"""Decomposition 分解立项: a confirmed commitment becomes tasks with units, a person, a day and nodes.

Here: making, changing and removing tasks and nodes. Not here: what is done about them (progress.py), the state that the
log adds up to (task_states.py), the workbook (task_workbook.py, task_import.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from ingestion.registry.acts import Who, day, known, record, standing
from ingestion.registry.events import NewEvent, Registry, RegistryError
from ingestion.registry.reviews import Reviewed, follow, state_of
from ingestion.registry.task_states import Node, Task, read_tasks

CREATED, CHANGED, REMOVED = "task.created", "task.changed", "task.removed"
NODE_SET, NODE_REMOVED = "node.set", "node.removed"
ACCEPTED_STATE = "已销号"


@dataclass(frozen=True)
class NodeDraft:
    """A node to be set: what, by when, and which evidence is asked for."""

    name: str
    due_date: date | str
    evidence_required: str = ""


@dataclass(frozen=True)
class TaskDraft:
    """A task to be made. Units by code or by their only name."""

    name: str
    lead: str
    due_date: date | str
    assisting: Sequence[str] = ()
    person: str = ""
    year: int | None = None
    origin: str | None = None
    nodes: Sequence[NodeDraft] = field(default=())


def create(
    registry: Registry, plans: Sequence[tuple[Reviewed, TaskDraft]], who: Who, units: Mapping[str, str]
) -> list[str]:
    """Make a task for each (confirmed commitment, draft), all or none; returns the tasks' keys.

    `units` are code → name. Raises RegistryError with every reason why not.
    """
    with registry.deciding():
        acts = standing(registry)
        tasks = read_tasks(acts)
        commitments = [commitment for commitment, _ in plans]
        followed = follow([act for act in acts if act.subject_type == "commitment"], commitments)
        wrong, events, keys = [], [], []
        for commitment, draft in plans:
            state = state_of(followed[commitment.commitment_id])
            if state not in {"已确认", "已调整"}:
                wrong.append(f"承诺“{commitment.quote}”还是“{state}”，确认之后才能立项")
            try:
                task = drafted(next_key(commitment, [*tasks, *keys]), commitment, draft, units)
            except RegistryError as error:
                wrong.append(str(error))
                continue
            keys.append(task.key)
            events += created_events(task, who)
        if wrong:
            raise RegistryError("\n".join(dict.fromkeys(wrong)))
        record(registry, events, together=True)
        return keys


def change(
    registry: Registry, keys: Iterable[str], changes: Mapping[str, object], who: Who, units: Mapping[str, str]
) -> list[int]:
    """Set the same fields of several tasks in one act; returns the events' numbers, none where nothing differs.

    `changes` are fields of TaskDraft (name, lead, assisting, person, due_date). Raises RegistryError as a whole.
    """
    with registry.deciding():
        tasks = read_tasks(standing(registry, "task", "node"))
        events = []
        for key in keys:
            task = _open(tasks, key)
            new = drafted(task.key, task.commitment, replace(_draft_of(task), **changes), units)  # type: ignore[arg-type]
            if new.payload != task.payload:
                events.append(who.event(CHANGED, "task", task.key, new.payload))
        return record(registry, events, together=True)


def remove(registry: Registry, keys: Iterable[str], who: Who) -> list[int]:
    """Remove tasks with their nodes, in one act; returns the events' numbers. What is accepted stays."""
    with registry.deciding():
        tasks = read_tasks(standing(registry, "task", "node"))
        events = []
        for key in keys:
            task = _open(tasks, key)
            said = {"commitment_id": task.commitment.commitment_id}
            events.append(who.event(REMOVED, "task", task.key, said))
        return record(registry, events, together=True)


def set_node(registry: Registry, key: str, draft: NodeDraft, who: Who, node_no: int | None = None) -> int:
    """Set a node of a task, a new one where no number is given; returns the node's number."""
    with registry.deciding():
        task = _open(read_tasks(standing(registry, "task", "node")), key)
        number = node_no or max((node.number for node in task.nodes), default=0) + 1
        node = checked_node(task.due_date, number, draft)
        record(registry, [who.event(NODE_SET, "node", f"{task.key}/{number}", node_payload(task.key, node))])
        return number


def remove_node(registry: Registry, key: str, node_no: int, who: Who) -> int:
    """Remove a node that is not reported done yet; returns the event's number."""
    with registry.deciding():
        task = _open(read_tasks(standing(registry, "task", "node")), key)
        node = task.node(node_no)
        if node.done_date:
            raise RegistryError(f"节点{node_no}“{node.name}”已于 {node.done_date} 完成，不能删除")
        said = {"task_key": task.key, "node_no": node_no}
        return record(registry, [who.event(NODE_REMOVED, "node", f"{task.key}/{node_no}", said)])[0]


def next_key(commitment: Reviewed, taken: Iterable[str]) -> str:
    """A key that stays with the commitment's words: T, eight hexadecimal digits, the task's number."""
    stem = task_stem(commitment)
    numbers = [int(key.rsplit("-", 1)[1]) for key in taken if key.startswith(f"{stem}-")]
    return f"{stem}-{max(numbers, default=0) + 1}"


def task_stem(commitment: Reviewed) -> str:
    """What the keys of a commitment's tasks begin with."""
    words = "|".join((commitment.plan, commitment.quote, commitment.number_text or ""))
    return f"T{sha256(words.encode()).hexdigest()[:8]}"


def drafted(key: str, commitment: Reviewed, draft: TaskDraft, units: Mapping[str, str]) -> Task:
    """The task a draft makes. Raises RegistryError with what is missing or unknown."""
    if not draft.name.strip():
        raise RegistryError("请写明任务")
    lead = known(draft.lead, units, "单位")
    assisting = tuple(dict.fromkeys(known(code, units, "单位") for code in draft.assisting))
    if lead in assisting:
        raise RegistryError(f"{units[lead]}既是牵头单位又是配合单位，请删去一处")
    due = day(draft.due_date, "完成时限")
    nodes = tuple(checked_node(due, number, node) for number, node in enumerate(draft.nodes, start=1))
    name, person = draft.name.strip(), draft.person.strip()
    return Task(key, commitment, name, lead, assisting, due, person, draft.year, draft.origin, nodes=nodes)


def checked_node(task_due: str, number: int, draft: NodeDraft) -> Node:
    """The node a draft makes. Raises RegistryError where it lies after the task it belongs to."""
    if not draft.name.strip():
        raise RegistryError(f"请写明节点{number}的名称")
    due = day(draft.due_date, "节点时限")
    if due > task_due:
        raise RegistryError(f"节点“{draft.name}”的时限 {due} 晚于任务的完成时限 {task_due}")
    return Node(number, draft.name.strip(), due, draft.evidence_required.strip())


def created_events(task: Task, who: Who) -> list[NewEvent]:
    """The events that make a task and its nodes."""
    made = who.event(CREATED, "task", task.key, task.payload)
    return [made, *(node_event(task.key, node, who) for node in task.nodes)]


def node_event(task_key: str, node: Node, who: Who) -> NewEvent:
    """The event that sets a node."""
    return who.event(NODE_SET, "node", f"{task_key}/{node.number}", node_payload(task_key, node))


def node_payload(task_key: str, node: Node) -> dict[str, object]:
    """A node as its event writes it."""
    return {
        "task_key": task_key, "node_no": node.number, "node_name": node.name, "due_date": node.due_date,
        "evidence_required": node.evidence_required or None,
    }  # fmt: skip


def _draft_of(task: Task) -> TaskDraft:
    nodes = [NodeDraft(node.name, node.due_date, node.evidence_required) for node in task.nodes]
    return TaskDraft(task.name, task.lead, task.due_date, task.assisting, task.person, task.year, task.origin, nodes)


def _open(tasks: Mapping[str, Task], key: str) -> Task:
    task = found_task(tasks, key)
    if task.state == ACCEPTED_STATE:
        raise RegistryError(f"任务 {task.key} 已销号；要改，请先用 duban undo 撤回销号")
    return task


def found_task(tasks: Mapping[str, Task], key: str) -> Task:
    """The task of a key. Raises RegistryError where there is none."""
    if key not in tasks:
        raise RegistryError(f"没有任务“{key}”；任务编号见 duban task list 的第一列")
    return tasks[key]
