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
from ingestion.workbooks.forms import FORMS_FOLDER, LIBRARY_FOLDER, load_forms
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


@pytest.mark.parametrize("folder", [*FORMS, *(f"library/{code}" for code in load_forms(LIBRARY_FOLDER))])
def test_every_shipped_form_passes_its_check(folder: str) -> None:
    assert check_form(FORMS_FOLDER / folder) == []


def test_a_form_of_the_library_is_in_force_once_it_is_added(home: Home, tmp_path: Path) -> None:
    assert "annual" not in load_forms(extra=tmp_path / "home" / "forms")
    assert run("form", "add", "annual")[0] == 0
    assert run("form", "add", "annual")[0] == 2
    annual = load_forms(extra=tmp_path / "home" / "forms")["annual"]
    data = {"school_code": "3130000001", "school_name": "甲第一小学", "grade1_boys": 40, "grade1_girls": 38,
            "teachers": 20, "teachers_bachelor": 20, "staff": 22, "books": 9000, "equipment_value": 12.5}  # fmt: skip
    head = [headers[0] for headers in annual.templates[-1].headers.values()]
    rows = [
        [annual.templates[-1].title],
        ["报告期：2020-2021学年"],
        head,
        [data.get(code, "") for code in annual.elements],
    ]
    home.put("年报.xlsx", xlsx(rows))
    home.take_in()
    assert home.findings() == []
    assert home.values("grade1_girls") == {"3130000001": Decimal(38)}
    assert home.values("equipment_value") == {"3130000001": Decimal(125_000)}
    listed = run("form", "list")[1]
    assert "使用中\tannual" in listed
    assert "备用\thealth" in listed


def test_shipped_forms_cover_the_usual_statistics() -> None:
    """What cards need is checked by the configuration; here what a bureau counts besides, in every rhythm."""
    forms = [*FORMS.values(), *load_forms(LIBRARY_FOLDER).values()]
    names = "".join(element.name for form in forms for element in form.elements.values())
    usual = "一年级男 高三女 班级数 本科毕业 骨干教师 建筑面积 图书册数 设备值 视力筛查 体质健康 体检人数 锻炼时间 招生"
    for word in usual.split():
        assert word in names
    assert {form.frequency for form in forms} >= {"月", "学期", "学年"}
    assert {e.behaviour for form in forms for e in form.elements.values()} == {"stock", "flow", "survey", "cumulative"}


@pytest.mark.parametrize("maker", ["empty", "titles", "html", "encrypted", "zero"])
def test_what_is_no_table_gets_an_answer_and_writes_nothing(home: Home, tmp_path: Path, maker: str) -> None:
    data = {
        "empty": xlsx([]), "titles": xlsx([["某市统计表"], ["单位：人"]]), "zero": b"",
        "html": b"<html><table><tr><td>1</td></tr></table></html>",
        "encrypted": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 64,
    }[maker]  # fmt: skip
    source = tmp_path / ("表.xls" if maker == "html" else "表.xlsx")
    source.write_bytes(data)
    code, said = run("form", "new", str(source), "--code", "odd")
    assert (code, said.startswith("错误：")) == (2, True)
    assert not (tmp_path / "home" / "forms" / "odd").exists()


def test_a_form_is_never_overwritten_unasked(home: Home, tmp_path: Path) -> None:
    (tmp_path / "视力.xlsx").write_bytes(xlsx(ODD))
    command = ["form", "new", str(tmp_path / "视力.xlsx"), "--code", "vision"]
    folder = tmp_path / "home" / "forms" / "vision"
    assert run(*command)[0] == 0
    (folder / "rules.csv").write_text("改过的", encoding="utf-8")
    code, said = run(*command)
    assert (code, "--force" in said) == (2, True)
    assert (folder / "rules.csv").read_text(encoding="utf-8") == "改过的"
    assert run(*command, "--force")[0] == 0
    assert (folder / "rules.csv.old").read_text(encoding="utf-8") == "改过的"
    assert check_form(folder) == []


def test_odd_shapes_become_forms_that_read_their_own_table(home: Home, tmp_path: Path) -> None:
    wide = [["报告期：2020年9月"], ["学校标识码", "学校名称", *(f"第{n}项" for n in range(198))],
            ["2130000001", "甲一幼儿园", *range(198)]]  # fmt: skip
    high = [["某区情况表 2020年9月"], ["学校", "", "学生", "", "", ""], ["代码", "名称", "小班", "", "大班", ""],
            ["", "", "男", "女", "男", "女"], ["", "", "人", "人", "人", "人"], ["甲", "乙", 1, 2, 3, 4],
            ["2130000001", "甲一幼儿园", 5, 6, 7, 8]]  # fmt: skip
    across = [["某区情况表（2020年9月）"], ["指标", "甲一幼儿园", "甲二幼儿园"], ["床位数（个）", 90, 60],
              ["图书数（册）", 900, 600], ["玩具数（件）", 12, 13]]  # fmt: skip
    for code, rows in (("wide", wide), ("high", high), ("across", across)):
        source = tmp_path / f"{code}.xlsx"
        source.write_bytes(xlsx(rows))
        result, said = run("form", "new", str(source), "--code", code)
        assert result == 0, said
        home.put(f"{code}.xlsx", source.read_bytes())
    toml = tmp_path / "home" / "forms" / "across" / "form.toml"
    assert 'reporter_type = "school"' in toml.read_text(encoding="utf-8")
    summary = home.take_in()
    assert (summary.files_loaded, [f for f in home.findings() if f[0] != "PER01"]) == (3, [])
    books = home.landing.read("forms__values").filter(form_code="across", element_code="column_c")
    assert dict(books.select("reporter_code", "value_number").iter_rows()) == {"2130000001": 900, "2130000002": 600}


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
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert "新建" in str(rules["B4"].formula1)
    assert {place: rules[place].type for place in ("C4", "E4", "F4")} == {"C4": "decimal", "E4": "whole", "F4": "date"}
    assert rules["E4"].errorStyle == "warning"
    assert (sheet["A3"].protection.locked, sheet["A4"].protection.locked) == (True, False)
    assert sheet.parent.custom_doc_props["duban_template"].value == "PJ-2020/2020"
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
