"""The decomposition workbook read back: what would change, every fault by its cell, and only the differences appended.

Rows that are not in the file stay as they are. The workbook's shape is task_workbook.py's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingestion.registry.acts import Who, known, record, standing
from ingestion.registry.events import NewEvent, Registry
from ingestion.registry.reviews import Reviewed, follow, state_of
from ingestion.registry.task_states import Node, Task, by_commitment, read_tasks
from ingestion.registry.task_workbook import HEADERS, REMOVE_NODE, REMOVE_TASK, SHEET
from ingestion.registry.tasks import (
    ACCEPTED_STATE,
    CHANGED,
    NODE_REMOVED,
    REMOVED,
    NodeDraft,
    checked_node,
    created_events,
    next_key,
    node_event,
)
from ingestion.registry.workbook import Faults, Row, as_day, read_table
from ingestion.settings import Settings

_TASK_FIELDS = ("任务", "牵头单位", "配合单位", "责任人", "完成时限")
_NODE_FIELDS = ("节点", "节点时限", "须交佐证")
_BETWEEN = re.compile(r"[、，,;；\n]+")


@dataclass
class Draft:
    """A task as the sheet gives it, old or new, gathered over its rows."""

    task: Task
    before: Task | None
    row: Row
    is_stated: bool = False
    is_removed: bool = False
    nodes: dict[int, tuple[Node, Row]] = field(default_factory=dict)
    removed_nodes: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """What an import appends: the events' kinds in words, one line each."""

    lines: list[str]
    event_numbers: list[int]


