"""The turn of the year: a year is closed on a release that is kept for ever, the unfinished goes over into the next.

Closing pins the release (年终封版), keeps its checksums in the log and carries commitments and tasks over (结转) with a
link to where they come from. Opening rests on the closed year's last figures as baselines 上年末. Both can be undone
whole. How a release or a configuration is kept: ingestion/releases.py, ingestion/config.
"""

from __future__ import annotations

import calendar
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb

from ingestion.registry.acts import Act, Who, number, record, standing
from ingestion.registry.courses import course_of
from ingestion.registry.events import NewEvent, Registry, RegistryError
from ingestion.registry.published import unfinished, year_end_figures
from ingestion.registry.reviews import Reviewed, follow
from ingestion.registry.task_states import Task, read_tasks
from ingestion.registry.tasks import ACCEPTED_STATE, created_events, next_key
from ingestion.releases import Release, Releases, content_checksums

CLOSED, OPENED, CARRIED = "year.closed", "year.opened", "commitment.carried"
REFERENCE = "上年末"


@dataclass(frozen=True)
class Closing:
    """What closing a year did."""

    year: int
    release: Release
    commitments: int
    tasks: int
    event_numbers: list[int]


def close(registry: Registry, releases: Releases, year: int, landed_event_no: int, who: Who) -> Closing:
    """Close a year on the release in force; the caller holds the writer's lock.

    `landed_event_no` is the last event that was landed (what the release can know of). Raises RegistryError where the
    year is closed, the release was judged before the year's end, does not know every event, or is damaged.
    """
    release = releases.resolve()
    info = release.info()
    sums = _verified(release, info)
    judged = date.fromisoformat(str(info["evaluation_date"]))
    if judged < date(year, 12, 31):
        raise RegistryError(
            f"第 {release.sequence} 版的评价日期是 {judged}，{year}年还没有评价到年底："
            f"请先运行 duban refresh --evaluation-date {year}-12-31"
        )
    with registry.deciding():
        acts = standing(registry)
        before = _closing_of(acts, year)
        if before:
            raise RegistryError(
                f"{year}年已由{before.actor}封账（第{before.event_no}号事件，第{before.payload['release_sequence']}版）"
            )
        waiting = registry.last_event_no() - landed_event_no
        if waiting > 0:
            raise RegistryError(f"还有 {waiting} 条登记没有进入发布版，请先运行 duban refresh 再封账")
        carried = list(_carried_commitments(acts, unfinished(release), year, release, who))
        tasks = list(_carried_tasks(acts, year))
        fields = {
            "release_sequence": release.sequence, "release_checksum": _checksum(sums), "table_checksums": sums,
            "evaluation_date": judged.isoformat(), "carried_commitment_count": len(carried),
            "carried_task_count": len(tasks),
        }  # fmt: skip
        events = [who.event(CLOSED, "year", str(year), fields), *carried]
        events += [event for task in tasks for event in created_events(task, who)]
        releases.pin(release.sequence)  # first: pinned without an event does no harm
        numbers = record(registry, events, together=True)
    return Closing(year, release, len(carried), len(tasks), numbers)


def baselines(registry: Registry, releases: Releases, year: int) -> tuple[Release, list[dict[str, Any]]]:
    """The release that `year` was closed on, and its last figures per indicator and region as proposed baselines."""
    act = _closing_of(standing(registry, "year"), year)
    if act is None:
        raise RegistryError(f"{year}年还没有封账：请先运行 duban year close {year}")
    release = release_of(releases, act)
    return release, year_end_figures(release, year)


def refuse_open(registry: Registry, year: int) -> None:
    """Raises RegistryError where a year cannot be opened: the one before is not closed, or it is open already."""
    acts = standing(registry, "year")
    if _closing_of(acts, year - 1) is None:
        raise RegistryError(f"{year - 1}年还没有封账：请先运行 duban year close {year - 1}")
    opened = [act for act in acts if act.event_type == OPENED and act.subject_key == str(year)]
    if opened:
        raise RegistryError(f"{year}年已由{opened[-1].actor}开启（第{opened[-1].event_no}号事件）")


def open_year(
    registry: Registry, release: Release, year: int, baseline_count: int, who: Who, *,
    config_version: int | None = None, register_count: int | None = None,
) -> int:  # fmt: skip
    """Say that a year is opened on the figures of the one before; returns the event's number."""
    with registry.deciding():
        refuse_open(registry, year)
        fields = {
            "closed_year": year - 1, "release_sequence": release.sequence, "baseline_count": baseline_count,
            "register_count": register_count, "config_version": config_version,
        }  # fmt: skip
        return record(registry, [who.event(OPENED, "year", str(year), fields)])[0]


