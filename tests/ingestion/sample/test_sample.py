"""The demonstration world is whole, repeatable, plausible, and knows nothing of the promises it will be judged by."""

from __future__ import annotations

import ast
import csv
import hashlib
import json
from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from ingestion.config.applying import WORKBOOK
from ingestion.config.loader import load_config
from ingestion.sample import write_sample
from ingestion.sample.filings import all_filings
from ingestion.sample.processes import Processes
from ingestion.sample.works import matter_record, project_record
from ingestion.sample.world import BUREAUS, MIX
from ingestion.sample.writing import make_bench
from ingestion.settings import PROJECT_ROOT
from ingestion.workbooks.forms import load_forms

CONFIG = PROJECT_ROOT / "data" / "config"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    write_sample(folder, schools=60, periods=12, seed=2020)
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        write_sample(tmp_path / name, schools=5, periods=2, seed=seed)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a") != digests(tmp_path / "c")


def test_a_school_more_changes_no_other_school(tmp_path: Path) -> None:
    few, more = make_bench(20, 4, 1), make_bench(21, 4, 1)
    assert list(more.schools[:20]) == list(few.schools)
    schools = [Processes(1, few.months[0]).values("profile", s, few.months[0]) for s in few.schools]
    assert schools == [Processes(1, more.months[0]).values("profile", s, more.months[0]) for s in more.schools[:20]]


def test_the_configuration_is_one_that_loads(home: Path) -> None:
    config = load_config(home / "config")
    assert config.bureau.is_demo
    assert config.bureau.evaluation_date == date(2020, 10, 20)
    assert config.tables["config__schools"].height == 60
    assert {path.name for path in (home / "config").iterdir()} == {"versions", WORKBOOK}
    assert config.tables["config__versions"]["applied_by"].to_list() == ["演示管理员"]
    assert config.tables["config__target_sets"].height == 14


def test_every_region_has_every_mix_that_its_schools_allow(home: Path) -> None:
    bench = make_bench(60, 12, 2020)
    for bureau in BUREAUS:
        mixes = [(s.stage, s.sector, s.is_rural) for s in bench.schools if s.bureau == bureau]
        assert mixes == list(MIX[:12])
    assert any(s.closed for s in bench.schools)
    assert any(s.opened.year == 2020 for s in bench.schools)
    cities = {s.region_code for s in bench.schools if s.bureau in {"430100", "331000"}}
    assert len(cities) == 18  # city schools stand in their districts


def test_every_filing_has_its_receipt_before_the_evaluation_ends(home: Path) -> None:
    receipts = {row["file"]: datetime.fromisoformat(row["received_at"]) for row in rows_of(home / "inbox/receipts.csv")}
    files = {path.relative_to(home / "inbox").as_posix() for path in (home / "inbox").rglob("*") if path.is_file()}
    assert files - {"receipts.csv"} == set(receipts)
    assert max(receipts.values()).date() <= date(2020, 10, 20)
    assert {path.rsplit(".", 1)[1] for path in receipts} == {"xlsx", "csv"}


def test_reports_are_on_time_mostly_late_sometimes_and_corrected_now_and_then() -> None:
    bench = make_bench(60, 12, 2020)
    filings = [f for f in all_filings(bench) if bench.forms[f.form_code].frequency == "月"]
    late = Counter((f.received_at.date() - _month_after(f.period)).days + 1 > 10 for f in filings)
    assert 0.02 < late[True] / len(filings) < 0.2
    again = Counter((f.form_code, f.period, f.reporters) for f in filings if len(f.reporters) == 1)
    assert any(count == 2 for count in again.values())
    assert any(len(f.reporters) > 5 for f in filings)  # a city's compiled table


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def test_every_sheet_says_that_it_is_a_demonstration(home: Path) -> None:
    titles = {"食堂采购登记（演示数据）"} | {
        f"{template.title}（演示数据）" for form in load_forms().values() for template in form.templates
    }
    answers = json.loads((home / "answers.json").read_text(encoding="utf-8"))
    broken = {answer["file"] for answer in answers if answer["fault"] == "损坏的文件"}
    seen = set()
    for path in (home / "inbox").rglob("*.*"):
        if path.name == "receipts.csv" or path.relative_to(home / "inbox").as_posix() in broken:
            continue
        if path.suffix == ".csv":
            seen.add(path.read_bytes().decode("gb18030").split(",", 1)[0].strip())
        else:
            seen.add(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(nrows=1)[0][0])
    assert seen == titles


