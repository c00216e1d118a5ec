"""The shipped forms load, and a wrong form is refused with every problem named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingestion.workbooks.forms import FORMS_FOLDER, FormError, forms_digest, load_forms, split_header, unit_scale


def test_shipped_forms_cover_the_seven_kinds() -> None:
    forms = load_forms()
    assert list(forms) == ["basic", "conditions", "kindergarten", "ledger", "profile", "projects", "vocational"]
    for form in forms.values():
        newest = form.templates[-1]
        assert set(newest.headers) == set(form.elements)
        assert form.reporter_type in {"school", "unit"}
        assert any(rule.kind == "readable" for rule in form.rules)


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("总投资（万元）", "总投资", "万元"),
        (" 在园 幼儿数\n(人) ", "在园幼儿数", "人"),
        ("“四化”达标党支部数（个）", "四化达标党支部数", "个"),
        ("学校名称（全称）", "学校名称(全称)", ""),
        ("校舍建筑面积（㎡）", "校舍建筑面积", "平方米"),
    ],
)
def test_a_header_is_a_name_and_a_unit(header: str, name: str, unit: str) -> None:
    assert split_header(header) == (name, unit.replace("㎡", "平方米"))


def test_units_that_do_not_fit_have_no_scale() -> None:
    assert unit_scale("万元", "元") == 10_000
    assert unit_scale("人", "人") == 1
    assert unit_scale("万人", "元") is None


def test_a_wrong_form_names_every_problem(tmp_path: Path) -> None:
    shutil.copytree(FORMS_FOLDER, tmp_path / "forms")
    rules = tmp_path / "forms" / "kindergarten" / "rules.csv"
    rules.write_text(rules.read_text() + "KG900,严重,minimum,pupilz,minimum=0,消息,修改\n", encoding="utf-8")
    with pytest.raises(FormError) as caught:
        load_forms(tmp_path / "forms")
    assert len(caught.value.problems) == 2
    assert "严重" in caught.value.problems[0]
    assert "pupilz" in caught.value.problems[1]


def test_the_digest_follows_the_form_data(tmp_path: Path) -> None:
    shutil.copytree(FORMS_FOLDER, tmp_path / "forms")
    assert forms_digest(tmp_path / "forms") == forms_digest()
    columns = tmp_path / "forms" / "basic" / "columns.csv"
    columns.write_text(columns.read_text() + "\n")
    assert forms_digest(tmp_path / "forms") != forms_digest()
