"""目标台账: every commitment, filtered, sorted and searched; a row opens its detail."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import context, pending
from app.context import RunContext
from app.labels import plan_labels
from app.papers import ledger_workbook
from app.presenting import Promise, present
from app.queries import commitments
from app.queries.core import per_release
from app.rendering import link, show
from app.sparks import spark
from app.state import page_number, parameter, parameters_but
from app.vocabulary import KINDS, LIGHTS
from ingestion.releases import Release
from ingestion.settings import load_settings

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


@per_release(max_entries=8)
def everything(release: Release) -> pl.DataFrame:
    """Every commitment with those columns."""
    return with_labels(commitments.standings(release))


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
    """The widgets, and what they leave of the frame; the flag says whether anything is filtered. Lights come after."""
    columns = {"plan": ("工作要点", "plan"), "kind": ("类型", "kind_name"), "owner": ("责任单位", "owner"),
               "status": ("状态", "status")}  # fmt: skip
    text = st.text_input(
        "搜索",
        key="q",
        bind="query-params",
        placeholder="搜索承诺、指标、项目、单位",
        width=360,
        label_visibility="collapsed",
    )
    is_open = any(parameter(key) for key in (*columns, "restated"))
    chosen: dict[str, list[str]] = {}
    with st.expander("更多条件：工作要点、类型、责任单位、状态", expanded=is_open), st.container(horizontal=True):
        for key, (label, column) in columns.items():
            options = frame[column].drop_nulls().unique().sort().to_list()
            chosen[key] = st.multiselect(label, options, key=key, bind="query-params", placeholder="全部", width=280)
        restated = st.toggle("也列出重复表述", key="restated", bind="query-params")
    found = frame if restated else frame.filter(pl.col("is_root"))
    for key, (_, column) in columns.items():
        if chosen[key]:
            found = found.filter(pl.col(column).is_in(list(chosen[key])))
    return search(found, text or ""), bool(text) or restated or any(chosen.values())


def chosen_lights() -> list[str]:
    """Lights named in the address, in their order; unknown ones are ignored."""
    named = st.query_params.get_all("light")
    return [name for name in LIGHTS if name in named]


def light_toggles(found: pl.DataFrame, chosen: list[str]) -> list[dict[str, Any]]:
    """Every light with its count under the other conditions, and the link that turns it on or off."""
    rest = parameters_but("light", "page")
    toggles = []
    for name, light in LIGHTS.items():
        after = [n for n in LIGHTS if (n in chosen) != (n == name)]
        count = int((found["light"] == name).sum())
        toggles.append(
            {"light": light, "count": count, "on": name in chosen, "href": link("ledger", **rest, light=after)}
        )
    return toggles


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


def conditions() -> list[str]:
    """What the list is filtered by, in words, as the address says it."""
    words = {"q": "搜索", "light": "灯", "plan": "工作要点", "kind": "类型", "owner": "责任单位", "status": "状态"}
    named = [f"{word}：{'、'.join(st.query_params.get_all(key))}" for key, word in words.items() if parameter(key)]
    return [*named, "含重复表述"] if parameter("restated") else named


def page() -> None:
    run = context.current()
    frame = everything(run.release)
    show("ledger_head.html", total=frame.filter(pl.col("is_root")).height, restated=int((~frame["is_root"]).sum()))
    found, is_filtered = filters(frame)
    lights = chosen_lights()
    toggles = light_toggles(found, lights)
    if lights:
        found = found.filter(pl.col("light").is_in(lights))
    order = parameter("sort", "light")
    last = -(-found.height // ROWS_A_PAGE)
    number = page_number(last)
    ordered = sort(found, order)
    promises: list[Promise] = [
        present(row) for row in ordered.slice((number - 1) * ROWS_A_PAGE, ROWS_A_PAGE).to_dicts()
    ]
    courses = commitments.courses(run.release)
    rest = parameters_but("page")
    st.session_state["ledger_view"] = parameters_but()
    show(
        "ledger.html",
        promises=promises,
        found=found.height,
        toggles=toggles,
        is_filtered=is_filtered or bool(lights),
        headings={h["name"]: h for h in headings(order if order.removeprefix("-") in SORTS else "light")},
        page=number,
        pages=[{"number": n, "href": link("ledger", **rest, page=n)} for n in range(1, last + 1)],
        clear=link("ledger"),
        pending=pending.current().by_commitment,
        sparks={p.id: drawn for p in promises if (drawn := spark(courses.get(p.id, ())))},
    )
    if promises:
        with st.container(horizontal=True):
            st.download_button(
                "下载 Excel 台账",
                lambda: ledger_workbook([present(row) for row in ordered.to_dicts()], run, conditions()),
                f"目标台账_第{run.release.sequence}版.xlsx",
                on_click="ignore",
                help="当前条件下的全部承诺，与页面一致",
            )
            notices_button(run)


def notices_button(run: RunContext) -> None:
    """督办单 of every unit that owes something, or of the one that the ledger is narrowed to."""
    from app import word_papers  # its modules import this one

    paths = load_settings().paths
    chosen = st.query_params.get_all("owner")

    def papers() -> bytes:
        made, _ = word_papers.notice_papers(paths, run)
        own = {unit: paper for unit, paper in made.items() if not chosen or any(unit.endswith(name) for name in chosen)}
        return word_papers.zipped(own)

    st.download_button(
        "下载督办单 Word", papers, f"督办单_第{run.release.sequence}版.zip", "application/zip", on_click="ignore",
        help="每个有红灯、黄灯、逾期节点或未销号整改的单位一份；选了责任单位就只给选中的",
    )  # fmt: skip


if __name__ == "__main__":
    page()
