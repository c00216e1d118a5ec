"""目标详情: one commitment, the sentence it stands in, how its figure is made and the cells the figure rests on."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import context, pending
from app.acting import tell
from app.app_parts import finding_acts, outlook_panel, rectify_acts
from app.documents import marked
from app.labels import plan_labels
from app.presenting import Promise, cell_address, plain, present
from app.queries import commitments, evidence, matters
from app.queries.core import per_release
from app.rendering import html, link, show
from app.roles import may_act
from app.state import parameter
from app.vocabulary import GREY_ADVICE
from ingestion.registry.reviews import Reviewed
from ingestion.registry.task_states import by_commitment
from ingestion.releases import Release

MEMBERS_A_REGION = 60
SCHOOL_COUNT = "school_count"
EVIDENCE_KINDS = ("metric", "count", "money")


def members_by_region(cells: pl.DataFrame, card: dict[str, Any]) -> list[dict[str, Any]]:
    """Regions with their members; a member has its numerator and denominator cells, or none where it never reported.

    `n` and `d` of a region are the sums of what its members bring: cells, and 1 for every school where a term of the
    card counts schools.
    """
    regions: dict[str, dict[str, Any]] = {}
    for row in cells.to_dicts():
        name = row["region_name"] or row["region_code"]
        region = regions.setdefault(row["region_code"], {"name": name, "members": {}, "n": 0.0, "d": 0.0})
        member = region["members"].setdefault(row["reporter_code"], _member(row))
        if row["element_code"] is None:
            continue
        cell = {
            "value": plain(row["value_as_of"]),
            "number": row["value_as_of"],
            "raw": row["raw_text"],
            "at": cell_address(row["row_no"], row["column_no"]),
        }
        member["source"] = (row["file_name"], row["sheet_name"])
        if row["is_numerator"]:
            member["numerators"].append(cell)
        if row["is_denominator"]:
            member["denominators"].append(cell)
    return [_counted(region, card) for region in regions.values()]


def _member(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": row["reporter_name"],
        "sector": row["sector"],
        "numerators": [],
        "denominators": [],
        "source": None,
        "period": row["period_start_date"],
        "counts": row["is_in_numerator"],
    }


def _counted(region: dict[str, Any], card: dict[str, Any]) -> dict[str, Any]:
    """The region with its sums, those that never reported first, cut to what a page can hold."""
    numerator, denominator = ((card[part] or "").split("+") for part in ("numerator", "denominator"))
    is_from_register = set(numerator + denominator) <= {SCHOOL_COUNT, ""}
    members = sorted(region["members"].values(), key=lambda member: member["source"] is not None)
    for member in members:
        member["is_register"] = is_from_register
        if member["source"] is None and not is_from_register:
            continue
        one = {"value": "1", "number": 1.0, "raw": "一所学校计 1", "at": ""}
        member["numerators"] += [one] if SCHOOL_COUNT in numerator else []
        member["denominators"] += [one] if SCHOOL_COUNT in denominator else []
        region["n"] += sum(cell["number"] for cell in member["numerators"]) if member["counts"] else 0
        region["d"] += sum(cell["number"] for cell in member["denominators"])
    silent = 0 if is_from_register else sum(member["source"] is None for member in members)
    return region | {"silent": silent, "total": len(members), "members": members[:MEMBERS_A_REGION]}


@per_release(max_entries=64)
def cells_html(release: Release, commitment_id: str, indicator_code: str) -> str:
    """The cells behind a figure by region and member, written once a release: a city's indicator has many thousands."""
    card = evidence.card(release, indicator_code).row(0, named=True)
    regions = members_by_region(evidence.member_cells(release, commitment_id), card)
    return html("evidence_cells.html", card=card, regions=regions, shown=MEMBERS_A_REGION)


