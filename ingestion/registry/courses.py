"""The course of a confirmed commitment: 暂缓, 终止, 恢复, and what became of a deliverable. Not here: its review."""

from __future__ import annotations

from datetime import date

from ingestion.registry.acts import Act, Report, Who, day, record, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed, follow, state_of

SUSPENDED, TERMINATED, RESUMED = "commitment.suspended", "commitment.terminated", "commitment.resumed"
REPORTED = "matter.reported"
_COURSES = {SUSPENDED: "暂缓", TERMINATED: "终止", RESUMED: "执行"}


def suspend(
    registry: Registry, commitment: Reviewed, since: date | str, who: Who, until: date | str | None = None
) -> int:
    """Put a commitment off from a day on, until another day if that is known; returns the event's number."""
    since = day(since, "起始日期")
    last = day(until, "暂缓至") if until else None
    if last and last < since:
        raise RegistryError(f"暂缓至 {last} 早于起始日期 {since}")
    return _turn(registry, commitment, SUSPENDED, who, since, last)


def terminate(registry: Registry, commitment: Reviewed, since: date | str, who: Who) -> int:
    """Give a commitment up from a day on; returns the event's number."""
    return _turn(registry, commitment, TERMINATED, who, day(since, "起始日期"))


def resume(registry: Registry, commitment: Reviewed, since: date | str, who: Who) -> int:
    """Take a suspended or terminated commitment up again; returns the event's number."""
    return _turn(registry, commitment, RESUMED, who, day(since, "起始日期"))


def course_of(acts: list[Act]) -> str:
    """执行 暂缓 终止, of one commitment's standing acts in order."""
    turns = [act.event_type for act in acts if act.event_type in _COURSES]
    return _COURSES[turns[-1]] if turns else "执行"


def report_matter(registry: Registry, commitment: Reviewed, report: Report, who: Who) -> int:
    """Say how far a deliverable is: 未启动, 进行中, 办结 (then with its day and its evidence); returns the number."""
    if commitment.kind not in (None, "deliverable"):
        raise RegistryError("只有成果类承诺（文件、会议等）按办结填报；指标和数量由报表计算")
    fields = report.checked()
    if report.status == "办结" and not fields["done_date"]:
        raise RegistryError("办结须写明办结日期")
    return record(registry, [commitment.event(REPORTED, who, **fields)])[0]


def _turn(
    registry: Registry, commitment: Reviewed, event_type: str, who: Who, since: str, until: str | None = None
) -> int:
    with registry.deciding():
        acts = follow(standing(registry, "commitment"), [commitment])[commitment.commitment_id]
        now = course_of(acts)
        if state_of(acts) not in {"已确认", "已调整"}:
            raise RegistryError(f"这一条还是“{state_of(acts)}”，确认之后才能暂缓、终止或恢复")
        if now == _COURSES[event_type]:
            raise RegistryError("这一条没有暂缓或终止，不用恢复" if event_type == RESUMED else f"这一条已经{now}")
        return record(registry, [commitment.event(event_type, who, since_date=since, until_date=until)])[0]
