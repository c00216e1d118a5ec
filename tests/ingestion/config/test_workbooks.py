"""The workbook a clerk fills in: what it offers, and that what goes out comes back the same."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ingestion.config.loader import Config, load_config, read_folder
from ingestion.config.problems import ConfigError
from ingestion.config.rules import FILES
from ingestion.config.sheets import CATALOGUE, GUIDE, sheets
from ingestion.config.sources import elements_of, frames_of, read_source
from ingestion.config.targets import common_cards, shipped_sets
from ingestion.config.workbook_writing import workbook_bytes, write_workbook
from ingestion.home import init_home
from ingestion.sample import write_sample
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.tables import CONFIG
from ingestion.workbooks.forms import FORMS_FOLDER, load_forms
from tests.ingestion.config.conftest import Clerk, append


def same(one: Config, other: Config) -> None:
    assert one.bureau == other.bureau
    for table, frame in one.tables.items():
        if table != "config__versions":
            assert_frame_equal(frame, other.tables[table])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sample")
    write_sample(home, schools=16, periods=1, seed=3)
    return home


def test_every_column_of_every_table_stands_on_a_sheet_once() -> None:
    for sheet in sheets():
        assert [c.field for c in sheet.columns] == list(dict.fromkeys(c.field for c in sheet.columns))
        assert {c.field for c in sheet.columns} == set(sheet.schema)
        assert len({c.header for c in sheet.columns}) == len(sheet.columns)


def test_the_sample_reads_back_as_it_was_written(sample: Path) -> None:
    settings = Settings(home=sample)
    clerk_sees = sample / "config" / "配置.xlsx"
    read = read_source(clerk_sees, load_forms(), settings)
    assert read.base_version == 1
    applied = load_config(sample / "config")
    same(read.config, applied)
    assert applied.tables["config__indicators"].height > 100
    again = sample / "again.xlsx"
    write_workbook(again, frames_of(read.config), load_forms(), version_no=1)
    assert again.read_bytes() == clerk_sees.read_bytes()


def test_a_filled_workbook_has_the_values_that_were_typed(clerk: Clerk) -> None:
    config = clerk.service.read(clerk.path).config
    cards = config.tables["config__indicators"].sort("indicator_code", "definition_version")
    assert cards["numerator"].to_list() == [
        "primary_teaching_area", "teachers_certified", "teachers_certified", "sport_hours",
    ]  # fmt: skip
    assert cards["denominator"].to_list() == ["primary_pupils", "teachers", "teachers+carers", None]
    assert cards["aggregation"].to_list() == [
        "coefficient_of_variation", "ratio_of_sums", "ratio_of_sums", "share_meeting",
    ]  # fmt: skip
    assert cards["stages"][0] == "小学|九年一贯制"
    assert cards["direction"].to_list() == ["down", "up", None, None]
    assert (cards["baseline_year"][1], cards["valid_to_date"][1]) == (2020, date(2025, 12, 31))
    assert cards["meeting_threshold"][3] == Decimal("1.05")
    assert cards["weight"][0] == "primary_pupils"
    terms = config.tables["config__indicator_terms"].filter(pl.col("indicator_code") == "certified")
    assert terms.filter(pl.col("term_role") == "denominator").select("definition_version", "element_code").rows() == [
        ("2020", "teachers"), ("2026", "teachers"), ("2026", "carers"),
    ]  # fmt: skip
    schools = config.tables["config__schools"]
    assert schools["merged_into_code"].to_list() == [None, "9902010003", None]
    assert schools["aliases"][0] == "一幼|城关幼儿园"
    assert config.tables["config__form_deadlines"].row(0) == (
        "kindergarten", date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 31), "春节顺延",
    )  # fmt: skip
    assert config.tables["config__users"].row(0) == ("lisi", "李四", "督办", "990201")
    assert config.tables["config__baselines"]["value"].to_list() == [Decimal("95.25")]


def test_an_exported_workbook_equals_what_was_applied(clerk: Clerk, tmp_path: Path) -> None:
    clerk.apply()
    out = tmp_path / "out.xlsx"
    clerk.service.export(out)
    same(clerk.service.read(out).config, clerk.service.version(1))


def test_several_workbooks_may_share_the_sheets_but_none_twice(clerk: Clerk, tmp_path: Path) -> None:
    whole = clerk.service.read(clerk.path).config
    folder = tmp_path / "parts"
    folder.mkdir()
    for name, kept in (("名录.xlsx", {"区划", "学校", "单位"}), ("其余.xlsx", set())):
        book = openpyxl.load_workbook(clerk.path)
        for title in book.sheetnames:
            if title != GUIDE and (title in {"区划", "学校", "单位"}) != bool(kept):
                del book[title]
        book.save(folder / name)
    same(clerk.service.read(folder).config, whole)
    (folder / "重复.xlsx").write_bytes(clerk.path.read_bytes())
    with pytest.raises(ConfigError, match=r"名录\.xlsx中已有“学校”"):
        clerk.service.read(folder)


def test_a_new_workbook_teaches_how_to_fill_it_in(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    write_workbook(path, {}, load_forms(), examples=True)
    book: Any = openpyxl.load_workbook(path)
    assert book.sheetnames == [GUIDE, *(sheet.title for sheet in sheets()), CATALOGUE]
    cards = book["指标卡"]
    assert cards.freeze_panes == "D2"
    headers = {cell.value: cell for cell in cards[1]}
    assert all(cell.comment for cell in cards[1])
    assert headers["分子"].comment.text.startswith("指标项名称")
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in cards.data_validations.dataValidation}
    assert "总和之比" in lists[headers["汇总方式"].coordinate.replace("1", "2")]
    assert lists[headers["数据来源报表"].coordinate.replace("1", "2")] == f"'{CATALOGUE}'!$H$2:$H$200"
    assert lists[headers["适用区划代码"].coordinate.replace("1", "2")].startswith("'区划'!$B$2")
    assert [cell.value for cell in cards[2]][:2] == ["示例", "my_certified_pct"]
    names = {row[3].value for row in book[CATALOGUE].iter_rows(min_row=2)}
    assert {"持证专任教师数", "小学在校生数"} <= names


def test_example_rows_are_not_loaded(clerk: Clerk) -> None:
    book = openpyxl.load_workbook(clerk.path)
    assert book["学校"]["A2"].value == "示例"
    codes = clerk.service.read(clerk.path).config.tables["config__schools"]["school_code"].to_list()
    assert codes == ["9902010001", "9902010002", "9902010003"]


def test_an_untouched_workbook_says_what_to_fill_in_first(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    path = init_home(settings.paths)
    with pytest.raises(ConfigError) as caught:
        read_source(path, load_forms(), settings)
    assert [str(problem) for problem in caught.value.problems] == [
        "配置.xlsx · 区划：还没有内容：至少填写一行",
        "配置.xlsx · 本单位「单位名称」：还没有填写：请填一行，至少写明单位名称",
    ]


def test_columns_may_be_moved_and_the_mark_left_out(clerk: Clerk) -> None:
    whole = clerk.service.read(clerk.path).config

    def rearrange(book: openpyxl.Workbook) -> None:
        book["单位"].delete_rows(2, 2)  # the examples, before the column that marks them goes
        book["单位"].move_range("C1:C10", cols=12)
        book["单位"].delete_cols(1)

    clerk.edit(rearrange)
    same(clerk.service.read(clerk.path).config, whole)


def test_a_form_of_the_bureau_may_be_used_by_a_card(clerk: Clerk) -> None:
    card = {
        "指标代码": "height", "指标名称": "平均身高", "口径版本": "1", "汇总方式": "总和之比", "数据来源报表": "体检表",
        "分子": "身高合计", "分母": "体检人数",
    }  # fmt: skip
    clerk.edit(lambda book: append(book, "指标卡", card))
    assert any("没有“体检表”这张表" in problem for problem in clerk.problems())
    folder = clerk.settings.paths.home / "forms" / "health"
    folder.mkdir()
    for file in ("form.toml", "rules.csv", "columns.csv", "elements.csv"):
        text = (FORMS_FOLDER / "vocational" / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace("vocational", "health").replace("中职统计月报表", "体检表"), "utf-8")
    elements = folder / "elements.csv"
    text = elements.read_text("utf-8").replace("在校生数,", "体检人数,").replace("专任教师数,", "身高合计,", 1)
    elements.write_text(text, "utf-8")
    config = clerk.service.read(clerk.path).config
    assert (
        config.tables["config__indicators"].filter(pl.col("indicator_code") == "height")["source_form"][0] == "health"
    )


def test_a_hostile_text_is_written_as_text() -> None:
    row = dict.fromkeys(CONFIG["config__regions"]) | {"region_code": "990200", "region_name": "=cmd()"}
    frame = pl.DataFrame([row], schema=CONFIG["config__regions"])
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes({"regions.csv": frame}, load_forms())))
    assert (book["区划"]["C2"].value, book["区划"]["C2"].data_type) == ("=cmd()", "s")


def test_the_shipped_sets_hold_together() -> None:
    forms = load_forms()
    (balanced,) = shipped_sets().values()
    assert balanced.form in forms
    assert balanced.targets.group_by("stage").len().sort("stage").rows() == [("初中", 7), ("小学", 7)]
    thresholds = dict(
        balanced.targets.filter(pl.col("stage") == "小学").select("indicator_code", "threshold").iter_rows()
    )
    assert thresholds["bal_primary_teachers_above_degree"] == Decimal("4.2")
    assert set(balanced.targets["required_count"]) == {6}
    assert common_cards().cards.height > 25


def test_the_sample_source_still_reads(tmp_path: Path, sample: Path) -> None:
    """Homes of earlier releases hold CSV files: they are read as they stand, columns that came later left out."""
    source = PROJECT_ROOT / "data" / "config"
    for name in [*FILES, "bureau.toml"]:
        if (source / name).is_file():
            (tmp_path / name).write_bytes((source / name).read_bytes())
    (tmp_path / "schools.csv").write_text(
        "school_code,school_name,region_code,stage,sector,is_rural\n9900000001,甲小学,330303,小学,公办,否\n", "utf-8"
    )
    config = read_folder(tmp_path, elements_of(load_forms()))
    assert config.tables["config__schools"]["merged_into_code"].to_list() == [None]
