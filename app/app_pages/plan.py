"""规划原文: the document with every commitment coloured by kind, its numerals, what changed since the plan before."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
import streamlit as st

from app import context
from app.documents import Span, coloured
from app.labels import plan_labels
from app.lists import downloads
from app.presenting import Promise, present
from app.queries import commitments, plans
from app.rendering import link, show
from app.state import parameter, parameters_but
from app.vocabulary import KINDS, LIGHTS
from ingestion.releases import Release

CONTEXT = 14
LISTED = 120
CHANGES_SHOWN = 60
# what became of a promise → the class of its colour
CHANGES = {
    "放弃": "red",
    "降低": "red",
    "推迟": "yellow",
    "新增": "blue",
    "提高": "green",
    "提前": "green",
    "延续": "gray",
}
# what a reader looks at first: numerals without an explanation
LABEL_ORDER = {"未解析": 0, "目标": 1}


def ledger(numbers: pl.DataFrame) -> list[dict[str, Any]]:
    """Labels with how many numerals each has: 未解析 first, then 目标, then the reasons by their number."""
    counts = Counter(numbers["label"].to_list())
    return [
        {"label": label, "count": count}
        for label, count in sorted(counts.items(), key=lambda item: (LABEL_ORDER.get(item[0], 2), -item[1], item[0]))
    ]


def in_context(text: str, numbers: pl.DataFrame) -> list[dict[str, Any]]:
    """Numerals with the words around them."""
    return [
        row
        | {
            "before": text[max(row["start_offset"] - CONTEXT, 0) : row["start_offset"]],
            "after": text[row["end_offset"] : row["end_offset"] + CONTEXT],
        }
        for row in numbers.head(LISTED).to_dicts()
    ]


def kinds(promises: list[Promise]) -> list[dict[str, Any]]:
    """The legend: every kind that the plan holds, with its count."""
    counts = Counter(promise.row["kind"] for promise in promises)
    return [{"kind": kind, "name": name, "count": counts[kind]} for kind, name in KINDS.items() if counts[kind]]


def changes_paper(found: pl.DataFrame) -> pl.DataFrame:
    """The comparison as a table to take away."""
    names = {"change": "变化", "explanation": "说明", "later_quote": "今年原文", "later_number_text": "今年数字",
             "later_deadline_date": "今年时限", "earlier_quote": "以前原文", "earlier_number_text": "以前数字",
             "earlier_deadline_date": "以前时限", "earlier_title": "以前的文件"}  # fmt: skip
    return found.select(pl.col(column).alias(name) for column, name in names.items())


def changes_panel(release: Release, document_id: str, plan: str) -> None:
    """What became of each promise since the edition or the year before; how to get it where there is none."""
    found = plans.changes(release, document_id)
    if found.is_empty():
        text = "没有上一稿或上一年度的工作要点可以对照。放进 plans 文件夹并刷新，可看到放弃、降低、推迟了哪些目标。"
        show("panel_note.html", heading="与以前对照", text=text)
        return
    chosen, rest = parameter("change"), parameters_but("change")
    for (file, relation), rows in found.group_by("earlier_file", "relation", maintain_order=True):
        counts = Counter(rows["change"].to_list())
        toggles = [
            {"name": name, "css": css, "count": counts[name], "on": name == chosen,
             "href": link("plan", **rest, change="" if name == chosen else name)}
            for name, css in CHANGES.items() if counts[name]
        ]  # fmt: skip
        shown = rows.filter(pl.col("change") == chosen) if chosen in counts else rows
        show(
            "plan_changes.html", relation=relation, file=file, title=rows["earlier_title"][0], counts=toggles,
            rows=shown.head(CHANGES_SHOWN).to_dicts(), total=shown.height, css=CHANGES,
        )  # fmt: skip
    downloads(lambda: changes_paper(found), f"{plan}与以前对照", [f"共 {found.height} 条"], "对照表")


def page() -> None:
    run = context.current()
    standings = commitments.standings(run.release)
    documents = plans.documents(run.release)
    if documents.is_empty():
        show(
            "panel_note.html",
            heading="规划原文",
            text="还没有读入工作要点。把文件放进 plans 文件夹，再运行 duban refresh。",
        )
        return
    names = plan_labels(documents.rename({"file_name": "document_file"}))
    labels = {name: document_id for document_id, name in names.items()}
    show("plan_head.html", plans=len(labels))
    chosen = st.pills("工作要点", list(labels), key="plan", bind="query-params", default=next(iter(labels)),
                      required=True, label_visibility="collapsed")  # fmt: skip
    document_id = labels[str(chosen or next(iter(labels)))]
    document = documents.row(by_predicate=pl.col("document_id") == document_id, named=True)
    text = commitments.document_text(run.release, document_id)
    promises = [present(row) for row in standings.filter(pl.col("document_id") == document_id).to_dicts()]
    numbers = plans.numbers(run.release, document_id)
    label = parameter("label")
    shown = numbers.filter(pl.col("label") == label) if label else numbers.filter(pl.col("is_unexplained"))
    spans = [Span(p.row["start_offset"], p.row["end_offset"], p.id) for p in promises]
    marks = [Span(n["start_offset"], n["end_offset"], n["label"]) for n in numbers.to_dicts()]
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        show("plan_text.html", document=document, kinds=kinds(promises), by_id={p.id: p for p in promises},
             lines=coloured(text, spans, marks))  # fmt: skip
    with right:
        show("plan_numbers.html", total=numbers.height, label=label, numbers=in_context(text, shown),
             matching=shown.height, labels=[row | {"href": link("plan", plan=chosen, label=row["label"])}
                                            for row in ledger(numbers)])  # fmt: skip
        lights = Counter(p.light.name for p in promises if p.row["is_root"])
        show("plan_lights.html", lights=[(light, lights[name]) for name, light in LIGHTS.items() if lights[name]],
             plan=chosen)  # fmt: skip
    changes_panel(run.release, document_id, str(chosen or next(iter(labels))))


if __name__ == "__main__":
    page()
