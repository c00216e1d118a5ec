"""The register of a school year follows from dates that the configuration holds, and from nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from ingestion.config.bureau import Bureau
from ingestion.config.loader import Config
from ingestion.registry import registers
from ingestion.tables import CONFIG, empty

FIRST, LAST = date(2021, 9, 1), date(2022, 8, 31)


def config(schools: list[dict[str, Any]], units: list[dict[str, Any]], terms: list[dict[str, Any]]) -> Config:
    given = {"config__schools": schools, "config__units": units, "config__school_terms": terms}
    tables = {name: empty(name) for name in CONFIG}
    for name, rows in given.items():
        tables[name] = pl.DataFrame([dict.fromkeys(CONFIG[name]) | row for row in rows], schema=CONFIG[name])
    return Config(tables, Bureau(name="西山县教育局"))


def school(code: str, opened: date | None = None, closed: date | None = None) -> dict[str, Any]:
    return {"school_code": code, "school_name": f"{code}校", "stage": "小学", "opened_date": opened,
            "closed_date": closed}  # fmt: skip


def unit(name: str, first: date | None = None, last: date | None = None) -> dict[str, Any]:
    return {"unit_code": "XQ", "unit_name": name, "valid_from_date": first, "valid_to_date": last}


def spans(rows: pl.DataFrame) -> dict[str, tuple[date, date]]:
    return {code: (first, last) for code, first, last in rows.select("reporter_code", *DAYS).iter_rows()}


DAYS = ("valid_from_date", "valid_to_date")


def test_closed_schools_are_left_out_and_days_end_with_the_year() -> None:
    made = registers.proposed(
        config(
            [
                school("old", date(1990, 9, 1)),
                school("unknown"),
                school("gone", closed=date(2021, 7, 1)),
                school("gone-that-day", closed=FIRST),
                school("closing", closed=date(2022, 2, 1)),
                school("opening", date(2022, 3, 1)),
                school("later", date(2022, 9, 1)),
            ],
            [],
            [],
        ),
        2021,
    )
    assert spans(made) == {
        "closing": (FIRST, date(2022, 1, 31)),
        "old": (FIRST, LAST),
        "opening": (date(2022, 3, 1), LAST),
        "unknown": (FIRST, LAST),
    }
    assert set(made["school_year"]) == {2021}


def test_terms_say_when_a_school_year_begins() -> None:
    terms = [{"school_year": 2021, "term_name": "第一学期", "start_date": date(2021, 8, 30)}]
    made = registers.proposed(config([school("a"), school("b", closed=date(2021, 8, 31))], [], terms), 2021)
    assert spans(made) == {"a": (date(2021, 8, 30), LAST), "b": (date(2021, 8, 30), date(2021, 8, 30))}


def test_a_unit_stated_anew_within_the_year_stands_once_with_its_later_name() -> None:
    stated = [unit("学前科", None, date(2021, 12, 31)), unit("学前教育科", date(2022, 1, 1))]
    made = registers.proposed(config([], stated, []), 2021)
    assert made.select("reporter_name", "reporter_type", *DAYS).rows() == [("学前教育科", "单位", FIRST, LAST)]
    assert registers.described(made) == "2021学年名册：学校 0 所、单位 1 个"
    assert registers.proposed(config([], stated[:1], []), 2022).is_empty()
