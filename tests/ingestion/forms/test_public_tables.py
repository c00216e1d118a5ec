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
from ingestion.workbooks.form_proposing import Proposal, handler
from ingestion.workbooks.form_writing import form_files
from ingestion.workbooks.forms import load_forms
from tests.ingestion.workbooks.binary_books import xls
from tests.ingestion.workbooks.building import Home, text, xlsx

TABLES = Path(__file__).resolve().parents[2] / "fixtures" / "public_tables"


def propose(home: Home, code: str, file: str, data: bytes | None = None) -> tuple[Path, Proposal]:
    """What `duban form new` does."""
    path = TABLES / file
    if data is not None:
        path = home.inbox.parent / file
        path.write_bytes(data)
    proposal = handler((load_forms(), Budget(1 << 28, 5_000_000)))((str(path), file, ""))
    assert isinstance(proposal, Proposal), proposal
    folder = home.inbox.parent / "forms" / code
    folder.mkdir(parents=True)
    for name, content in form_files(proposal, code).items():
        (folder / name).write_text(content, encoding="utf-8")
    assert check_form(folder) == []
    return folder, proposal


def edit(folder: Path, *changes: tuple[str, str], file: str = "form.toml") -> None:
    """What a person does to a file in an editor."""
    path = folder / file
    content = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in content, (before, content)
        content = content.replace(before, after, 1)
    path.write_text(content, encoding="utf-8")


def take_in(home: Home, file: str, schools: list[str], data: bytes | None = None) -> None:
    """Receive the table; nothing may block, and every cell is accounted for."""
    rows = [(school, None, None, "330303", "school", None, None) for school in schools]
    home.register = pl.DataFrame(rows, schema=home.register.schema, orient="row")
    home.put(file, data or (TABLES / file).read_bytes(), "2021-12-01 08:00:00")
    summary = home.take_in()
    findings = home.landing.read("intake__findings")
    assert findings.filter(pl.col("rule_code") != "PER01").is_empty(), findings["message"].to_list()
    assert summary.files_loaded == 1
    assert summary.cells_received == summary.cells_loaded + summary.cells_ignored
    submitted = home.landing.read("forms__submissions")["reporter_code"]
    assert sorted(submitted.unique()) == sorted(schools)


def values(home: Home, folder: Path, header: str) -> dict[str, Any]:
    """Of the column whose header begins so."""
    rows = list(csv.reader(io.StringIO((folder / "columns.csv").read_text(encoding="utf-8"))))
    return home.values(next(code for code, own in zip(rows[0], rows[1], strict=True) if own.startswith(header)))


def test_a_us_export_with_footnote_marks_and_quoted_codes(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), "us_membership_2020-21.csv"
    folder, proposal = propose(home, "us_membership", file)
    assert proposal.guess.marks == {"不适用": ("†",), "隐去": ("‡",)}
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
    assert proposal.guess.marks == {"不适用": ("z",), "低值": ("low",), "未提供": (":", "x"), "隐去": ("c",)}
    assert proposal.guess.kept == {"geographic_level": ("School",)}
    edit(folder, ('"未提供" = [":", "x"]', '"未填" = ["x"]'), ('"不适用" = ["z"]', '"不适用" = ["z", ":"]'))
    edit(folder, ('"低值" = ["low"]\n', ""), ('"隐去" = ["c"]', '"隐去" = ["c", "low"]'))
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
    assert (proposal.guess.marks, proposal.guess.code_digits) == ({}, 0)
    take_in(home, file, ["990601", "990602", "990603"])
    assert values(home, folder, "學生數") == {"990601": Decimal(280), "990602": Decimal(98), "990603": Decimal(300)}
    assert values(home, folder, "教師數")["990602"] == Decimal(13)  # 13* in the file
    assert (values(home, folder, "一年級男")["990602"], values(home, folder, "一年級女")["990602"]) == (
        "无数据",
        "未填",
    )
    periods = home.landing.read("forms__submissions")["period_start_date"].unique().to_list()
    assert [str(day) for day in periods] == ["2020-09-01"]


def school_years(home: Home) -> list[str]:
    return [str(day) for day in sorted(home.landing.read("forms__submissions")["period_start_date"].unique())]


MEMBERSHIP = ["SCHOOL_YEAR", "SCH_NAME", "LEAID", "NCESSCH", "GRADE", "SEX", "STUDENT_COUNT", "TOTAL_INDICATOR"]


def membership() -> bytes:
    rows: list[list[Any]] = [MEMBERSHIP]
    for code, name in (("019900000101", "East Middle"), ("019900000102", "West Middle")):
        base = ["2020-2021", name, code[:7], code]
        for grade in ("Grade 7", "Grade 8"):
            rows += [[*base, grade, sex, count, "Category Set A - By Sex; Grade"] for sex, count in
                     (("Female", 40), ("Male", "" if grade == "Grade 8" else 38))]  # fmt: skip
            rows.append([*base, grade, "No Category Codes", 78, "Subtotal 4 - By Grade"])
        rows.append([*base, "No Category Codes", "No Category Codes", 156, "Education Unit Total"])
    return text(rows).encode()


def test_a_us_long_table_has_a_key_of_several_columns(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), "membership.csv"
    folder, proposal = propose(home, "membership", file, membership())
    found = proposal.guess
    assert (found.record_keys, found.period_column, found.code_digits) == (("grade", "sex"), "school_year", 12)
    assert found.kept == {"total_indicator": ("Category Set A - By Sex; Grade",)}
    take_in(home, file, ["019900000101", "019900000102"], membership())
    counts = home.landing.read("forms__values").filter(element_code="student_count", reporter_code="019900000101")
    assert dict(counts.select("record_key", "value_number").iter_rows()) == {
        "Grade 7|Female": 40, "Grade 7|Male": 38, "Grade 8|Female": 40, "Grade 8|Male": None,
    }  # fmt: skip
    assert school_years(home) == ["2020-09-01"]
    assert (folder / "怎样修改.md").is_file()


