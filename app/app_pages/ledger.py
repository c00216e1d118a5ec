"""目标台账: every commitment, filtered, sorted and searched; a row opens its detail."""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import context
from app.labels import plan_labels
from app.presenting import Promise, present
from app.queries import commitments
from app.rendering import link, show
from app.state import page_number, parameter, parameters_but
from app.vocabulary import KINDS, LIGHTS

ROWS_A_PAGE = 40
UNKNOWN_OWNER = "未明确"
SEARCHED = ("quote", "indicator", "indicator_name", "output", "first_project", "item_heading", "owner", "region_name")
LIGHT_ORDER = {name: place for place, name in enumerate(LIGHTS)}
# parameter → (heading, columns, descending); a leading "-" turns the direction round
SORTS: dict[str, tuple[str, list[str], list[bool]]] = {
    "light": ("灯", ["light_order", "days_left"], [False, False]),
    "name": ("承诺", ["kind", "indicator_name", "quote"], [False, False, False]),
    "owner": ("责任单位", ["owner", "light_order"], [False, False]),
    "progress": ("进度", ["progress_pct", "light_order"], [False, False]),
    "deadline": ("截止", ["deadline_date", "light_order"], [False, False]),
}


def with_labels(standings: pl.DataFrame) -> pl.DataFrame:
    """Columns that filters and sorting need beside those of the release."""
    labels = plan_labels(standings)
    return standings.with_columns(
        pl.col("document_id").replace_strict(labels, return_dtype=pl.String).alias("plan"),
        pl.col("kind").replace_strict(KINDS, default=pl.col("kind"), return_dtype=pl.String).alias("kind_name"),
        pl.col("light").fill_null("灰"),
        pl.col("owner").fill_null(UNKNOWN_OWNER),
    ).with_columns(
        pl.col("light").replace_strict(LIGHT_ORDER, default=len(LIGHT_ORDER), return_dtype=pl.Int8).alias("light_order")
    )


def search(frame: pl.DataFrame, text: str) -> pl.DataFrame:
    """Rows in which every word of `text` occurs somewhere; words are taken literally."""
    for word in text.split():
        hits = [pl.col(column).str.contains(word, literal=True).fill_null(False) for column in SEARCHED]
        frame = frame.filter(pl.any_horizontal(hits))
    return frame


def sort(frame: pl.DataFrame, order: str) -> pl.DataFrame:
    """By one of SORTS, red first where the parameter names none."""
    name = order.removeprefix("-")
    _, columns, descending = SORTS.get(name, SORTS["light"])
    if order.startswith("-") and name in SORTS:
        descending = [not descending[0], *descending[1:]]
    return frame.sort([*columns, "start_offset"], descending=[*descending, False], nulls_last=True)


def filters(frame: pl.DataFrame) -> tuple[pl.DataFrame, bool]:
    """The widgets, and what they leave of the frame; the flag says whether anything is filtered."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input("搜索", key="q", bind="query-params", placeholder="承诺、指标、项目、单位", width=280)
        lights = st.pills(
            "灯", list(LIGHTS), selection_mode="multi", key="light", bind="query-params", format_func=_lit
        )
    chosen = {"q": text, "light": lights}
    columns = {
        "plan": ("工作要点", "plan"),
        "kind": ("类型", "kind_name"),
        "owner": ("责任单位", "owner"),
        "status": ("状态", "status"),
    }
    is_open = any(parameter(key) for key in (*columns, "restated"))
    with (
        st.expander("更多条件：工作要点、类型、责任单位、状态", expanded=is_open),
        st.container(horizontal=True, gap="small"),
    ):
        for key, (label, column) in columns.items():
            options = frame[column].drop_nulls().unique().sort().to_list()
            chosen[key] = st.multiselect(
                label, options, key=key, bind="query-params", placeholder="全部", width=280, select_all=False
            )
        restated = st.toggle("也列出重复表述", key="restated", bind="query-params")
    found = frame if restated else frame.filter(pl.col("is_root"))
    for column, values in (("light", lights), *((columns[key][1], chosen[key]) for key in columns)):
        if values:
            found = found.filter(pl.col(column).is_in(list(values)))
    return search(found, text or ""), any(chosen.values())


def _lit(name: str) -> str:
    return f"{LIGHTS[name].shape} {name} {LIGHTS[name].word}"


def headings(order: str) -> list[dict[str, str]]:
    """Sortable columns with the link that sorts by them and the direction they are sorted in now."""
    current, is_reversed = order.removeprefix("-"), order.startswith("-")
    rest = parameters_but("sort", "page")
    made = []
    for name, (label, _, _) in SORTS.items():
        is_current = name == current
        turned = f"-{name}" if is_current and not is_reversed else name
        direction = ("descending" if is_reversed else "ascending") if is_current else "none"
        made.append({"name": name, "label": label, "href": link("ledger", **rest, sort=turned), "direction": direction})
    return made


def page() -> None:
    run = context.current()
    frame = with_labels(commitments.standings(run.release))
    show("ledger_head.html", total=frame.filter(pl.col("is_root")).height, restated=int((~frame["is_root"]).sum()))
    found, is_filtered = filters(frame)
    order = parameter("sort", "light")
    last = -(-found.height // ROWS_A_PAGE)
    number = page_number(last)
    rows = sort(found, order).slice((number - 1) * ROWS_A_PAGE, ROWS_A_PAGE).to_dicts()
    promises: list[Promise] = [present(row) for row in rows]
    counts = {name: int((found["light"] == name).sum()) for name in LIGHTS}
    rest = parameters_but("page")
    st.session_state["ledger_view"] = parameters_but()
    show(
        "ledger.html",
        promises=promises,
        found=found.height,
        counts=counts,
        is_filtered=is_filtered,
        headings={h["name"]: h for h in headings(order if order.removeprefix("-") in SORTS else "light")},
        page=number,
        pages=[{"number": n, "href": link("ledger", **rest, page=n)} for n in range(1, last + 1)],
        clear=link("ledger"),
    )


page()
