"""The decomposition workbook 分解立项表: one row a commitment, task or node. Reading it back: task_import.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingestion.registry.reviews import Reviewed
from ingestion.registry.task_states import Task, by_commitment
from ingestion.registry.workbook import Column, Paper, write

SHEET = "分解立项表"
UNITS = "单位"
REMOVE_TASK, REMOVE_NODE = "删除任务", "删除节点"
COLUMNS = (
    Column("承诺编号", 18, is_locked=True),
    Column("任务编号", 13, is_locked=True),
    Column("节点序号", 9, is_locked=True),
    Column("工作要点", 18, is_locked=True),
    Column("原文", 44, is_locked=True),
    Column("承诺时限", 12, is_locked=True),
    Column("审核状态", 10, is_locked=True),
    Column("任务", 28, hint="写明要做什么；一条承诺可以分成几项任务"),
    Column("牵头单位", 24, choices_from=UNITS),
    Column("配合单位", 24, hint="几个单位之间用顿号隔开，名称与“单位”表一致"),
    Column("责任人", 10),
    Column("完成时限", 12, is_date=True),
    Column("节点", 22, hint="任务的中间步骤，可不填"),
    Column("节点时限", 12, is_date=True),
    Column("须交佐证", 20),
    Column("状态", 10, is_locked=True),
    Column("操作", 10, choices=(REMOVE_TASK, REMOVE_NODE)),
)
HEADERS = [column.header for column in COLUMNS]
NOTES = (
    "一、灰色的格子由系统填写，请不要改动；白色的格子可以填写、修改。",
    "二、每条承诺一行。分成任务：在该行填写任务、牵头单位、完成时限（必填），配合单位、责任人（可选）。",
    "三、再加一项任务：插入一行（或用表尾空行），复制承诺编号，任务编号留空，填写任务各项。",
    "四、加节点：在任务所在行填写节点和节点时限；更多节点写在它下面的行，承诺编号和任务编号可以留空。",
    "五、节点时限不能晚于任务的完成时限；日期写成 2020-06-30。",
    "六、删除：在“操作”一栏选择“删除任务”或“删除节点”。从表中删掉一行不等于删除，那一项保持原样。",
    "七、填好后：duban task import 文件 --by 姓名 --why 说明 --dry-run 先看会改什么，去掉 --dry-run 即生效。",
)


def write_tasks(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    states: Mapping[str, str],
    tasks: Iterable[Task],
    units: Mapping[str, str],
) -> int:
    """Write the workbook for commitments (rows of Catalog.commitments; id → review state); returns how many rows."""
    own = by_commitment(tasks, [Reviewed.of(row, row["file_name"]) for row in rows])
    labels = unit_labels(units)
    lines = [
        line
        for row in rows
        for line in _lines(row, states[row["commitment_id"]], own.get(row["commitment_id"], []), labels)
    ]
    lists = {UNITS: sorted(labels.values())}
    write(path, Paper(SHEET, "工作要点分解立项表", "灰色格子请勿改动；说明见“填写说明”", COLUMNS, lines, NOTES, lists))
    return len(lines)


def unit_labels(units: Mapping[str, str]) -> dict[str, str]:
    """Code → what stands in the workbook: the name, with its code where two units share it."""
    names = list(units.values())
    return {code: name if names.count(name) == 1 else f"{name}（{code}）" for code, name in units.items()}


def _lines(
    row: Mapping[str, Any], review_state: str, tasks: list[Task], labels: Mapping[str, str]
) -> Iterable[list[object]]:
    fixed = [row["file_name"], row["quote"], row["deadline"] or "", review_state]
    if not tasks:
        yield [row["commitment_id"], None, None, *fixed, *[None] * 10]
    for task in tasks:
        own = [
            task.name, labels.get(task.lead, task.lead), "、".join(labels.get(c, c) for c in task.assisting),
            task.person, task.due_date,
        ]  # fmt: skip
        for place, node in enumerate(task.nodes or (None,)):
            said = own if place == 0 else [None] * 5
            state = task.state if place == 0 else None
            step = [node.name, node.due_date, node.evidence_required] if node else [None] * 3
            yield [row["commitment_id"], task.key, node.number if node else None, *fixed, *said, *step, state, None]