def test_a_long_table_becomes_wide_by_a_file_of_choices(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), "membership.csv"
    folder, _ = propose(home, "membership", file, membership())
    edit(folder, ('record_key = "grade|sex"', 'record_key = ""'))
    choices = "element_code,value_element,grade,sex\ngirls_seven,student_count,Grade 7,Female\n"
    choices += "boys,student_count,Grade 7|Grade 8,Male\n"
    (folder / "choices.csv").write_text(choices, encoding="utf-8")
    edit(folder, ("student_count,STUDENT_COUNT,integer,,stock,0,\n",
                  "student_count,STUDENT_COUNT,integer,,stock,0,\ngirls_seven,七年级女生,integer,人,stock,0,\n"
                  "boys,男生,integer,人,stock,0,\n"), file="elements.csv")  # fmt: skip
    assert check_form(folder) == []
    home.register = pl.DataFrame(
        [(code, None, None, "330303", "school", None, None) for code in ("019900000101", "019900000102")],
        schema=home.register.schema, orient="row",
    )  # fmt: skip
    home.put(file, membership())
    summary = home.take_in()
    assert home.values("girls_seven") == {"019900000101": Decimal(40), "019900000102": Decimal(40)}
    # boys stand in two rows of one school: the same figure twice is held, not silently one of them
    assert {rule for rule, _ in home.findings()} == {"ME004"}
    assert summary.cells_received == summary.cells_loaded + summary.cells_ignored + summary.cells_quarantined
    reasons = set(home.landing.read("forms__ignored_cells")["ignored_reason"])
    assert {"没有对应指标的行", "选定指标的列", "不属于本表的行"} <= reasons


def test_a_uk_file_of_several_years_and_levels(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), "workforce.csv"
    head = "time_period,time_identifier,geographic_level,la_name,school_urn,school_name,headcount,fte,ratio"
    rows: list[list[Any]] = [head.split(",")]
    for year in ("201920", "202021"):
        rows.append([year, "Academic year", "Local authority", "Derby", "", "", 2500, "2200.5", "18.3"])
        rows += [[year, "Academic year", "School", "Derby", f"11270{n}", f"School {n}", *figures]
                 for n, figures in enumerate([("c", "c", "z"), (30, "25.5", "20.1"), (31, "x", ":")])]  # fmt: skip
    data = text(rows).encode("utf-8-sig")
    propose(home, "workforce", file, data)
    take_in(home, file, ["112700", "112701", "112702"], data)
    assert school_years(home) == ["2019-09-01", "2020-09-01"]
    assert home.values("headcount") == {"112700": "隐去", "112701": Decimal(30), "112702": Decimal(31)}
    assert home.values("ratio") == {"112700": "不适用", "112701": Decimal("20.1"), "112702": "未提供"}


def test_a_uk_workbook_with_notes_above_and_merged_headers(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), "swc.xlsx"
    rows: list[list[Any]] = [
        ["School Workforce in England: November 2020"],
        ["School level data; x = not available, c = suppressed"],
        [],
        ["School identification", "", "", "All teachers", "", "", "Teaching assistants", ""],
        ["LA Name", "URN", "School Name", "Headcount", "Full-time equivalent", "% female", "Headcount", "FTE"],
        ["Derby", 112700, "School 0", 30, "25.5", "80.5", 12, "c"],
        ["Derby", 112701, "School 1", "SUPP", "x", "z", 9, "8.1"],
        ["Total", "", "", 30, 25.5, "", 21, 8.1],
        [],
        ["Source: School Workforce Census, November 2020"],
    ]
    folder, proposal = propose(home, "swc", file, xlsx(rows))
    assert (proposal.header_rows, proposal.frequency) == ((4, 5), "学年")
    take_in(home, file, ["112700", "112701"], xlsx(rows))
    assert school_years(home) == ["2020-09-01"]
    assert values(home, folder, "All teachers/Headcount") == {"112700": Decimal(30), "112701": "隐去"}
    assert values(home, folder, "Teaching assistants/Headcount") == {"112700": Decimal(12), "112701": Decimal(9)}


def test_a_taiwanese_xls_whose_codes_lost_their_zeros(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), "junior.xls"
    data = xls({"校別": [
        ["109學年度國民中學校別資料"],
        ["單位：人", "", "", "", "", ""],
        ["縣市別", "學校代碼", "學校名稱", "學生數", "", "教師數"],
        ["", "", "", "計", "男", "計"],
        ["新北市", "", "總計", 900.0, 470.0, 65.0],
        ["新北市", 14501.0, "市立甲國中", 500.0, 270.0, 40.0],
        ["新北市", "014502", "市立乙國中", 400.0, 200.0, "…"],
        ["新北市", "0145H3", "市立丙國中", "-", "-", 25.0],
        ["附註：「-」表示無數值；「…」表示數值不明。", "", "", "", "", ""],
    ]})  # fmt: skip
    folder, proposal = propose(home, "junior", file, data)
    edit(folder, ("# code_digits = 6", "code_digits = 6"))
    take_in(home, file, ["014501", "014502", "0145H3"], data)
    assert (proposal.frequency, school_years(home)) == ("学年", ["2020-09-01"])
    assert values(home, folder, "學生數/計") == {"014501": Decimal(500), "014502": Decimal(400), "0145H3": "无数据"}
    assert values(home, folder, "教師數")["014502"] == "未填"
