"""Workbooks from arrivals to landing: only what is new, in limited children, all of a run live at once.

Here: which files are read and the order of the steps. Not here: any of the steps (reader.py, batch_landing.py, gates/,
submissions.py, landing.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import polars as pl

from ingestion.arrivals import Arrival
from ingestion.landing import Landing, Transaction
from ingestion.sandbox import Failure, Limits, Pool
from ingestion.settings import Settings
from ingestion.tables import INTAKE
from ingestion.workbooks.batch_landing import Registers, land_batch
from ingestion.workbooks.containers import Budget
from ingestion.workbooks.form_tables import form_tables
from ingestion.workbooks.forms import Form, forms_digest, load_forms
from ingestion.workbooks.headers import Problem
from ingestion.workbooks.privacy import RULE as PRIVATE
from ingestion.workbooks.readings import FileReading
from ingestion.workbooks.rereading import LOOKUPS, conduct_digests, layout_digest, touched_files
from ingestion.workbooks.submissions import TABLE as SUBMISSIONS
from ingestion.workbooks.submissions import rank_attempts

PART = "workbooks"
READER_META, FORMS_META, CONDUCT_META = "workbooks_reader", "workbooks_forms", "workbooks_conduct"
CHUNK_FILES, CHUNK_BYTES = 64, 8 * 1024 * 1024
BATCH_CELLS = 800_000
APPENDED = [
    "forms__values", "forms__quarantined_cells", "forms__ignored_cells", "forms__sheets", "intake__findings",
    "intake__files", LOOKUPS,
]  # fmt: skip
OWN_FORMS = "forms"  # a bureau's own forms, below DUBAN_HOME
_CODE = Path(__file__).resolve().parent.parent

Progress = Callable[[int, int], None]


@dataclass
class IntakeSummary:
    """What stands in landing after the run; `files_read` were read now. Cells count filled cells."""

    files_read: int = 0
    files_received: int = 0
    files_loaded: int = 0
    files_quarantined: int = 0
    files_ignored: int = 0
    findings: int = 0
    findings_by_severity: dict[str, int] = field(default_factory=dict)
    submissions_by_state: dict[str, int] = field(default_factory=dict)
    cells_received: int = 0
    cells_loaded: int = 0
    cells_quarantined: int = 0
    cells_ignored: int = 0
    seconds: float = 0.0


def take_in(
    arrivals: list[Arrival],
    landing: Landing,
    settings: Settings,
    reporters: pl.DataFrame,
    progress: Progress | None = None,
) -> IntakeSummary:
    """Read what has not been read, check it, and land it. The same arrivals again read nothing and write nothing.

    `reporters` has code, name, aliases, region_code, type (school | unit), opened_date, closed_date. What a change of
    the register, of rules or of due days touches is read again (rereading.py); a change of how sheets are recognised or
    of this code, reads every kept file again. `progress` is told (files done, files to do).
    """
    started = perf_counter()
    own_forms = settings.paths.home / OWN_FORMS
    forms = load_forms(extra=own_forms)
    marks = {READER_META: reader_fingerprint(forms), FORMS_META: forms_digest(extra=own_forms)}
    fresh = landing.meta(READER_META) != marks[READER_META]
    conduct = conduct_digests(forms)
    again: set[int] = set()
    if not fresh:
        before = json.loads(landing.meta(CONDUCT_META) or "{}")
        again = touched_files(landing.read(LOOKUPS), reporters, conduct, before)
        sheets = set(landing.read("forms__sheets")["file_id"])  # of what was destroyed since, only its hash stays
        again |= {a.file_id for a in arrivals if a.purged_at and a.file_id in sheets}
    files = landing.read("intake__files").filter(pl.col("file_kind") == "workbook")
    known = set() if fresh else set(files["file_id"]) - again
    todo = [a for a in arrivals if a.kind == "workbook" and a.file_id not in known]
    if todo or any(landing.meta(key) != value for key, value in marks.items()):
        with landing.transaction() as transaction:
            submissions = landing.read(SUBMISSIONS).filter(~pl.col("file_id").is_in(list(again)))
            for table in [*APPENDED, SUBMISSIONS] if fresh else []:
                transaction.drop_part(PART, table)
            for table in APPENDED if again else []:
                transaction.drop_files(table, again, part=PART)
            registers = Registers(forms, reporters, _received(todo))
            _land(todo, transaction, settings, registers, submissions.clear() if fresh else submissions, progress)
            for table, frame in form_tables(forms).items():
                transaction.replace(table, frame, part=PART)
            for key, value in (marks | {CONDUCT_META: json.dumps(conduct)}).items():
                transaction.set_meta(key, value)
    return _summary(landing, len(todo), perf_counter() - started)


def reader_fingerprint(forms: dict[str, Form]) -> str:
    """One hash of all that decides how every file is read: the code, and how sheets are recognised."""
    digest = hashlib.sha256(layout_digest(forms).encode())
    for folder in ("workbooks", "gates"):
        for path in sorted((_CODE / folder).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _land(
    todo: list[Arrival],
    transaction: Transaction,
    settings: Settings,
    registers: Registers,
    before: pl.DataFrame,
    progress: Progress | None,
) -> None:
    submissions = [before]
    done = 0
    for readings in _batches(todo, settings, registers.forms):
        frames = land_batch(readings, registers)
        submissions.append(frames[SUBMISSIONS])
        for table in APPENDED:
            transaction.append(table, frames[table], part=PART)
        done += len(readings)
        if progress:
            progress(done, len(todo))
    transaction.replace(SUBMISSIONS, rank_attempts(pl.concat(submissions)), part=PART)


def _batches(todo: list[Arrival], settings: Settings, forms: dict[str, Form]) -> Iterator[list[FileReading]]:
    """Readings in batches of bounded cells, so that memory does not grow with the number of files."""
    readings = [FileReading(a.file_id, _unreadable(a)) for a in todo if a.refusal or a.purged_at]
    cells = 0
    for chunk in read_files([a for a in todo if not a.refusal and not a.purged_at], settings, forms):
        readings += chunk
        cells += sum(sheet.received for reading in chunk for sheet in reading.sheets)
        if cells >= BATCH_CELLS:
            yield readings
            readings, cells = [], 0
    if readings:
        yield readings


def _unreadable(arrival: Arrival) -> Problem:
    """Why nothing is there to be read."""
    if arrival.purged_at:
        message = "含有姓名、身份证号等个人信息，整份隔离；原文件到期已清除，只留校验值"
        return Problem(PRIVATE, message, "请只报送汇总数，不要报送个人名单")
    message, _, fix = arrival.refusal.partition("；")
    return Problem("FILE12", message, fix or message)


def read_files(arrivals: list[Arrival], settings: Settings, forms: dict[str, Form]) -> Iterator[list[FileReading]]:
    """Read files in the pool, chunk by chunk as they end; a file that broke its child is a refused reading."""
    budget = Budget(settings.max_expanded_mb * 1024 * 1024, settings.max_cells)
    limits = Limits(settings.parser_memory_mb, settings.parser_seconds)
    target = "ingestion.workbooks.reader:handler"
    with Pool(target, (forms, budget), workers=settings.parser_workers, limits=limits) as pool:
        for chunk in pool.run(_chunks(arrivals)):
            yield [
                FileReading(task[0], _broken(result)) if isinstance(result, Failure) else result
                for task, result in chunk
            ]


def _broken(failure: Failure) -> Problem:
    message, _, fix = failure.reason.partition("；")
    return Problem("FILE11", message, fix)


def _chunks(arrivals: list[Arrival]) -> Iterator[list[tuple[int, str, str]]]:
    chunk: list[tuple[int, str, str]] = []
    size = 0
    for arrival in arrivals:
        chunk.append((arrival.file_id, str(arrival.path), arrival.file_name))
        size += arrival.size_bytes
        if len(chunk) >= CHUNK_FILES or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _received(arrivals: list[Arrival]) -> pl.DataFrame:
    names = ["file_id", "sha256", "file_name", "size_bytes", "received_at"]
    rows = [(a.file_id, a.sha256, a.file_name, a.size_bytes, a.received_at) for a in arrivals]
    return pl.DataFrame(rows, schema={name: INTAKE["intake__files"][name] for name in names}, orient="row")


def _summary(landing: Landing, files_read: int, seconds: float) -> IntakeSummary:
    files = landing.read("intake__files").filter(pl.col("file_kind") == "workbook")
    states = dict(files.group_by("file_state").len().iter_rows())
    findings = landing.read("intake__findings").join(files.select("file_id"), on="file_id", how="semi")
    current = landing.read(SUBMISSIONS).filter("is_current")
    cells = landing.read("forms__sheets").select(pl.col("^cells_.*$").sum()).row(0, named=True)
    return IntakeSummary(
        files_read=files_read,
        files_received=len(files),
        files_loaded=states.get("loaded", 0),
        files_quarantined=states.get("quarantined", 0),
        files_ignored=states.get("ignored", 0),
        findings=len(findings),
        findings_by_severity=dict(findings.group_by("severity").len().sort("severity").iter_rows()),
        submissions_by_state=dict(current.group_by("submission_state").len().sort("submission_state").iter_rows()),
        seconds=round(seconds, 3),
        **cells,
    )
