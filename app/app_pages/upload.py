"""上报: a unit's statistician hands in a workbook: findings at once, a receipt, earlier attempts, what stays open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from app import context, uploading
from app.app_pages.quality import cause_text
from app.context import RunContext
from app.lists import EXCEL
from app.presenting import period_text
from app.queries import uploads
from app.rendering import show
from app.roles import current
from app.uploading import Receipt, Subject
from app.vocabulary import SEVERITIES
from ingestion.evaluation import BUREAU_TIME
from ingestion.settings import load_settings
from ingestion.workbooks.checking import Checked
from ingestion.workbooks.forms import Form
from ingestion.workbooks.handback.returning import corrections

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = (".xlsx", ".xls", ".xlsb", ".xlsm", ".ods", ".csv")
CELLS_A_CAUSE, ATTEMPTS_SHOWN, RETURNS_SHOWN = 40, 12, 6
HANDED = "_handed_in"
LOADED, QUARANTINED = "loaded", "quarantined"


@dataclass(frozen=True)
class Desk:
    """Who hands in what: the form and the unit as chosen (either may be left to the file), every unit by code."""

    run: RunContext
    known: dict[str, Form]
    names: dict[str, str]
    form: Form | None
    reporter: str

    @property
    def code(self) -> str:
        return self.form.code if self.form else ""

    def texts(self, subjects: Sequence[Subject]) -> list[str]:
        """What is reported, in words: 甲幼儿园 2020年9月."""
        made = [
            f"{self.names.get(reporter, reporter)} {self.period(form, start)}"
            for form, reporter, start in dict.fromkeys(subjects)
        ]
        return made if len(made) <= 6 else [*made[:6], f"等 {len(made)} 份"]

    def period(self, form: str, start: date) -> str:
        return period_text(start, self.known[form].frequency if form in self.known else None)


def grouped(findings: pl.DataFrame) -> list[dict[str, Any]]:
    """Findings by cause, the gravest first; each with its cells."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    rows = sorted(findings.to_dicts(), key=lambda r: (SEVERITIES.index(r["severity"]), r["sheet_name"] or ""))
    for row in rows:
        group = groups.setdefault(
            (row["severity"], row["cause_key"] or row["rule_code"]),
            {"severity": row["severity"], "message": cause_text(row["message"]), "fix": row["fix"], "cells": []},
        )
        group["cells"].append(row)
    return list(groups.values())


def refusal(checked: Checked, form: Form | None, reporter: str, allowed: dict[str, str]) -> tuple[str, str] | None:
    """Why the file is not taken here, and what to do; None where it may be handed in."""
    told = sorted({code for _, code, _ in checked.subjects})
    if checked.file_state == QUARANTINED and not checked.cells_loaded:
        fixes = checked.findings["fix"].drop_nulls().unique().to_list()
        fix = fixes[0] if len(fixes) == 1 else "请按下面写的改好，再放一次。"
        return (f"整份不能入库：{(checked.reason or '见下面的问题').removesuffix(f'；{fix}')}", fix)
    if checked.file_state not in (LOADED, QUARANTINED):
        return (checked.reason or "认不出这份文件", "请用下面的空白模板填写，或请教育局为它登记表样。")
    if form and checked.form_name and checked.form_name != form.name:
        return (
            f"这份是《{checked.form_name}》，您选的是《{form.name}》",
            f"请把“报表”改选为《{checked.form_name}》，或换一份文件。",
        )
    if reporter and told and reporter not in told:
        written = "、".join(allowed.get(code, code) for code in told[:3])
        return (f"表里的填报单位是 {written}，不是您选的单位", "请改选“填报单位”，或更正表头上方的填报单位。")
    if outside := [code for code in told if code not in allowed]:
        return (f"表里有不归您填报的单位：{'、'.join(outside[:3])}", "请只报送本单位、本地区的表。")
    return None


