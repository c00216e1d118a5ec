"""Submissions are withdrawn and given to whom they belong, locks opened for a time, doubts confirmed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from ingestion.landing import Landing
from ingestion.registry import submissions
from ingestion.registry.acts import Who, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.submissions import Submission, chosen, landed_submissions
from ingestion.registry.undoing import undo
from ingestion.settings import Settings
from ingestion.tables import TABLES
from ingestion.workbooks.forms import load_forms

FINDINGS = [
    {"finding_id": "abcdef123456", "file_id": 1, "severity": "可疑", "cell": "C4", "reporter_code": "JJ",
     "period_start_date": date(2020, 9, 1), "rule_code": "R1"},
    {"finding_id": "abcxyz123456", "file_id": 1, "severity": "结构", "cell": "D4"},
]  # fmt: skip


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = TABLES[table]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


@pytest.fixture
def landing(settings: Settings) -> Landing:
    landing = Landing(settings.paths.landing)
    at = datetime.fromisoformat("2020-10-01T00:00:00")
    files = [{"file_id": n, "sha256": f"s{n}", "file_name": f"{n}.xlsx", "received_at": at} for n in (1, 2)]
    rows = [
        {"file_id": file, "form_code": "projects", "reporter_code": code, "period_start_date": start,
         "submission_state": "已收", "received_at": at, "is_current": True}
        for file, code, start in ((1, "JJ", date(2020, 9, 1)), (1, "XQ", date(2020, 9, 1)), (2, "JJ", date(2020, 8, 1)))
    ]  # fmt: skip
    landing.replace_all(
        {
            "intake__files": frame("intake__files", files),
            "forms__submissions": frame("forms__submissions", rows),
            "intake__findings": frame("intake__findings", FINDINGS),
        }
    )
    return landing


@pytest.fixture
def first(landing: Landing) -> Submission:
    return chosen(landed_submissions(landing), 1, "JJ")


def test_a_submission_is_named_without_doubt(landing: Landing, first: Submission) -> None:
    landed = landed_submissions(landing)
    assert (first.key, first.sha256) == ("1|JJ|2020-09-01", "s1")
    assert chosen(landed, 2).reporter_code == "JJ"
    with pytest.raises(RegistryError, match="里有 2 份报送"):
        chosen(landed, 1)
    with pytest.raises(RegistryError, match="没有文件 3"):
        chosen(landed, 3)


def test_what_is_withdrawn_is_so_until_undone(registry: Registry, first: Submission, who: Who) -> None:
    number = submissions.withdraw(registry, first, who)
    assert submissions.is_withdrawn(standing(registry), first)
    for again in (
        lambda: submissions.withdraw(registry, first, who),
        lambda: submissions.reassign(registry, first, "XQ", date(2020, 9, 1), who),
    ):
        with pytest.raises(RegistryError, match="已撤回"):
            again()
    undo(registry, number, "王督学", "没有报错")
    assert not submissions.is_withdrawn(standing(registry), first)


def test_the_last_reassignment_stands(registry: Registry, first: Submission, who: Who) -> None:
    with pytest.raises(RegistryError, match="没有要改的"):
        submissions.reassign(registry, first, "JJ", date(2020, 9, 1), who)
    submissions.reassign(registry, first, "XQ", date(2020, 9, 1), who)
    number = submissions.reassign(registry, first, "XQ", date(2020, 8, 1), who)
    assert submissions.assignment(standing(registry), first) == ("XQ", date(2020, 8, 1))
    undo(registry, number, "王督学", "报告期没错")
    assert submissions.assignment(standing(registry), first) == ("XQ", date(2020, 9, 1))


def test_an_unlock_has_a_name_and_an_end_to_come(registry: Registry, who: Who) -> None:
    slot = "projects", "JJ", date(2020, 9, 1)
    with pytest.raises(RegistryError, match="已过"):
        submissions.unlock(registry, slot, "陈局长", "2020-10-31", date(2020, 11, 1), who)
    with pytest.raises(RegistryError, match="批准补报的人"):
        submissions.unlock(registry, slot, " ", "2020-11-10", date(2020, 11, 1), who)
    submissions.unlock(registry, slot, "陈局长", "2020-11-10", date(2020, 11, 1), who)
    (act,) = standing(registry, "unlock")
    assert (act.subject_key, act.payload["expires_date"]) == ("projects|JJ|2020-09-01", "2020-11-10")


def test_doubts_are_confirmed_and_faults_are_not(registry: Registry, landing: Landing, who: Who) -> None:
    findings = landing.read("intake__findings").to_dicts()
    doubt = submissions.found_finding(findings, "abcdef")
    submissions.confirm_finding(registry, doubt, who)
    with pytest.raises(RegistryError, match="已由王督学确认"):
        submissions.confirm_finding(registry, doubt, who)
    with pytest.raises(RegistryError, match=r"结构.*不能确认"):
        submissions.confirm_finding(registry, submissions.found_finding(findings, "abcxyz123456"), who)
    for unclear in ("abc", "ffffff"):
        with pytest.raises(RegistryError, match="没有编号为"):
            submissions.found_finding(findings, unclear)


def test_forms_and_periods_are_named_as_people_do() -> None:
    forms = load_forms()
    projects = submissions.form_of(forms, "教育项目进度")
    assert projects.code == "projects"
    assert submissions.period_of(projects, "2020年9月") == date(2020, 9, 1)
    with pytest.raises(RegistryError, match=r"不是.*的报告期，请写成 2020-09"):
        submissions.period_of(projects, "上个月")
