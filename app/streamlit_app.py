"""The router: one release, one frame around every page, nothing else. Pages are in app_pages/."""

import logging

import streamlit as st

from app.context import open_context
from app.links import enable_links
from app.rendering import HERE, show, stylesheet
from ingestion.releases import NoRelease

st.set_page_config(page_title="督办", page_icon=str(HERE / "icon.png"), layout="wide")
PAGES = [
    st.Page("app_pages/overview.py", title="总览", default=True),
    st.Page("app_pages/ledger.py", title="目标台账", url_path="ledger"),
    st.Page("app_pages/commitment.py", title="目标详情", url_path="commitment", visibility="hidden"),
    st.Page("app_pages/quality.py", title="数据质量", url_path="quality"),
    st.Page("app_pages/sql.py", title="SQL 查询", url_path="sql"),
    st.Page("app_pages/dictionary.py", title="数据字典", url_path="dictionary"),
]
st.logo(str(HERE / "icon.png"), size="large")
page = st.navigation(PAGES, position="top")
st.html(stylesheet())
enable_links()

try:
    context = open_context()
except NoRelease:
    show("empty_home.html")
    st.stop()

show("frame.html", context=context)
try:
    page.run()
except Exception:  # a leader sees a sentence, the log has the rest
    logging.getLogger("duban.app").exception("page %s failed on release %s", page.title, context.release.sequence)
    show("failure.html", page=page.title, release=context.release.sequence)
show("foot.html", context=context)
