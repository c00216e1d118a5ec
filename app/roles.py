"""Who looks and what their role lets them do: see, act, hand in. The roles are the configuration's (用户).

Without sign-in whoever sits at the machine is taken at their word: a name the configuration does not know may act.
Not here: how a person is found out (auth.py), which pages there are (navigation.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from app.queries.people import people

ADMINISTRATOR, LEADER, SUPERVISOR, ANALYST, REPORTER = "管理员", "领导", "督办", "分析", "填报"
ACTING = frozenset({ADMINISTRATOR, SUPERVISOR})
ACTOR = "actor"  # the widget in which somebody says who they are
_PERSON = "_person"


@dataclass(frozen=True)
class Person:
    """Who looks: role '' where unknown, region '' where not bound to one."""

    name: str = ""
    role: str = ""
    region: str = ""
    is_signed_in: bool = False

    @property
    def is_bound(self) -> bool:
        """Whether only the pages open that read nothing but the release: to a region's people, and to reporters where
        the bureau knows who they are."""
        return bool(self.region) or (self.is_signed_in and self.role == REPORTER)

    @property
    def may_act(self) -> bool:
        """Whether they may review, decompose, supervise, rectify, approve, note and take back."""
        if self.role in ACTING:
            return True
        return not self.is_signed_in and not self.is_bound and self.role in ("", REPORTER)

    @property
    def may_hand_in(self) -> bool:
        """Whether they may hand in a workbook."""
        return self.role in {*ACTING, REPORTER} or (not self.is_signed_in and not self.role)


def of_user(user: dict[str, Any], *, is_signed_in: bool) -> Person:
    """A row of the configured users as a person."""
    name = user["display_name"] or user["user_name"]
    return Person(name, user["role"] or "", user["region_code"] or "", is_signed_in)


def named(name: str) -> Person:
    """The person at this machine who said this name."""
    found = next((user for user in people() if name and (user["display_name"] or user["user_name"]) == name), None)
    return of_user(found, is_signed_in=False) if found else Person(name)


def remember(person: Person) -> Person:
    """The person of this page run, for those who ask later in it and in the callbacks of the next."""
    st.session_state[_PERSON] = person
    return person


def current() -> Person:
    """Who looks now: who signed in, else whoever the page says acts at this moment."""
    known: Person | None = st.session_state.get(_PERSON)
    said = str(st.session_state.get(ACTOR) or "").strip()
    return known if known is not None and (known.is_signed_in or known.name == said) else named(said)


def may_act() -> bool:
    return current().may_act
