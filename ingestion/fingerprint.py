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


def project_digest(folder: Path = DBT_PROJECT) -> str:
    """Hash of every model, test, seed and property file, by content and relative path."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    files = sorted({path for pattern in MEANING for path in folder.rglob(pattern)})
    for path in files:
        relative = path.relative_to(folder)
        if relative.parts[0] in NOT_MEANING:
            continue
        digest.update(f"{relative.as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def refresh_fingerprint(landing: Landing, evaluation_date: date) -> str:
    """Equal fingerprints mean equal marts, so nothing need be built."""
    parts = (landing.digest(), project_digest(), evaluation_date.isoformat())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
