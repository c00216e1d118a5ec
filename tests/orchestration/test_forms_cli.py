"""A form from a workbook to a filled template that is taken in, by commands and editing alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from ingestion.workbooks.form_checking import check_form
from ingestion.workbooks.form_templates import write_template
from ingestion.workbooks.forms import FORMS_FOLDER, load_forms
from orchestration.commands.forms import form, template
from tests.ingestion.workbooks.building import FORMS, KINDERGARTEN, SECOND, Home, xlsx

app = typer.Typer()
app.add_typer(form, name="form")
app.command("template")(template)
ODD = [
    ["某县学校视力筛查情况"],
    ["报告期：2020年9月"],
    ["学校代码", "学校名称", "筛查", "", "近视率", "备案日期", "是否复查"],
    ["", "", "应筛人数（人）", "实筛人数（人）", "", "", ""],
    ["2130000001", "甲一幼儿园", 90, 88, "12.5%", "2020-09-08", "是"],
    ["2130000002", "甲二幼儿园", 60, "…", "10%", "2020-09-09", "否"],
]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def test_an_unknown_workbook_becomes_a_form_without_code(home: Home, tmp_path: Path) -> None:
    source, folder = tmp_path / "视力.xlsx", tmp_path / "home" / "forms" / "vision"
    source.write_bytes(xlsx(ODD))
    code, said = run("form", "new", str(source), "--out", str(folder))
    assert code == 0, said
    assert check_form(folder) == []
    assert run("form", "check", str(folder))[0] == 0
    own = load_forms(extra=folder.parent)["vision"]
    assert [(e.code, e.data_type, e.unit) for e in own.elements.values()] == [
        ("school_code", "text", ""), ("school_name", "text", ""), ("column_c", "integer", "人"),
        ("column_d", "integer", "人"), ("column_e", "decimal", "%"), ("column_f", "date", ""), ("column_g", "flag", ""),
    ]  # fmt: skip
    home.put("视力.xlsx", source.read_bytes())
    summary = home.take_in()
    assert (summary.files_loaded, home.findings()) == (1, [])
    assert home.values("column_e") == {"2130000001": Decimal("12.5"), "2130000002": Decimal(10)}
    assert home.values("column_d") == {"2130000001": Decimal(88), "2130000002": "未填"}


def test_check_names_every_problem_with_file_and_row(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "kindergarten"
    shutil.copytree(FORMS_FOLDER / "kindergarten", folder)
    for name, old, new in (
        ("elements.csv", "pupils,在园幼儿数,integer", "pupils,在园幼儿数,number"),
        ("rules.csv", "KG002,有效性", "KG002,严重"),
        ("columns.csv", "班级数（个）|班数,专任教师数（人）,", "班级数（元）,专任教师数（人）,"),
        ("form.toml", "due_days = 10", 'due_days = "十天"'),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    said = "\n".join(check_form(folder))
    for place in ("elements.csv 第4行", "rules.csv 第3行", "columns.csv 第2行", "form.toml [rhythm]：due_days"):
        assert place in said
    assert run("form", "check", str(folder))[0] == 1
    (folder / "rules.csv").unlink()
    assert "没有这个文件" in check_form(folder)[0]


@pytest.mark.parametrize("code", sorted(FORMS))
def test_every_shipped_form_passes_its_check(code: str) -> None:
    assert check_form(FORMS_FOLDER / code) == []


def test_a_filled_template_is_taken_in_without_a_finding(home: Home, tmp_path: Path) -> None:
    blank = tmp_path / "园.xlsx"
    code, said = run("template", "kindergarten", "--out", str(blank), "--period", "2020年9月")
    assert code == 0, said
    book = openpyxl.load_workbook(blank)
    sheet = book.worksheets[0]
    assert sheet.protection.sheet
    for number, row in enumerate((KINDERGARTEN, SECOND), start=4):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, value)
    book.save(blank)
    home.put("园.xlsx", blank.read_bytes())
    summary = home.take_in()
    assert (summary.files_loaded, home.findings()) == (1, [])
    assert home.values("pupils") == {"2130000001": Decimal(90), "2130000002": Decimal(60)}


def test_templates_of_units_and_flags_have_lists_and_their_reporter(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "项目.xlsx"
    write_template(FORMS["projects"], path, period="2020年9月", reporter="建设科", code="U001")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert any("新建" in str(rule.formula1) for rule in sheet.data_validations.dataValidation)
    sheet["A4"], sheet["B4"], sheet["C4"] = "甲校新建", "新建", 100
    assert sheet.parent is not None
    sheet.parent.save(path)
    home.put("项目.xlsx", path.read_bytes())
    home.take_in()
    assert home.findings() == []
    assert home.values("investment") == {"U001": Decimal(1_000_000)}


def test_wrong_uses_are_said_in_chinese(home: Home, tmp_path: Path) -> None:
    assert "没有表样" in run("template", "nothing", "--out", str(tmp_path / "a.xlsx"))[1]
    assert "找不到" in run("form", "new", str(tmp_path / "no.xlsx"), "--out", str(tmp_path / "x"))[1]
    (tmp_path / "a.csv").write_text("你好", encoding="utf-8")
    assert "没有找到表格" in run("form", "new", str(tmp_path / "a.csv"), "--out", str(tmp_path / "x"))[1]
