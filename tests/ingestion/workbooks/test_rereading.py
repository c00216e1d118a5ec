"""Which kept files are read again: only those that a change of the register or of a form touches."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingestion.workbooks.forms import FORMS_FOLDER
from tests.ingestion.workbooks.building import KINDERGARTEN, SECOND, Home, reporters, template_rows, xlsx

NEW = ("2130000099", "新园", None, "330303", "school", None, None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three files: of two kindergartens, of a school nobody knows, of a unit."""
    home = Home(tmp_path / "home")
    home.put("two.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN, SECOND)))
    home.put("new.xlsx", xlsx(template_rows("kindergarten", ["2130000099", "新园", *KINDERGARTEN[2:]], unit="新园")))
    home.put("unit.xlsx", xlsx(template_rows("ledger", unit="基建办")))
    assert home.take_in().files_read == 3
    return home


def equals_a_fresh_start(home: Home) -> bool:
    """Whether what stands in landing is what taking in everything anew gives."""
    digest = home.landing.digest()
    shutil.rmtree(home.landing.root)
    assert home.take_in().files_read == 3
    return home.landing.digest() == digest


def with_changed(code: str, **changes: Any) -> pl.DataFrame:
    frame = reporters()
    own = pl.col("code") == code
    return frame.with_columns(
        pl.when(own).then(pl.lit(value, dtype=frame.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in changes.items()
    )


@pytest.mark.parametrize(
    ("register", "files"),
    [
        (lambda: reporters(NEW), 1),
        (lambda: with_changed("2130000002", region_code="120110"), 1),
        (lambda: with_changed("U001", aliases="基建办|基建处"), 0),
        (lambda: with_changed("U001", aliases="基建处"), 1),
        (lambda: with_changed("3130000001", name="乙第一小学"), 0),
        (lambda: reporters(("2130000077", "甲一幼儿园", None, "330303", "school", None, None)), 1),
        (lambda: with_changed("2130000001", name="甲二幼儿园"), 1),
        (lambda: reporters().filter(pl.col("code") != "2130000001"), 1),
    ],
    ids=["opened", "moved", "alias_added", "alias_gone", "others_name", "same_name", "name_taken", "closed"],
)
def test_a_change_of_the_register_reads_only_the_files_it_is_about(
    home: Home, register: Callable[[], pl.DataFrame], files: int
) -> None:
    home.register = register()
    assert home.take_in().files_read == files
    assert home.take_in().files_read == 0
    assert equals_a_fresh_start(home)


def test_a_school_that_came_on_the_register_is_loaded_from_its_kept_file(home: Home) -> None:
    assert "2130000099" not in home.values("pupils")
    home.register = reporters(NEW)
    shutil.rmtree(home.inbox)
    home.inbox.mkdir()
    summary = home.take_in()
    assert (summary.files_read, summary.files_loaded, summary.findings) == (1, 3, 0)
    assert home.values("pupils")["2130000099"] == Decimal(90)


def own_form(home: Home, file: str, old: str, new: str) -> None:
    """The bureau's own copy of the kindergarten form, with one word of one file changed."""
    folder = home.settings.paths.home / "forms" / "kindergarten"
    if not folder.exists():
        shutil.copytree(FORMS_FOLDER / "kindergarten", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "files"),
    [
        ("rules.csv", "minimum=0", "minimum=61", 2),
        ("form.toml", "due_days", "due_days = 3 #", 2),
        ("form.toml", "lock_days", "lock_days = 99 #", 0),
        ("form.toml", 'name = "', 'name = "新', 0),
        ("elements.csv", "在园幼儿数", "在园儿童数", 3),
    ],
)
def test_an_edited_rule_reads_the_files_of_its_form_and_an_edited_layout_all(
    home: Home, file: str, old: str, new: str, files: int
) -> None:
    own_form(home, file, old, new)
    digest = home.landing.digest()
    assert home.take_in().files_read == files
    assert home.landing.digest() != digest
    assert home.take_in().files_read == 0
    assert equals_a_fresh_start(home)


def test_what_leaves_the_inbox_stays_received(home: Home) -> None:
    digest = home.landing.digest()
    (home.inbox / "two.xlsx").unlink()
    assert home.take_in().files_read == 0
    assert home.landing.digest() == digest
