"""立项 in bulk: a task proposed for every confirmed promise that has none, from what the plan itself says.

Here: who leads and by when. Not here: making tasks (tasks.py), the workbook in which people decide it row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.registry.acts import Act
from ingestion.registry.courses import course_of
from ingestion.registry.editing import present
from ingestion.registry.events import RegistryError
from ingestion.registry.reviews import Reviewed, follow, state_of
from ingestion.registry.task_states import by_commitment, read_tasks
from ingestion.registry.tasks import TaskDraft

MOST_SHOWN = 10
Draft = tuple[Reviewed, TaskDraft]


@dataclass(frozen=True)
class Given:
    """What a person says for promises whose plan does not: a unit's code or name, further units, a day."""

    lead: str = ""
    assisting: Sequence[str] = ()
    due_date: str = ""


def undivided(rows: Iterable[Mapping[str, Any]], acts: Sequence[Act]) -> list[tuple[Mapping[str, Any], list[Act]]]:
    """Confirmed promises without a task, with their own acts; repetitions and what was given up are left out."""
    found = [(row, Reviewed.of(row, row["file_name"])) for row in rows]
    followed = follow([act for act in acts if act.subject_type == "commitment"], [own for _, own in found])
    tasks = read_tasks(act for act in acts if act.subject_type in ("task", "node"))
    taken = by_commitment(tasks.values(), [own for _, own in found])
    return [
        (row, followed[own.commitment_id])
        for row, own in found
        if state_of(followed[own.commitment_id]) in {"已确认", "已调整"}
        and own.commitment_id not in taken
        and not row["restates"]
        and course_of(followed[own.commitment_id]) != "终止"
    ]


def drafts(
    rows: Iterable[Mapping[str, Any]], acts: Sequence[Act], units: Iterable[Mapping[str, Any]], given: Given
) -> list[Draft]:
    """A task for each of `undivided`: units as the plan names them and its day, else those given.

    `rows` are of Catalog.commitments, `units` of config__units. Raises RegistryError naming all that neither settles.
    """
    made: list[Draft] = []
    wrong: list[str] = []
    known = list(units)
    for row, own in undivided(rows, acts):
        fields = present(row, own)
        named = _units_named(fields["responsible_unit"], row["region_code"], known)
        lead, due = (named[0] if named else given.lead), fields["deadline"] or given.due_date
        lacking = [word for word, value in (("牵头单位", lead), ("时限", due)) if not value]
        if lacking:
            wrong.append(f"{row['commitment_id'][:8]} “{row['quote'][:30]}”缺{'、'.join(lacking)}")
            continue
        assisting = list(dict.fromkeys([*named[1:], *(() if named else given.assisting)]))
        draft = TaskDraft(row["quote"], lead, due, assisting, year=row["plan_year"])
        made.append((Reviewed.of(row, row["file_name"]), draft))
    if wrong:
        more = f"\n…共 {len(wrong)} 项" if len(wrong) > MOST_SHOWN else ""
        how = "请另行指定牵头单位、时限（命令用 --lead、--due），或在分解立项表中逐项填写"
        raise RegistryError("\n".join(["没有立项，原文没有写明：", *wrong[:MOST_SHOWN]]) + f"{more}\n{how}")
    return made


def _units_named(text: str, region_code: str, units: Sequence[Mapping[str, Any]]) -> list[str]:
    """Codes of the units that a plan names, the first leading; none where the first is not one unit of the region."""
    codes: list[str] = []
    for name in filter(None, re.split(r"[、，,；;\s]+", text)):
        fitting = {
            unit["unit_code"]
            for unit in units
            if unit["region_code"] == region_code
            and (unit["unit_name"].endswith(name) or name in (unit["aliases"] or "").split("|"))
        }
        if len(fitting) == 1:
            codes += fitting
        elif not codes:
            return []
    return list(dict.fromkeys(codes))