class _Sheet:
    """One reading of the sheet against the state of things."""

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], registry: Registry, units: Mapping[str, str], faults: Faults
    ) -> None:
        acts = standing(registry)
        self.rows = {row["commitment_id"]: row for row in rows}
        self.commitments = {key: Reviewed.of(row, row["file_name"]) for key, row in self.rows.items()}
        reviews = follow([a for a in acts if a.subject_type == "commitment"], list(self.commitments.values()))
        self.states = {key: state_of(own) for key, own in reviews.items()}
        self.tasks = read_tasks(acts)
        grouped = by_commitment(self.tasks.values(), self.commitments.values())
        self.owner = {task.key: commitment_id for commitment_id, own in grouped.items() for task in own}
        self.units, self.faults = units, faults
        self.drafts: dict[str, Draft] = {}
        self.commitment_id = ""
        self.current: Draft | None = None
        self.last: dict[str, Draft] = {}  # the task that a row of a commitment without a task continues

    def take(self, row: Row) -> None:
        """Add one row to what the sheet says."""
        said = {header: row.get(header) for header in (*_TASK_FIELDS, *_NODE_FIELDS, "操作")}
        commitment_id, key = row.get("承诺编号"), row.get("任务编号")
        if not any(said.values()) and not key:
            self._begin(row, commitment_id or self.commitment_id)
            return
        if not self._begin(row, commitment_id or self.owner.get(key, self.commitment_id)):
            return
        if key:
            self._continue_task(row, key)
        elif any(said[header] for header in _TASK_FIELDS):
            self._begin_task(row)
        if self.current is None and any(said[header] for header in _NODE_FIELDS):
            self.faults.add(row, "节点", "节点之前没有任务：请先在上面一行或本行填写任务")
        elif self.current is not None:
            self._state_task(row, self.current)
            self._take_node(row, self.current)

    def _begin(self, row: Row, commitment_id: str) -> bool:
        if not commitment_id or commitment_id not in self.commitments:
            self.faults.add(row, "承诺编号", f"没有编号为“{commitment_id}”的承诺，请从导出的表中复制承诺编号")
            self.current = None
            return False
        if commitment_id != self.commitment_id:
            self.commitment_id, self.current = commitment_id, self.last.get(commitment_id)
        return True

    def _continue_task(self, row: Row, key: str) -> None:
        task = self.tasks.get(key)
        self.current = None
        if task is None:
            self.faults.add(row, "任务编号", f"没有任务“{key}”；新任务请把任务编号留空，由系统编号")
        elif self.owner.get(key) != self.commitment_id:
            self.faults.add(row, "任务编号", f"任务 {key} 不属于这一条承诺")
        else:
            self.current = self.last[self.commitment_id] = self.drafts.setdefault(key, Draft(task, task, row))

    def _begin_task(self, row: Row) -> None:
        commitment = self.commitments[self.commitment_id]
        if self.states[self.commitment_id] not in {"已确认", "已调整"}:
            state = self.states[self.commitment_id]
            self.faults.add(row, "任务", f"这一条承诺还是“{state}”，确认之后才能立项")
        key = next_key(commitment, [*self.tasks, *self.drafts])
        year = self.rows[self.commitment_id].get("plan_year")
        self.current = Draft(Task(key, commitment, "", "", (), "", year=year), None, row)
        self.drafts[key] = self.last[self.commitment_id] = self.current

    def _state_task(self, row: Row, draft: Draft) -> None:
        said = [row.get(header) for header in _TASK_FIELDS]
        if row.get("操作") == REMOVE_TASK:
            draft.is_removed = True
            return
        if not any(said):
            return
        attempt = self.faults.attempt
        name, lead, assisting, person, due = said
        for header, text in zip(("任务", "牵头单位", "完成时限"), (name, lead, due), strict=True):
            if not text:
                self.faults.add(row, header, f"没有填写{header}")
        codes = [
            attempt(row, "配合单位", lambda text=text: known(unit_code(text), self.units, "单位"))
            for text in filter(None, map(str.strip, _BETWEEN.split(assisting)))
        ]
        stated = replace(
            draft.task,
            name=name,
            lead=(lead and attempt(row, "牵头单位", lambda: known(unit_code(lead), self.units, "单位"))) or "",
            assisting=tuple(dict.fromkeys(code for code in codes if code)),
            person=person,
            due_date=(due and attempt(row, "完成时限", lambda: as_day(due))) or "",
        )
        if stated.lead and stated.lead in stated.assisting:
            self.faults.add(row, "配合单位", f"{self.units[stated.lead]}已是牵头单位，请删去")
        if draft.is_stated and stated.payload != draft.task.payload:
            self.faults.add(
                row, "任务", f"任务 {draft.task.key} 与第{draft.row.number}行写得不一样，请只在一行填写任务各项"
            )
        draft.task, draft.is_stated, draft.row = stated, True, row if not draft.is_stated else draft.row

    def _take_node(self, row: Row, draft: Draft) -> None:
        number, name = row.get("节点序号"), row.get("节点")
        existing = {str(node.number): node for node in draft.before.nodes} if draft.before else {}
        if number and number not in existing:
            self.faults.add(row, "节点序号", f"任务 {draft.task.key} 没有第{number}个节点；新节点请把序号留空")
        elif row.get("操作") == REMOVE_NODE:
            self._remove_node(row, draft, existing.get(number))
        elif number and not name:
            self.faults.add(row, "节点", f"第{number}个节点没有名称；要删除请在“操作”选“{REMOVE_NODE}”")
        elif not name and (row.get("节点时限") or row.get("须交佐证")):
            self.faults.add(row, "节点", "填了节点时限或佐证，没有填节点")
        elif name:
            last = max([0, *draft.nodes, *(node.number for node in existing.values())])
            due = self._day_of_node(row)
            if due:
                node = Node(int(number) if number else last + 1, name, due, row.get("须交佐证"))
                draft.nodes[node.number] = (node, row)

    def _day_of_node(self, row: Row) -> str | None:
        text = row.get("节点时限")
        if not text:
            self.faults.add(row, "节点时限", "没有填写节点时限")
            return None
        return self.faults.attempt(row, "节点时限", lambda: as_day(text))

    def _remove_node(self, row: Row, draft: Draft, node: Node | None) -> None:
        if node is None:
            self.faults.add(row, "操作", "这一行没有可删除的节点")
        elif node.done_date:
            self.faults.add(row, "操作", f"节点“{node.name}”已于 {node.done_date} 完成，不能删除")
        else:
            draft.removed_nodes.append(node.number)

    def differences(self, who: Who) -> list[tuple[str, NewEvent]]:
        """What the sheet changes, as (in words, event); faults are added to the sheet's."""
        changes: list[tuple[str, NewEvent]] = []
        for draft in self.drafts.values():
            own = list(self._of(draft, who))
            if own and draft.before and draft.before.state == ACCEPTED_STATE:
                self.faults.add(draft.row, "任务", f"任务 {draft.task.key} 已销号，不能再改")
            changes += own
        return changes

    def _of(self, draft: Draft, who: Who) -> Sequence[tuple[str, NewEvent]]:
        task, before = draft.task, draft.before
        if draft.is_removed:
            said = {"commitment_id": self.commitments[self.owner[task.key]].commitment_id} if before else {}
            return [(f"删除任务 {task.key} {task.name}", who.event(REMOVED, "task", task.key, said))] if before else []
        for node, row in draft.nodes.values():
            if task.due_date and node.due_date > task.due_date:
                words = NodeDraft(node.name, node.due_date, node.evidence_required)
                self.faults.attempt(row, "节点时限", lambda w=words, n=node: checked_node(task.due_date, n.number, w))
        if before is None:
            whole = replace(task, nodes=tuple(node for node, _ in draft.nodes.values()))
            named = [f"新任务 {task.key} {task.name}"] + [f"新节点 {task.key}/{n.number} {n.name}" for n in whole.nodes]
            return list(zip(named, created_events(whole, who), strict=True))
        changes = []
        if task.payload != before.payload:
            differing = [k for k in task.payload if task.payload.get(k) != before.payload.get(k)]
            said = who.event(CHANGED, "task", task.key, task.payload)
            changes.append((f"修改任务 {task.key} {task.name}（{'、'.join(differing) or '责任人'}）", said))
            self._check_kept_nodes(draft)
        old = {node.number: (node.name, node.due_date, node.evidence_required) for node in before.nodes}
        for node, _ in draft.nodes.values():
            if old.get(node.number) != (node.name, node.due_date, node.evidence_required):
                word = "修改节点" if node.number in old else "新节点"
                changes.append((f"{word} {task.key}/{node.number} {node.name}", node_event(task.key, node, who)))
        for number in draft.removed_nodes:
            fields = {"task_key": task.key, "node_no": number}
            removed = who.event(NODE_REMOVED, "node", f"{task.key}/{number}", fields)
            changes.append((f"删除节点 {task.key}/{number} {before.node(number).name}", removed))
        return changes

    def _check_kept_nodes(self, draft: Draft) -> None:
        """A task moved forward must not leave behind nodes that this sheet does not state."""
        for node in draft.before.nodes if draft.before else ():
            is_kept = node.number not in draft.nodes and node.number not in draft.removed_nodes
            if is_kept and draft.task.due_date and node.due_date > draft.task.due_date:
                self.faults.add(draft.row, "完成时限", f"早于节点{node.number}“{node.name}”的时限 {node.due_date}")


def import_tasks(
    registry: Registry,
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    units: Mapping[str, str],
    who: Who,
    settings: Settings,
    *,
    is_dry_run: bool = False,
) -> Difference:
    """Read the workbook and append what differs in one act; a dry run only tells.

    `rows` are those of Catalog.commitments, `units` code → name. Raises RegistryError with every fault by cell.
    """
    table, faults = read_table(path, SHEET, HEADERS, settings)
    with registry.deciding():
        sheet = _Sheet(rows, registry, units, faults)
        for row in table:
            sheet.take(row)
        changes = sheet.differences(who)
        faults.refuse_if_any()
        numbers = [] if is_dry_run else record(registry, [event for _, event in changes], together=True)
    return Difference([line for line, _ in changes], numbers)


def unit_code(text: str) -> str:
    """名称（代码） as the code, for units that share a name; anything else as it is."""
    match = re.fullmatch(r".+（([^（）]+)）", text.strip())
    return match[1] if match else text
