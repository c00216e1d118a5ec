"""What is done about tasks: 签收, 进度填报, nodes reached, 核查 (销号 or 退回). Making and changing tasks: tasks.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ingestion.registry.acts import Report, Who, day, known, number, record, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.task_states import Task, read_tasks
from ingestion.registry.tasks import ACCEPTED_STATE, found_task

SIGNED, REPORTED, ACCEPTED, RETURNED = "task.signed", "task.reported", "task.accepted", "task.returned"
NODE_REPORTED = "node.reported"


def sign(registry: Registry, key: str, unit: str, on: date | str, who: Who, units: Mapping[str, str]) -> int:
    """A unit takes its task: the lead or an assisting one, each once. Returns the event's number."""
    with registry.deciding():
        task = _task(registry, key)
        code = known(unit, units, "单位")
        if code not in (task.lead, *task.assisting):
            raise RegistryError(f"{units[code]}不是任务 {key} 的牵头或配合单位，不能签收")
        if code in task.signed:
            raise RegistryError(f"{units[code]}已于 {task.signed[code]} 签收")
        fields = {"unit_code": code, "signed_date": day(on, "签收日期")}
        return record(registry, [who.event(SIGNED, "task", key, fields)])[0]


def report(registry: Registry, key: str, told: Report, who: Who, progress_pct: object = None) -> int:
    """Report how far a task is; 办结 asks for acceptance. `progress_pct` is 0 to 100. Returns the event's number."""
    with registry.deciding():
        task = _task(registry, key)
        _refuse_accepted(task)
        fields = told.checked()
        if fields.pop("done_date"):
            raise RegistryError("任务按填报日期计，不用写办结日期")
        if progress_pct not in (None, ""):
            fields["progress_pct"] = number(progress_pct, "完成百分比")
            if not 0 <= Decimal(fields["progress_pct"] or "0") <= 100:
                raise RegistryError(f"完成百分比 {fields['progress_pct']} 应在 0 到 100 之间")
        return record(registry, [who.event(REPORTED, "task", key, fields)])[0]


def report_node(registry: Registry, key: str, node_no: int, done_date: date | str, evidence: str, who: Who) -> int:
    """Say that a node is reached, with its evidence. Returns the event's number."""
    with registry.deciding():
        task = _task(registry, key)
        _refuse_accepted(task)
        node = task.node(node_no)
        if node.done_date:
            raise RegistryError(f"节点{node_no}“{node.name}”已填报于 {node.done_date} 完成；要改，请先撤回")
        if not evidence.strip():
            raise RegistryError(
                "请写明佐证（文号、照片或附件名）" + (f"：{node.evidence_required}" if node.evidence_required else "")
            )
        fields = {
            "task_key": key, "node_no": node_no, "done_date": day(done_date, "完成日期"), "evidence": evidence.strip(),
        }  # fmt: skip
        return record(registry, [who.event(NODE_REPORTED, "node", f"{key}/{node_no}", fields)])[0]


def accept(registry: Registry, key: str, on: date | str, who: Who, note: str = "") -> int:
    """Close a task that was reported done, after looking into it: never by who reported it. Returns the number."""
    with registry.deciding():
        task = _awaiting(registry, key)
        if task.reports[-1].actor == who.by.strip():
            raise RegistryError(f"核查人不能是填报人（{task.reports[-1].actor}），请换一人核查")
        open_nodes = [node for node in task.nodes if not node.done_date]
        if open_nodes:
            named = "、".join(f"{node.number}“{node.name}”" for node in open_nodes)
            raise RegistryError(f"还有节点没有填报完成：{named}；请先填报或删除这些节点")
        accepted = day(on, "销号日期")
        if accepted < task.reports[-1].payload["report_date"]:
            raise RegistryError(f"销号日期 {accepted} 早于办结填报日期 {task.reports[-1].payload['report_date']}")
        fields = {"accepted_date": accepted, "note": note.strip() or None}
        return record(registry, [who.event(ACCEPTED, "task", key, fields)])[0]


def send_back(
    registry: Registry, key: str, on: date | str, who: Who, note: str, redo_due_date: date | str | None = None
) -> int:
    """Send a task that was reported done back to its unit, with what is wanting. Returns the event's number."""
    with registry.deciding():
        _awaiting(registry, key)
        returned = day(on, "退回日期")
        redo = day(redo_due_date, "重新办理时限") if redo_due_date else None
        if redo and redo < returned:
            raise RegistryError(f"重新办理时限 {redo} 早于退回日期 {returned}")
        fields = {"returned_date": returned, "note": note.strip(), "redo_due_date": redo}
        return record(registry, [who.event(RETURNED, "task", key, fields)])[0]


def _task(registry: Registry, key: str) -> Task:
    return found_task(read_tasks(standing(registry, "task", "node")), key)


def _awaiting(registry: Registry, key: str) -> Task:
    task = _task(registry, key)
    if task.state != "待核查":
        raise RegistryError(f"任务 {key} 是“{task.state}”，填报“办结”之后才能核查")
    return task


def _refuse_accepted(task: Task) -> None:
    if task.state == ACCEPTED_STATE:
        raise RegistryError(f"任务 {task.key} 已销号，不再填报")
