"""Where the Word templates lie: the bureau's own where it has one, else the shipped one; how papers are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ingestion.settings import PROJECT_ROOT, Paths

SHIPPED = PROJECT_ROOT / "data" / "templates"
BULLETIN, NOTICE, RECEIPT = "通报.docx", "督办单.docx", "回执.docx"
UNFIT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')
NAME_LENGTH = 60  # characters of a unit in a file name, whose 255 bytes hold 85 Chinese ones


def template_of(paths: Paths, name: str) -> Path:
    """The bureau's own template where it has one, else the shipped one."""
    own = paths.config / "templates" / name
    return own if own.is_file() else SHIPPED / name


def file_names(units: Iterable[str]) -> dict[str, str]:
    """Unit → file name; what no file name may hold becomes a line, a number tells apart what then reads alike."""
    names: dict[str, str] = {}
    for unit in units:
        stem = f"督办单_{UNFIT_IN_NAMES.sub('_', unit)[:NAME_LENGTH].strip('._') or '单位'}"
        alike = sum(name.startswith(stem) for name in names.values())
        names[unit] = f"{stem}_{alike + 1}.docx" if alike else f"{stem}.docx"
    return names
