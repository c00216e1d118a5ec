"""A workbook handed in on the page: what the gate says of it, its way into arrivals, and its receipt.

The gate is the one of `duban check`, the way in the one of `duban submit`: nothing is decided or written here. Not
here: what the page looks like (app_pages/upload.py), what stood open before (queries/uploads.py).
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import streamlit as st

from app.context import RunContext
from app.filling import fill
from app.paper_templates import RECEIPT, template_of
from app.papers import head, text_frame
from app.presenting import period_text
from app.queries import uploads
from app.queries.settings import configuration, stamps
from ingestion.arrivals import Arrival, Arrivals, safe_name
from ingestion.config.loader import applied_config
from ingestion.evaluation import BUREAU_TIME
from ingestion.settings import Settings, load_settings
from ingestion.workbooks.checking import Checked, check_file
from ingestion.workbooks.form_templates import write_template
from ingestion.workbooks.forms import Form, load_forms
from ingestion.workbooks.intake import OWN_FORMS

Subject = tuple[str, str, date]
# waiting for the next refresh; more of them than this are counted by the release alone
WAITING_LOOKED_AT = 20


@dataclass(frozen=True)
class Receipt:
    """What was handed in. `times` says which attempt it is at each report; `count` is the findings told before."""

    arrival: Arrival
    form_name: str
    size: int
    count: int
    times: list[tuple[Subject, int]]

    @property
    def at(self) -> datetime:
        """When it was received, in the bureau's time."""
        return self.arrival.received_at.replace(tzinfo=UTC).astimezone(BUREAU_TIME)


def forms() -> dict[str, Form]:
    """The forms in force, the bureau's own among them, by code."""
    return load_forms(extra=load_settings().paths.home / OWN_FORMS)


def reporters(form: Form | None, regions: frozenset[str] | None = None) -> dict[str, str]:
    """Code → name of the units that hand in the form (or any), within the regions where given."""
    config = configuration().config
    if config is None:
        return {}
    frame = config.reporters()
    if regions is not None:
        frame = frame.filter(pl.col("region_code").is_in(list(regions)))
    if form is not None:
        frame = frame.filter(pl.col("type") == form.reporter_type)
        if form.stages:
            frame = frame.filter(pl.col("stage").is_in(form.stages))
    return dict(frame.sort("name").select("code", "name").iter_rows())


def declared(name: str, period: str, unit: str, *, is_partial: bool) -> str:
    """The file's name with what the table does not say of itself, as `duban submit` writes it."""
    said = {"报告期": period.strip(), "填报单位": unit.strip(), "报送方式": "部分更正" if is_partial else ""}
    path = Path(safe_name(Path(name.replace("\\", "/")).name))
    return f"{path.stem}{''.join(f'【{label}：{text}】' for label, text in said.items() if text)}{path.suffix}"


def fingerprint(data: bytes) -> str:
    """sha256 in hexadecimal, as arrivals keep it."""
    return hashlib.sha256(data).hexdigest()


def examine(data: bytes, name: str) -> Checked:
    """What reception would say of the file, remembered as long as register and forms stay. Lands nothing."""
    paths = load_settings().paths
    own = tuple(sorted((str(p), p.stat().st_mtime_ns) for p in (paths.home / OWN_FORMS).rglob("*") if p.is_file()))
    return _examined(data, fingerprint(data), name, (stamps(paths.config), own))


@st.cache_data(show_spinner=False, max_entries=32)
def _examined(_data: bytes, sha256: str, name: str, register: tuple) -> Checked:  # noqa: ARG001 - cache key
    settings = load_settings()
    known = applied_config(settings.paths.config)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(_data)
        return check_file(path, settings, known.reporters() if known else None)


def hand_in(run: RunContext, data: bytes, name: str, checked: Checked) -> Receipt:
    """Give the bytes to arrivals as they are. The same bytes again are no new attempt and get the first receipt."""
    arrival = _arrivals(load_settings()).submit(data, name, "workbook")
    earlier = [known.subjects for other, known in waiting(run) if other.file_id < arrival.file_id]
    times = [
        (s, 1 + uploads.attempts_before(run.whole, *s, arrival.file_id) + sum(s in subjects for subjects in earlier))
        for s in sorted(set(checked.subjects))
    ]
    return Receipt(arrival, checked.form_name or "", len(data), checked.findings.height, times)


def waiting(run: RunContext) -> list[tuple[Arrival, Checked]]:
    """Workbooks that arrived after the release was made, the newest first, with what they report."""
    last = uploads.last_file_id(run.whole)
    settings = load_settings()
    if not (settings.paths.arrivals / "register.sqlite").is_file():
        return []
    newer = [a for a in _arrivals(settings).all("workbook") if a.file_id > last and not a.refusal][-WAITING_LOOKED_AT:]
    return [(a, examine(a.path.read_bytes(), a.file_name)) for a in reversed(newer) if a.path.is_file()]


def _arrivals(settings: Settings) -> Arrivals:
    return Arrivals(settings.paths.arrivals, max_file_mb=settings.max_file_mb)


def blank(form: Form, code: str, name: str) -> bytes:
    """The form's newest template, with the unit filled in where one is given."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "blank.xlsx"
        write_template(form, out, reporter=name, code=code)
        return out.read_bytes()


def receipt_paper(run: RunContext, receipt: Receipt, names: dict[str, str], known: dict[str, Form]) -> bytes:
    """The receipt as a Word paper to keep."""
    arrival = receipt.arrival
    template = template_of(load_settings().paths, RECEIPT)
    values = head(run, "报送回执") | {
        "制表日期": f"{receipt.at.year}年{receipt.at.month}月{receipt.at.day}日",
        "收件编号": str(arrival.file_id),
        "文件名": arrival.file_name,
        "报表": receipt.form_name or "未认出",
        "收到时间": f"{receipt.at:%Y-%m-%d %H:%M:%S}",
        "字节数": f"{receipt.size:,}",
        "指纹": arrival.sha256,
        "问题数": str(receipt.count),
        "说明": "" if arrival.is_new else "与以前收到的一份完全相同，不算新的报送；时间为首次收到的时间。",
    }
    rows = [
        {
            "单位": f"{names.get(reporter, reporter)}（{reporter}）",
            "报告期": period_text(period, known[form].frequency if form in known else None),
            "次数": f"第 {count} 次",
        }
        for (form, reporter, period), count in receipt.times
    ]
    return fill(template, values, {"报送": text_frame(rows, ("单位", "报告期", "次数"))})
