"""SQL 查询 and 数据字典: an analyst's question answered, refused or cut, and every column explained."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.app_pages.sql import SAMPLES
from app.dictionary import both_languages, tables
from app.queries import dictionary
from ingestion.releases import Release
from tests.app.test_app_pages import opened, text


def asked(statement: str) -> AppTest:
    test = opened("sql")
    test.text_area[0].set_value(statement)
    return next(button for button in test.button if button.label == "运行").click().run()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_runs(at_home: Path, name: str) -> None:
    test = opened("sql")
    test.pills[0].set_value(name).run()
    assert test.text_area[0].value == SAMPLES[name]
    test = next(button for button in test.button if button.label == "运行").click().run()
    assert "没有结果" not in text(test)
    assert "取自第1版" in text(test)


def test_rows_are_shown_and_can_be_taken_away(at_home: Path) -> None:
    test = asked("select 7 * 6 as 答案")
    assert test.dataframe[0].value["答案"].to_list() == [42]
    assert len(test.get("download_button")) == 3


@pytest.mark.parametrize(
    ("statement", "said"),
    [("drop table fct_attainments", "只能运行一条"), ("select * from read_csv('/etc/passwd')", "不能使用"),
     ("select nothing", "语句有误"), ("", "没有结果")],
)  # fmt: skip
def test_what_cannot_be_answered_says_why(at_home: Path, statement: str, said: str) -> None:
    test = asked(statement)
    assert said in text(test)
    assert not test.dataframe


def test_an_answer_does_not_outlive_its_statement(at_home: Path) -> None:
    test = asked("select 1 as 一")
    test.text_area[0].set_value("select 2 as 二").run()
    assert "取自第1版" not in text(test)


def test_every_column_of_the_release_is_explained_in_chinese(release: Release) -> None:
    listed = tables(dictionary.columns(release))
    assert len(listed) > 20
    assert [(t.name, c.name) for t in listed for c in t.columns if not c.meaning] == []
    assert [t.name for t in listed if not t.meaning] == []


def test_the_dictionary_is_searched_in_names_and_meanings(at_home: Path) -> None:
    shown = text(opened("dictionary", q="deadline_date"))
    assert "<code>deadline_date</code>" in shown
    assert "<code>light</code>" not in shown
    assert "没有含有" in text(opened("dictionary", q="绝无此词"))


@pytest.mark.parametrize(
    ("comment", "expected"),
    [("Region, six digits. 地区代码。", ("地区代码。", "Region, six digits.")), ("只有中文。", ("只有中文。", "")),
     ("English only.", ("", "English only.")), (None, ("", "")), ("A. “亮灯”。", ("“亮灯”。", "A."))],
)  # fmt: skip
def test_descriptions_are_read_in_both_languages(comment: str | None, expected: tuple[str, str]) -> None:
    assert both_languages(comment) == expected
