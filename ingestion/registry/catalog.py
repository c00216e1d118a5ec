"""What acts can be about: landed commitments, and the units, schools, regions and forms there are, from one home.

Read-only. The dashboard reads the same from a release; services take either as plain values.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import polars as pl

from ingestion.config.loader import OWN_FORMS, load_config
from ingestion.landing import Landing
from ingestion.registry.events import RegistryError
from ingestion.registry.reviews import Reviewed
from ingestion.settings import Paths
from ingestion.workbooks.forms import Form, load_forms

SHORTEST_ID = 6


class Catalog:
    """Names and rows of one bureau as they are now."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.landing = Landing(paths.landing)

    @cached_property
    def config(self) -> dict[str, pl.DataFrame]:
        """The configuration's tables. Raises ConfigError where it cannot be read."""
        return load_config(self.paths.config).tables

    @cached_property
    def forms(self) -> dict[str, Form]:
        """Form code → form, the bureau's own included."""
        return load_forms(extra=self.paths.home / OWN_FORMS)

    @property
    def form_names(self) -> dict[str, str]:
        return {code: form.name for code, form in self.forms.items()}

    @property
    def units(self) -> dict[str, str]:
        """Unit code → name."""
        return _names(self.config["config__units"], "unit_code", "unit_name")

    @property
    def regions(self) -> dict[str, str]:
        """Region code → name; a region whose limits changed has its latest name."""
        return _names(self.config["config__regions"], "region_code", "region_name")

    @property
    def reporters(self) -> dict[str, str]:
        """Code → name of every school and unit."""
        return _names(self.config["config__schools"], "school_code", "school_name") | self.units

    @property
    def indicators(self) -> dict[str, str]:
        """Indicator code → name."""
        return _names(self.config["config__indicators"], "indicator_code", "indicator_name")

    @cached_property
    def commitments(self) -> pl.DataFrame:
        """Rows of plans__commitments with file_name, region_code, plan_year and `projects`, in the text's order."""
        documents = self.landing.read("plans__documents").select("document_id", "file_name", "region_code", "plan_year")
        projects = self.landing.read("plans__commitment_projects").sort("commitment_id", "project_no")
        named = projects.group_by("commitment_id").agg(pl.col("project_name").alias("projects"))
        rows = self.landing.read("plans__commitments").join(documents, on="document_id")
        return rows.join(named, on="commitment_id", how="left").sort("file_name", "start_offset", "number_start")

    @property
    def conflicts(self) -> list[dict[str, Any]]:
        """Rows of plans__conflicts: each clause that disagrees with one before it, and the words of why."""
        return self.landing.read("plans__conflicts").to_dicts()

    def of_plan(self, plan: str) -> pl.DataFrame:
        """The commitments of one plan, by file name with or without its extension. Raises RegistryError for none."""
        stem = pl.col("file_name").str.replace(r"\.[^.]*$", "")
        found = self.commitments.filter((pl.col("file_name") == plan) | (stem == plan))
        if found.is_empty():
            names = "、".join(self.commitments["file_name"].unique().sort()) or "还没有，请先运行 duban refresh"
            raise RegistryError(f"没有找到工作要点“{plan}”中的承诺；现有工作要点：{names}")
        return found

    def row(self, commitment_id: str) -> dict[str, Any]:
        """One commitment by its id or the beginning of it. Raises RegistryError where none or several fit."""
        own = self.commitments
        found = own.filter(pl.col("commitment_id") == commitment_id)
        if found.is_empty() and len(commitment_id) >= SHORTEST_ID:
            found = own.filter(pl.col("commitment_id").str.starts_with(commitment_id))
        if found.height != 1:
            problem = "有不止一条" if found.height else "没有"
            raise RegistryError(f"{problem}编号为“{commitment_id}”的承诺；编号见 duban review list 的第一列")
        return found.row(0, named=True)

    def reviewed(self, commitment_ids: Sequence[str]) -> list[Reviewed]:
        """The commitments of these ids (or beginnings of ids)."""
        return [reviewed(self.row(commitment_id)) for commitment_id in commitment_ids]


def reviewed(row: dict[str, Any]) -> Reviewed:
    """The commitment of a row of `Catalog.commitments`."""
    return Reviewed.of(row, row["file_name"])


def _names(frame: pl.DataFrame, code: str, name: str) -> dict[str, str]:
    return dict(frame.select(code, name).iter_rows())
