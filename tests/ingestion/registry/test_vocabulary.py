"""The table of events is whole, and an event that does not fit it is refused in words a clerk understands."""

from __future__ import annotations

import hashlib
import json

import pytest

from ingestion.registry.checking import check
from ingestion.registry.sample_events import SHIPPED
from ingestion.registry.store import RegistryError
from ingestion.registry.vocabulary import EVENT_TYPES, UNDONE, accepted_digest

WORDS = {"plan": "甲区.txt", "quote": "制定甲办法"}
TASK = WORDS | {
    "commitment_id": "a" * 16, "task_name": "制定甲办法", "lead_unit_code": "330303-JJ", "assisting_unit_codes": [],
    "due_date": "2020-06-30",
}  # fmt: skip


def test_what_ships_is_written_in_these_words() -> None:
    later = {"commitment_id": "resolved later", "digest": "resolved later"}
    for line in map(json.loads, SHIPPED.read_text(encoding="utf-8").splitlines()):
        fields = EVENT_TYPES[line["event_type"]].fields
        payload = {name: text for name, text in later.items() if name in fields} | line["payload"]
        check(line["event_type"], line["subject_type"], line.get("subject_key") or "resolved later", payload)


def test_every_event_has_a_label_a_subject_and_a_key() -> None:
    assert len({event.label for event in EVENT_TYPES.values()}) == len(EVENT_TYPES)
    for name, event in EVENT_TYPES.items():
        assert event.key, name
        assert event.subject_types or name == UNDONE
        assert all(field.label for field in event.fields.values())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due_date": "2020-6-30"}, "完成时限.*日期"),
        ({"due_date": None}, "缺“完成时限”"),
        ({"task_name": " "}, "任务"),
        ({"assisting_unit_codes": "330303-XQ"}, "一组代码"),
        ({"task_year": "2020"}, "整数"),
        ({"leader": "甲"}, "多出“leader”"),
    ],
)
def test_a_field_that_does_not_fit_is_named(changes: dict[str, object], said: str) -> None:
    check("task.created", "task", "T1", TASK)
    with pytest.raises(RegistryError, match=said):
        check("task.created", "task", "T1", TASK | changes)


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(RegistryError) as refused:
        check("task.reported", "node", "", {"status": "快了", "progress_pct": "半数"})
    for word in ("对象应为task", "没有写明", "未启动、进行中、办结", "完成百分比", "填报日期"):
        assert word in str(refused.value)


def test_an_unknown_event_and_a_hand_made_undo_are_refused() -> None:
    for name in ("task.forgotten", UNDONE):
        with pytest.raises(RegistryError, match="没有"):
            check(name, "task", "T1", {})


def test_the_digest_is_what_its_definition_says() -> None:
    assert accepted_digest([("b", "2"), ("a", "1")]) == hashlib.md5(b"a:1,b:2").hexdigest()
    assert accepted_digest([]) == hashlib.md5(b"").hexdigest()
