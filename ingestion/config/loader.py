"""A bureau's configuration as checked tables of the landing schema: the applied version, or a folder of CSV files.

A home holds applied versions (versions.py), which were checked when they were applied. A folder of CSV files and
bureau.toml (UTF-8 or GB18030, headers = columns of tables.CONFIG) is checked here: the sample is made from one, and
homes of earlier releases hold one until their first `duban config apply`. Nothing is written here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingestion.config.bureau import Bureau, read_bureau
from ingestion.config.card_checks import split_terms
from ingestion.config.checks import Elements, check
from ingestion.config.problems import ConfigError, NoConfig, Problem
from ingestion.config.reading import ROW, read_file
from ingestion.config.rules import FILES
from ingestion.config.versions import KEPT, VersionError, Versions
from ingestion.tables import CONFIG, empty

__all__ = ["Bureau", "Config", "ConfigError", "NoConfig", "Problem", "applied_config", "known_elements", "load_config"]

OWN_FORMS = "forms"  # a bureau's own forms, beside its configuration


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
        order = ["code", "name", "aliases", "region_code", "type", "stage", "opened_date", "closed_date"]
        return pl.concat([schools, units], how="diagonal").select(order).sort("code")

    def digest(self) -> str:
        """sha256 over everything the configuration says; equal for equal content, whatever encoding or row order."""
        content = hashlib.sha256(self.bureau.model_dump_json().encode())
        for table in sorted(KEPT):
            content.update(f"\n{table}\n{self.tables[table].write_csv()}".encode())
        return content.hexdigest()


def known_elements(own_forms: Path | None = None) -> dict[str, frozenset[str]]:
    """Element codes of every form, by form code: those the product ships and a bureau's own."""
    from ingestion.workbooks.forms import load_forms

    return {code: frozenset(form.elements) for code, form in load_forms(extra=own_forms).items()}


def load_config(config_dir: Path, elements: Elements | None = None) -> Config:
    """The configuration in force in a folder.

    A CSV folder is checked against `elements` (form code → element codes; default: shipped forms and the bureau's own).
    Raises ConfigError with every problem, NoConfig where nothing has been applied yet.
    """
    versions = Versions(config_dir)
    try:
        current = versions.current()
        if current:
            config = config_of(versions.tables(current.number), current.bureau)
            config.tables["config__versions"] = versions.as_table()
            return config
    except VersionError as error:
        raise ConfigError([Problem("", 0, "", str(error))]) from error
    if not any(config_dir.glob("*.csv")) and any(config_dir.glob("*.xlsx")):
        raise NoConfig([Problem(config_dir.name, 0, "", HOW_TO_BEGIN)])
    return read_folder(config_dir, known_elements(config_dir.parent / OWN_FORMS) if elements is None else elements)


def applied_config(config_dir: Path) -> Config | None:
    """The configuration in force, None in a home that has none yet. Raises ConfigError where it cannot be read."""
    if not config_dir.is_dir():
        return None
    try:
        return load_config(config_dir)
    except NoConfig:
        return None


HOW_TO_BEGIN = "还没有采用过配置：填好其中的工作簿，运行 duban config check 查错，再运行 duban config apply"


def read_folder(folder: Path, elements: Elements) -> Config:
    """Read and check a folder of CSV files as a whole. Raises ConfigError with every problem of every file."""
    frames: dict[str, pl.DataFrame] = {}
    problems: list[Problem] = []
    for file, rules in FILES.items():
        frames[file], found = read_file(folder / file, rules)
        problems += found
    bureau, found = read_bureau(folder / "bureau.toml")
    problems += found
    unreadable = {problem.file for problem in problems if problem.row <= 1}
    problems += check(frames, elements, unreadable)
    if problems or bureau is None:
        raise ConfigError(problems)
    return config_of({rules.table: frames[file].drop(ROW) for file, rules in FILES.items()}, bureau)


def config_of(tables: Mapping[str, pl.DataFrame], bureau: Bureau) -> Config:
    """A configuration of checked tables, rows in key order, what follows from them added."""
    made = {rules.table: tables[rules.table].sort(rules.key, nulls_last=False) for rules in FILES.values()}
    made["config__indicator_terms"] = indicator_terms(made["config__indicators"])
    made["config__versions"] = empty("config__versions")
    return Config({name: made[name].select(list(CONFIG[name])) for name in CONFIG}, bureau)


def indicator_terms(cards: pl.DataFrame) -> pl.DataFrame:
    """Numerator, denominator and weight of each card taken apart at `+`, a row a term, numbered from 1."""
    roles = ("numerator", "denominator", "weight")
    columns = ("indicator_code", "definition_version", *roles)
    rows = [
        (code, role, number, term, version)
        for code, version, *sides in cards.select(columns).iter_rows()
        for role, side in zip(roles, sides, strict=True)
        for number, term in enumerate(split_terms(side), start=1)
    ]
    return pl.DataFrame(rows, schema=CONFIG["config__indicator_terms"], orient="row")
