"""Projects and matters of the bureau's own register: how far each is by a month's end. Knows no target and no file.

The register (sample_projects.csv, sample_matters.csv) gives names and, on a 1-2-5 scale, the size of a year's work;
when anything starts, how fast it goes and where it stalls is drawn from the seed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from ingestion.sample.draws import draw
from ingestion.sample.processes import Value

Record = dict[str, Value]
LIGHT_WORK = ("装修", "改造", "改建")
SHAPES = ("steady", "steady", "early", "late", "stalled")
PLACES = (90, 180, 270, 360, 540, 720, 1080)


def project_record(row: dict[str, str], seed: int, month_end: date) -> Record:
    """The row of one project in a report on the month that ends on `month_end`: dates reached so far, money spent."""
    rng = draw(seed, "project", row["region_code"], row["project_name"])
    pace = 0.45 if row["work_type"] in LIGHT_WORK else 1.0
    at = date(int(row["plan_year"]) - 2, 10, 1) + timedelta(days=rng.randint(0, 540))
    dates: dict[str, date] = {"preliminary_date": at}
    for stage, low, high in (
        ("start_date", 60, 260), ("topped_out_date", 150, 330), ("completed_date", 80, 220), ("opened_date", 20, 120),
    ):  # fmt: skip
        at += timedelta(days=round(rng.randint(low, high) * pace))
        dates[stage] = at
    investment = rng.randint(8, 300) * 1_000_000
    reached = {stage: day if day <= month_end else None for stage, day in dates.items()}
    share = min(1.0, max(0.0, (month_end - dates["start_date"]).days / (at - dates["start_date"]).days))
    record: Record = {"project_name": row["project_name"], "work_type": row["work_type"], "investment": investment}
    record |= {"invested": round(investment * share, -4), "places": rng.choice(PLACES)} | reached
    if reached["completed_date"]:
        record["evidence"] = f"演示竣工验收第{rng.randint(1, 99):02d}号"
    return record


def matter_record(row: dict[str, str], seed: int, month_end: date) -> Record:
    """The row of one matter in a report on the month that ends on `month_end`."""
    rng = draw(seed, "matter", row["region_code"], row["matter_name"])
    if row["matter_type"] in {"成果", "活动"}:
        return _output(row["matter_name"], rng, int(row["plan_year"]), month_end)
    size = int(row["scale"])
    total = size if row["matter_type"] == "比例" else None
    planned = total or max(1, round(size * rng.uniform(0.8, 1.2)))
    done_by = {"比例": _share, "常年": _yearly, "数量": _work}[row["matter_type"]](size, int(row["plan_year"]), rng)
    record: Record = {"matter_name": row["matter_name"], "planned": planned, "done": done_by(month_end)}
    record["total"] = total
    if done_by(month_end) < planned or row["matter_type"] == "常年":
        return record | {"status": "进行中" if done_by(month_end) else "未启动"}
    first = month_end
    while done_by(_month_before(first)) >= planned and first.year >= int(row["plan_year"]):
        first = _month_before(first)
    done_date = first - timedelta(days=rng.randint(0, 20))
    return record | {"status": "办结", "done_date": done_date, "evidence": "演示台账附件"}


def _share(size: int, year: int, rng: Random) -> Callable[[date], int]:
    """So many of a fixed total, slowly more."""
    start, pace = rng.uniform(0.10, 0.95), rng.uniform(0, 0.02)
    return lambda day: round(size * min(1.0, start + pace * max(0, _months(year, day))))


def _yearly(size: int, year: int, rng: Random) -> Callable[[date], int]:
    """Counted afresh every calendar year, before the plan's year too."""
    amounts = [size * rng.uniform(0.75, 1.0) for _ in range(4)]
    return lambda day: round(amounts[(day.year - year) % 4] * day.month / 12)


def _work(size: int, year: int, rng: Random) -> Callable[[date], int]:
    """Work of the plan's year, at a pace of its own, which goes on when the year is over and not all is done."""
    amount, shape, stall = size * rng.uniform(0.65, 1.6), rng.choice(SHAPES), rng.uniform(0.15, 0.4)
    return lambda day: int(amount * _progress(shape, stall, _months(year, day)))


def _progress(shape: str, stall: float, months: int) -> float:
    part = min(1.0, max(0.0, months / 12))
    if shape == "early":
        return min(1.0, part * 1.6)
    if shape == "late":
        return part * part
    return min(part, stall) if shape == "stalled" else part


def _output(name: str, rng: Random, year: int, month_end: date) -> Record:
    starts, stalls = rng.randint(1, 8), rng.random() < 0.15
    finish = date(year, 1, 1) + timedelta(days=starts * 28 + rng.randint(30, 240))
    record: Record = {"matter_name": name, "planned": 1, "done": 0, "status": "未启动"}
    if not stalls and finish <= month_end:
        record |= {"done": 1, "status": "办结", "done_date": finish, "evidence": f"演示发文{finish.year}年第{starts}号"}
    elif _months(year, month_end) >= starts:
        record["status"] = "进行中"
    return record


def _months(year: int, month_end: date) -> int:
    """Months of the plan's year behind us; 0 or less before it begins."""
    return (month_end.year - year) * 12 + month_end.month


def _month_before(month_end: date) -> date:
    return month_end.replace(day=1) - timedelta(days=1)
