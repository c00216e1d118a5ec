"""What the queries return agrees with the marts they read, and stays with its release."""

import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from app.app_pages import commitment
from app.queries import commitments, evidence, intake
from app.queries.core import identity
from ingestion.releases import Release, Releases, connect


def test_every_commitment_has_one_row_and_nothing_is_lost(release: Release) -> None:
    frame = commitments.standings(release)
    assert frame.height == frame["commitment_id"].n_unique() == 14
    assert frame.group_by("light").len().sort("light").rows() == [("灰", 6), ("红", 2), ("绿", 3), ("蓝", 1), ("黄", 2)]


def test_owners_come_from_the_text_then_the_card_then_the_reporter(release: Release) -> None:
    owners = {
        row[0]: row[1:]
        for row in commitments.standings(release).select("commitment_id", "owner", "owner_source").rows()
    }
    assert owners["c01"] == ("学前教育处", "原文写明")
    assert owners["c02"] == ("学前教育科", "按指标卡")
    assert owners["c04"] == (None, None)


@pytest.mark.parametrize("key", ["c01", "c02", "c03", "c06", "c07", "l01", "l02", "l03", "l04", "l05"])
def test_the_cells_shown_add_up_to_the_figure_they_prove(release: Release, key: str) -> None:
    row = commitments.standings(release).row(by_predicate=pl.col("commitment_id") == key, named=True)
    card = evidence.card(release, row["indicator_code"]).row(0, named=True)
    cells = evidence.member_cells(release, key)
    regions = commitment.members_by_region(cells, card)
    assert sum(region["n"] for region in regions) == (row["numerator"] or 0)
    if row["denominator"] is not None:
        assert sum(region["d"] for region in regions) == row["denominator"]


def test_the_last_month_of_the_trend_is_the_figure_shown(release: Release) -> None:
    row = commitments.standings(release).row(by_predicate=pl.col("commitment_id") == "c01", named=True)
    months = evidence.trend(release, "KG1", row["region_code"], row["evaluation_date"])
    assert months["indicator_value"][-1] == row["actual_value"]


def test_files_on_the_page_are_the_files_received(release: Release) -> None:
    files, totals = intake.files(release, ""), intake.file_totals(release)
    assert files.height == totals["file_count"].sum()
    assert files["cells_received"].sum() == totals["cells_received"].sum()
    assert intake.files(release, "quarantined")["file_name"].to_list() == ["会议通知.xlsx"]


def test_findings_by_cause_count_every_finding(release: Release) -> None:
    causes = intake.finding_causes(release)
    assert causes["finding_count"].sum() == 8
    assert causes.filter(pl.col("severity") == "有效性")["finding_count"].to_list() == [7]
    assert intake.finding_samples(release)["cell"].to_list()[:3] == ["C5", "C6", "C7"]


def test_who_owes_is_listed_with_the_days(release: Release) -> None:
    owed = intake.owed_reports(release, "kindergarten")
    states = owed.select("reporter_code", "submission_state", "days_overdue").rows()
    assert ("9900010003", "未报", 10) in states
    assert ("9900010002", "迟报", 10) in states
    assert owed["total_count"][0] == owed.height


def test_context_of_an_unexplained_number_is_cut_from_the_text(release: Release) -> None:
    for row in intake.unexplained_numbers(release).to_dicts():
        text = commitments.document_text(release, row["document_id"])
        around = row["before_text"] + row["number_text"] + row["after_text"]
        assert around in text


def test_a_home_built_anew_is_not_answered_from_the_old_release(release: Release, tmp_path: Path) -> None:
    copy = tmp_path / "releases"
    shutil.copytree(release.path.parent, copy)
    first = Releases(copy).resolve()
    assert commitments.standings(first).height == 14
    with duckdb.connect(str(first.path)) as con:
        con.execute("delete from marts.fct_attainments where commitment_id = 'c01'")
    again = Releases(copy).resolve()
    assert identity(again) != identity(release)
    assert commitments.standings(again).height == 13


def test_a_unit_has_as_many_promises_in_the_ledger_as_it_is_scored_for(release: Release) -> None:
    frame = commitments.standings(release).filter(pl.col("is_root") & ~pl.col("status").is_in(["已撤销", "终止"]))
    listed = dict(frame.drop_nulls("owner_code").group_by("owner_code").len().rows())
    with connect(release) as con:
        sql = "select unit_code, sum(commitment_count) from marts.fct_assessments group by all"
        scored = {unit: int(count) for unit, count in con.execute(sql).fetchall()}
    assert listed == scored
    assert listed
