"""The router: one release, one frame around every page, nothing else. Pages are in app_pages/."""

import logging

import duckdb
import streamlit as st

from app import acting, auth, freshness, navigation, pending
from app.context import open_context
from app.links import enable_links
from app.rendering import HERE, show, stylesheet
from ingestion.releases import NoRelease

st.set_page_config(page_title="督办", page_icon=str(HERE / "icon.png"), layout="wide")
st.logo(str(HERE / "icon.png"), size="large")
st.html(stylesheet())
person = auth.person()
page = st.navigation(navigation.pages(person), position="top")
enable_links()

try:
    context = open_context(person.region)
except NoRelease:
    show("empty_home.html")
    st.stop()

log = pending.open_log(context)
acting.who_menu(is_fixed=person.is_signed_in)
show("frame.html", context=context, menu=navigation.menu(person), here=page.title, log=log)
freshness.tell_news(context, log)
try:
    page.run()
except (duckdb.CatalogException, duckdb.BinderException):  # a mart or a column that the program has had since
    logging.getLogger("duban.app").exception("release %s lacks what %s reads", context.release.sequence, page.title)
    show("failure_old.html", page=page.title, release=context.release.sequence)
except Exception:  # a leader sees a sentence, the log has the rest
    logging.getLogger("duban.app").exception("page %s failed on release %s", page.title, context.release.sequence)
    show("failure.html", page=page.title, release=context.release.sequence)
show("foot.html", context=context)
