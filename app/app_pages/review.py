"""复核: one extracted commitment at a time, in its sentence, decided by keys; conflicts; a plan's rest in one act."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app import context, pending, reviewing
from app.acting import actor, ask_who, is_ready, perform, reason, tell
from app.app_parts import review_acts
from app.documents import marked
from app.labels import plan_labels
from app.queries import commitments, matters
from app.rendering import link, show
from app.reviewing import Item
from app.state import parameter, parameters_but
from app.vocabulary import KINDS
from ingestion.registry import relations, reviews
from ingestion.releases import Release

ALL = "全部"
WAITING = reviewing.STATES[0]
CONFLICTS, ONE_BY_ONE = "矛盾条款", "逐条复核"
AROUND = 160


def filters(found: list[Item], labels: dict[str, str]) -> tuple[list[Item], list[Item]]:
    """The widgets; what plan and kind leave, and of those what the state leaves."""
    plans = {label: document_id for document_id, label in labels.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        plan = st.selectbox("工作要点", [ALL, *plans], key="of_plan", bind="query-params", width=240)
        kind = st.selectbox("类型", [ALL, *KINDS.values()], key="of_kind", bind="query-params", width=140)
        chosen = [
            item
            for item in found
            if plans.get(plan or ALL) in (None, item.row["document_id"]) and kind in (None, ALL, item.kind)
        ]
        tally = reviewing.counts(chosen)
        state = st.segmented_control(
            "状态", [ALL, *reviewing.STATES], key="review", bind="query-params", default=WAITING, required=True
        )
    show("review_counts.html", tally=tally, shapes=reviewing.SHAPES)
    return chosen, [item for item in chosen if state in (None, ALL, item.state)]


def place_of(queue: list[Item], found: list[Item]) -> tuple[Item | None, int]:
    """The commitment the address names, else the first of the queue; its place in the queue, -1 where outside."""
    asked = parameter("at")
    for number, item in enumerate(queue):
        if item.id == asked:
            return item, number
    beside = next((item for item in found if item.id == asked), None)
    if beside is not None:
        return beside, -1
    return (queue[0], 0) if queue else (None, -1)


def confirm_rest(rest: list[Item], label: str) -> None:
    perform(
        f"已确认“{label}”余下的 {len(rest)} 条",
        lambda log, who: reviews.confirm_plan(log, [item.reviewed for item in rest], who),
        partial(review_acts.go, None),
    )


def rest_of_plan(chosen: list[Item], label: str) -> None:
    """Everything that nobody has reviewed, confirmed in one act after a second look at what that is."""
    rest = reviewing.waiting(chosen)
    if not rest:
        return
    with st.popover(f"整批确认余下 {len(rest)} 条"):
        show("review_rest.html", rest=rest[:8], total=len(rest), label=label, actor=actor(), reason=reason())
        st.button(
            f"确认这 {len(rest)} 条", key="do_rest", type="primary", disabled=not is_ready(), on_click=confirm_rest,
            args=(rest, label),
        )  # fmt: skip


def one(release: Release, item: Item, queue: list[Item], number: int, others: dict[str, Item]) -> None:
    """One commitment: its sentence to the left, what was read and what to do about it to the right."""
    log = pending.current()
    row = item.row
    with st.container(key="review-one"):
        left, right = st.columns([1.1, 1], gap="medium")
    text = commitments.document_text(release, row["document_id"])
    first, last = max(row["start_offset"] - AROUND, 0), row["end_offset"] + AROUND
    with right:
        show("review_item.html", item=item, place=number + 1, total=len(queue), confidence=row["confidence"])
        if st.session_state.get("editing") == item.id:
            review_acts.edit_form(item, queue[number + 1].id if -1 < number < len(queue) - 1 else item.id)
        else:
            review_acts.buttons(item, queue, number)
        review_acts.card_acts(item, log)
        review_acts.relation_acts(item, others)
    with left:
        paragraphs = marked(text, row["start_offset"], row["end_offset"], row["number_start"], row["number_end"])
        nearby = matters.numbers_between(release, row["document_id"], first, last).to_dicts()
        show("review_text.html", item=item, paragraphs=paragraphs, numbers=nearby)


def decide(conflict: relations.Conflict, kept: str | None) -> None:
    what = "已裁定：两条都成立" if kept is None else "已裁定矛盾条款"
    perform(what, lambda log, who: relations.decide(log, conflict, kept, who))


def conflict_tab(found: list[relations.Conflict]) -> None:
    """Clauses of one plan that promise the same with another value or day, each group decided by one click."""
    if not found:
        show(
            "panel_note.html",
            heading="矛盾条款",
            text="没有互相矛盾的条款：同一份工作要点里，同一件事没有两个不同的数或期限。",
        )
        return
    for number, conflict in enumerate(found):
        show("review_conflict.html", conflict=conflict)
        if not conflict.is_open:
            continue
        with st.container(horizontal=True):
            for place, row in enumerate(conflict.rows, start=1):
                st.button(
                    f"以第 {place} 条为准", key=f"keep_{number}_{place}", disabled=not is_ready(), on_click=decide,
                    args=(conflict, row["commitment_id"]),
                )  # fmt: skip
            st.button(
                "都成立，并不矛盾", key=f"keep_{number}_all", disabled=not is_ready(), on_click=decide,
                args=(conflict, None),
            )  # fmt: skip


def page() -> None:
    run, log = context.current(), pending.current()
    rows = matters.candidates(run.release)
    found = reviewing.items(rows, log)
    disputes = reviewing.conflicts(matters.conflicts(run.release), rows.to_dicts(), log)
    open_ones = sum(conflict.is_open for conflict in disputes)
    show("review_head.html", waiting=len(reviewing.waiting(found)), total=len(found), conflicts=open_ones)
    if not found:
        show(
            "panel_note.html",
            heading="还没有可复核的承诺",
            text="把工作要点放进 plans 文件夹，运行 duban refresh，再回到这里。",
        )
        return
    ask_who()
    tell()
    tab = st.segmented_control(
        "内容", [ONE_BY_ONE, CONFLICTS], key="view", bind="query-params", default=ONE_BY_ONE, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if tab == CONFLICTS:
        conflict_tab(disputes)
        return
    labels = plan_labels(rows)
    chosen, queue = filters(found, labels)
    item, number = place_of(queue, found)
    if item is None:
        show(
            "review_done.html",
            has_waiting=bool(reviewing.waiting(found)),
            all=link("review", **parameters_but("at", "review", "of_plan", "of_kind")),
        )
        return
    one(run.release, item, queue, number, {other.id: other for other in found})
    named = {i.row["document_id"] for i in chosen}
    rest_of_plan(chosen, labels[named.pop()] if len(named) == 1 else "所选范围")


if __name__ == "__main__":
    page()
