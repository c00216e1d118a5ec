"""What may come to a bureau's desk on a bad day, and the refresh that takes it all in.

Here: real plan documents where they lie beside the checkout, plans and workbooks that cannot be read, a school's
workbook with wrong cells. Not here: what is expected of them; several suites ask one refresh.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ingestion.releases import Releases, connect
from tests.ingestion.workbooks.building import FORMS, KINDERGARTEN, template_rows, text, xlsx

THEIRS = "their_plans"


def bring(home: Path, real_plans: Path) -> None:
    """Put it all into a refreshed home; the plans into the folder THEIRS of it."""
    theirs = home / THEIRS
    shutil.copytree(real_plans if real_plans.is_dir() else home / "plans", theirs)
    (theirs / "坏文件.pdf").write_bytes(b"%PDF-1.4 cut off")
    (theirs / "旧格式.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    (home / "inbox" / "坏压缩.xlsx").write_bytes(b"PK\x03\x04 not a zip")
    (home / "inbox" / "不认识.csv").write_text("甲,乙\n1,2\n", "utf-8")

    school = a_school(home)
    bad = bad_workbook(school, pupils=-5, classes=3, teachers=5, teachers_certified=9, staff_qualified=8)
    (home / "inbox" / "坏表.xlsx").write_bytes(bad)
    negative = template_rows("kindergarten", [*school, -1, *KINDERGARTEN[3:]], period="2019年11月", unit=school[1])
    (home / "inbox" / "坏表.csv").write_bytes(text(negative).encode())


def ask(home: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the home's release."""
    with connect(Releases(home / "releases").resolve()) as con:
        con.execute("set schema = 'marts'")
        return con.execute(sql).fetchall()


def a_school(home: Path) -> tuple[str, str]:
    """Code and name of the kindergarten whose workbook is wrong."""
    sql = "select school_code, school_name from dim_schools where stage = '幼儿园' and is_open order by 1"
    return ask(home, sql)[0]


def bad_workbook(school: tuple[str, str], **changes: int) -> bytes:
    """The kindergarten's report of December 2019 with some of its figures changed."""
    row = [*school, *KINDERGARTEN[2:]]
    codes = list(FORMS["kindergarten"].elements)
    for element, value in changes.items():
        row[codes.index(element)] = value
    return xlsx(template_rows("kindergarten", row, period="2019年12月", unit=school[1]))
