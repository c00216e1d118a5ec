"""Links inside the page that do not start a new session, the scroll to a highlighted sentence and to the newest month.

A plain `<a>` reloads a Streamlit page. Links marked data-go take the way of the browser's Back button instead: the
address changes and the app runs with it. With a modifier key, or without JavaScript, they stay plain links.
"""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2 import component

_SCRIPT = """
export default function () {
  const go = (anchor) => {
    history.pushState({}, "", anchor.href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  };
  const onClick = (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : null;
    let anchor = target?.closest("a[data-go]");
    if (!anchor && !target?.closest("a, button, summary, input, label")) {
      if (String(window.getSelection() || "")) return;
      anchor = target?.closest("[data-row]")?.querySelector("a[data-go]");
    }
    if (!anchor) return;
    event.preventDefault();
    go(anchor);
  };
  const reveal = () => {
    for (const mark of document.querySelectorAll("mark[data-focus]")) {
      const pane = mark.closest("[data-pane]");
      if (!pane || pane.dataset.revealed === mark.dataset.focus) continue;
      pane.dataset.revealed = mark.dataset.focus;
      const above = mark.getBoundingClientRect().top - pane.getBoundingClientRect().top;
      pane.scrollTop += above - pane.clientHeight / 3;
    }
  };
  // time runs to the right: where not everything fits, the newest period stands there; in the menu, this page
  const newest = () => {
    for (const pane of document.querySelectorAll("[data-newest]")) {
      if (pane.dataset.shown === pane.dataset.newest || pane.scrollWidth <= pane.clientWidth) continue;
      pane.dataset.shown = pane.dataset.newest;
      pane.scrollLeft = pane.scrollWidth;
    }
    const here = document.querySelector(".frame nav.pages [aria-current]");
    const menu = here?.parentElement;
    if (menu && menu.dataset.shown !== here.textContent && menu.scrollWidth > menu.clientWidth) {
      menu.dataset.shown = here.textContent;
      menu.scrollLeft = here.offsetLeft - menu.offsetLeft - 24;
    }
  };
  const look = () => { reveal(); newest(); };
  const observer = new MutationObserver(look);
  document.addEventListener("click", onClick);
  observer.observe(document.body, { childList: true, subtree: true });
  look();
  return () => {
    document.removeEventListener("click", onClick);
    observer.disconnect();
  };
}
"""

_links = component("duban_links", js=_SCRIPT)


def enable_links() -> None:
    """Once a run, before the page: makes links marked data-go stay in this session."""
    with st.container(key="duban-links", height=1, border=False):
        _links(key="duban_links_component")
