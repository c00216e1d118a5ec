"""View state in the address: what a person filtered, sorted and opened is the link they send.

Filters are widgets bound to query parameters; sorting and paging are plain links. Their keys are the parameters' names.
"""

from __future__ import annotations

import streamlit as st


def parameter(name: str, default: str = "") -> str:
    """One query parameter, its last value where it was given more than once."""
    return st.query_params.get(name, default)


def page_number(last: int) -> int:
    """The parameter `page`, from 1 to `last`; anything else reads as the nearest of them."""
    text = parameter("page", "1")
    return max(1, min(int(text) if text.isdigit() and len(text) < 7 else 1, max(last, 1)))


def parameters_but(*names: str) -> dict[str, list[str]]:
    """The address's parameters without some, for links that change just those."""
    return {key: st.query_params.get_all(key) for key in st.query_params if key not in names}
