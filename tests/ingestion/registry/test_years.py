"""A year closes on a release that is kept, carries over what is unfinished, opens the next, and all comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from filelock import FileLock

from ingestion.locks import Busy
from ingestion.registry import baselines, courses, opening, progress, registers, tasks, years
from ingestion.registry.acts import Report, Who, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed
from ingestion.registry.task_states import read_tasks
from ingestion.registry.tasks import NodeDraft, TaskDraft
from ingestion.registry.undoing import undo
from ingestion.registry.workbook import write
from ingestion.releases import Release, Releases
from ingestion.sample import write_sample
from ingestion.settings import Settings

LI = Who("李强", "办理")


@pytest.fixture
def work(registry: Registry, confirmed: list[Reviewed], who: Who, units: dict[str, str]) -> list[str]:
    """Three tasks of 2020: one open with a node reached and one not, one accepted, one of 2021; their keys."""
    nodes = [NodeDraft("招标", "2020-02-29"), NodeDraft("封顶", "2020-09-30", "照片")]
    drafts = [
        (confirmed[0], TaskDraft("建园", "XQ", "2020-10-31", ["JJ"], "李强", 2020, nodes=nodes)),
        (confirmed[1], TaskDraft("订办法", "JJ", "2020-09-30", year=2020)),
        (confirmed[1], TaskDraft("再订", "JJ", "2021-09-30", year=2021)),
    ]
    keys = tasks.create(registry, drafts, who, units)
    progress.report_node(registry, keys[0], 1, "2020-03-01", "通知书", LI)
    progress.report(registry, keys[1], Report("办结", "2020-09-20", evidence="批文"), LI)
    progress.accept(registry, keys[1], "2020-09-25", who)
    return keys


def test_a_year_closes_and_comes_back_whole(
    registry: Registry, work: list[str], releases: Releases, publish: Callable[..., Release], who: Who
) -> None:
    release = publish()
    before = standing(registry)
    done = years.close(registry, releases, 2020, registry.last_event_no(), who)
    assert (done.commitments, done.tasks) == (1, 1)
    closed = next(act for act in standing(registry) if act.event_type == "year.closed")
    assert closed.payload["table_checksums"] == release.info()["checksums"]
    carried = next(act for act in standing(registry) if act.event_type == "commitment.carried")
    assert (carried.subject_key, carried.payload["to_year"], carried.payload["attained_value"]) == (
        "a" * 16,
        2021,
        "45",
    )
    (new,) = [task for task in read_tasks(standing(registry)).values() if task.origin]
    assert (new.origin, new.year, new.due_date, new.person) == (work[0], 2021, "2021-10-31", "李强")
    assert [(node.number, node.name, node.due_date, node.evidence_required) for node in new.nodes] == [
        (1, "封顶", "2021-09-30", "照片")
    ]
    pointer = releases.pointer()
    assert pointer and pointer.pinned == [release.sequence]
    settings = Settings(home=releases.folder.parent)
    gone, told = opening.undo_act(settings, registry, done.event_numbers[0], Who("王督学", "封早了"))
    assert (len(gone), told) == (len(done.event_numbers), "")
    assert standing(registry) == before
    pointer = releases.pointer()
    assert pointer and pointer.pinned == []
    assert years.close(registry, releases, 2020, registry.last_event_no(), who).tasks == 1


def test_a_year_is_not_closed_too_early_or_twice(
    registry: Registry, work: list[str], releases: Releases, publish: Callable[..., Release], who: Who
) -> None:
    publish("2020-10-20")
    with pytest.raises(RegistryError, match="还没有评价到年底"):
        years.close(registry, releases, 2020, registry.last_event_no(), who)
    publish()
    with pytest.raises(RegistryError, match="还有 2 条登记没有进入发布版"):
        years.close(registry, releases, 2020, registry.last_event_no() - 2, who)
    years.close(registry, releases, 2020, registry.last_event_no(), who)
    with pytest.raises(RegistryError, match="2020年已由王督学封账"):
        years.close(registry, releases, 2020, registry.last_event_no(), who)


def test_what_was_given_up_is_not_carried(
    registry: Registry, work: list[str], confirmed: list[Reviewed], releases: Releases,
    publish: Callable[..., Release], who: Who,
) -> None:  # fmt: skip
    courses.terminate(registry, confirmed[0], "2020-11-01", who)
    publish()
    done = years.close(registry, releases, 2020, registry.last_event_no(), who)
    assert (done.commitments, done.tasks) == (0, 0)


def test_what_was_carried_once_is_carried_again(
    registry: Registry, work: list[str], releases: Releases, publish: Callable[..., Release], who: Who
) -> None:
    publish("2021-12-31")
    years.close(registry, releases, 2020, registry.last_event_no(), who)
    years.close(registry, releases, 2021, registry.last_event_no(), who)
    carried = [act.payload["to_year"] for act in standing(registry) if act.event_type == "commitment.carried"]
    assert carried == [2021, 2022]
    origins = {task.key: task.origin for task in read_tasks(standing(registry)).values() if task.year == 2022}
    assert len(origins) == 2
    assert work[2] in origins.values()


def test_a_changed_release_is_noticed(
    registry: Registry, releases: Releases, publish: Callable[..., Release], who: Who, tmp_path: Path
) -> None:
    first = publish()
    years.close(registry, releases, 2020, 0, who)
    second = publish(why="改过")
    first.path.write_bytes(second.path.read_bytes())
    with pytest.raises(RegistryError, match="内容与封账时不同"):
        years.baselines(registry, releases, 2020)
    first.path.unlink()
    with pytest.raises(RegistryError, match="已不在"):
        years.baselines(registry, releases, 2020)


def test_a_year_opens_on_the_closed_years_last_figures(
    registry: Registry, releases: Releases, publish: Callable[..., Release], who: Who, tmp_path: Path
) -> None:
    with pytest.raises(RegistryError, match="2020年还没有封账"):
        years.baselines(registry, releases, 2020)
    publish()
    closing = years.close(registry, releases, 2020, 0, who)
    release, figures = years.baselines(registry, releases, 2020)
    (row,) = baselines.proposed(figures, 2020, release.sequence, "王敏").to_dicts()
    assert (row["indicator_code"], row["value"], row["numerator_value"]) == ("pub", Decimal(45), Decimal(45))
    assert (row["reference"], row["source_document"], row["approved_by"]) == ("上年末", "2020年终封版（第1版）", "王敏")
    path = tmp_path / "基数.xlsx"
    write(path, baselines.paper(figures, baselines.proposed(figures, 2020, 1, "王敏")))
    assert [cell.value for cell in openpyxl.load_workbook(path)["基数"][4]][:4] == [
        "pub",
        "公办园占比",
        "330303",
        "甲区",
    ]
    number = years.open_year(registry, release, 2021, 1, who)
    with pytest.raises(RegistryError, match="2021年已由王督学开启"):
        years.open_year(registry, release, 2021, 1, who)
    with pytest.raises(RegistryError, match="（开启年度）"):
        undo(registry, closing.event_numbers[0], "王督学", "重来")
    undo(registry, number, "王督学", "重来")
    undo(registry, closing.event_numbers[0], "王督学", "重来")
    assert standing(registry) == []


def test_baselines_and_register_become_one_version_and_go_again(
    registry: Registry, settings: Settings, releases: Releases, publish: Callable[..., Release], who: Who
) -> None:
    write_sample(settings.home, schools=5, periods=1, seed=1)
    before = opening.configuration(settings)
    figure: dict[str, Any] = {
        "indicator_code": "kg_public_pupils_pct", "region_code": "330303", "numerator": Decimal(0), "denominator": None,
        "period_start_date": date(2020, 12, 1), "indicator_value": Decimal("41.5"), "definition_version": "2020",
    }  # fmt: skip
    rows = baselines.proposed([figure], 2020, 1, "王敏")
    register = opening.register(before, 2021)
    added = {baselines.TABLE: rows, registers.TABLE: register}
    version = opening.apply(settings, added, "开启", who)
    after = opening.configuration(settings)
    assert after.tables["config__baselines"].height == before.tables["config__baselines"].height + 1
    assert after.tables["config__registers"].equals(register)
    assert opening.apply(settings, added, "再来一次", who) is None
    assert opening.register(after, 2021).is_empty()  # what is entered is left as it is
    assert opening.register(after, 2022).height == register.height
    release = publish()
    years.close(registry, releases, 2020, 0, who)
    number = years.open_year(registry, release, 2021, 1, who, config_version=version, register_count=register.height)
    with pytest.raises(RegistryError, match="2021年已由王督学开启"):
        years.refuse_open(registry, 2021)
    before_undo = standing(registry)
    with FileLock(settings.paths.locks / "writer.lock"), pytest.raises(Busy):
        opening.undo_act(settings, registry, number, who, wait=0)
    assert standing(registry) == before_undo
    gone, told = opening.undo_act(settings, registry, number, who)
    assert "已恢复" in told
    assert opening.configuration(settings).digest() == before.digest()
    assert "没有自动恢复" in opening.take_back(settings, gone, who)


@pytest.mark.parametrize(("day", "later"), [("2020-02-29", "2021-02-28"), ("2020-10-31", "2021-10-31")])
def test_the_same_day_a_year_later(day: str, later: str) -> None:
    assert years.next_year(day) == later
