"""What a result is a function of, as one hash: landed rows, the SQL that gives them meaning, and the day judged."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import duckdb

from ingestion.landing import Landing
from ingestion.settings import PROJECT_ROOT

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
MEANING = ("*.sql", "*.yml", "*.csv")
NOT_MEANING = {"target", "logs"}


def project_files(folder: Path = DBT_PROJECT) -> list[Path]:
    """Every model, test, seed and property file, in order."""
    files = sorted({path for pattern in MEANING for path in folder.rglob(pattern)})
    return [path for path in files if path.relative_to(folder).parts[0] not in NOT_MEANING]


def project_digest(folder: Path = DBT_PROJECT) -> str:
    """Hash of these files by content and relative path, and of the engine's version."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in project_files(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def refresh_fingerprint(landing: Landing, evaluation_date: date) -> str:
    """Equal fingerprints mean equal marts, so nothing need be built."""
    parts = (landing.digest(), project_digest(), evaluation_date.isoformat())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
