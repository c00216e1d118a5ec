"""The data dictionary: what every mart and column means, as written once beside the models.

Read from dbt_project/models/marts/*.yml; a release carries it as comments, so that any tool that opens the file, the
dashboard and `duban docs` say the same. A description reads "English. 中文。".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingestion.fingerprint import DBT_PROJECT

MARTS = DBT_PROJECT / "models" / "marts"
PROVENANCE = DBT_PROJECT / "provenance"


@dataclass(frozen=True)
class TableDescription:
    """One mart: its description and, by column in contract order, (data type, description)."""

    name: str
    description: str
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)


def read_dictionary(folder: Path = MARTS) -> list[TableDescription]:
    """Every documented mart, by name. Raises yaml.YAMLError where a file cannot be parsed."""
    import yaml

    tables: list[TableDescription] = []
    for path in sorted(folder.glob("*.yml")):
        content: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) or {}
        for model in content.get("models", []):
            columns = {
                column["name"]: (column.get("data_type", ""), _one_line(column.get("description", "")))
                for column in model.get("columns", [])
            }
            tables.append(TableDescription(model["name"], _one_line(model.get("description", "")), columns))
    return sorted(tables, key=lambda table: table.name)


def provenance_macros() -> list[str]:
    """The macros that lead from figures to sentences and cells and back, each after those that it rests on."""
    return [path.read_text("utf-8") for path in sorted(PROVENANCE.glob("*.sql"))]


def comments() -> dict[str, dict[str, str]]:
    """mart → {'' : what the table is, column: what it means}: what a release carries."""
    return {
        table.name: {"": table.description, **{name: text for name, (_, text) in table.columns.items()}}
        for table in read_dictionary()
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())
