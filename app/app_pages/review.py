"""复核: one extracted commitment at a time, in its sentence, decided by keys; conflicts; a plan's rest in one act."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from app import context, pending, reviewing
from app.acting import actor, ask_who, is_ready, perform, reason, tell
from app.documents import marked
from app.labels import plan_labels
from app.queries import commitments, matters
from app.rendering import link, show
from app.reviewing import Item
from app.state import parameter, parameters_but
from app.vocabulary import KINDS
from ingestion.registry import editing, relations, reviews
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


def go(commitment_id: str | None) -> None:
    """Move the view on, in a callback."""
    if commitment_id:
        st.query_params["at"] = commitment_id
    elif "at" in st.query_params:
        del st.query_params["at"]
    st.session_state.pop("editing", None)


def act_on(item: Item, after: str | None, what: str, service: Any) -> None:
    """Review one commitment and go to the next."""
    perform(
        f"{what}：{item.row['quote'][:40]}", lambda log, who: service(log, [item.reviewed], who), partial(go, after)
    )


def buttons(item: Item, queue: list[Item], number: int) -> None:
    """Every act on one commitment, each with its key."""
    following = queue[number + 1].id if -1 < number < len(queue) - 1 else None
    before = queue[number - 1].id if number > 0 else None
    stays = item.id if number < 0 else following or before
    closed = not is_ready()
    with st.container(key="review-acts", horizontal=True):
        st.button(
            "确认", key="do_confirm", type="primary", shortcut="y", disabled=closed, on_click=act_on,
            args=(item, stays, "已确认", reviews.confirm),
        )  # fmt: skip
        st.button("调整", key="do_edit", shortcut="e", disabled=closed, on_click=_edit, args=(item.id,))
        st.button(
            "否决", key="do_reject", shortcut="x", disabled=closed, on_click=act_on,
            args=(item, stays, "已否决", reviews.reject),
        )  # fmt: skip
        st.button(
            "存疑", key="do_draft", shortcut="d", disabled=closed, on_click=act_on,
            args=(item, stays, "已退为草稿", reviews.draft),
        )  # fmt: skip
    with st.container(key="review-moves", horizontal=True):
        st.button(
            "上一条", key="do_back", type="tertiary", shortcut="k", disabled=before is None, on_click=go, args=(before,)
        )
        st.button(
            "下一条",
            key="do_next",
            type="tertiary",
            shortcut="j",
            disabled=following is None,
            on_click=go,
            args=(following,),
        )


def _edit(commitment_id: str) -> None:
    st.session_state["editing"] = commitment_id


def _save(item: Item, stays: str | None) -> None:
    changes = {
        name: st.session_state.get(f"edit_{name}_{item.id}")
        for name in editing.LABELS
        if f"edit_{name}_{item.id}" in st.session_state
    }
    texts = {name: value.isoformat() if isinstance(value, date) else (value or "") for name, value in changes.items()}
    cards = dict(matters.cards(context.current().release).select("indicator_code", "indicator_name").iter_rows())
    perform(
        f"已调整：{item.row['quote'][:40]}",
        lambda log, who: editing.edit(log, item.reviewed, item.row, texts, who, cards),
        partial(go, stays),
    )


def edit_form(item: Item, stays: str | None) -> None:
    """Every field of a commitment as it stands, to be written as it should be read."""
    now = editing.present(item.row, item.acts)
    asked = ["kind", "indicator", "operator", "value", "value_high", "unit", "deadline", "responsible_unit"]
    asked += ["milestone", "work_type", "stated_count"] if item.row["kind"] == "milestone" else []
    asked += ["output"] if item.row["kind"] == "deliverable" else []
    asked += ["baseline", "strength", "indicator_code"]
    with st.form(f"edit_{item.id}"):
        show(
            "panel_words.html",
            heading="调整这条承诺",
            text="原文不变，只改系统读出的内容；调整即视为确认。空着表示没有。",
        )
        columns = st.columns(3)
        for number, name in enumerate(asked):
            column, key, label = columns[number % 3], f"edit_{name}_{item.id}", editing.LABELS[name]
            if name in editing.ADMITTED:
                options = ["", *editing.ADMITTED[name]]
                column.selectbox(
                    label, options, index=options.index(now[name]) if now[name] in options else 0, key=key,
                    format_func=partial(_option, name),
                )  # fmt: skip
            elif name == "deadline":
                column.date_input(label, value=pending.as_date(now[name] or None), key=key, format="YYYY-MM-DD")
            else:
                column.text_input(label, value=now[name], key=key)
        with st.container(horizontal=True):
            st.form_submit_button("保存调整", type="primary", on_click=_save, args=(item, stays))
            st.form_submit_button("不改了", on_click=st.session_state.pop, args=("editing", None))


def _option(name: str, value: str) -> str:
    return f"{reviewing.worded(name, value)}" if value else "（空）"


def relate(item: Item, other: Item, service: Any, what: str) -> None:
    perform(what, lambda log, who: service(log, item.reviewed, other.reviewed, who))


def relation_acts(item: Item, others: dict[str, Item]) -> None:
    """Say whether it repeats or belongs to another, and which card measures it."""
    services = {"restates": relations.confirm_restatement, "part_of": relations.confirm_part}
    for relation in reviewing.relations(item, others):
        show("review_relation.html", relation=relation)
        name, word, other = relation["name"], relation["word"], relation["other"]
        with st.container(horizontal=True):
            st.button(
                f"是{word}", key=f"is_{name}", disabled=not is_ready() or relation["verdict"] == "is", on_click=relate,
                args=(item, other, services[name], f"已确认为{word}"),
            )  # fmt: skip
            st.button(
                f"不是{word}", key=f"not_{name}", disabled=not is_ready() or relation["verdict"] == "not",
                on_click=relate, args=(item, item, services[name], f"已确认不是{word}"),
            )  # fmt: skip


def card_acts(item: Item, log: pending.Log) -> None:
    """The card that measures it, with the two confirmations a light needs."""
    row = item.row
    code = item.link.payload["indicator_code"] if item.link else row["indicator_code"]
    confirmed, own = reviewing.confirmed_cards(log), row["indicator_code"]
    is_confirmed = own in confirmed and confirmed[own] in (None, row["definition_version"])
    show("review_card.html", item=item, code=code, is_confirmed=is_confirmed)
    with st.container(horizontal=True):
        proposed = row["suggested_indicator_code"]
        if proposed and not item.link:
            st.button(
                "就用这张指标卡", key="do_link", disabled=not is_ready(), on_click=confirm_link, args=(item, proposed)
            )
        if row["indicator_code"] and not is_confirmed:
            st.button("确认指标口径", key="do_card", disabled=not is_ready(), on_click=confirm_card, args=(item,))


def confirm_link(item: Item, code: str) -> None:
    perform("已确认对应指标", lambda log, who: reviews.confirm_link(log, item.reviewed, code, who))


def confirm_card(item: Item) -> None:
    row = item.row
    versions = {row["indicator_code"]: row["definition_version"]}
    perform(f"已确认口径：{row['indicator_name']}", lambda log, who: reviews.confirm_indicators(log, versions, who))


def confirm_rest(rest: list[Item], label: str) -> None:
    perform(
        f"已确认“{label}”余下的 {len(rest)} 条",
        lambda log, who: reviews.confirm_plan(log, [item.reviewed for item in rest], who),
        partial(go, None),
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
            edit_form(item, queue[number + 1].id if -1 < number < len(queue) - 1 else item.id)
        else:
            buttons(item, queue, number)
        card_acts(item, log)
        relation_acts(item, others)
    with left:
        paragraphs = marked(text, row["start_offset"], row["end_offset"], row["number_start"], row["number_end"])
        nearby = matters.numbers_between(release, row["document_id"], first, last).to_dicts()
        show("review_text.html", item=item, paragraphs=paragraphs, numbers=nearby)


def decide(conflict: relations.Conflict, kept: str | None) -> None:
    what = "已裁定：两条都成立" if kept is None else "已裁定矛盾条款"
    perform(what, lambda log, who: relations.decide(log, conflict, kept, who))


def conflict_tab(found: list[relations.Conflict]) -> None:
    """Clauses of one plan that promise the same with another value, each group decided by one click."""
    if not found:
        show(
            "panel_note.html",
            heading="矛盾条款",
            text="没有互相矛盾的条款：同一份工作要点里，同一件事没有两个不同的数。",
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
    disputes = reviewing.conflicts(rows.to_dicts(), log)
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
