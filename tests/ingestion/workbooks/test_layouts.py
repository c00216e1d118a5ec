"""Tables as people lay them out: headers of several rows, tables that run across, notes, subtotals, hidden rows."""

from __future__ import annotations

import io
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from ingestion.workbooks.containers import Budget
from ingestion.workbooks.forms import FORMS_FOLDER, load_forms
from ingestion.workbooks.headers import Recogniser
from ingestion.workbooks.reader import read_workbook
from ingestion.workbooks.readings import FileReading
from ingestion.workbooks.row_kinds import holds_identity_numbers, row_kind
from tests.ingestion.workbooks.building import FORMS, KINDERGARTEN, SECOND, Home, template_rows, xlsx
from tests.ingestion.workbooks.test_intake import balance

BUDGET = Budget(64 << 20, 5_000_000)
HEADERS = [headers[0] for headers in FORMS["kindergarten"].templates[-1].headers.values()]
HEAD = template_rows("kindergarten", footer=False)[:2]
FOOT = ["填报人：某人", "", "联系电话：12345"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def read(data: bytes, forms: Any = None) -> FileReading:
    return read_workbook(data, "表.xlsx", Recogniser(forms or FORMS), BUDGET)


def merged(rows: list[list[Any]], *areas: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([value if value != "" else None for value in row])
    for area in areas:
        sheet.merge_cells(area)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_paths(tmp_path: Path) -> dict[str, Any]:
    """The shipped forms, with a kindergarten template whose columns are paths over two rows of header."""
    folder = tmp_path / "forms"
    shutil.copytree(FORMS_FOLDER, folder)
    columns = folder / "kindergarten" / "columns.csv"
    row = "2021,KG-2021,幼儿园统计月报表,学校标识码,学校名称,在园幼儿数（人）,班级数（个）,教职工/专任教师（人）,"
    row += "教职工/专任教师/其中持证（人）,教职工/保育员（人）,教职工/达到上岗条件（人）,校舍建筑面积（平方米）\n"
    columns.write_text(columns.read_text(encoding="utf-8") + row, encoding="utf-8")
    return load_forms(folder)


def test_a_header_over_two_rows_is_read_by_its_paths(home: Home) -> None:
    top = ["学校标识码", "学校名称", "规模", "", "教师和保育员（人）", "", "", "", "校舍建筑面积（平方米）"]
    low = ["", "", "在园幼儿数（人）", "班级数（个）", *[h.replace("（人）", "") for h in HEADERS[4:8]], ""]
    data = merged([*HEAD, top, low, KINDERGARTEN, SECOND, FOOT], "A3:A4", "B3:B4", "C3:D3", "E3:H3", "I3:I4")
    home.put("a.xlsx", data)
    summary = home.take_in()
    assert (summary.findings, home.findings()) == (0, [])
    assert home.values("pupils") == {"2130000001": Decimal(90), "2130000002": Decimal(60)}
    assert home.values("staff_qualified") == {"2130000001": Decimal(15), "2130000002": Decimal(10)}
    balance(home)


def test_a_template_may_name_paths_and_three_rows_of_header(tmp_path: Path) -> None:
    top = ["学校标识码", "学校名称", "在园幼儿数（人）", "班级数（个）", "教职工", "", "", "", "校舍建筑面积（平方米）"]
    middle = ["", "", "", "", "专任教师（人）", "", "保育员（人）", "达到上岗条件（人）", ""]
    low = ["", "", "", "", "计", "其中持证", "", "", ""]
    numbers = ["甲", "乙", 1, 2, 3, 4, 5, 6, 7]
    head = [HEAD[0], ["表号：KG-2021", "", "报告期：2020年9月"]]
    sheet = read(xlsx([*head, top, middle, low, numbers, KINDERGARTEN, FOOT]), with_paths(tmp_path)).sheets[0]
    assert sheet.problems == []
    assert (sheet.template_version, sheet.rows, sheet.period) == ("2021", [7], date(2020, 9, 1))
    assert [values[0] for values in sheet.values] == [*KINDERGARTEN[:2], *map(float, KINDERGARTEN[2:])]


def test_a_table_that_runs_across_lands_like_one_that_runs_down(home: Home) -> None:
    wrong = [*SECOND[:2], -60, *SECOND[3:]]
    down = [[HEADERS[i], KINDERGARTEN[i], wrong[i]] for i in range(len(HEADERS))]
    home.put("a.xlsx", xlsx([*HEAD, *down, FOOT, ["1.本表由各园填写。"]]))
    home.take_in()
    assert home.values("pupils") == {"2130000001": Decimal(90), "2130000002": "隔离"}
    assert home.values("area") == {"2130000001": Decimal(1200), "2130000002": Decimal(800)}
    assert home.findings() == [("KG002", "C5")]
    held = home.landing.read("forms__quarantined_cells")
    assert held.select("row_no", "column_no", "raw_text").rows() == [(5, 3, "-60")]
    area = home.landing.read("forms__values").filter(pl.col("element_code") == "area").sort("column_no")
    assert area.select("row_no", "column_no").rows() == [(11, 2), (11, 3)]
    balance(home)


def test_a_single_school_down_the_page_with_group_labels(home: Home) -> None:
    labels = [["学校标识码", ""], ["学校名称", ""], ["规模", HEADERS[2]], ["", HEADERS[3]]]
    labels += [["教师", HEADERS[4]], ["", HEADERS[5]], ["其他", HEADERS[6]], ["", HEADERS[7]], ["校舍", HEADERS[8]]]
    rows = [[*label, value] for label, value in zip(labels, KINDERGARTEN, strict=True)]
    home.put("a.xlsx", xlsx([*HEAD, *rows, FOOT]))
    home.take_in()
    assert home.findings() == []
    assert home.values("teachers_certified") == {"2130000001": Decimal(10)}
    balance(home)


def test_a_stopped_table_that_runs_across_is_held_cell_by_cell(home: Home) -> None:
    down = [[header, value] for header, value in zip(HEADERS, KINDERGARTEN, strict=True)]
    home.put("a.xlsx", xlsx([*HEAD[:1], *down, ["占地面积", 5], FOOT]))
    assert home.take_in().files_quarantined == 1
    balance(home)


def test_a_template_without_school_columns_takes_the_school_from_the_head(tmp_path: Path, home: Home) -> None:
    from ingestion.workbooks.batch_landing import Registers, land_batch
    from ingestion.workbooks.intake import _received, read_files

    folder = tmp_path / "forms"
    shutil.copytree(FORMS_FOLDER, folder)
    columns = folder / "kindergarten" / "columns.csv"
    columns.write_text(
        columns.read_text(encoding="utf-8") + "2022,KG-2022,幼儿园统计月报表,,," + ",".join(HEADERS[2:]) + "\n",
        encoding="utf-8",
    )
    head = [HEAD[0], ["表号：KG-2022", "", "报告期：2020年9月", "", "填报单位：甲一幼儿园"]]
    home.put("a.xlsx", xlsx([*head, HEADERS[2:], KINDERGARTEN[2:]]))
    arrivals, forms = home.collect(), load_forms(folder)
    readings = [reading for chunk in read_files(arrivals, home.settings, forms) for reading in chunk]
    frames = land_batch(readings, Registers(forms, home.register, _received(arrivals)))
    assert frames["forms__submissions"]["reporter_code"].to_list() == ["2130000001"]
    assert frames["intake__findings"].is_empty()


def test_subtotals_within_the_data_are_checked_by_their_part(home: Home) -> None:
    third = ["2130000004", "实验幼儿园", *SECOND[2:]]
    rows = [["", "合计（3所）", 210], KINDERGARTEN, SECOND, ["", "龙湾区小计", 150], third, ["", "其他小计", 61]]
    home.put("a.xlsx", xlsx(template_rows("kindergarten", *rows)))
    home.take_in()
    assert home.findings() == [("TOT01", "C9")]
    assert set(home.values("pupils").values()) == {Decimal(90), Decimal(60)}
    balance(home)


def test_notes_and_a_repeated_header_below_are_no_schools(home: Home) -> None:
    rows = [KINDERGARTEN, HEADERS, SECOND]
    data = xlsx([*template_rows("kindergarten", *rows), ["（1）在园幼儿数含借读。"], ["※ 面积以产权证为准"]])
    home.put("a.xlsx", data)
    home.take_in()
    assert home.findings() == []
    reasons = set(home.landing.read("forms__ignored_cells")["ignored_reason"])
    assert {"重复的表头", "说明", "联系信息"} <= reasons
    balance(home)


def test_units_may_stand_in_a_row_of_their_own_below_the_header(home: Home) -> None:
    head = template_rows("projects", footer=False, unit="建设科（U001）")
    names = [str(name).split("（")[0] for name in head[2]]
    units = ["", "", "万元", "亿元", "个", *[""] * (len(names) - 5)]
    row = ["甲校新建", "新建", 100, 0.5, 900, *[""] * (len(names) - 5)]
    home.put("项目.xlsx", xlsx([*head[:2], names, units, row]))
    home.take_in()
    assert home.values("investment") == {"U001": Decimal(1_000_000)}
    assert home.values("invested") == {"U001": Decimal(50_000_000)}
    balance(home)


def test_hidden_rows_are_kept_and_doubted(home: Home) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(template_rows("kindergarten", KINDERGARTEN, SECOND))))
    book.worksheets[0].row_dimensions[5].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    home.put("a.xlsx", buffer.getvalue())
    home.take_in()
    assert home.findings() == [("HID01", "A5")]
    assert home.landing.read("intake__findings")["severity"].to_list() == ["可疑"]
    assert home.values("pupils")["2130000002"] == Decimal(60)


