"""A gap becomes a matter by one act, and the matter closes only by its steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ingestion.registry import rectifications, tasks
from ingestion.registry.acts import Who, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.published import gap_of
from ingestion.registry.rectification_paper import HEADERS, write_rectifications
from ingestion.registry.rectifications import Rectification, read_rectifications
from ingestion.registry.reviews import Reviewed
from ingestion.registry.tasks import TaskDraft
from ingestion.registry.undoing import undo
from ingestion.releases import Release

LI, WANG = Who("李强", "自查"), Who("王敏", "督查")
FIRST = "a" * 16


@pytest.fixture
def key(registry: Registry, publish: Callable[..., Release], units: dict[str, str]) -> str:
    return rectifications.open_gap(registry, gap_of(publish(), FIRST), WANG, units, "学前教育科")


def now(registry: Registry, key: str) -> Rectification:
    return read_rectifications(standing(registry))[key]


def test_it_keeps_the_figures_it_was_opened_on(registry: Registry, key: str) -> None:
    said = now(registry, key).opened
    kept = ("light", "target_value", "attained_value", "gap", "unit", "unit_code", "due_date", "release_sequence")
    # the deadline is the day of judging, so thirty days from then
    assert [said[name] for name in kept] == ["红", "50", "45", "5", "%", "XQ", "2021-01-30", 1]


def test_the_lead_of_the_task_rectifies(
    registry: Registry, publish: Callable[..., Release], confirmed: list[Reviewed], units: dict[str, str]
) -> None:
    gap = gap_of(publish("2020-10-20"), FIRST)
    with pytest.raises(RegistryError, match="不知道由哪个单位整改"):
        rectifications.open_gap(registry, gap, WANG, units)
    tasks.create(registry, [(confirmed[0], TaskDraft("建园", "JJ", "2020-10-31"))], WANG, units)
    opened = now(registry, rectifications.open_gap(registry, gap, WANG, units)).opened
    assert (opened["unit_code"], opened["due_date"]) == ("JJ", "2020-12-31")


def test_what_is_met_or_open_already_is_not_opened(
    registry: Registry, key: str, publish: Callable[..., Release], units: dict[str, str]
) -> None:
    release = publish()
    with pytest.raises(RegistryError, match="已达标"):
        rectifications.open_gap(registry, gap_of(release, "b" * 16), WANG, units, "JJ")
    with pytest.raises(RegistryError, match=f"已有整改 {key}"):
        rectifications.open_gap(registry, gap_of(release, FIRST), WANG, units, "JJ")
    with pytest.raises(RegistryError, match="没有承诺"):
        gap_of(release, "x")


def test_each_step_waits_for_the_one_before(registry: Registry, key: str, units: dict[str, str]) -> None:
    with pytest.raises(RegistryError, match="在“自查”环节"):
        rectifications.set_measures(registry, key, "转普惠", LI)
    with pytest.raises(RegistryError, match="原因"):
        rectifications.set_cause(registry, key, " ", LI)
    rectifications.set_cause(registry, key, "两所未转普惠", LI)
    rectifications.set_measures(registry, key, "转普惠", LI, due_date="2021-02-28", person="李强")
    with pytest.raises(RegistryError, match="还没有填报进展"):
        rectifications.check(registry, key, "通过", "2021-02-01", WANG)
    rectifications.report(registry, key, "已转一所", "2021-01-20", LI)
    with pytest.raises(RegistryError, match="复核人不能是填报人"):
        rectifications.check(registry, key, "通过", "2021-02-01", LI)
    with pytest.raises(RegistryError, match="通过、不通过"):
        rectifications.check(registry, key, "还行", "2021-02-01", WANG)
    rectifications.check(registry, key, "不通过", "2021-02-01", WANG)
    assert now(registry, key).stage == "措施"
    with pytest.raises(RegistryError, match="在“措施”环节"):
        rectifications.close(registry, key, "2021-02-02", WANG)
    rectifications.report(registry, key, "已转两所", "2021-02-20", LI)
    rectifications.check(registry, key, "通过", "2021-02-25", WANG)
    closed = rectifications.close(registry, key, "2021-02-26", WANG)
    matter = now(registry, key)
    assert (matter.stage, matter.closed_date, matter.due_date, matter.is_open) == (
        "销号",
        "2021-02-26",
        "2021-02-28",
        False,
    )
    undo(registry, closed, "王敏", "再看看")
    assert now(registry, key).stage == "复核"


def test_a_closed_matter_is_reopened_or_opened_anew(
    registry: Registry, key: str, publish: Callable[..., Release], units: dict[str, str]
) -> None:
    with pytest.raises(RegistryError, match="到“销号”环节"):
        rectifications.reopen(registry, key, "2021-03-31", WANG)
    rectifications.set_cause(registry, key, "甲", LI)
    rectifications.set_measures(registry, key, "乙", LI)
    rectifications.report(registry, key, "丙", "2021-01-20", LI)
    rectifications.check(registry, key, "通过", "2021-02-25", WANG)
    rectifications.close(registry, key, "2021-02-26", WANG)
    second = rectifications.open_gap(registry, gap_of(publish(), FIRST), WANG, units, "JJ")
    assert second.endswith("-2")
    rectifications.reopen(registry, key, "2021-03-31", WANG)
    matter = now(registry, key)
    assert (matter.stage, matter.due_date, matter.progress) == ("差距", "2021-03-31", ())


def test_the_ledger_says_what_the_log_says(registry: Registry, key: str, units: dict[str, str], tmp_path: Path) -> None:
    rectifications.set_cause(registry, key, "=两所未转普惠", LI)
    path = tmp_path / "整改台账.xlsx"
    write_rectifications(path, [now(registry, key)], units, "单位：甲局    制表人：王敏    制表日期：2021-01-05")
    sheet = openpyxl.load_workbook(path)["整改台账"]
    assert "制表日期：2021-01-05" in sheet.cell(2, 1).value
    line = dict(zip(HEADERS, [cell.value for cell in sheet[4]], strict=True))
    assert (line["整改编号"], line["环节"], line["差距"], line["整改单位"]) == (key, "差距", "5%", "学前教育科")
    assert line["原因"] == "=两所未转普惠"
    assert sheet.cell(4, HEADERS.index("原因") + 1).data_type == "s"  # text, not a formula
