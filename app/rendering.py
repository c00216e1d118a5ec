"""From values to the page: templates that escape everything, shown as sanitised HTML.

Whatever comes from a file or a plan reaches the page through here and nowhere else; templates never use `|safe`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import presenting, roles, vocabulary

HERE = Path(__file__).resolve().parent


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "plain": presenting.plain, "month": presenting.month_text, "period": presenting.period_text,
        "clip": presenting.clip,
    }  # fmt: skip
    environment.globals |= {
        "LIGHTS": vocabulary.LIGHTS, "STATES": vocabulary.SUBMISSION_STATES, "FILE_STATES": vocabulary.FILE_STATES,
        "ATTEMPTS": vocabulary.ATTEMPT_STATES,
        "link": link, "amount": presenting.amount, "address": presenting.cell_address, "may_act": roles.may_act,
    }  # fmt: skip
    return environment


def html(template: str, **values: Any) -> str:
    """The template's text with every value escaped."""
    return _environment().get_template(template).render(**values)


def show(template: str, **values: Any) -> None:
    """Render a template into the page, nothing where it is empty. Streamlit sanitises it once more in the browser."""
    text = html(template, **values)
    if text.strip():
        st.html(text)


@cache
def stylesheet() -> str:
    sheets = "\n".join((HERE / name).read_text("utf-8") for name in ("style.css", "acts.css", "print.css"))
    return f"<style>{sheets}</style>"


def link(page: str, /, **parameters: Any) -> str:
    """An address inside the app, relative so that it works below any base path. Empty parameters are left out."""
    kept = [(k, v) for k, v in parameters.items() if v not in (None, "", [], ())]
    query = urlencode(kept, doseq=True)
    return f"{page or './'}?{query}" if query else page or "./"
