"""Where the Word templates lie: the bureau's own where it has one, else the shipped one. Paths alone."""

from __future__ import annotations

from pathlib import Path

from ingestion.settings import PROJECT_ROOT, Paths

SHIPPED = PROJECT_ROOT / "data" / "templates"
BULLETIN, NOTICE, RECEIPT = "通报.docx", "督办单.docx", "回执.docx"


def template_of(paths: Paths, name: str) -> Path:
    """The bureau's own template where it has one, else the shipped one."""
    own = paths.config / "templates" / name
    return own if own.is_file() else SHIPPED / name