def test_a_zero_that_no_program_computed_is_doubted(home: Home) -> None:
    row = [*KINDERGARTEN[:2], ("=45*2", 90), 3, 12, 10, ("=2+2", 0), 12, 1200]
    home.put("a.xlsx", xlsx(template_rows("kindergarten", row)))
    home.take_in()
    assert home.findings() == [("FML01", "G4")]
    assert home.values("carers") == {"2130000001": Decimal(0)}


@pytest.mark.parametrize(
    "value", ["33030220120314123X", "身份证：330302201203141234", 330302201203141234.0, "330302201203141234,无"]
)
def test_an_identity_number_anywhere_holds_the_sheet_without_its_content(home: Home, value: Any) -> None:
    row = [*KINDERGARTEN[:8], value]
    home.put("a.xlsx", xlsx(template_rows("kindergarten", row)))
    assert home.take_in().files_quarantined == 1
    assert [rule for rule, _ in home.findings()] == ["PRV01"]
    assert home.landing.read("forms__quarantined_cells")["raw_text"].null_count() > 9
    landed = "".join(
        str(home.landing.read(table).rows())
        for table in ("forms__values", "forms__quarantined_cells", "intake__findings")
    )
    assert "20120314" not in landed
    balance(home)


def test_long_numbers_of_other_kinds_are_no_identity_numbers() -> None:
    assert not holds_identity_numbers([["12330303MB1234567X", "330302209903141234", "3303022012031412345", 2e17]])


