"""Who looks: signed in by OpenID Connect where the bureau has set it up, else whoever sits at this machine.

Roles and regions are the configuration's (用户); nobody it does not name gets in. Without sign-in the app serves this
machine alone, and who acts is taken on trust. Not here: what a role may (roles.py), what a region sees (scoping.py).
"""

from __future__ import annotations

import ipaddress
from importlib.util import find_spec
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAuthError

from app import acting
from app.queries.people import people
from app.rendering import show
from app.roles import Person, named, of_user, remember

LOCAL_NAMES = {"localhost"}
NEEDED = ("authlib", "httpx")  # the extra `auth` of streamlit
CLAIMS = ("preferred_username", "email", "sub")


def person() -> Person:
    """Who looks. Ends the run with what to do where nobody may."""
    if not is_on():
        if not is_local(st.get_option("server.address")):
            show("auth_refused.html", why="remote")
            st.stop()
        return remember(named(str(st.session_state.get(acting.ACTOR) or "").strip()))
    said = claims()
    if not said.get("is_logged_in"):
        _ask()
    found = known(said)
    if found is None:
        show("auth_refused.html", why="unknown", name=next((said[c] for c in CLAIMS if said.get(c)), ""))
        st.button("换一个账号", key="other_account", on_click=st.logout)
        st.stop()
    # who acts is who signed in
    st.session_state[acting.ACTOR] = found.name
    return remember(found)


def is_on() -> bool:
    """Whether the bureau has set up sign-in ([auth] in secrets.toml)."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def is_local(address: str | None) -> bool:
    """Whether an address is reached from this machine alone; an empty one listens on all."""
    if address in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def claims() -> dict[str, Any]:
    """What the identity provider says of who looks."""
    return dict(st.user.to_dict())


def known(said: dict[str, Any]) -> Person | None:
    """The configured user whose 登录名 the provider vouches for; an unverified e-mail counts for nothing."""
    names = {
        str(said[c]).casefold() for c in CLAIMS if said.get(c) and (c != "email" or said.get("email_verified", False))
    }
    for user in people():
        if user["user_name"].casefold() in names:
            return of_user(user, is_signed_in=True)
    return None


def missing() -> list[str]:
    """Packages that signing in needs and this installation has not."""
    return [name for name in NEEDED if find_spec(name) is None]


def _ask() -> None:
    if lacking := missing():
        show("auth_refused.html", why="setup", name=f"没有安装 {'、'.join(lacking)}")
        st.stop()
    show("auth_sign_in.html")
    if st.button("登录", type="primary", key="sign_in"):
        try:
            st.login()
        except StreamlitAuthError as error:
            show("auth_refused.html", why="setup", name=str(error))
    st.stop()
