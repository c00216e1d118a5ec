"""The static page of the data dictionary: every mart and column in Chinese and English, and a glossary of the words.

Generated from the same property files that releases take their comments from (dictionary.py); one file, no scripts, no
network. Not here: how models are documented, and dbt's own site.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment

from orchestration.dictionary import MARTS, TableDescription, read_dictionary

TEMPLATE = Path(__file__).with_name("docs_page.html.j2")


@dataclass(frozen=True)
class Word:
    """One column name of the glossary: what it means, the words it may hold, the marts that have it."""

    name: str
    chinese: str
    english: str
    values: tuple[str, ...]
    tables: tuple[str, ...]


def split(text: str) -> tuple[str, str]:
    """("中文。", "English.") of a description "English. 中文。"; the whole as English where it has one part."""
    english, separator, chinese = text.rpartition(". ")
    return (chinese, english + ".") if separator else ("", text)


def accepted_values(folder: Path = MARTS) -> dict[str, tuple[str, ...]]:
    """Column → the words that any mart promises to hold in it, in their order."""
    found: dict[str, dict[str, None]] = {}
    for path in sorted(folder.glob("*.yml")):
        content: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) or {}
        for model in content.get("models", []):
            promised = model.get("config", {}).get("meta", {}).get("upholds", {})
            for rule in promised.get("accepted", []):
                found.setdefault(rule["column"], {}).update(dict.fromkeys(map(str, rule["values"])))
    return {column: tuple(values) for column, values in found.items()}


def glossary(tables: Iterable[TableDescription], values: dict[str, tuple[str, ...]]) -> list[Word]:
    """Every column name once, by name, with the meaning it has where it stands first."""
    places: dict[str, list[tuple[str, str]]] = {}
    for table in tables:
        for name, (_, text) in table.columns.items():
            places.setdefault(name, []).append((table.name, text))
    return [
        Word(name, *split(found[0][1]), values.get(name, ()), tuple(table for table, _ in found))
        for name, found in sorted(places.items())
    ]


def render() -> str:
    """The whole page as HTML."""
    tables = read_dictionary()
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["split"] = split
    template = environment.from_string(TEMPLATE.read_text("utf-8"))
    return template.render(tables=tables, words=glossary(tables, accepted_values()))


def write_page(folder: Path) -> Path:
    """Write index.html into `folder`, made where it is not; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "index.html"
    page.write_text(render(), encoding="utf-8")
    return page
