"""Driving the pages of acts in tests: a session with a person, a form filled in, a button pressed."""

from __future__ import annotations

from datetime import date
from typing import Any

from streamlit.testing.v1 import AppTest

from ingestion.registry.acts import Act, standing
from ingestion.registry.events import Registry
from tests.app.test_app_pages import ENTRY, text

SUPERVISOR, LEADER, REPORTER = "王敏", "李局长", "陈晨"


def acting(page: str, by: str = SUPERVISOR, why: str = "逐条核对原文", /, **parameters: str | list[str]) -> AppTest:
    """A page opened by somebody who said who they are and why."""
    test = AppTest.from_file(str(ENTRY), default_timeout=60)
    test.session_state["actor"], test.session_state["reason"] = by, why
    test.switch_page(f"app_pages/{page}.py")
    for name, value in parameters.items():
        test.query_params[name] = value
    test.run()
    assert "没能打开" not in text(test)
    return test


def press(test: AppTest, label: str) -> AppTest:
    """Press the one button of that label."""
    found = [button for button in test.button if button.label == label]
    assert len(found) == 1, f"{label}: {[button.label for button in test.button]}"
    assert not found[0].disabled
    found[0].click().run()
    assert "没能打开" not in text(test)
    return test


def fill(test: AppTest, **values: Any) -> AppTest:
    """Fill in fields by the key before its subject: name_…, due_…; a date, a text, a choice or several choices."""
    for name, value in values.items():
        kinds = (test.text_input, test.text_area, test.selectbox, test.multiselect, test.date_input)
        named = [field for kind in kinds for field in kind if f"{field.key}_".startswith(f"{name}_")]
        assert named, f"{name}: {[field.key for kind in kinds for field in kind]}"
        field: Any = min(named, key=lambda field: len(str(field.key)))
        field.set_value(date.fromisoformat(value) if field.type == "date_input" and value else value)
    return test


def told(test: AppTest) -> str:
    """What the page says of the last act."""
    return "\n".join(part for part in text(test).split("\n") if 'class="told ' in part)


def acts(log: Registry, event_type: str = "") -> list[Act]:
    """The standing acts, of one kind where one is named."""
    return [act for act in standing(log) if not event_type or act.event_type == event_type]
