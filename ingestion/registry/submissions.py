"""Mistakes in what was submitted, made good: withdraw a submission, give it to the reporter or period it belongs to.
And leave to report after the lock (unlock), and confirmation of what a rule doubted.

The files stay where they are; which submission counts after such an act is decided in SQL (fct_submissions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingestion.landing import Landing
from ingestion.registry.acts import Act, Who, day, known, record, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.workbooks.forms import Form
from ingestion.workbooks.periods import parse_period

WITHDRAWN, REASSIGNED = "submission.withdrawn", "submission.reassigned"
UNLOCKED, FINDING_CONFIRMED = "unlock.granted", "finding.confirmed"
DOUBTS = ("可疑", "宏观")
SHORTEST_ID = 6


@dataclass(frozen=True)
class Submission:
    """One reporter's report of one period in one file, as it was first read."""

    file_id: int
    form_code: str
    reporter_code: str
    period_start_date: date
    submission_state: str
    sha256: str | None = None
    file_name: str | None = None

    @property
    def key(self) -> str:
        return f"{self.file_id}|{self.reporter_code}|{self.period_start_date.isoformat()}"

    @property
    def fields(self) -> dict[str, object]:
        return {
            "form_code": self.form_code, "reporter_code": self.reporter_code, "file_id": self.file_id,
            "period_start_date": self.period_start_date.isoformat(), "sha256": self.sha256, "file_name": self.file_name,
        }  # fmt: skip


def landed_submissions(landing: Landing) -> list[Submission]:
    """Every submission that landed, by file."""
    files = landing.read("intake__files").select("file_id", "sha256", "file_name")
    rows = landing.read("forms__submissions").join(files, on="file_id", how="left").sort("file_id", "reporter_code")
    names = ["file_id", "form_code", "reporter_code", "period_start_date", "submission_state", "sha256", "file_name"]
    return [Submission(*row) for row in rows.select(names).iter_rows()]


def chosen(submissions: list[Submission], file_id: int, reporter: str = "", period: str = "") -> Submission:
    """The submission of a file, with its reporter or period where the file holds several. Raises RegistryError."""
    own = [
        s
        for s in submissions
        if s.file_id == file_id
        and (not reporter or s.reporter_code == reporter)
        and (not period or s.period_start_date.isoformat().startswith(period))
    ]
    if not own:
        raise RegistryError(f"没有文件 {file_id} 的这份报送；见 duban submission list")
    if len(own) > 1:
        some = "、".join(f"{s.reporter_code} {s.period_start_date}" for s in own[:5])
        raise RegistryError(f"文件 {file_id} 里有 {len(own)} 份报送（{some}…），请写明单位代码和报告期")
    return own[0]


def withdraw(registry: Registry, submission: Submission, who: Who) -> int:
    """Take a submission out of account, as if it had not come; returns the event's number."""
    with registry.deciding():
        _refuse_if_withdrawn(registry, submission)
        return record(registry, [who.event(WITHDRAWN, "submission", submission.key, submission.fields)])[0]


def reassign(registry: Registry, submission: Submission, reporter: str, period_start_date: date, who: Who) -> int:
    """Say whose and of which period a submission really is; returns the event's number."""
    with registry.deciding():
        _refuse_if_withdrawn(registry, submission)
        now = assignment(standing(registry, "submission"), submission)
        if now == (reporter, period_start_date):
            raise RegistryError(f"这份报送现在就属于 {reporter} {period_start_date}，没有要改的")
        fields = submission.fields | {
            "new_reporter_code": reporter,
            "new_period_start_date": period_start_date.isoformat(),
        }
        return record(registry, [who.event(REASSIGNED, "submission", submission.key, fields)])[0]


def assignment(acts: list[Act], submission: Submission) -> tuple[str, date]:
    """Whose and of which period a submission counts, with the last standing reassignment applied."""
    moved = [act.payload for act in acts if act.event_type == REASSIGNED and act.subject_key == submission.key]
    if not moved:
        return submission.reporter_code, submission.period_start_date
    return moved[-1]["new_reporter_code"], date.fromisoformat(moved[-1]["new_period_start_date"])


def is_withdrawn(acts: list[Act], submission: Submission) -> bool:
    return any(act.event_type == WITHDRAWN and act.subject_key == submission.key for act in acts)


def unlock(
    registry: Registry, slot: tuple[str, str, date], name: str, expires_date: date | str, granted_on: date, who: Who
) -> int:
    """Let a reporter report a (form, reporter, period) after its lock date, until a day; returns the event's number.

    `name` is who gave leave. Raises RegistryError where the leave would be over before it begins.
    """
    expires = day(expires_date, "有效期")
    if expires < granted_on.isoformat():
        raise RegistryError(f"有效期 {expires} 已过（今天 {granted_on}），请写以后的日期")
    form_code, reporter_code, start = slot
    fields = {
        "form_code": form_code, "reporter_code": reporter_code, "period_start_date": start.isoformat(),
        "name": name.strip(), "expires_date": expires,
    }  # fmt: skip
    return record(registry, [who.event(UNLOCKED, "unlock", f"{form_code}|{reporter_code}|{start}", fields)])[0]


def confirm_finding(registry: Registry, finding: Mapping[str, Any], who: Who) -> int:
    """Say that a doubted value is true; `finding` is a row of intake__findings or fct_findings. Returns the event."""
    if finding["severity"] not in DOUBTS:
        raise RegistryError(f"“{finding['severity']}”类问题不能确认，须改正后重新报送；只有可疑、宏观类可以确认属实")
    with registry.deciding():
        before = [a for a in standing(registry, "finding") if a.subject_key == finding["finding_id"]]
        if before:
            raise RegistryError(f"这一条已由{before[-1].actor}确认（第{before[-1].event_no}号事件）")
        names = ("rule_code", "form_code", "reporter_code", "cell", "raw_value", "element_code", "file_id")
        fields = {name: finding[name] for name in names if finding.get(name) not in (None, "")}
        if finding.get("period_start_date"):
            fields["period_start_date"] = finding["period_start_date"].isoformat()
        return record(registry, [who.event(FINDING_CONFIRMED, "finding", finding["finding_id"], fields)])[0]


def found_finding(findings: Iterable[Mapping[str, Any]], finding_id: str) -> Mapping[str, Any]:
    """A finding by its id or the beginning of it. Raises RegistryError where none or several fit."""
    own = {row["finding_id"]: row for row in findings if row["finding_id"].startswith(finding_id)}
    if len(own) != 1 or len(finding_id) < SHORTEST_ID:
        raise RegistryError(f"没有编号为“{finding_id}”的问题（至少写{SHORTEST_ID}位）；编号见 duban finding list")
    return next(iter(own.values()))


def period_of(form: Form, text: str) -> date:
    """The first day of the period that a person names for a form. Raises RegistryError where it names none."""
    start = parse_period(text, form.frequency)
    if start is None:
        example = {"月": "2020-09", "学年": "2020-2021学年", "年": "2020年", "季": "2020年第三季度"}
        raise RegistryError(f"“{text}”不是{form.name}的报告期，请写成 {example.get(form.frequency, '2020年秋季学期')}")
    return start


def form_of(forms: Mapping[str, Form], text: str) -> Form:
    """A form by code or name. Raises RegistryError where there is none."""
    return forms[known(text, {code: form.name for code, form in forms.items()}, "报表")]


def _refuse_if_withdrawn(registry: Registry, submission: Submission) -> None:
    if is_withdrawn(standing(registry, "submission"), submission):
        raise RegistryError("这份报送已撤回；要恢复，请用 duban undo 撤回那次撤回")