@pytest.mark.parametrize(
    ("lead", "kind"),
    [("龙湾区小计", "小计行"), ("合 计", "合计行"), ("合计(12所)", "合计行"), ("会计学校", ""), ("设计职业学校", "")],
)
def test_rows_of_sums_are_told_from_schools(lead: str, kind: str) -> None:
    assert row_kind(lead) == kind


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ([0.953, 1.0], [Decimal("95.3"), Decimal(100)]),
        ([95.3, 0.5], [Decimal("95.3"), Decimal("0.5")]),
        (["95.3 %", 0.5], [Decimal("95.3"), Decimal("0.5")]),
        (["0.953", "—"], [Decimal("95.3"), None]),
        ([1.0, 0.0], [Decimal(1), Decimal(0)]),
    ],
)
def test_percentages_written_as_fractions(written: list[Any], stored: list[Any]) -> None:
    from ingestion.workbooks.values import mark_fractions, type_cells

    cells = pl.DataFrame(
        {
            "file_id": 1, "sheet_no": 1, "column_no": 3, "row_no": [4, 5], "form_code": "f", "element_code": "rate",
            "number": [v if isinstance(v, float) else None for v in written],
            "text": [v if isinstance(v, str) else None for v in written], "scale": 1,
        },
        schema_overrides={"number": pl.Float64, "text": pl.String},
    )  # fmt: skip
    elements = pl.DataFrame(
        {"form_code": ["f"], "element_code": ["rate"], "data_type": ["decimal"], "unit": ["%"], "allowed": [[""]]}
    )
    typed = type_cells(mark_fractions(cells, elements), elements)
    assert typed["value_number"].to_list() == stored
    assert typed["is_readable"].all()
    assert typed["is_fraction"].any() == (stored[0] in {Decimal("95.3")} and written[0] in {0.953, "0.953"})
