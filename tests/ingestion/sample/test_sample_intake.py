"""The intake finds every planted error where it was planted, and nothing wrong anywhere else."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from ingestion.arrivals import Arrivals
from ingestion.config.loader import load_config
from ingestion.landing import Landing
from ingestion.sample import write_sample
from ingestion.settings import Settings
from ingestion.workbooks.intake import take_in


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pl.DataFrame, Landing]:
    """The home, its findings with file_name, and its landing."""
    home = tmp_path_factory.mktemp("home")
    write_sample(home, schools=60, periods=5, seed=11)
    settings = Settings(home=home)
    landing = Landing(settings.paths.landing)
    arrivals = Arrivals(settings.paths.arrivals, look_seconds=0.1).collect(home / "inbox", "workbook")
    take_in(arrivals, landing, settings, load_config(home / "config").reporters())
    files = landing.read("intake__files").select("file_id", "file_name")
    return home, landing.read("intake__findings").join(files, on="file_id"), landing


def test_every_planted_error_is_found_in_its_cell_by_its_rule(
    taken_in: tuple[Path, pl.DataFrame, Landing],
) -> None:
    home, findings, _ = taken_in
    answers = json.loads((home / "answers.json").read_text(encoding="utf-8"))
    found = set(findings.select("file_name", "rule_code", "cell", "severity").rows())
    wanted = [answer for answer in answers if answer["rule_code"]]
    missed = [a for a in wanted if (a["file"], a["rule_code"], a["cell"], a["severity"]) not in found]
    assert len(wanted) > 15
    assert missed == []


def test_nothing_is_found_in_a_file_without_a_planted_error(taken_in: tuple[Path, pl.DataFrame, Landing]) -> None:
    home, findings, _ = taken_in
    answers = json.loads((home / "answers.json").read_text(encoding="utf-8"))
    spoiled = [answer["file"] for answer in answers if answer["rule_code"]]
    extra = findings.filter(~pl.col("file_name").is_in(spoiled))
    assert extra.select("file_name", "rule_code", "cell", "message").rows() == []


def test_every_state_of_a_submission_that_a_file_can_have_occurs(
    taken_in: tuple[Path, pl.DataFrame, Landing],
) -> None:
    submissions = taken_in[2].read("forms__submissions")
    assert set(submissions["submission_state"]) == {"已收", "空表", "隔离"}
    assert submissions["is_late"].any()
    assert not submissions["is_current"].all()
