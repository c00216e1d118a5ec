"""Tables that governments publish become forms by proposing and editing four files, without a line of code.

The layouts are those of a US export of school membership, a UK school-level census file and a Taiwanese list of
schools; schools and figures are invented.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from ingestion.workbooks.containers import Budget
from ingestion.workbooks.form_checking import check_form
from ingestion.workbooks.form_proposing import Proposal, form_files, handler
from ingestion.workbooks.forms import load_forms
from tests.ingestion.workbooks.building import Home

TABLES = Path(__file__).resolve().parents[2] / "fixtures" / "public_tables"


def propose(home: Home, code: str, file: str) -> tuple[Path, Proposal]:
    """What `duban form new` does, and the one edit every yearly table needs."""
    proposal = handler((load_forms(), Budget(1 << 28, 5_000_000)))((str(TABLES / file), file))
    assert isinstance(proposal, Proposal), proposal
    folder = home.inbox.parent / "forms" / code
    folder.mkdir(parents=True)
    for name, content in form_files(proposal, code).items():
        (folder / name).write_text(content, encoding="utf-8")
    assert check_form(folder) == []
    edit(folder, ('frequency = "月"', 'frequency = "学年"'))
    return folder, proposal


def edit(folder: Path, *changes: tuple[str, str]) -> None:
    """What a person does to form.toml in an editor."""
    path = folder / "form.toml"
    content = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in content, (before, content)
        content = content.replace(before, after, 1)
    path.write_text(content, encoding="utf-8")
    assert check_form(folder) == []


def take_in(home: Home, file: str, schools: list[str]) -> None:
    """Receive the table; nothing may block, and every cell is accounted for."""
    rows = [(school, None, None, "330303", "school", None, None) for school in schools]
    home.register = pl.DataFrame(rows, schema=home.register.schema, orient="row")
    home.put(file, (TABLES / file).read_bytes(), "2021-12-01 08:00:00")
    summary = home.take_in()
    findings = home.landing.read("intake__findings")
    assert findings.filter(pl.col("rule_code") != "PER01").is_empty(), findings["message"].to_list()
    assert summary.files_loaded == 1
    assert summary.cells_received == summary.cells_loaded + summary.cells_ignored
    assert sum(summary.submissions_by_state.values()) == len(schools)


def values(home: Home, folder: Path, header: str) -> dict[str, Any]:
    """Of the column whose header begins so."""
    rows = list(csv.reader(io.StringIO((folder / "columns.csv").read_text(encoding="utf-8"))))
    return home.values(next(code for code, own in zip(rows[0], rows[1], strict=True) if own.startswith(header)))


def test_a_us_export_with_footnote_marks_and_quoted_codes(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), "us_membership_2020-21.csv"
    folder, proposal = propose(home, "us_membership", file)
    assert proposal.marks == ("†", "‡")
    edit(folder, ('"隐去" = ["†", "‡"]', '"不适用" = ["†"]\n"隐去" = ["‡"]'))
    first, second, third, fourth = (f"99000010000{no}" for no in (1, 2, 3, 4))
    take_in(home, file, [first, second, third, fourth])
    assert values(home, folder, "Total Students") == {
        first: Decimal(1204), second: Decimal(512), third: "不适用", fourth: Decimal(0),
    }  # fmt: skip
    assert values(home, folder, "Free Lunch")[second] == "隐去"
    assert values(home, folder, "Full-Time")[third] == "无数据"
    assert values(home, folder, "Pupil/Teacher")[first] == Decimal("19.9")


def test_a_uk_census_file_with_rows_of_other_levels(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), "uk_school_census_202021.csv"
    folder, proposal = propose(home, "uk_census", file)
    assert proposal.marks == (":", "c", "low", "x", "z")
    toml = folder / "form.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + '\n[rows]\ngeographic_level = ["School"]\n', encoding="utf-8")
    edit(
        folder, ('"隐去" = [":", "c", "low", "x", "z"]', '"隐去" = ["c", "low"]\n"不适用" = ["z", ":"]\n"未填" = ["x"]')
    )
    take_in(home, file, ["900001", "900002", "900003", "900004"])
    assert values(home, folder, "headcount") == {
        "900001": Decimal(210), "900002": Decimal(1042), "900003": "未填", "900004": Decimal(0),
    }  # fmt: skip
    assert values(home, folder, "% of pupils") == {
        "900001": Decimal("12.4"), "900002": "不适用", "900003": "隐去", "900004": "不适用",
    }  # fmt: skip
    ignored = home.landing.read("forms__ignored_cells")
    assert ignored.filter(ignored_reason="不属于本表的行")["cell_count"].sum() > 0


def test_a_taiwanese_list_in_big_five(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), "tw_schools_109學年度.csv"
    folder, proposal = propose(home, "tw_schools", file)
    assert proposal.marks == ()
    take_in(home, file, ["990601", "990602", "990603"])
    assert values(home, folder, "學生數") == {"990601": Decimal(280), "990602": Decimal(98), "990603": Decimal(300)}
    assert values(home, folder, "教師數")["990602"] == Decimal(13)  # 13* in the file
    assert (values(home, folder, "一年級男")["990602"], values(home, folder, "一年級女")["990602"]) == (
        "无数据",
        "未填",
    )
    periods = home.landing.read("forms__submissions")["period_start_date"].unique().to_list()
    assert [str(day) for day in periods] == ["2020-09-01"]
