"""Who files what, in which file, and when it is received: on time mostly, late, corrected, or not at all.

Cities compile their schools' reports into one table a month; in districts each school sends its own file. What is wrong
in a file is planted by faults.py; what the figures are comes from processes.py and works.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ingestion.sample.draws import draw
from ingestion.sample.grids import Grid, make_grid
from ingestion.sample.processes import Processes, Value
from ingestion.sample.works import matter_record, project_record
from ingestion.sample.world import School
from ingestion.workbooks.forms import Form

COMPILING = {"430100": "长沙市教育局", "331000": "台州市教育局"}
ZERO_REPORTING = "-DD"  # a supervision office without matters of its own sends an empty ledger every month
MISSING, LATE, CORRECTED = 0.03, 0.09, 0.12
Records = Sequence[Mapping[str, Value]]


@dataclass
class Filing:
    """One file on its way: where it goes below inbox, what is on it, who sent it, when it is received (UTC)."""

    path: str
    grid: Grid
    form_code: str
    period: date
    reporters: tuple[str, ...]
    received_at: datetime
    is_csv: bool = False
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Bench:
    """All that filings are drawn from."""

    seed: int
    months: Sequence[date]
    evaluation_date: date
    forms: Mapping[str, Form]
    schools: Sequence[School]
    exempt: Mapping[str, tuple[date, ...]]
    units: Sequence[Mapping[str, str]]
    projects: Sequence[dict[str, str]]
    matters: Sequence[dict[str, str]]


def all_filings(bench: Bench) -> list[Filing]:
    """Every file received by the end of the evaluation date, in order of path."""
    filings = [*_school_filings(bench), *_unit_filings(bench)]
    end = datetime.combine(bench.evaluation_date, datetime.min.time()) + timedelta(hours=16)  # midnight in Shanghai
    return sorted((filing for filing in filings if filing.received_at < end), key=lambda filing: filing.path)


def periods_of(form: Form, months: Sequence[date]) -> list[tuple[date, date]]:
    """First and last day of the periods of a form that begin inside the months."""
    if form.frequency == "学期":  # 1 February to 31 August, 1 September to 31 January
        starts = [(month, 7 if month.month == 2 else 5) for month in months if month.month in (2, 9)]
    elif form.frequency == "学年":
        starts = [(month, 12) for month in months if month.month == 9]
    else:
        starts = [(month, 1) for month in months]
    return [(first, _add_months(first, length) - timedelta(days=1)) for first, length in starts]


def _add_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _school_filings(bench: Bench) -> Iterator[Filing]:
    processes = Processes(bench.seed, bench.months[0])
    for form in bench.forms.values():
        if form.reporter_type != "school":
            continue
        for first, last in periods_of(form, bench.months):
            members = [s for s in bench.schools if (not form.stages or s.stage in form.stages)]
            members = [s for s in members if s.is_open(first, last) and first not in bench.exempt.get(s.code, ())]
            compiled: dict[str, list[tuple[School, Mapping[str, Value]]]] = {}
            for school in members:
                reports = first if form.frequency in {"月", "学年"} else min(last, bench.evaluation_date).replace(day=1)
                values = processes.values(form.code, school, reports)
                record = {"school_code": school.code, "school_name": school.name} | values
                fate = draw(bench.seed, form.code, school.code, first, "fate").random()
                if fate < MISSING:
                    continue
                if school.bureau in COMPILING and fate >= LATE:
                    compiled.setdefault(school.bureau, []).append((school, record))
                else:
                    yield from _own_files(bench, form, first, last, school, record, fate)
            for bureau, rows in compiled.items():
                yield _compiled_file(bench, form, first, last, bureau, rows)


def _own_files(
    bench: Bench, form: Form, first: date, last: date, school: School, record: dict[str, Value], fate: float
) -> Iterator[Filing]:
    path = f"{school.bureau}/{first:%Y-%m}/{form.name}-{school.code}"
    received = receipt(bench, form, _counted_from(form, first, last), school.code, late=fate < LATE)
    corrected = LATE <= fate < CORRECTED and isinstance(record.get("pupils"), int) and record["pupils"]
    if corrected:  # the first edition counted some pupils twice
        wrong = record | {"pupils": int(str(record["pupils"])) + draw(bench.seed, path).randint(4, 30)}
        grid = make_grid(form, first, school.name, [wrong])
        yield Filing(f"{path}.xlsx", grid, form.code, first, (school.code,), received)
        received += timedelta(days=2, hours=3)
        path += "-更正"
    yield Filing(
        f"{path}.xlsx", make_grid(form, first, school.name, [record]), form.code, first, (school.code,), received
    )


def _compiled_file(
    bench: Bench, form: Form, first: date, last: date, bureau: str, rows: list[tuple[School, Mapping[str, Value]]]
) -> Filing:
    grid = make_grid(form, first, COMPILING[bureau], [record for _, record in rows], total=True)
    path = f"{bureau}/{first:%Y-%m}/{form.name}-{COMPILING[bureau]}汇总.xlsx"
    codes = tuple(school.code for school, _ in rows)
    received = receipt(bench, form, _counted_from(form, first, last), bureau, late=False)
    return Filing(path, grid, form.code, first, codes, received)


def _counted_from(form: Form, first: date, last: date) -> date:
    return first if form.is_counted_from_start else last


def _unit_filings(bench: Bench) -> Iterator[Filing]:
    for unit in bench.units:
        code = unit["unit_code"]
        rng = draw(bench.seed, "unit", code)
        # some sections stop keeping their ledger; some use software that writes csv
        stops = rng.randint(4, 8) if rng.random() < 0.12 else None
        is_csv = rng.random() < 0.25
        for number, (first, last) in enumerate(periods_of(bench.forms["ledger"], bench.months)):
            for form_code, records in _unit_records(bench, code, last):
                fate = draw(bench.seed, form_code, code, first, "fate").random()
                if fate < MISSING or (form_code == "ledger" and stops is not None and number >= stops):
                    continue
                form = bench.forms[form_code]
                suffix = "csv" if is_csv and form_code == "ledger" else "xlsx"
                path = f"{unit['region_code']}/{first:%Y-%m}/{form.name}-{code}.{suffix}"
                received = receipt(bench, form, last, code, late=fate < LATE)
                grid = make_grid(form, first, unit["unit_name"], records, code=code)
                yield Filing(path, grid, form_code, first, (code,), received, suffix == "csv")


def _unit_records(bench: Bench, code: str, last: date) -> Iterator[tuple[str, Records]]:
    projects = [row for row in bench.projects if row["unit_code"] == code]
    matters = [row for row in bench.matters if row["unit_code"] == code]
    if projects:
        yield "projects", [project_record(row, bench.seed, last) for row in projects]
    if matters or code.endswith(ZERO_REPORTING):
        yield "ledger", [matter_record(row, bench.seed, last) for row in matters]


def receipt(bench: Bench, form: Form, last: date, sender: str, *, late: bool) -> datetime:
    """When a report on a period that ends on `last` comes in: within the due days, or up to two weeks after them."""
    rng = draw(bench.seed, form.code, sender, last, "receipt")
    days = form.due_days + rng.randint(1, 14) if late else rng.randint(1, max(1, form.due_days - 3))
    moment = datetime.combine(last + timedelta(days=days), datetime.min.time())
    return moment + timedelta(hours=rng.randint(1, 9), minutes=rng.randint(0, 59))
