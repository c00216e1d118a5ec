"""How approvals, unlocks and notes read on the page: how far each region is, what is to be done next, what was said.

Here: the log's acts beside the release's rows. Not here: layout, and recording acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from app.pending import Log, of_act
from app.presenting import period_text
from ingestion.registry import approvals
from ingestion.registry.acts import Act
from ingestion.registry.published import Accepted

# what each state waits for; the service refuses everything else
NEXT = {
    approvals.START: "报送", approvals.VOID: "报送", "已退回": "报送", "已报送": "校审", "已校审": "锁定",
    "已锁定": "发布",
}  # fmt: skip
SERVICES = {
    "报送": approvals.submit, "校审": approvals.review, "锁定": approvals.lock, "发布": approvals.publish,
    "退回": approvals.give_back,
}  # fmt: skip
_CSS = {"已发布": "blue", "已锁定": "green", "已校审": "green", "已报送": "green", "失效": "red", "已退回": "yellow"}


@dataclass(frozen=True)
class Slot:
    """One form and period that can be signed off."""

    form_code: str
    form_name: str
    start: date
    period: str
    lock_date: date | None
    accepted_count: int


@dataclass(frozen=True)
class RegionView:
    """One region of a slot: what came, how far its approval is, who did the last step."""

    subject: approvals.Subject
    name: str
    expected: int
    data: Accepted
    state: str
    acts: list[dict[str, Any]]

    @property
    def next_step(self) -> str:
        """The step it waits for, '' at the end of the way."""
        return NEXT.get(self.state, "")

    @property
    def css(self) -> str:
        return _CSS.get(self.state, "gray")

    @property
    def can_return(self) -> bool:
        return self.state not in {approvals.START, "已退回"}

    @property
    def is_pending(self) -> bool:
        return any(act["is_pending"] for act in self.acts)


def slots_of(rows: pl.DataFrame) -> dict[str, list[Slot]]:
    """Form name → its periods, the latest first."""
    found: dict[str, list[Slot]] = {}
    for row in rows.to_dicts():
        name = row["form_name"] or row["form_code"]
        start = row["period_start_date"]
        found.setdefault(name, []).append(
            Slot(row["form_code"], name, start, period_text(start, row["frequency"]), row["lock_date"],
                 row["accepted_count"])
        )  # fmt: skip
    return found


def region_views(slot: Slot, rows: pl.DataFrame, log: Log, sequence: int) -> list[RegionView]:
    """Every region of a slot with the state of its approval over the data of the release."""
    acts: dict[str, list[Act]] = {}
    for act in log.of("approval"):
        acts.setdefault(act.subject_key, []).append(act)
    views = []
    for row in rows.to_dicts():
        subject = approvals.Subject(slot.form_code, slot.start, row["region_code"])
        own = acts.get(subject.key, [])
        data = Accepted(row["digest"], row["accepted_count"], sequence)
        views.append(
            RegionView(
                subject, row["region_name"] or row["region_code"], row["expected_count"], data,
                approvals.state(own, data.digest), [of_act(act, log) for act in own][::-1],
            )
        )  # fmt: skip
    return views


def confirmed_findings(log: Log) -> dict[str, dict[str, Any]]:
    """finding_id → the act that confirmed it."""
    return {act.subject_key: of_act(act, log) for act in log.of("finding")}


def unlocks(log: Log, names: dict[str, str], forms: dict[str, str], day: date) -> list[dict[str, Any]]:
    """Leaves to report after the lock, the newest first, with whether they still run on a day."""
    listed = []
    for act in reversed(log.of("unlock")):
        said = act.payload
        listed.append(
            of_act(act, log)
            | {
                "form": forms.get(said["form_code"], said["form_code"]),
                "reporter": names.get(said["reporter_code"], said["reporter_code"]),
                "start": said["period_start_date"], "name": said["name"], "expires": said["expires_date"],
                "is_over": said["expires_date"] < day.isoformat(),
            }
        )  # fmt: skip
    return listed


def notes(log: Log, subject_type: str, subject_key: str) -> list[dict[str, Any]]:
    """Notes about one subject, the newest first."""
    own = (act for act in log.of(subject_type) if act.event_type == "note.added" and act.subject_key == subject_key)
    return [of_act(act, log) | {"text": act.payload["text"]} for act in own][::-1]