def answers(run: RunContext, checked: Checked) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Findings that stood open for what the file reports: those it answers, and those it repeats."""
    found = set(checked.findings["finding_id"])
    before = [
        row
        for form, reporter, period in dict.fromkeys(checked.subjects)
        for row in uploads.open_findings(run.release, reporter, form).to_dicts()
        if row["period_start_date"] == period and not row["is_across_files"]
    ]
    return [r for r in before if r["finding_id"] not in found], [r for r in before if r["finding_id"] in found]


def choose(run: RunContext, known: dict[str, Form], names: dict[str, str]) -> Desk:
    """The form and the unit as chosen."""
    by_name = {form.name: form for form in known.values()}
    left, right = st.columns(2)
    chosen = left.selectbox(
        "报表", list(by_name), index=None, key="form", bind="query-params", placeholder="选择要报的表"
    )
    form = by_name.get(chosen or "")
    units = uploading.reporters(form, run.regions) if form else names
    options = {f"{name}（{code}）": code for code, name in units.items()}
    unit = right.selectbox(
        "填报单位", list(options), index=None, key="unit", bind="query-params", placeholder="选择单位；汇总表可不选"
    )
    return Desk(run, known, names, form, options.get(unit or "", ""))


def papers(desk: Desk) -> None:
    """The blank template, and the unit's own workbook back with its cells marked."""
    form, reporter = desk.form, desk.reporter
    with st.container(horizontal=True):
        if form:
            st.download_button(
                f"空白模板：{form.name}", lambda: uploading.blank(form, reporter, desk.names.get(reporter, "")),
                f"{form.name}{'-' + reporter if reporter else ''}.xlsx", EXCEL, on_click="ignore", key="blank",
            )  # fmt: skip
        for one in _to_return(desk):
            name = Path(one["file_name"]).stem
            st.download_button(
                f"退改：{name}（{one['count']} 处）", lambda file_id=one["file_id"]: _returned(desk, file_id),
                f"退改-{one['file_id']}-{name}.xlsx", EXCEL, on_click="ignore", key=f"back_{one['file_id']}",
                help="您交来的工作簿，问题单元格已涂色并写明改法；改好后原样上报",
            )  # fmt: skip


def _to_return(desk: Desk) -> list[dict[str, Any]]:
    """Files of the unit with open findings, the newest first."""
    if not desk.reporter:
        return []
    found = uploads.open_findings(desk.run.release, desk.reporter, desk.code)
    counts = found.group_by("file_id", "file_name").len("count").sort("file_id", descending=True)
    return counts.head(RETURNS_SHOWN).to_dicts()


def _returned(desk: Desk, file_id: int) -> bytes:
    """The workbook marked, or its list of findings where it cannot be."""
    made = corrections(desk.run.release, load_settings(), desk.known, desk.reporter, form=desk.code)
    return next((one.content for one in made if one.file_id == file_id), made[0].content)


def take(desk: Desk) -> str:
    """The file, what the gate says of it, and the way in. Returns the one unit that the file names, else ''."""
    limit = load_settings().max_file_mb
    file = st.file_uploader(f"报表文件（{'、'.join(k[1:] for k in KINDS)}，不超过 {limit} MB）", key="file")
    with st.expander("表里没有写报告期、填报单位，或只更正几格"):
        left, right = st.columns(2)
        period = left.text_input("报告期", key="said_period", placeholder="例如 2020年9月、2020-2021学年")
        unit = right.text_input("填报单位", key="said_unit", placeholder="名称（代码）或名称")
        is_partial = st.checkbox("部分更正：只有填了的单元格替换以前的数", key="said_partial")
    if file is None:
        _receipt(desk)
        return ""
    if unfit := unreadable(file.name, file.size, limit):
        show("upload_refused.html", why=unfit[0], fix=unfit[1])
        return ""
    name, data = uploading.declared(file.name, period, unit, is_partial=is_partial), file.getvalue()
    with st.spinner("正在自查……"):
        checked = uploading.examine(data, name)
    _told(desk, checked, data, name)
    told = {code for _, code, _ in checked.subjects} & set(desk.names)
    return told.pop() if len(told) == 1 else ""


