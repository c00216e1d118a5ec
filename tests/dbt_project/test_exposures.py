"""Every page of the dashboard is an exposure that names the marts it reads, so that the graph shows whom a change hits.

What a page reads is found in its source: names followed from the page through the app, tables in the SQL on the way.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MARTS = {path.stem for path in (ROOT / "dbt_project" / "models" / "marts").glob("*.sql")}
EXPOSURES = yaml.safe_load((ROOT / "dbt_project" / "models" / "marts" / "_exposures.yml").read_text("utf-8"))
PAGES = sorted(p.stem for p in (ROOT / "app" / "app_pages").glob("*.py") if p.stem != "__init__")
Name = tuple[str, str | None]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


TREES = {module_name(path): ast.parse(path.read_text("utf-8")) for path in (ROOT / "app").rglob("*.py")}


def imported(module: str) -> dict[str, Name]:
    """Name in a module → (module, name) that it stands for; the name is None where it is a module."""
    found: dict[str, Name] = {}
    for node in TREES[module].body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found[alias.asname or alias.name] = (whole, None) if whole in TREES else (node.module or "", alias.name)
    return found


def defined(module: str) -> dict[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for node in TREES[module].body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {x.id: node for target in targets for x in ast.walk(target) if isinstance(x, ast.Name)}
    return found


def tables_of(page: str) -> set[str]:
    """Marts in the SQL that a page can come to."""
    tables: set[str] = set()
    seen: set[Name] = set()
    todo: list[Name] = [(f"app.app_pages.{page}", None)]
    while todo:
        module, name = todo.pop()
        if (module, name) in seen or module not in TREES:
            continue
        seen.add((module, name))
        imports, definitions = imported(module), defined(module)
        if name and name not in definitions:
            todo += [imports[name]] if name in imports else []
            continue
        for node in ast.walk(definitions[name] if name else TREES[module]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                tables |= MARTS & set(re.findall(r"\b(?:fct|dim|bridge)_[a-z_]+", node.value))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                target = imports.get(node.value.id)
                todo += [(target[0], node.attr)] if target and target[1] is None else []
            elif isinstance(node, ast.Name):
                target = imports.get(node.id)
                todo += [target] if target and target[1] else []
                todo += [(module, node.id)] if node.id in definitions else []
    return tables


def test_every_page_is_an_exposure() -> None:
    assert sorted(exposure["name"] for exposure in EXPOSURES["exposures"]) == [f"page_{page}" for page in PAGES]


@pytest.mark.parametrize("page", PAGES)
def test_it_names_every_mart_that_it_reads(page: str) -> None:
    (exposure,) = (e for e in EXPOSURES["exposures"] if e["name"] == f"page_{page}")
    named = {text.split("'")[1] for text in exposure["depends_on"]}
    assert tables_of(page) <= named <= MARTS, f"add to _exposures.yml: {sorted(tables_of(page) - named)}"
