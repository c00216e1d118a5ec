"""A configuration folder → checked tables of the landing schema, or every reason why not. Nothing is written here.

The files are the CSV files of rules.FILES (UTF-8 or GB18030, headers = columns of tables.CONFIG) and bureau.toml.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingestion.config.bureau import Bureau, read_bureau
from ingestion.config.checks import Elements, check
from ingestion.config.problems import ConfigError, Problem
from ingestion.config.reading import ROW, read_file
from ingestion.config.rules import FILES
from ingestion.tables import CONFIG, empty

__all__ = ["Bureau", "Config", "ConfigError", "Problem", "known_elements", "load_config"]


@dataclass(frozen=True)
class Config:
    """A checked configuration: `tables` holds exactly the frames of tables.CONFIG, rows in key order."""

    tables: dict[str, pl.DataFrame]
    bureau: Bureau

    def reporters(self) -> pl.DataFrame:
        """Schools and units that may report: code, name, aliases (a|b or null), region_code, type (school | unit),
        stage (null for units), opened_date, closed_date."""
        schools = self.tables["config__schools"].select(
            pl.col("school_code").alias("code"),
            pl.col("school_name").alias("name"),
            "aliases",
            "region_code",
            pl.lit("school").alias("type"),
            "stage",
            "opened_date",
            "closed_date",
        )
        latest = self.tables["config__units"].sort("valid_from_date", nulls_last=False)
        units = latest.unique("unit_code", keep="last", maintain_order=True).select(
            pl.col("unit_code").alias("code"),
            pl.col("unit_name").alias("name"),
            "aliases",
            "region_code",
            pl.lit("unit").alias("type"),
        )
        both = pl.concat([schools, units], how="diagonal")
        order = ["code", "name", "aliases", "region_code", "type", "stage", "opened_date", "closed_date"]
        return both.select(order).sort("code")

    def digest(self) -> str:
        """sha256 over everything the configuration says; equal for equal content, whatever encoding or row order."""
        content = hashlib.sha256(self.bureau.model_dump_json().encode())
        for table, frame in sorted(self.tables.items()):
            content.update(f"\n{table}\n{frame.write_csv()}".encode())
        return content.hexdigest()


def known_elements() -> dict[str, frozenset[str]]:
    """Element codes of every form the product ships, by form code."""
    from ingestion.workbooks.forms import load_forms

    return {code: frozenset(form.elements) for code, form in load_forms().items()}


def load_config(config_dir: Path, elements: Elements | None = None) -> Config:
    """Read and check a configuration folder; `elements` (form code → element codes) defaults to the shipped forms.

    Raises ConfigError with every problem of every file; a configuration is taken as a whole or not at all.
    """
    frames: dict[str, pl.DataFrame] = {}
    problems: list[Problem] = []
    for file, rules in FILES.items():
        frames[file], found = read_file(config_dir / file, rules)
        problems += found
    bureau, found = read_bureau(config_dir / "bureau.toml")
    problems += found
    unreadable = {problem.file for problem in problems if problem.row <= 1}
    problems += check(frames, known_elements() if elements is None else elements, unreadable)
    if problems or bureau is None:
        raise ConfigError(problems)
    return Config(_tables(frames), bureau)


def _tables(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    tables = {rules.table: frames[file].drop(ROW).sort(rules.key, nulls_last=False) for file, rules in FILES.items()}
    tables["config__versions"] = empty("config__versions")
    tables["config__indicator_terms"] = indicator_terms(tables["config__indicators"])
    return {name: tables[name] for name in CONFIG}


def indicator_terms(cards: pl.DataFrame) -> pl.DataFrame:
    """Numerator and denominator of each card taken apart at `+`, a row a term, numbered from 1."""
    rows = [
        (code, role, number, term.strip(), version)
        for code, version, *sides in cards.select(
            "indicator_code", "definition_version", "numerator", "denominator"
        ).iter_rows()
        for role, side in zip(("numerator", "denominator"), sides, strict=True)
        for number, term in enumerate(filter(str.strip, (side or "").split("+")), start=1)
    ]
    return pl.DataFrame(rows, schema=CONFIG["config__indicator_terms"], orient="row")
