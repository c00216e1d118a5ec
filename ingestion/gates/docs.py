"""Data Docs of Great Expectations: the compiled suites as pages that open without the internet.

Here: building the site in a temporary folder and taking out of it whatever would be fetched from elsewhere (styles,
scripts, the maker's logo and newsletter). Not here: which expectations a form has (suites.py).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import great_expectations
from lxml import html

from ingestion.gates.suites import compile_form
from ingestion.workbooks.forms import Form

gx: Any = great_expectations  # the package does not declare what it exports
STYLE = """
body { font: 15px/1.6 "Noto Sans SC", "Microsoft YaHei", sans-serif; margin: 2rem auto; max-width: 70rem;
  padding: 0 1rem; color: #1f2933; background: #fff }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
td, th { border: 1px solid #cbd2d9; padding: .3rem .6rem }
.alert, .card { border: 1px solid #cbd2d9; padding: .6rem 1rem; margin: .6rem 0 }
.badge { font-weight: 600 }
.navbar, #walkthrough-trigger, .modal, .cooltip { display: none }
"""
_FETCHED = ("src", "href", "srcset", "data", "action")
_LOADS = {"script", "style", "link", "img", "iframe", "object", "embed", "source"}


def write_docs(forms: dict[str, Form], out: Path) -> list[Path]:
    """Write the site of every form's active rules into `out`; returns its pages, index.html first."""
    with tempfile.TemporaryDirectory() as folder:
        context = gx.get_context(mode="file", project_root_dir=folder)
        for form in forms.values():
            expectations = [
                gate.expectation.copy(update={"notes": f"{gate.rule.code}（{gate.rule.severity}）{gate.rule.message}"})
                for gate in compile_form(form)
            ]
            context.suites.add(gx.ExpectationSuite(name=f"{form.name} {form.code}", expectations=expectations))
        context.build_data_docs()
        site = Path(folder) / "gx" / "uncommitted" / "data_docs" / "local_site"
        pages = sorted(site.rglob("*.html"), key=lambda page: (page.name != "index.html", page))
        written = []
        for page in pages:
            target = out / page.relative_to(site)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(offline(page.read_text(encoding="utf-8")), encoding="utf-8")
            written.append(target)
    return written


def offline(page: str) -> str:
    """The page without anything that a browser would fetch from elsewhere, and with a style of its own.

    >>> 'http' in offline('<html><head><script src="https://x/y.js"></script></head><body>甲</body></html>')
    False
    """
    tree = html.fromstring(page)
    for node in list(tree.iter()):
        outside = [n for n in _FETCHED if str(node.get(n, "")).strip().lower().startswith(("http:", "https:", "//"))]
        if node.tag in _LOADS and (outside or node.tag in {"script", "style"}):
            node.drop_tree()
        else:
            for name in outside:
                del node.attrib[name]
    head = tree.find(".//head")
    if head is not None:
        style = html.Element("style")
        style.text = STYLE
        head.append(style)
    return str(html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>"))
