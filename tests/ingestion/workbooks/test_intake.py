"""From files in an inbox to landed tables: what is loaded, what is held, what is said, and that nothing is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from ingestion.workbooks import batch_landing
from tests.ingestion.workbooks.building import (
    FORMS,
    KINDERGARTEN,
    SECOND,
    Home,
    reporters,
    template_rows,
    text,
    xlsx,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def balance(home: Home) -> None:
    sheets = home.landing.read("forms__sheets")
    total = pl.col("cells_loaded") + pl.col("cells_quarantined") + pl.col("cells_ignored")
    assert sheets.filter(total != pl.col("cells_received")).is_empty()
    values = home.landing.read("forms__values")
    assert len(values.filter(pl.col("raw_text").is_not_null())) == sheets["cells_loaded"].sum()
    assert len(home.landing.read("forms__quarantined_cells")) == sheets["cells_quarantined"].sum()
    assert home.landing.read("forms__ignored_cells")["cell_count"].sum() == sheets["cells_ignored"].sum()


def test_a_clean_workbook_lands_whole_with_provenance(home: Home) -> None:
    home.put("330303/园.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN, SECOND)))
    summary = home.take_in()
    assert (summary.files_loaded, summary.findings, summary.submissions_by_state) == (1, 0, {"已收": 2})
    cell = home.landing.read("forms__values").filter(
        (pl.col("element_code") == "teachers") & (pl.col("reporter_code") == "2130000002")
    )
    assert cell.select("sheet_no", "row_no", "column_no", "raw_text").row(0) == (1, 5, 5, "8")
    assert home.values("pupils") == {"2130000001": Decimal(90), "2130000002": Decimal(60)}
    balance(home)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_encoding_reads_like_xlsx(tmp_path: Path, encoding: str, delimiter: str) -> None:
    from ingestion.workbooks.containers import Budget
    from ingestion.workbooks.headers import Recogniser
    from ingestion.workbooks.reader import read_workbook

    rows = template_rows("kindergarten", [*KINDERGARTEN[:1], "𠮷甲一\n幼儿园", *KINDERGARTEN[2:]])
    data = text(rows, delimiter).encode(encoding)
    sheet = read_workbook(data, "x.csv", Recogniser(FORMS), Budget(1 << 29, 5_000_000)).sheets[0]
    assert sheet.form_code == "kindergarten"
    assert sheet.period == date(2020, 9, 1)
    assert [column[0] for column in sheet.values] == ["2130000001", "𠮷甲一\n幼儿园", *map(str, KINDERGARTEN[2:])]


def test_missing_unknown_and_zero_are_kept_apart(home: Home) -> None:
    row = ["2130000001", "甲一幼儿园", "９０", "'1,234", " 12 ", "—", "N/A", "", 0]
    home.put("a.xlsx", xlsx(template_rows("kindergarten", row)))
    home.take_in()
    found = {e: home.values(e)["2130000001"] for e in ["pupils", "classes", "teachers", "carers", "area"]}
    assert found == {
        "pupils": Decimal(90),
        "classes": Decimal(1234),
        "teachers": Decimal(12),
        "carers": "不适用",
        "area": Decimal(0),
    }
    assert home.values("teachers_certified") == {"2130000001": "无数据"}
    assert home.values("staff_qualified") == {"2130000001": "空"}
    balance(home)


def test_units_in_headers_are_converted_and_a_missing_unit_stops_the_file(home: Home) -> None:
    project = ["甲校新建", "新建", 1000, "200.5", 500, "", date(2020, 3, 1), "2020年8月15日", "", "", ""]
    rows = template_rows("projects", project, unit="建设科（U001）")
    home.put("good.xlsx", xlsx(rows))
    bare = [*rows[2]]
    bare[2] = "总投资"
    home.put("bare.xlsx", xlsx([*rows[:2], bare, *rows[3:]]))
    home.take_in()
    assert home.values("investment") == {"U001": Decimal(10_000_000)}
    assert home.values("invested") == {"U001": Decimal(2_005_000)}
    assert home.values("topped_out_date") == {"U001": "2020-08-15"}
    assert home.findings() == [("STR04", "C3")]


def test_an_unmapped_or_missing_column_stops_the_file_with_both_sets_named(home: Home) -> None:
    header = [h[0] for h in FORMS["kindergarten"].templates[-1].headers.values()]
    header[4], header[8] = "教职工总数", "占地面积（平方米）"
    home.put("drift.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN, header=header)))
    home.put("good.xlsx", xlsx(template_rows("kindergarten", SECOND)))
    summary = home.take_in()
    assert (summary.files_loaded, summary.files_quarantined) == (1, 1)
    message = home.landing.read("intake__findings")["message"][0]
    for word in ("专任教师数（人）", "校舍建筑面积（平方米）", "教职工总数", "占地面积（平方米）"):
        assert word in message
    assert home.values("pupils") == {"2130000002": Decimal(60)}
    assert summary.submissions_by_state == {"已收": 1, "隔离": 1}
    assert "12345" not in home.landing.read("forms__quarantined_cells")["raw_text"].drop_nulls().str.join()
    balance(home)


def test_columns_are_found_by_name_whatever_their_order_and_version(home: Home) -> None:
    old = FORMS["kindergarten"].templates[0]
    order = list(reversed(old.headers))
    values = dict(zip(FORMS["kindergarten"].elements, KINDERGARTEN, strict=True))
    header, row = [old.headers[code][0] for code in order], [values[code] for code in order]
    rows = template_rows("kindergarten", ["1", *row, "略"], version=0, header=["序号", *header, "备注"])
    home.put("old.xlsx", xlsx(rows))
    home.take_in()
    assert home.values("pupils") == {"2130000001": Decimal(90)}
    assert home.values("area") == {"2130000001": Decimal(1200)}
    assert home.landing.read("forms__submissions")["template_version"].to_list() == ["2019"]
    balance(home)


def test_unknown_closed_and_ambiguous_schools_are_held_row_by_row(home: Home) -> None:
    rows = template_rows(
        "kindergarten",
        KINDERGARTEN,
        ["9999999999", "无名园", *SECOND[2:]],
        ["2130000003", "乙三幼儿园", *SECOND[2:]],
        ["", "实验幼儿园", *SECOND[2:]],
        ["", "甲二幼儿园", *SECOND[2:]],
        ["", "一 幼", *SECOND[2:]],
    )
    home.put("a.xlsx", xlsx(rows[:-2] + rows[-1:]))
    home.take_in()
    assert home.findings() == [("KG009", "A5"), ("KG009", "A6"), ("KG009", "A7")]
    messages = "".join(home.landing.read("intake__findings")["message"])
    for state in ("未登记", "不在开办期内", "重名"):
        assert state in messages
    assert home.values("pupils") == {"2130000001": Decimal(90), "2130000002": Decimal(60), "2130000003": "隔离"}
    balance(home)


def test_a_total_row_is_checked_then_ignored(home: Home) -> None:
    total = ["合 计", "", 150, 5, 20, 18, 6, 25, 2001]
    home.put("a.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN, SECOND, total)))
    summary = home.take_in()
    assert home.findings() == [("TOT01", "I6")]
    assert summary.submissions_by_state == {"已收": 2}
    assert sum(home.values("pupils").values()) == Decimal(150)
    balance(home)


def test_a_resubmission_supersedes_and_a_broken_one_does_not(home: Home) -> None:
    home.put("first.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN)), "2020-10-03 01:00:00")
    better = ["2130000001", "甲一幼儿园", 95, *KINDERGARTEN[3:]]
    home.put("second.xlsx", xlsx(template_rows("kindergarten", better)), "2020-10-12 01:00:00")
    bad = ["2130000001", "甲一幼儿园", -1, -1, -1, -1, -1, -1, -1]
    home.put("third.xlsx", xlsx(template_rows("kindergarten", bad)), "2020-10-13 01:00:00")
    home.take_in()
    submissions = home.landing.read("forms__submissions").sort("attempt_no")
    assert submissions.select("attempt_no", "submission_state", "is_current", "is_late").rows() == [
        (1, "已收", False, False),
        (2, "已收", True, True),
        (3, "隔离", False, True),
    ]
    assert home.values("pupils") == {"2130000001": Decimal(95)}


def test_taking_in_twice_or_in_two_runs_gives_the_same_landing(home: Home, tmp_path: Path) -> None:
    first = xlsx(template_rows("kindergarten", KINDERGARTEN))
    second = xlsx(template_rows("kindergarten", ["2130000001", "甲一幼儿园", 95, *KINDERGARTEN[3:]]))
    home.put("a.xlsx", first, "2020-10-03 01:00:00")
    home.put("b.xlsx", second, "2020-10-04 01:00:00")
    assert home.take_in().files_read == 2
    digest = home.landing.digest()
    again = home.take_in()
    assert (again.files_read, home.landing.digest()) == (0, digest)
    home.put("copy.xlsx", first, "2020-10-05 01:00:00")
    assert home.take_in().files_read == 0
    stepwise = Home(tmp_path / "stepwise")
    stepwise.put("a.xlsx", first, "2020-10-03 01:00:00")
    stepwise.take_in()
    stepwise.put("b.xlsx", second, "2020-10-04 01:00:00")
    assert stepwise.take_in().files_read == 1
    assert stepwise.landing.digest() == digest


def test_a_change_of_the_register_reads_kept_files_again(home: Home) -> None:
    home.put("a.xlsx", xlsx(template_rows("kindergarten", ["2130000099", "新园", *KINDERGARTEN[2:]])))
    assert home.take_in().files_quarantined == 1
    home.register = reporters(("2130000099", "新园", None, "330303", "school", None, None))
    summary = home.take_in()
    assert (summary.files_read, summary.files_loaded, summary.findings) == (1, 1, 0)
    assert home.values("pupils") == {"2130000099": Decimal(90)}


def test_the_identity_notices_a_dropped_row(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    original = batch_landing.to_batch

    def losing(readings):
        batch = original(readings)
        batch.cells = batch.cells.filter(pl.col("row_no") != 5)
        return batch

    monkeypatch.setattr(batch_landing, "to_batch", losing)
    home.put("a.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN, SECOND)))
    home.put("b.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN, period="2020年8月")))
    summary = home.take_in()
    assert (summary.files_loaded, summary.files_quarantined) == (1, 1)
    assert home.findings() == [("SUM01", "")]
    assert home.landing.read("forms__values")["file_id"].unique().to_list() == [2]


def test_a_file_of_persons_is_held_without_its_content(home: Home) -> None:
    rows = [["学生花名册"], ["序号", "学生姓名", "身份证号", "班级"], [1, "张某某", "330303201001011234", "一班"]]
    home.put("roll.xlsx", xlsx(rows))
    summary = home.take_in()
    assert home.findings() == [("PRV01", "")]
    assert summary.cells_quarantined == summary.cells_received == 9
    assert home.landing.read("forms__quarantined_cells")["raw_text"].null_count() == 9


def test_hidden_sheets_are_skipped_and_notes_are_no_stop(home: Home) -> None:
    good = template_rows("kindergarten", KINDERGARTEN)
    notes = [["填报要求"], ["一、按时报送"]]
    home.put("a.xlsx", xlsx(good, notes, template_rows("kindergarten", SECOND), hidden=[2]))
    summary = home.take_in()
    assert summary.files_loaded == 1
    assert home.findings() == [("STR01", "")]
    reasons = home.landing.read("forms__ignored_cells")["ignored_reason"].to_list()
    assert "隐藏工作表" in reasons
    assert "不是表样的工作表" in reasons
    assert list(home.values("pupils")) == ["2130000001"]
    balance(home)


def test_error_cells_and_formulas_without_a_value_are_findings_not_blanks(home: Home) -> None:
    row = ["2130000001", "甲一幼儿园", ("=A1/0", "#DIV/0!"), ("=1+2", 3), ("=B1", ""), *KINDERGARTEN[5:]]
    data = xlsx(template_rows("kindergarten", row))
    home.put("a.xlsx", data)
    home.take_in()
    assert home.findings() == [("KG001", "C4"), ("KG001", "E4")]
    assert home.values("classes") == {"2130000001": Decimal(3)}
    assert home.values("pupils") == {"2130000001": "隔离"}
    raws = home.landing.read("intake__findings").sort("cell")["raw_value"].to_list()
    assert raws == ["#DIV/0!", "（公式没有计算结果）"]
    balance(home)


def test_empty_forms_and_header_only_forms_are_empty_not_zero(home: Home) -> None:
    home.put("blank.xlsx", xlsx(template_rows("kindergarten", ["2130000001", "甲一幼儿园"])))
    home.put("header.xlsx", xlsx(template_rows("kindergarten", period="2020年8月")))
    home.put("unit.xlsx", xlsx(template_rows("ledger", unit="基建办")))
    zero = ["2130000002", "甲二幼儿园", 0, 0, 0, 0, 0, 0, 0]
    home.put("zero.xlsx", xlsx(template_rows("kindergarten", zero)))
    summary = home.take_in()
    assert summary.submissions_by_state == {"已收": 1, "空表": 3}
    assert home.findings() == [("STR07", "A3")]
    assert home.values("pupils") == {"2130000001": "空", "2130000002": Decimal(0)}


def test_periods_in_the_future_hold_the_rows(home: Home) -> None:
    home.put("a.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN, period="2021年9月")))
    home.take_in()
    assert home.findings() == [("KG010", "A4")]
    assert home.landing.read("forms__submissions")["submission_state"].to_list() == ["隔离"]


def test_one_bad_workbook_never_stops_the_city(home: Home) -> None:
    good = xlsx(template_rows("kindergarten", KINDERGARTEN))
    for percent in range(10, 100, 20):
        home.put(f"cut{percent}.xlsx", good[: len(good) * percent // 100])
    home.put("empty.xlsx", b"")
    home.put("good.xlsx", good)
    (home.inbox / "link.xlsx").symlink_to(home.inbox / "good.xlsx")
    summary = home.take_in()
    assert (summary.files_received, summary.files_loaded, summary.files_quarantined) == (8, 1, 7)
    reasons = home.landing.read("intake__files").filter(pl.col("file_state") == "quarantined")["reason"]
    assert reasons.null_count() == 0
    assert [rule for rule, _ in home.findings()] == ["FILE01", *["FILE02"] * 5, "FILE12"]
