"""A configuration folder is taken as a whole, or refused with every fault in its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.config.loader import ConfigError, load_config
from ingestion.tables import CONFIG, empty

ELEMENTS = {
    "kindergarten": frozenset({"school_code", "pupils", "teachers", "teachers_certified", "carers"}),
    "ledger": frozenset({"matter_name", "done", "total"}),
}
FILES = {
    "regions.csv": """region_code,region_name,parent_region_code,region_level,valid_from_date,valid_to_date
900000,演示省,,省,,
900100,演示市,900000,市,,
900101,甲区,900100,区县,2010-01-01,
""",
    "schools.csv": """school_code,school_name,aliases,region_code,stage,sector,is_rural,opened_date,closed_date,"""
    """pupils_registered
9001010001,演示第一幼儿园,一幼,900101,幼儿园,公办,否,2012-09-01,,240
9001010002,演示第二幼儿园,,900101,幼儿园,民办,是,2012-09-01,2020-08-31,
""",
    "units.csv": """unit_code,unit_name,unit_type,region_code,parent_unit_code
900101-JY,甲区教育局,局,900101,
900101-XQ,甲区学前教育科,科室,900101,900101-JY
""",
    "indicators.csv": "indicator_code,indicator_name,aliases,scope_region_code,definition,definition_version,"
    "aggregation,source_form,numerator,denominator,stages,sectors,numerator_sectors,is_rural,meeting_threshold,matter_name,unit,"
    "direction,baseline_reference,max_age_days,responsible_unit\n"
    "K1,持证率,教师持证率|持证比例,,持证专任教师占比,2020,ratio_of_sums,kindergarten,teachers_certified,teachers,幼儿园,,,,,,%,升,,400,"
    "900101-XQ\n"
    "K2,师幼比,,,教职工与幼儿之比,2020,ratio_of_sums,kindergarten,teachers+carers,pupils,幼儿园,公办|民办,,,,,,升,,,\n",
    "light_presets.csv": "preset_name,yellow_from_lag,red_above_lag,is_default\n书面办法,10,30,是\n",
}
BUREAU = 'name = "甲区教育局"\nevaluation_date = 2020-10-20\nis_demo = true\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "bureau.toml").write_text(BUREAU, encoding="utf-8")
    return tmp_path


def problems_of(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(ConfigError) as caught:
        load_config(folder, ELEMENTS)
    return [(problem.file, problem.row, problem.column) for problem in caught.value.problems]


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = FILES.get(file, BUREAU)
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_tables_have_the_landing_schema(folder: Path) -> None:
    config = load_config(folder, ELEMENTS)
    assert {name: frame.schema for name, frame in config.tables.items()} == {
        name: empty(name).schema for name in CONFIG
    }
    assert config.bureau.evaluation_date == date(2020, 10, 20)
    assert config.tables["config__light_presets"]["red_above_lag"].to_list() == [Decimal(30)]


def test_numerator_lists_become_terms(folder: Path) -> None:
    terms = load_config(folder, ELEMENTS).tables["config__indicator_terms"].filter(pl.col("indicator_code") == "K2")
    assert terms.drop("indicator_code", "definition_version").rows() == [
        ("numerator", 1, "teachers"),
        ("numerator", 2, "carers"),
        ("denominator", 1, "pupils"),
    ]


def test_reporters_join_schools_and_units_with_their_aliases(folder: Path) -> None:
    reporters = load_config(folder, ELEMENTS).reporters()
    assert reporters["code"].to_list() == ["900101-JY", "900101-XQ", "9001010001", "9001010002"]
    assert reporters.filter(pl.col("code") == "9001010001")["aliases"].item() == "一幼"
    assert reporters["type"].to_list() == ["unit", "unit", "school", "school"]


def test_gb18030_and_row_order_do_not_change_the_digest(folder: Path) -> None:
    before = load_config(folder, ELEMENTS).digest()
    header, first, second = FILES["schools.csv"].splitlines()
    (folder / "schools.csv").write_bytes("\r\n".join([header, second, first, ""]).encode("gb18030"))
    assert load_config(folder, ELEMENTS).digest() == before
    change(folder, "schools.csv", ",240", ",241")
    assert load_config(folder, ELEMENTS).digest() != before


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("schools.csv", ",900101,幼儿园,公办", ",900199,幼儿园,公办", (2, "region_code")),
        ("schools.csv", "9001010002", "9001010001", (3, "school_code")),
        ("schools.csv", "9001010002", "90010102", (3, "school_code")),
        ("schools.csv", "2012-09-01,,240", "2012-9-31,,240", (2, "opened_date")),
        ("schools.csv", "2020-08-31", "2011-08-31", (3, "closed_date")),
        ("schools.csv", "公办,否", "国有,否", (2, "sector")),
        ("schools.csv", "公办,否", "公办,大概", (2, "is_rural")),
        ("schools.csv", ",240", ",二百", (2, "pupils_registered")),
        ("schools.csv", "演示第二幼儿园", "", (3, "school_name")),
        ("regions.csv", "900000,演示省,,省", "900000,演示省,900101,省", (2, "parent_region_code")),
        ("regions.csv", "2010-01-01,\n", "2010-01-01,\n900101,甲县,900100,区县,,2010-01-01\n", (4, "valid_from_date")),
        ("units.csv", "局,900101,", "局,900101,900101-XQ", (2, "parent_unit_code")),
        ("indicators.csv", "teachers_certified,teachers", "teachers_licensed,teachers", (2, "numerator")),
        ("indicators.csv", "ratio_of_sums,kindergarten,teachers+", "mean,kindergarten,teachers+", (3, "aggregation")),
        ("indicators.csv", "2020,ratio_of_sums,kindergarten", "2020,ratio_of_sums,nursery", (2, "source_form")),
        ("indicators.csv", "K2,师幼比,,", "K2,师幼比,持证比例,", (3, "aliases")),
        ("indicators.csv", "公办|民办", "公办|私立", (3, "sectors")),
        ("indicators.csv", "teachers+carers,pupils", "teachers+carers,", (3, "denominator")),
        ("light_presets.csv", "10,30,是", "40,30,是", (2, "yellow_from_lag")),
        ("light_presets.csv", "10,30,是", "10,30,否", (0, "is_default")),
        ("light_presets.csv", "is_default", "isdefault", (1, "is_default")),
        ("bureau.toml", "2020-10-20", '"十月"', (0, "evaluation_date")),
    ],
)
def test_a_fault_is_named_with_its_place(folder: Path, file: str, old: str, new: str, place: tuple[int, str]) -> None:
    change(folder, file, old, new)
    assert (file, *place) in problems_of(folder)


def test_every_fault_is_listed_at_once(folder: Path) -> None:
    change(folder, "schools.csv", "公办,否", "国有,否")
    change(folder, "units.csv", "科室,900101", "科室,900199")
    change(folder, "indicators.csv", "teachers_certified,teachers", "teachers_licensed,teachers")
    assert problems_of(folder) == [
        ("indicators.csv", 2, "numerator"),
        ("schools.csv", 2, "sector"),
        ("units.csv", 3, "region_code"),
    ]


def test_an_unreadable_file_does_not_blame_those_that_refer_to_it(folder: Path) -> None:
    (folder / "regions.csv").unlink()
    change(folder, "schools.csv", "公办,否", "国有,否")
    assert problems_of(folder) == [("regions.csv", 0, ""), ("schools.csv", 2, "sector")]


def test_a_narrower_scope_may_redefine_a_name(folder: Path) -> None:
    change(folder, "indicators.csv", "K2,师幼比,,,", "K2,师幼比,持证比例,900101,")
    load_config(folder, ELEMENTS)


def test_baselines_name_their_document_and_approver(folder: Path) -> None:
    header = ",".join(CONFIG["config__baselines"])
    (folder / "baselines.csv").write_text(f"{header}\nK1,900101,上年末,2019-12-01,,,,,,\n", encoding="utf-8")
    assert problems_of(folder) == [
        ("baselines.csv", 2, "approved_by"),
        ("baselines.csv", 2, "source_document"),
        ("baselines.csv", 2, "value"),
    ]


def test_messages_are_chinese_and_say_where(folder: Path) -> None:
    change(folder, "schools.csv", "公办,否", "国有,否")
    with pytest.raises(ConfigError, match=r"schools\.csv 第2行「sector」：“国有”不在可填值之内"):
        load_config(folder, ELEMENTS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*FILES, "bureau.toml"]), st.binary(max_size=12), st.integers(0, 400), st.booleans())
def test_no_bytes_bring_more_than_a_refusal(folder: Path, file: str, junk: bytes, place: int, alone: bool) -> None:
    good = FILES.get(file, BUREAU).encode()
    (folder / file).write_bytes(junk if alone else good[:place] + junk + good[place:])
    try:
        load_config(folder, ELEMENTS)
    except ConfigError as refusal:
        assert refusal.problems
    (folder / file).write_bytes(good)
