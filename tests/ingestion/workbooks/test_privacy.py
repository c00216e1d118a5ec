"""Lists of persons: held without their content, readable by the owner alone, destroyed when their term is over."""

from __future__ import annotations

import logging
from datetime import date, datetime
from pathlib import Path

import pytest

from ingestion.tables import TABLES
from ingestion.workbooks.privacy import guard, private_files
from tests.ingestion.workbooks.building import KINDERGARTEN, Home, template_rows, xlsx

NAME, NUMBER = "张某某", "330303201001011234"
ROLL = [["学生花名册"], ["序号", "学生姓名", "身份证号", "班级"], [1, NAME, NUMBER, "一班"]]
LIST = xlsx(ROLL)
NOW = datetime(2020, 10, 20, 1, 2, 3)  # noqa: DTZ001


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.put("名单.xlsx", LIST, "2020-10-08 08:00:00")
    home.put("a.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN)), "2020-10-02 08:00:00")
    home.take_in()
    return home


def guarded(home: Home, today: date, days: int = 10) -> list[str]:
    return [a.file_name for a in guard(home.arrivals, home.landing, days, NOW, today)]


def test_only_the_owner_may_read_what_was_kept_before_its_term(home: Home) -> None:
    assert guarded(home, date(2020, 10, 18)) == []
    modes = {a.file_name: a.path.stat().st_mode & 0o777 for a in home.collect()}
    assert modes == {"名单.xlsx": 0o400, "a.xlsx": 0o440}


def test_after_its_term_only_the_hash_stays(home: Home) -> None:
    (roll,) = [a for a in home.collect() if a.file_name == "名单.xlsx"]
    assert guarded(home, date(2020, 10, 19)) == ["名单.xlsx"]
    assert not roll.path.exists()
    assert not (home.inbox / "名单.xlsx").exists()
    after = {a.file_name: a for a in home.collect()}
    assert (after["名单.xlsx"].sha256, after["名单.xlsx"].purged_at) == (roll.sha256, NOW)
    assert after["a.xlsx"].path.exists()
    assert (home.inbox / "a.xlsx").exists()
    assert guarded(home, date(2021, 10, 19)) == []


def test_what_was_destroyed_stays_a_finding_whatever_is_read_again(home: Home, tmp_path: Path) -> None:
    guarded(home, date(2020, 10, 19))
    summary = home.take_in()
    assert (summary.files_received, summary.files_quarantined, summary.files_read) == (2, 1, 1)
    assert [rule for rule, _ in home.findings()] == ["PRV01"]
    assert "已清除" in home.landing.read("intake__findings")["message"][0]
    assert home.take_in().files_read == 0
    digest = home.landing.digest()
    home.landing.root.rename(tmp_path / "aside")
    home.take_in()
    assert home.landing.digest() == digest


def test_the_same_list_handed_in_again_is_destroyed_again(home: Home) -> None:
    guarded(home, date(2020, 10, 19))
    home.put("又一份.xlsx", LIST, "2020-11-08 08:00:00")
    home.take_in()
    assert len(private_files(home.landing)) == 1
    assert guarded(home, date(2020, 11, 9)) == ["名单.xlsx"]
    assert not (home.inbox / "又一份.xlsx").exists()


def test_nothing_of_a_person_is_landed_or_logged(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        home.put("名单2.csv", "\n".join(",".join(map(str, row)) for row in ROLL).encode())
        home.take_in()
        guarded(home, date(2021, 1, 1))
    for table in TABLES:
        content = home.landing.read(table).write_ndjson()
        assert not any(word in content for word in (NAME, NUMBER)), table