def figures(release: Release, promise: Promise) -> dict[str, Any] | None:
    """The indicator card behind the figure, in words."""
    code = promise.row["indicator_code"]
    if not code or promise.row["kind"] not in EVIDENCE_KINDS:
        return None
    found = evidence.card(release, code)
    return found.row(0, named=True) if found.height else None


def proof(release: Release, promise: Promise, card: dict[str, Any] | None) -> None:
    """Whatever the verdict rests on: schools' cells, named projects, or the departments' ledger."""
    row = promise.row
    if card is not None:
        st.html(cells_html(release, promise.id, card["indicator_code"]))
        return
    if row["kind"] == "deliverable":
        reports = evidence.matter_reports(release, row["commitment_id"]).to_dicts()
        newest = max((report["period_start_date"] for report in reports), default=None)
        latest = [report for report in reports if report["period_start_date"] == newest]
        show("evidence_matter.html", latest=latest, earlier=reports[len(latest) :], output=row["output"])
        return
    projects = evidence.projects(release, row["commitment_id"])
    if projects.height or row["kind"] == "milestone":
        unnamed = max((row["stated_count"] or 0) - projects.height, 0) if row["kind"] == "milestone" else 0
        show("evidence_projects.html", projects=projects.to_dicts(), unnamed=unnamed, stage=row["milestone"])
    else:
        show("panel_note.html", heading="证据", text="没有可以出示的数据。" + GREY_ADVICE.get(row["status"], ""))


def acts(release: Release, promise: Promise) -> None:
    """Tasks, the rectification under way, what is not published yet, and the ways to act on this commitment."""
    row, log = promise.row, pending.current()
    own = Reviewed.of(row, row["document_file"])
    matter = rectify_acts.of_commitment(promise.id)
    show(
        "commitment_acts.html",
        pending=[pending.described(event, log) for event in reversed(log.pending_of(promise.id))],
        tasks=by_commitment(log.tasks.values(), [own]).get(promise.id, []),
        units=matters.unit_names(release),
        matter=matter,
        release=release.sequence,
    )
    if not may_act():
        return
    with st.container(key="commitment-acts", horizontal=True, vertical_alignment="center"):
        if matter is None and promise.light.name != "蓝" and row["is_root"]:
            rectify_acts.offer(release, promise.id, row["region_code"], row["quote"])
        show("commitment_ways.html", promise=promise)
        with st.popover("批注"):
            finding_acts.notes("commitment", promise.id, own)


def page() -> None:
    run = context.current()
    standings = commitments.standings(run.release)
    found = standings.filter(pl.col("commitment_id") == parameter("commitment"))
    back = link("ledger", **st.session_state.get("ledger_view", {}))
    if found.is_empty():
        show("commitment_unknown.html", back=back, release=run.release.sequence)
        return
    promise = present(found.row(0, named=True))
    row = promise.row
    root = standings.filter(pl.col("commitment_id") == row["root_commitment_id"]) if not row["is_root"] else None
    card = figures(run.release, promise)
    show(
        "commitment_head.html",
        promise=promise,
        back=back,
        plan=plan_labels(standings)[row["document_id"]],
        root=present(root.row(0, named=True)) if root is not None and root.height else None,
    )
    tell()
    acts(run.release, promise)
    left, right = st.columns([1.08, 1], gap="medium")
    with left:
        show(
            "commitment_figures.html",
            promise=promise,
            card=card,
            advice=GREY_ADVICE.get(row["status"] or "", "") if promise.light.name == "灰" else "",
        )
        if card is not None:
            outlook_panel.chart(run.release, promise, card)
            outlook_panel.outlook(run.release, promise, card)
        else:
            proof(run.release, promise, card)
    with right:
        text = commitments.document_text(run.release, row["document_id"])
        paragraphs = marked(text, row["start_offset"], row["end_offset"], row["number_start"], row["number_end"])
        show("commitment_text.html", promise=promise, paragraphs=paragraphs)
    if card is not None:
        proof(run.release, promise, card)
        outlook_panel.revisions(run.release, promise, card)


if __name__ == "__main__":
    page()