def unpin_reopened(registry: Registry, releases: Releases, gone: Iterable[Act]) -> None:
    """Stop keeping the releases of closings that were taken back, unless another year stands on them."""
    kept = {act.payload["release_sequence"] for act in standing(registry, "year") if act.event_type == CLOSED}
    for act in gone:
        sequence = act.payload.get("release_sequence")
        if act.event_type == CLOSED and sequence not in kept and sequence in releases.sequences():
            releases.pin(sequence, False)


def release_of(releases: Releases, closing: Act) -> Release:
    """The pinned release of a closing, with the content it was closed on. Raises RegistryError where it is not."""
    sequence = closing.payload["release_sequence"]
    path = releases.folder / f"{sequence:06d}.duckdb"
    if not path.exists():
        raise RegistryError(f"{closing.subject_key}年封版的第 {sequence} 版已不在，请从备份恢复")
    release = Release(sequence, path)
    if _checksum(_checksums(release)) != closing.payload["release_checksum"]:
        raise RegistryError(f"{closing.subject_key}年封版的第 {sequence} 版内容与封账时不同，请从备份恢复")
    return release


def next_year(day: str) -> str:
    """The same day a year later; 29 February becomes the 28th."""
    then = date.fromisoformat(day)
    last = calendar.monthrange(then.year + 1, then.month)[1]
    return then.replace(year=then.year + 1, day=min(then.day, last)).isoformat()


def _carried_commitments(
    acts: Sequence[Act], rows: Sequence[dict[str, Any]], year: int, release: Release, who: Who
) -> Iterable[NewEvent]:
    """Unfinished commitments of the year, and those carried into it, but for what was given up."""
    commitments = [Reviewed.of(row, row["file_name"]) for row in rows]
    followed = follow([act for act in acts if act.subject_type == "commitment"], commitments)
    for row, commitment in zip(rows, commitments, strict=True):
        own = followed[commitment.commitment_id]
        into = [act.payload["to_year"] for act in own if act.event_type == CARRIED]
        if (into[-1] if into else row["plan_year"]) != year or course_of(own) == "终止":
            continue
        yield commitment.event(
            CARRIED, who, from_year=year, to_year=year + 1, release_sequence=release.sequence, light=row["light"],
            status=row["status"], target_value=_text(row["target_value"]), attained_value=_text(row["actual_value"]),
        )  # fmt: skip


def _carried_tasks(acts: Sequence[Act], year: int) -> Iterable[Task]:
    """A new task for each that was not accepted, a year later, with the nodes still open and its origin."""
    tasks = read_tasks(acts)
    commitments = {task.commitment.commitment_id: task.commitment for task in tasks.values()}
    followed = follow([act for act in acts if act.subject_type == "commitment"], list(commitments.values()))
    taken = list(tasks)
    for task in tasks.values():
        own_year = task.year or int(task.due_date[:4])
        is_given_up = course_of(followed[task.commitment.commitment_id]) == "终止"
        if own_year != year or task.state == ACCEPTED_STATE or is_given_up:
            continue
        key = next_key(task.commitment, taken)
        taken.append(key)
        left = [replace(node, due_date=next_year(node.due_date)) for node in task.nodes if not node.done_date]
        yield Task(
            key, task.commitment, task.name, task.lead, task.assisting, next_year(task.due_date), task.person, year + 1,
            task.key, tuple(replace(node, number=place) for place, node in enumerate(left, start=1)),
        )  # fmt: skip


def _closing_of(acts: Iterable[Act], year: int) -> Act | None:
    found = [act for act in acts if act.event_type == CLOSED and act.subject_key == str(year)]
    return found[-1] if found else None


def _verified(release: Release, info: dict[str, Any]) -> dict[str, str]:
    """The release's checksums, found equal to those it was published with."""
    sums = _checksums(release)
    if sums != info.get("checksums"):
        raise RegistryError(
            f"第 {release.sequence} 版的内容与发布时的校验和不符，不能封账：请运行 duban refresh 重新发布"
        )
    return sums


def _checksums(release: Release) -> dict[str, str]:
    with duckdb.connect(config={"autoload_known_extensions": "false"}) as con:
        con.execute(f"attach '{str(release.path).replace(chr(39), chr(39) * 2)}' as closed (read_only)")
        return content_checksums(con, "closed")


def _checksum(sums: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()


def _text(value: object) -> str | None:
    return None if value is None else number(value, "数值")