def unreadable(name: str, size: int, limit: int) -> tuple[str, str] | None:
    """Why a file is not even looked into, and what to do; `size` in bytes, `limit` in MB. What a file is, the gate
    says, as it does for `duban check`."""
    if size > limit * 2**20:
        fix = "请删去多余的工作表、图片和格式，或按学校拆开后分别上报。"
        return f"{name} 有 {size / 2**20:.0f} MB，超过 {limit} MB", fix
    return None


def _told(desk: Desk, checked: Checked, data: bytes, name: str) -> None:
    allowed = desk.names if checked.knows_register else {code: code for _, code, _ in checked.subjects}
    refused = refusal(checked, desk.form, desk.reporter, allowed)
    closed, still = answers(desk.run, checked)
    show(
        "upload_findings.html", checked=checked, groups=grouped(checked.findings), refused=refused, closed=closed,
        still=still, shown=CELLS_A_CAUSE, reports=desk.texts(checked.subjects),
    )  # fmt: skip
    receipt: Receipt | None = st.session_state.get(HANDED)
    if receipt is not None and receipt.arrival.sha256 == uploading.fingerprint(data):
        _receipt(desk)
    elif refused is None:
        count = checked.findings.height

        def act() -> None:
            if current().may_hand_in:
                st.session_state[HANDED] = uploading.hand_in(desk.run, data, name, checked)

        st.button(f"带 {count} 个问题上报" if count else "上报", key="hand_in", type="primary", on_click=act)


def _receipt(desk: Desk) -> None:
    """What was handed in last in this session, with its paper."""
    receipt: Receipt | None = st.session_state.get(HANDED)
    if receipt is None:
        return
    times = [(desk.texts([subject])[0], count) for subject, count in receipt.times]
    show("upload_receipt.html", receipt=receipt, times=times)
    st.download_button(
        "下载回执", lambda: uploading.receipt_paper(desk.run, receipt, desk.names, desk.known),
        f"回执-{receipt.arrival.file_id}.docx", WORD, on_click="ignore", key="receipt",
    )  # fmt: skip


def history(desk: Desk, reporter: str) -> None:
    """Earlier attempts of a unit, those still waiting first, and its findings that stand open."""
    release = desk.run.release
    rows = [
        row | {"at": _bureau(row["received_at"]), "period": period_text(row["period_start_date"], row["frequency"])}
        for row in uploads.attempts(release, reporter, desk.code).to_dicts()
    ]
    new = [
        {"file_id": a.file_id, "file_name": a.file_name, "at": _bureau(a.received_at)}
        for a, c in uploading.waiting(desk.run)
        if any(subject[1] == reporter and desk.code in ("", subject[0]) for subject in c.subjects)
    ]
    by_report: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in uploads.open_findings(release, reporter, desk.code).to_dicts():
        by_report[f"{row['form_name']} {period_text(row['period_start_date'], row['frequency'])}"].append(row)
    show(
        "upload_history.html", rows=rows[:ATTEMPTS_SHOWN], total=len(rows), waiting=new, open=by_report,
        name=desk.names.get(reporter, reporter), release=release.sequence,
    )  # fmt: skip


def _bureau(moment: datetime) -> str:
    return moment.replace(tzinfo=UTC).astimezone(BUREAU_TIME).strftime("%Y-%m-%d %H:%M")


def page() -> None:
    run = context.current()
    names = uploading.reporters(None, run.regions)
    show("upload_head.html", knows_register=bool(names))
    desk = choose(run, uploading.forms(), names)
    papers(desk)
    reporter = take(desk) or desk.reporter
    if reporter:
        history(desk, reporter)
    else:
        show("panel_note.html", heading="以前的报送", text="选择填报单位，可看到它以前报了几次、还有哪些问题没有改。")


if __name__ == "__main__":
    page()
