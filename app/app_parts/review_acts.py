"""One commitment under review: the buttons with their keys, the form to adjust it, its card and its relations."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from app import context, pending, reviewing
from app.acting import is_ready, perform
from app.queries import matters
from app.rendering import show
from app.reviewing import Item
from ingestion.registry import editing, relations, reviews


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
