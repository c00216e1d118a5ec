"""The plans folder → landing. Which documents are in force, which were read before, which cannot be read.

What a document says is reading.py's business. A document is read once by content; it is read again only when the
grammar, the cards or the regions changed. One that cannot be read is a finding and stops nothing.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import polars as pl

from ingestion.arrivals import Arrival, Arrivals
from ingestion.config.loader import Config
from ingestion.landing import Landing
from ingestion.plans.child import HANDLER
from ingestion.plans.comparing import comparison_tables
from ingestion.plans.reading import PlanReading, plan_tables
from ingestion.sandbox import Failure, Limits, Pool
from ingestion.settings import Settings
from ingestion.tables import INTAKE, PLANS, empty

PART = "plans"
DIGEST_KEY = "plans_digest"
CRASHED = "读取时崩溃、超时或内存超限；请用 Word 或 WPS 打开后另存为 docx 或 txt 再放入"

# year and region that plans.csv gives for a file
Override = tuple[int | None, str | None]


@dataclass(frozen=True)
class PlansOutcome:
    """What became of the plans folder: names read now, kept from before, and unreadable with their reasons."""

    read: list[str]
    kept: list[str]
    unreadable: dict[str, str]


def take_in_plans(
    settings: Settings, landing: Landing, config: Config, progress: Callable[[str], None] = lambda _: None
) -> PlansOutcome:
    """Land every plan directly in the plans folder, replacing what stood there before, all or nothing."""
    folder = settings.paths.plans
    arrivals = Arrivals(settings.paths.arrivals, max_file_mb=settings.max_file_mb).collect(folder, "plan")
    present = _present(folder, arrivals)
    overrides = _overrides(folder)
    digest = _reader_digest(config, overrides)
    kept_ids = _kept(landing, present) if landing.meta(DIGEST_KEY) == digest else set()

    waiting = [a for a in present if a.file_id not in kept_ids]
    readings, unreadable = _read_all(waiting, overrides, config, settings)
    for arrival, reading in readings:
        progress(f"{arrival.file_name}：{len(reading.commitments)} 项承诺")
    for name, reason in unreadable.items():
        progress(f"{name}：读不出来，{reason}")

    frames = _frames(landing, kept_ids, readings, config)
    frames |= comparison_tables(frames)
    frames["intake__files"] = _files(present, unreadable)
    frames["intake__findings"] = pl.concat(
        [frames.get("intake__findings", empty("intake__findings")), _unreadable_findings(present, unreadable)]
    )
    with landing.transaction() as transaction:
        for table in [*PLANS, *INTAKE]:
            transaction.replace(table, frames[table], part=PART)
        transaction.set_meta(DIGEST_KEY, digest)
    kept = [a.file_name for a in present if a.file_id in kept_ids]
    return PlansOutcome([a.file_name for a, _ in readings], kept, unreadable)


def _read_all(
    waiting: list[Arrival], overrides: dict[str, Override], config: Config, settings: Settings
) -> tuple[list[tuple[Arrival, PlanReading]], dict[str, str]]:
    """Readings in the order of arrival, and the reasons of those that could not be read by file name."""
    unreadable = {a.file_name: a.refusal for a in waiting if a.refusal}
    by_path = {str(a.path): a for a in waiting if not a.refusal}
    tasks = [(path, a.file_name, *overrides.get(a.file_name, (None, None))) for path, a in by_path.items()]
    limits = Limits(memory_mb=settings.parser_memory_mb, seconds=settings.parser_seconds)
    readings = {}
    with Pool(HANDLER, config.tables["config__regions"], workers=settings.parser_workers, limits=limits) as pool:
        for task, result in chain.from_iterable(pool.run([task] for task in tasks)):
            arrival = by_path[task[0]]
            if isinstance(result, PlanReading):
                readings[arrival.file_id] = (arrival, result)
            else:
                unreadable[arrival.file_name] = CRASHED if isinstance(result, Failure) else result
    return [readings[file_id] for file_id in sorted(readings)], unreadable


def _present(folder: Path, arrivals: Iterable[Arrival]) -> list[Arrival]:
    """The attempts whose bytes (or whose refused name) stand in the folder now, one each, oldest first."""
    contents, names = set(), set()
    for path in folder.iterdir() if folder.is_dir() else ():
        names.add(path.name)
        if path.is_file() and not path.is_symlink():
            contents.add(hashlib.sha256(path.read_bytes()).hexdigest())
    found: dict[str, Arrival] = {}
    for arrival in arrivals:
        if arrival.sha256 in contents or (arrival.refusal and arrival.file_name in names):
            found[arrival.sha256] = arrival
    return sorted(found.values(), key=lambda a: a.file_id)


def _overrides(folder: Path) -> dict[str, Override]:
    """Year and region by file name, from plans.csv beside the documents; they win over title and text."""
    path = folder / "plans.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {
        row["file"].strip(): (
            int(row["year"]) if (row.get("year") or "").strip().isdigit() else None,
            (row.get("region") or "").strip() or None,
        )
        for row in rows
        if row.get("file")
    }


def _reader_digest(config: Config, overrides: dict[str, Override]) -> str:
    """Changes when a document could be read differently: grammar, cards, regions or plans.csv."""
    digest = hashlib.sha256(repr(sorted(overrides.items())).encode())
    code = Path(__file__).parent
    for path in sorted(p for p in code.rglob("*") if p.suffix in {".py", ".lark", ".csv", ".json"}):
        digest.update(path.read_bytes())
    for table in ("config__indicators", "config__regions"):
        digest.update(config.tables[table].write_csv().encode())
    return digest.hexdigest()


def _kept(landing: Landing, present: list[Arrival]) -> set[int]:
    landed = set(landing.read("plans__documents")["file_id"].to_list())
    return landed & {a.file_id for a in present}


def _frames(
    landing: Landing, kept_ids: set[int], readings: list[tuple[Arrival, PlanReading]], config: Config
) -> dict[str, pl.DataFrame]:
    """New rows, with the rows of documents kept from before."""
    file_ids = [arrival.file_id for arrival, _ in readings]
    new = plan_tables([reading for _, reading in readings], file_ids, config.tables["config__indicators"])
    if not kept_ids:
        return new
    documents = landing.read("plans__documents").filter(pl.col("file_id").is_in(kept_ids))
    ids = documents["document_id"].implode()
    for table in PLANS:
        before = landing.read(table).filter(pl.col("document_id").is_in(ids))
        new[table] = pl.concat([before, new[table]])
    findings = landing.read("intake__findings").filter(pl.col("file_id").is_in(kept_ids))
    new["intake__findings"] = pl.concat([findings, new["intake__findings"]])
    return new


def _files(present: list[Arrival], unreadable: dict[str, str]) -> pl.DataFrame:
    rows = [
        {
            "file_id": a.file_id,
            "sha256": a.sha256,
            "file_name": a.file_name,
            "file_kind": "plan",
            "size_bytes": a.size_bytes,
            "received_at": a.received_at,
            "file_state": "quarantined" if a.file_name in unreadable else "loaded",
            "reason": unreadable.get(a.file_name),
            "form_code": None,
        }
        for a in present
    ]
    return pl.DataFrame(rows, schema=INTAKE["intake__files"])


def _unreadable_findings(present: list[Arrival], unreadable: dict[str, str]) -> pl.DataFrame:
    rows = [
        {
            "finding_id": hashlib.sha256(f"{a.sha256}|plan.unreadable".encode()).hexdigest()[:16],
            "file_id": a.file_id,
            "rule_code": "plan.unreadable",
            "severity": "结构",
            "message": f"{a.file_name} 读不出来：{unreadable[a.file_name]}",
            "fix": "按提示换一种格式后放回工作要点文件夹",
            "cause_key": "plan.unreadable",
        }
        for a in present
        if a.file_name in unreadable
    ]
    return pl.DataFrame(rows, schema=INTAKE["intake__findings"])