def test_every_kind_of_error_is_planted_once_and_only_there(home: Path) -> None:
    from ingestion.sample.faults import FAULTS

    answers = json.loads((home / "answers.json").read_text(encoding="utf-8"))
    assert sorted(answer["fault"] for answer in answers) == sorted(fault.name for fault in FAULTS)
    assert len({answer["file"] for answer in answers}) == len(answers)
    assert all((home / "inbox" / answer["file"]).is_file() for answer in answers)
    rules = {rule.code: rule.severity for form in load_forms().values() for rule in form.rules}
    for answer in answers:
        assert rules.get(answer["rule_code"], answer["severity"]) == answer["severity"], answer


def test_figures_without_a_planted_error_keep_parts_inside_wholes() -> None:
    bench = make_bench(32, 12, 5)
    processes = Processes(5, bench.months[0])
    parts = [("teachers_certified", "teachers"), ("fitness_passed", "fitness_tested"), ("myopic", "vision_screened")]
    parts += [("large_classes", "classes"), ("quota_intake", "senior_intake"), ("joint_intake", "intake")]
    for form in (form for form in bench.forms.values() if form.reporter_type == "school"):
        for school in (s for s in bench.schools if not form.stages or s.stage in form.stages):
            for month in bench.months:
                values = processes.values(form.code, school, month)
                assert set(values) <= set(form.elements)
                for part, whole in parts:
                    if part in values:
                        assert 0 <= int(str(values[part])) <= int(str(values[whole])), (school, part)


def test_a_flag_once_reached_stays_and_work_once_done_is_not_undone() -> None:
    bench = make_bench(16, 12, 3)
    processes = Processes(3, bench.months[0])
    for school in bench.schools:
        flags = [processes.values("profile", school, month) for month in bench.months]
        assert all(not (a[k] == "是" and b[k] == "否") for a, b in pairwise(flags) for k in a)
    for row in bench.matters:
        if row["matter_type"] != "常年":
            done = [int(str(matter_record(row, 3, month)["done"])) for month in bench.months]
            assert done == sorted(done), row
    for row in bench.projects:
        records = [project_record(row, 3, month) for month in bench.months]
        dates = [record["start_date"] for record in records if record["start_date"]]
        assert len(set(dates)) <= 1


def test_every_ledger_card_has_its_matter_in_the_register() -> None:
    matters = {(row["region_code"], row["matter_name"]) for row in rows_of(CONFIG / "sample_matters.csv")}
    cards = {
        (row["scope_region_code"], row["matter_name"])
        for row in rows_of(CONFIG / "indicators.csv")
        if row["source_form"] == "ledger"
    }
    assert cards - matters == set()


def test_sizes_in_the_register_are_orders_of_magnitude() -> None:
    """A year's work is on a 1-2-5 scale (totals of shares aside): the register repeats nobody's target."""
    sizes = {row["scale"] for row in rows_of(CONFIG / "sample_matters.csv") if row["matter_type"] in {"数量", "常年"}}
    assert all(size[0] in "125" and set(size[1:]) <= {"0"} for size in sizes)


def test_the_generator_reads_no_plan() -> None:
    for path in (PROJECT_ROOT / "ingestion" / "sample").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.startswith("ingestion.plans")], path


@pytest.mark.parametrize(("schools", "periods"), [(0, 12), (60, 0)])
def test_nothing_cannot_be_asked_for(tmp_path: Path, schools: int, periods: int) -> None:
    with pytest.raises(ValueError, match="不小于1"):
        write_sample(tmp_path, schools=schools, periods=periods, seed=1)
    assert not list(tmp_path.iterdir())
