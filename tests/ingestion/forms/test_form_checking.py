"""Every way a person can break a form: the file, the row and the column are named, and what to write instead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingestion.gates.suites import _CELL_MAKERS, _MAKERS
from ingestion.workbooks.form_checking import check_form, data_problems
from ingestion.workbooks.form_rules import WITHIN
from ingestion.workbooks.forms import FORMS_FOLDER, load_form

CASES = [
    ("form.toml", 'code = "kindergarten"', 'code = "幼儿园"', "form.toml：code"),
    ("form.toml", 'name = "幼儿园统计月报表"', 'name = ""', "form.toml：name"),
    ("form.toml", 'name = "幼儿园统计月报表"', "name = 幼儿园", "form.toml 第2行"),
    ("form.toml", 'name = "幼儿园统计月报表"', "name = “幼儿园”", "全角"),
    ("form.toml", 'reporter_type = "school"', 'reporter_type = "学校"', "form.toml：reporter_type"),
    ("form.toml", 'reporter_type = "school"', 'reporter_typ = "school"', "是不是 reporter_type"),
    ("form.toml", 'stages = ["幼儿园"]', 'stages = "幼儿园"', "form.toml：stages"),
    ("form.toml", 'stages = ["幼儿园"]', 'stages = ["托儿所"]', "“托儿所”不是学段"),
    ("form.toml", 'record_key = ""', 'record_key = "grade|pupils"', "record_key 里的 grade"),
    ("form.toml", "[rhythm]", "", "form.toml：缺少 rhythm"),
    ("form.toml", 'frequency = "月"', 'frequency = "每月"', "frequency“每月”"),
    ("form.toml", "due_days = 10", 'due_days = "十天"', "due_days"),
    ("form.toml", "lock_days = 40", "lock_days = 4", "小于 due_days"),
    ("form.toml", "lock_days = 40", 'lock_days = 40\nperiod_column = "yaer"', "period_column“yaer”"),
    ("form.toml", "lock_days = 40", 'lock_days = 40\n[marks]\n隐去 = "c"', "form.toml"),
    ("form.toml", "lock_days = 40", 'lock_days = 40\n[marks]\n"隐去" = "c"', "[marks]：隐去"),
    ("form.toml", "lock_days = 40", 'lock_days = 40\n[marks]\n"甲" = ["c"]\n"乙" = ["c"]', "“c”同时写在 甲 和 乙"),
    ("form.toml", "lock_days = 40", 'lock_days = 40\n[rows]\nlevel = ["School"]', "[rows]：level"),
    ("form.toml", "lock_days = 40", 'lock_days = 40\n[columns]\nignore = ["电话"]', "[columns]：不认识 ignore"),
    ("elements.csv", "pupils,在园幼儿数,integer", "Pupils,在园幼儿数,integer", "elements.csv 第4行 element_code"),
    ("elements.csv", "pupils,在园幼儿数,integer", "row_no,在园幼儿数,integer", "系统用的名称"),
    ("elements.csv", "pupils,在园幼儿数,integer", "pupils,,integer", "elements.csv 第4行 element_name"),
    ("elements.csv", "pupils,在园幼儿数,integer", "pupils,在园幼儿数,number", "elements.csv 第4行 data_type"),
    ("elements.csv", "pupils,在园幼儿数,integer", "pupils,在园幼儿数,enum", "elements.csv 第4行 allowed_values"),
    (
        "elements.csv",
        "pupils,在园幼儿数,integer,人,stock",
        "pupils,在园幼儿数,integer,人,点",
        "elements.csv 第4行 behaviour",
    ),
    ("elements.csv", "classes,班级数", "pupils,班级数", "与第4行重复"),
    ("elements.csv", "element_code,", "代码,", "elements.csv 第1行：缺少列 element_code"),
    ("elements.csv", "school_code,学校标识码,text", "school_code,学校标识码,integer", "school_code 应为 text"),
    ("columns.csv", ",pupils,", ",pupil,", "pupil 不在 elements.csv 中，是不是 pupils"),
    ("columns.csv", "2020,KG-2020", "2019,KG-2020", "columns.csv 第3行 template_version"),
    ("columns.csv", "2020,KG-2020,幼儿园统计月报表", "2020,KG-2020,", "columns.csv 第3行 title"),
    (
        "columns.csv",
        "班级数（个）|班数,专任教师数（人）,",
        "班级数（元）,专任教师数（人）,",
        "columns.csv 第2行 classes",
    ),
    ("columns.csv", "班级数（个）|班数,专任教师数（人）,", "班级数（个）,班级数（人）,", "columns.csv 第2行 teachers"),
    ("rules.csv", "KG002,有效性", "KG001,有效性", "rules.csv 第3行 rule_code"),
    ("rules.csv", "KG002,有效性", "KG002,严重", "rules.csv 第3行 severity"),
    ("rules.csv", "KG002,有效性,minimum", "KG002,有效性,min", "rules.csv 第3行 kind"),
    (
        "rules.csv",
        "minimum,pupils|classes",
        "minimum,pupil|classes",
        "rules.csv 第3行 elements：没有指标“pupil”，是不是 pupils",
    ),
    ("rules.csv", "minimum=0", "minimum", "rules.csv 第3行 parameters：“minimum”"),
    ("rules.csv", "minimum=0", "minimum=零", "rules.csv 第3行 parameters：minimum 应为数字"),
    ("rules.csv", "minimum=0", "", "rules.csv 第3行 parameters：minimum 须写 minimum"),
    ("rules.csv", "whole=teachers,持", "whole=teacher,持", "rules.csv 第5行 parameters：没有指标“teacher”"),
    ("rules.csv", "minimum,pupils|classes", "minimum,school_name|classes", "不能用于 school_name（text）"),
    ("rules.csv", "不应为负数,", ",", "rules.csv 第3行 message"),
    ("rules.csv", "试运行", "试试", "rules.csv 第14行 status"),
    ("rules.csv", "KG002,有效性,", "KG002,有效性,a,b,", "rules.csv 第3行：单元格比表头多"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(FORMS_FOLDER / "kindergarten", tmp_path / "kindergarten")
    return tmp_path / "kindergarten"


@pytest.mark.parametrize(("file", "old", "new", "said"), CASES)
def test_a_mistake_is_named_with_its_place(folder: Path, file: str, old: str, new: str, said: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = data_problems(folder)
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize("file", ["form.toml", "elements.csv", "columns.csv", "rules.csv"])
def test_a_missing_or_unreadable_file_is_named(folder: Path, file: str) -> None:
    (folder / file).write_bytes("名\x00\xff\x81".encode("latin-1", "ignore") + b"\xff\xff\x81\x00")
    assert any(problem.startswith(file) for problem in data_problems(folder))
    (folder / file).unlink()
    assert [problem.split("，")[0] for problem in data_problems(folder)] == [f"{file}：没有这个文件"]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("gb18030", ","), ("utf-8-sig", ","), ("utf-16", "\t"), ("utf-8", ";")]
)
def test_files_as_a_spreadsheet_saves_them_are_read(folder: Path, encoding: str, delimiter: str) -> None:
    import csv
    import io

    before = load_form(folder)
    for path in folder.glob("*"):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            rows, stream = list(csv.reader(io.StringIO(text))), io.StringIO()
            csv.writer(stream, delimiter=delimiter).writerows([*rows, [""] * len(rows[0])])
            text = stream.getvalue()
        path.write_bytes(text.encode(encoding))
    assert data_problems(folder) == []
    assert load_form(folder) == before


def test_choices_are_checked_with_the_rest(folder: Path) -> None:
    choices = "element_code,value_element,school_name,grade\npupils,classes,甲,\nboys,girls,,\n"
    (folder / "choices.csv").write_text(choices, encoding="utf-8")
    said = "\n".join(data_problems(folder))
    for place in ("choices.csv 第1行：grade", "第2行 element_code：“pupils”在", "第3行 element_code：“boys”",
                  "第3行 value_element：“girls”", "第3行：没有写任何选定的词"):  # fmt: skip
        assert place in said


def test_the_checked_kinds_are_the_kinds_that_compile(folder: Path) -> None:
    assert set(WITHIN) == {*_MAKERS, *_CELL_MAKERS}
    assert check_form(folder) == []
