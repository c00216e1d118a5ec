"""The main job as its user runs it: the first time, unchanged, the next day, with bad inputs, rolled back."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.releases import Releases
from tests.conftest import SHARED, Ran

Run = Callable[..., Ran]
LIGHTS = {"蓝", "绿", "黄", "红", "灰"}
SUBMISSION_STATES = {"未到期", "未报", "已收", "迟报", "隔离", "免报", "空表", "真零"}
FIVE_PLANS = {("330303", 2020), ("120110", 2020), ("430100", 2020), ("331000", 2020), ("330112", 2019)}


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(Releases(home / "releases").resolve().path), read_only=True) as con:
        con.execute("set schema = 'marts'")
        return con.execute(query).fetchall()


def test_the_first_refresh_publishes_five_plans_of_five_kinds(refreshed_home: Path) -> None:
    assert set(rows(refreshed_home, "select region_code, plan_year from dim_documents")) == FIVE_PLANS
    kinds = {kind for (kind,) in rows(refreshed_home, "select distinct kind from fct_commitments")}
    assert kinds == {"metric", "count", "money", "milestone", "deliverable"}


def test_every_quote_stands_in_its_document(refreshed_home: Path) -> None:
    pairs = rows(
        refreshed_home,
        "select d.document_text, c.quote, c.start_offset, c.end_offset"
        " from fct_commitments c join dim_documents d using (document_id)",
    )
    assert pairs
    assert all(text[start:end] == quote for text, quote, start, end in pairs)


def test_nothing_vanishes_between_commitments_and_attainments(refreshed_home: Path) -> None:
    missing = rows(
        refreshed_home, "select commitment_id from fct_commitments except select commitment_id from fct_attainments"
    )
    assert missing == []
    silent = rows(
        refreshed_home, "select count(*) from fct_attainments where light = '灰' and coalesce(reason, '') = ''"
    )
    assert silent == [(0,)]


def test_every_light_and_every_submission_state_occurs_in_the_sample(refreshed_home: Path) -> None:
    assert {light for (light,) in rows(refreshed_home, "select distinct light from fct_attainments")} == LIGHTS
    states = {s for (s,) in rows(refreshed_home, "select distinct submission_state from fct_submissions")}
    assert states == SUBMISSION_STATES


def test_every_planted_error_is_found_at_its_cell_and_no_clean_file_has_findings(refreshed_home: Path) -> None:
    planted = [a for a in json.loads((refreshed_home / "answers.json").read_text("utf-8")) if a["rule_code"]]
    found = rows(
        refreshed_home,
        "select file_name, coalesce(cell, ''), rule_code from fct_findings where rule_code not like 'plan.%'",
    )
    assert {(a["file"], a["cell"], a["rule_code"]) for a in planted} <= set(found)
    assert {file for file, _, _ in found} == {a["file"] for a in planted}


def test_cells_received_are_loaded_quarantined_or_ignored(refreshed_home: Path) -> None:
    totals = rows(
        refreshed_home,
        "select sum(cells_received), sum(cells_loaded) + sum(cells_quarantined) + sum(cells_ignored) from fct_files",
    )
    assert totals[0][0] == totals[0][1] > 0


def test_a_second_refresh_changes_nothing_and_says_so(home: Path, run: Run) -> None:
    ran = run(home, "refresh")
    assert (ran.code, "没有变化" in ran.out) == (0, True), ran.out + ran.err
    assert Releases(home / "releases").resolve().sequence == 1


@pytest.mark.soak
def test_another_day_changes_what_depends_on_it_and_going_back_gives_the_same_figures(home: Path, run: Run) -> None:
    releases = Releases(home / "releases")
    first = releases.resolve().info()["checksums"]
    ran = run(home, "refresh", "--evaluation-date", "2020-10-21")
    assert ran.code == 0, ran.out + ran.err
    next_day = releases.resolve().info()["checksums"]
    changed = {table for table in first if first[table] != next_day[table]}
    assert "fct_attainments" in changed
    assert not changed & {"fct_commitments", "fct_actuals", "fct_findings", "fct_files", "dim_documents", "fct_numbers"}

    assert run(home, "rollback", "--reason", "试一下").code == 0
    assert releases.resolve().sequence == 1
    held = run(home, "refresh", "--evaluation-date", "2020-10-22")
    assert (held.code, "试一下" in held.out) == (1, True), held.out
    assert "试一下" in run(home, "status").out
    assert run(home, "rollback", "--to", "2").code == 0
    assert run(home, "rollback", "--resume").code == 0

    assert run(home, "refresh", "--evaluation-date", "2020-10-20").code == 0
    again = releases.resolve()
    assert again.sequence == 3
    # light changes compare with the release before, and what was published is history
    history = {"fct_light_changes", "fct_attainments_published"}
    assert {t: s for t, s in again.info()["checksums"].items() if t not in history} == {
        t: s for t, s in first.items() if t not in history
    }


def test_bad_files_are_named_and_stop_nothing(troubled: tuple[Path, Ran]) -> None:
    home, ran = troubled
    assert ran.code == 1, ran.out + ran.err
    assert "坏文件.pdf" in ran.out
    found = dict(rows(home, "select file_name, reason from fct_files where file_state = 'quarantined'"))
    assert {"坏文件.pdf", "旧格式.doc"} <= set(found)
    named = {name for (name,) in rows(home, "select f.file_name from fct_findings x join fct_files f using (file_id)")}
    assert {"坏压缩.xlsx", "不认识.csv"} <= named
    assert len(rows(home, "select * from dim_documents")) == 5
    assert Releases(home / "releases").resolve().sequence == 2


def test_a_wrong_date_is_a_usage_error(home: Path, run: Run) -> None:
    ran = run(home, "refresh", "--evaluation-date", "2020-13-40")
    assert (ran.code, "YYYY-MM-DD" in ran.err) == (2, True)


def test_the_same_runs_on_the_real_documents(troubled: tuple[Path, Ran]) -> None:
    """In a folder that DUBAN_PLANS_DIR names, beside files that cannot be read."""
    if not (SHARED / "plans").is_dir():
        pytest.skip("the real plan documents are not beside this checkout")
    home, _ = troubled
    assert set(rows(home, "select region_code, plan_year from dim_documents")) == FIVE_PLANS
    theirs = {path.name for path in (SHARED / "plans").iterdir()}
    assert {name for (name,) in rows(home, "select file_name from dim_documents")} <= theirs
    kinds = dict(rows(home, "select kind, count(*) from fct_commitments group by kind"))
    assert min(kinds.get(k, 0) for k in ("metric", "count", "money", "milestone", "deliverable")) > 0


def test_a_copied_home_is_the_same_bureau(refreshed_home: Path, tmp_path: Path, run: Run) -> None:
    moved = tmp_path / "restored"
    shutil.copytree(refreshed_home, moved)
    shutil.rmtree(moved / "warehouse")
    ran = run(moved, "sql", "select count(*) as n from fct_attainments", "--format", "csv")
    assert ran.code == 0
    assert int(ran.out.split()[1]) == rows(refreshed_home, "select count(*) from fct_attainments")[0][0]
