"""Puts the demonstration world on disk. What is written is decided by the other modules."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from ingestion.config.applying import WORKBOOK, Act, record
from ingestion.config.bureau import read_bureau
from ingestion.config.loader import read_folder
from ingestion.config.problems import ConfigError
from ingestion.config.sources import elements_of, frames_of
from ingestion.config.targets import shipped_sets
from ingestion.config.versions import Versions
from ingestion.config.workbook_writing import write_workbook
from ingestion.sample.draws import draw
from ingestion.sample.faults import as_records, plant
from ingestion.sample.filings import Bench, Filing, all_filings, periods_of
from ingestion.sample.grids import to_csv, to_xlsx
from ingestion.sample.world import School, make_schools, write_schools
from ingestion.settings import PROJECT_ROOT
from ingestion.workbooks.forms import Form, load_forms

SHIPPED = PROJECT_ROOT / "data"
APPLIED = Act("演示管理员", "建立演示单位", datetime(2019, 1, 2, tzinfo=UTC))
EXEMPT_REASON = "校舍改造，暂停办学"


def write_home(out: Path, *, schools: int, periods: int, seed: int) -> None:
    """See write_sample."""
    if schools < 1 or periods < 1:
        raise ValueError("学校数和月数都应不小于1")
    if (SHIPPED / "plans").is_dir():
        shutil.copytree(SHIPPED / "plans", out / "plans", dirs_exist_ok=True)
    bench = make_bench(schools, periods, seed)
    _write_config(out, bench)
    filings = all_filings(bench)
    finished = [month for month in bench.months if month < bench.evaluation_date.replace(day=1)]
    answers = plant(filings, seed, max(finished, default=bench.evaluation_date))
    _write_inbox(out / "inbox", filings)
    text = json.dumps(as_records(answers), ensure_ascii=False, indent=1)
    (out / "answers.json").write_text(text + "\n", encoding="utf-8")


def _write_config(out: Path, bench: Bench) -> None:
    """The configuration as version 1 of the home, and as its workbook; its CSV source does not stay."""
    source = out / ".config"
    source.mkdir(parents=True)
    for path in sorted((SHIPPED / "config").iterdir()):
        if not path.name.startswith("sample_"):
            shutil.copyfile(path, source / path.name)
    write_schools(source / "schools.csv", bench.schools)
    _write_exemptions(source / "exemptions.csv", bench)
    _add_target_sets(source)
    config = read_folder(source, elements_of(bench.forms))
    shutil.rmtree(source)
    folder = out / "config"
    folder.mkdir(parents=True, exist_ok=True)
    number = Versions(folder).add(config.tables, record(config, APPLIED, source="演示数据"))
    write_workbook(folder / WORKBOOK, frames_of(config), bench.forms, version_no=number)


def _add_target_sets(config: Path) -> None:
    """Load the shipped external standards with their cards, as `duban config targets load` would."""
    sets = list(shipped_sets().values())
    _write_csv(config / "target_sets.csv", sets[0].targets.columns, [r for s in sets for r in s.targets.rows()])
    with (config / "indicators.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(row for s in sets for row in s.cards.rows())


def make_bench(schools: int, periods: int, seed: int) -> Bench:
    """All that the sample is drawn from: the shipped register and configuration, and synthetic schools."""
    folder = SHIPPED / "config"
    bureau, problems = read_bureau(folder / "bureau.toml")
    if bureau is None or bureau.evaluation_date is None:
        raise ConfigError(problems)
    regions, units = _rows(folder / "regions.csv"), _rows(folder / "units.csv")
    months = _months(bureau.evaluation_date, periods)
    made = make_schools(schools, seed, regions, bureau.evaluation_date.year)
    return Bench(
        seed=seed,
        months=months,
        evaluation_date=bureau.evaluation_date,
        forms=load_forms(),
        schools=made,
        exempt=_exempt(made, months, seed),
        units=units,
        projects=_rows(folder / "sample_projects.csv"),
        matters=_rows(folder / "sample_matters.csv"),
    )


def _exempt(schools: Sequence[School], months: Sequence[date], seed: int) -> dict[str, tuple[date, ...]]:
    """A few schools that need not report for two months while their buildings are under repair."""
    chosen = [school for number, school in enumerate(schools) if number % 17 == 9]
    places = {school.code: draw(seed, "exempt", school.code).randrange(len(months)) for school in chosen}
    return {code: tuple(months[place : place + 2]) for code, place in places.items()}


def _months(last: date, count: int) -> list[date]:
    end = last.year * 12 + last.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(end - count + 1, end + 1)]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write_exemptions(path: Path, bench: Bench) -> None:
    rows = [
        (form.code, code, first.isoformat(), EXEMPT_REASON)
        for form in bench.forms.values()
        for code, months in sorted(bench.exempt.items())
        for first, _ in periods_of(form, bench.months)
        if first in months and form.frequency == "月" and _reports(bench, form, code)
    ]
    _write_csv(path, ("form_code", "reporter_code", "period_start_date", "reason"), rows)


def _reports(bench: Bench, form: Form, code: str) -> bool:
    return any(s.code == code and s.stage in form.stages for s in bench.schools)


def _write_inbox(inbox: Path, filings: Sequence[Filing]) -> None:
    for filing in filings:
        path = inbox / filing.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(filing.data or (to_csv(filing.grid) if filing.is_csv else to_xlsx(filing.grid)))
    receipts = [(filing.path, f"{filing.received_at.isoformat()}Z") for filing in filings]
    inbox.mkdir(parents=True, exist_ok=True)
    _write_csv(inbox / "receipts.csv", ("file", "received_at"), receipts)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *rows])
