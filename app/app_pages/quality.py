"""数据质量: what arrived, what was found and how to mend it, who still owes a report, what became of every number."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import polars as pl
import streamlit as st

from app import context
from app.heat import heatmap
from app.presenting import period_text
from app.queries import intake
from app.rendering import show
from app.vocabulary import FILE_STATES, SEVERITIES, SEVERITY_MEANINGS
from ingestion.releases import Release

# 工作表“九月”C5：… or A5、B5：…
_PLACE = re.compile(r"^(?:工作表“[^”]*”)?(?:[A-Z]{1,3}\d+、?)*：?")
CAUSES_SHOWN = 100
ALL = "全部"


def identity(totals: pl.DataFrame) -> dict[str, int]:
    """Cells of all workbooks by what became of them: received = loaded + quarantined + ignored."""
    names = ("cells_received", "cells_loaded", "cells_quarantined", "cells_ignored")
    return {name: int(totals[name].sum() or 0) for name in names}


def file_counts(totals: pl.DataFrame) -> dict[str, dict[str, int]]:
    """kind → state → files."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in totals.to_dicts():
        counts[row["file_kind"]][row["file_state"]] = row["file_count"]
    return dict(counts)


def cause_text(message: str | None) -> str:
    """The message without its place, which differs from cell to cell of one cause."""
    return _PLACE.sub("", message or "")


def grouped_findings(causes: pl.DataFrame, samples: pl.DataFrame) -> list[dict[str, Any]]:
    """Causes with the first findings of each."""
    cells: dict[tuple, list[dict[str, Any]]] = defaultdict(list)
    for row in samples.to_dicts():
        cells[row["cause"], row["severity"], row["form_code"]].append(row)
    return [
        row | {"cells": cells[row["cause"], row["severity"], row["form_code"]], "message": cause_text(row["message"])}
        for row in causes.to_dicts()
    ]


def numbers(labels: pl.DataFrame, unexplained: pl.DataFrame) -> list[dict[str, Any]]:
    """Plans with their numerals by label, and those without an explanation in their surroundings."""
    open_ones: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in unexplained.to_dicts():
        open_ones[row["document_id"]].append(row)
    plans: dict[str, dict[str, Any]] = {}
    for row in labels.to_dicts():
        plan = plans.setdefault(
            row["document_id"],
            {"title": row["title"], "file": row["file_name"], "labels": [], "total": 0, "targets": 0, "open": 0},
        )
        plan["total"] += row["number_count"]
        plan["targets"] += row["number_count"] if row["is_target"] else 0
        plan["open"] += row["number_count"] if row["is_unexplained"] else 0
        if not row["is_target"] and not row["is_unexplained"]:
            plan["labels"].append((row["label"], row["number_count"]))
    return [plan | {"unexplained": open_ones[document_id]} for document_id, plan in plans.items()]


def findings_tab(release: Release) -> None:
    causes = intake.finding_causes(release)
    present = [s for s in SEVERITIES if s in causes["severity"].to_list()]
    chosen = None
    if present:
        chosen = st.pills("严重程度", present, selection_mode="multi", key="severity", bind="query-params")
    shown = causes.filter(pl.col("severity").is_in(list(chosen))) if chosen else causes
    show(
        "quality_findings.html",
        groups=grouped_findings(shown.head(CAUSES_SHOWN), intake.finding_samples(release)),
        total=int(shown["finding_count"].sum() or 0),
        causes=shown.height,
        sample_size=intake.SAMPLES_A_GROUP,
        meanings={s: SEVERITY_MEANINGS[s] for s in (chosen or present)},
    )


def reports_tab(release: Release) -> None:
    coverage = intake.coverage_by_region(release)
    names = intake.coverage(release).select("form_code", "form_name", "frequency").unique(maintain_order=True)
    forms = {row["form_name"] or row["form_code"]: row for row in names.to_dicts()}
    if not forms:
        show("panel_note.html", heading="报送", text="没有应报的报表。请核对学校名册和表样的填报范围。")
        return
    chosen = st.pills("报表", list(forms), key="form", bind="query-params", default=next(iter(forms)), required=True)
    form = forms[chosen or next(iter(forms))]
    owed = intake.owed_reports(release, form["form_code"]).to_dicts()
    for row in owed:
        row["period"] = period_text(row["period_start_date"], form["frequency"])
    show(
        "quality_reports.html",
        form=form,
        heat=heatmap(coverage.filter(pl.col("form_code") == form["form_code"]), form["frequency"]),
        owed=owed,
        owed_total=owed[0]["total_count"] if owed else 0,
    )


def files_tab(release: Release) -> None:
    words = {word: state for state, word in FILE_STATES.items()}
    chosen = st.pills("文件", [ALL, *words], key="state", bind="query-params", default=ALL, required=True)
    rows = intake.files(release, words.get(chosen or ALL, "")).to_dicts()
    show("quality_files.html", files=rows, limit=300)


def numbers_tab(release: Release) -> None:
    plans = numbers(intake.number_labels(release), intake.unexplained_numbers(release))
    show("quality_numbers.html", plans=plans)


TABS = {"问题": findings_tab, "报送": reports_tab, "收件": files_tab, "数字台账": numbers_tab}


def page() -> None:
    run = context.current()
    totals = intake.file_totals(run.release)
    causes = intake.finding_causes(run.release)
    show(
        "quality_head.html",
        cells=identity(totals),
        files=file_counts(totals),
        causes=causes.height,
        findings=int(causes["finding_count"].sum() or 0),
    )
    first = next(iter(TABS))
    names = list(TABS)
    tab = st.segmented_control(
        "内容", names, key="tab", bind="query-params", default=first, required=True, label_visibility="collapsed"
    )
    TABS[str(tab or first)](run.release)


if __name__ == "__main__":
    page()
