"""Acts are taken back one by one or whole, and the log tells it all in words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ingestion.registry import reviews
from ingestion.registry.acts import Who, known, number, record, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.logbook import add_note, lines
from ingestion.registry.reviews import Reviewed
from ingestion.registry.undoing import undo


def test_one_act_of_many_events_goes_by_one_or_whole(registry: Registry, commitments: list[Reviewed], who: Who) -> None:
    numbers = reviews.confirm(registry, commitments, who)
    assert [act.event_no for act in undo(registry, numbers[1], "李科长", "只有这一条不对")] == [numbers[1]]
    assert len(standing(registry)) == 2
    assert len(undo(registry, numbers[0], "李科长", "都不对", whole=True)) == 2
    assert standing(registry) == []


@pytest.mark.parametrize("event_no", [0, 99])
def test_what_is_not_there_cannot_be_taken_back(registry: Registry, who: Who, event_no: int) -> None:
    with pytest.raises(RegistryError, match=f"没有第{event_no}号事件"):
        undo(registry, event_no, "李科长", "试试")


def test_what_is_taken_back_stays_so(registry: Registry, commitments: list[Reviewed], who: Who) -> None:
    (first,) = reviews.confirm(registry, commitments[:1], who)
    undo(registry, first, "李科长", "不对")
    with pytest.raises(RegistryError, match="已由第2号事件撤回"):
        undo(registry, first, "李科长", "不对")
    with pytest.raises(RegistryError, match="本身就是撤回"):
        undo(registry, 2, "李科长", "还原")
    with pytest.raises(RegistryError, match="理由"):
        undo(registry, reviews.confirm(registry, commitments[:1], who)[0], "李科长", "")


def test_the_log_tells_who_did_what_and_what_was_taken_back(
    registry: Registry, commitments: list[Reviewed], who: Who
) -> None:
    at = datetime.fromisoformat("2020-03-01T18:30:00+00:00")
    reviews.confirm(registry, commitments[:1], Who("王督学", "与原文一致", at))
    add_note(registry, "commitment", commitments[0].commitment_id, "抓紧", who, commitments[0])
    undo(registry, 1, "李科长", "看错了")
    first, note, undone = lines(registry)
    assert (first.label, first.undone_by, f"{first.at:%Y-%m-%d %H:%M}") == ("确认承诺", 3, "2020-03-02 02:30")
    assert "原文：公办园占比达50%以上" in first.content
    assert (note.label, "内容：抓紧" in note.content) == ("批注", True)
    assert (undone.label, undone.actor, undone.reason) == ("撤回第1号", "李科长", "看错了")
    assert [line.event_no for line in lines(registry, actor="李科长")] == [3]
    assert lines(registry, subject="b" * 16) == []


def test_an_event_out_of_the_vocabulary_reaches_no_log(registry: Registry, who: Who) -> None:
    good = who.event("note.added", "task", "T1-1", {"text": "甲"})
    with pytest.raises(RegistryError, match=r"没有“note\.forgotten”这种事件"):
        record(registry, [good, who.event("note.forgotten", "task", "T1-1", {})])
    assert registry.last_event_no() == 0


def test_names_and_numbers_are_taken_as_people_write_them() -> None:
    units = {"JJ": "基础教育科", "XQ": "学前教育科"}
    assert [known(text, units, "单位") for text in ("JJ", "学前教育科", "学前")] == ["JJ", "XQ", "XQ"]
    with pytest.raises(RegistryError, match=r"有2个单位符合“教育”：基础教育科（JJ）、学前教育科（XQ）"):
        known("教育", units, "单位")
    assert [number(text, "数") for text in ("1,200", 96.50, "-0.5", "1e3")] == ["1200", "96.5", "-0.5", "1000"]
    with pytest.raises(RegistryError, match="不是数字"):
        number("nan", "数")


def test_two_people_do_not_decide_on_the_same_state(registry: Registry, tmp_path: Path) -> None:
    """What is read while deciding cannot change before it is acted on."""
    other = Registry(registry.path)
    note = ("note.added", "note", "k", {"text": "甲"}, "王督学", "例行")
    registry.append(*note)
    with registry.deciding():
        seen = len(standing(registry))
        other._local.connection = None
        connection = other._connection()
        connection.execute("pragma busy_timeout = 50")
        with pytest.raises(Exception, match="locked"):
            other.append(*note)
        registry.append(*note)
        assert len(standing(registry)) == seen + 1
    assert other.append(*note) == 3


def test_a_decision_that_fails_leaves_nothing(registry: Registry) -> None:
    note = ("note.added", "note", "k", {"text": "甲"}, "王督学", "例行")
    with pytest.raises(RuntimeError), registry.deciding():
        registry.append(*note)
        raise RuntimeError
    assert registry.last_event_no() == 0
