"""A small bureau for the registry's tests: an empty log, a plan of three promises, four units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.registry.acts import Who
from ingestion.registry.events import Registry
from ingestion.registry.reviews import Reviewed, confirm
from ingestion.releases import Release, Releases
from ingestion.settings import Settings

NOTHING = (
    "indicator", "operator", "value", "value_high", "unit", "baseline", "strength", "responsible_unit", "per",
    "recurrence", "milestone", "work_type", "stated_count", "output", "restates", "part_of", "note", "projects",
    "number_text", "number_start",
)  # fmt: skip


def row(letter: str, kind: str, quote: str, start: int, **fields: Any) -> dict[str, Any]:
    """A landed commitment of 甲区's plan, as Catalog.commitments gives it."""
    known = {
        "commitment_id": letter * 16, "document_id": "doc", "file_name": "甲区-2020.txt", "region_code": "330303",
        "plan_year": 2020, "kind": kind, "quote": quote, "start_offset": start, "deadline": date(2020, 12, 31),
        "locator": "第1段",
    }  # fmt: skip
    return dict.fromkeys(NOTHING) | known | fields


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "registry.sqlite")


@pytest.fixture
def who() -> Who:
    return Who("王督学", "例行办理")


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    return [
        row("a", "metric", "公办园占比达50%以上", 10, indicator="公办园占比", operator=">=", value=Decimal(50),
            unit="%", number_text="50%以上", number_start=15),
        row("b", "deliverable", "制定甲办法", 40, output="甲办法"),
        row("c", "count", "新增学位300个", 80, indicator="学位", operator="increase", value=Decimal(300), unit="个",
            number_text="300个", number_start=84),
    ]  # fmt: skip


@pytest.fixture
def commitments(rows: list[dict[str, Any]]) -> list[Reviewed]:
    return [Reviewed.of(one, one["file_name"]) for one in rows]


@pytest.fixture
def confirmed(registry: Registry, commitments: list[Reviewed], who: Who) -> list[Reviewed]:
    """The first two promises, confirmed; the third waits."""
    confirm(registry, commitments[:2], who)
    return commitments[:2]


@pytest.fixture
def units() -> dict[str, str]:
    return {"JJ": "基础教育科", "XQ": "学前教育科", "JC": "计财科", "JC2": "计财科"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


MARTS = """
create schema marts;
create table marts.dim_documents as select 'doc' as document_id, '甲区-2020.txt' as file_name, '330303' as region_code;
create table marts.dim_regions as select '330303' as region_code, '甲区' as region_name;
create table marts.dim_indicators as select 'pub' as indicator_code, '公办园占比' as indicator_name,
    '2020' as definition_version, cast(null as varchar) as baseline_reference;
create table marts.fct_indicator_values as select * from (values
    ('pub', '330303', date '2020-09-01', 40.0, 100.0, 40.0), ('pub', '330303', date '2020-12-01', 45.0, 100.0, 45.0),
    ('pub', '999999', date '2020-12-01', 1.0, 2.0, 50.0), ('pub', '330303', date '2021-01-01', 50.0, 100.0, 50.0)
) as t (indicator_code, region_code, period_start_date, numerator, denominator, indicator_value);
create table marts.fct_commitments as select * from (values
    (repeat('a', 16), 'metric', '公办园占比达50%以上', '50%以上', 10),
    (repeat('b', 16), 'deliverable', '制定甲办法', null, 40),
    (repeat('c', 16), 'count', '新增学位300个', '300个', 80)
) as t (commitment_id, kind, quote, number_text, start_offset),
    (select 'doc' as document_id, 2020 as plan_year, true as is_root, cast(null as varchar) as responsible_unit);
alter table marts.fct_commitments add column is_confirmed boolean;
update marts.fct_commitments set is_confirmed = kind <> 'count';
create table marts.fct_attainments as select * from (values
    (repeat('a', 16), '红', '滞后', 50.0, 45.0, '>=', false, '%'),
    (repeat('b', 16), '蓝', '已达标', null, null, null, true, null),
    (repeat('c', 16), '灰', '未确认', 300.0, 100.0, 'increase', false, '个')
) as t (commitment_id, light, status, target_value, actual_value, judged_operator, is_met, unit),
    (select date '{judged}' as evaluation_date, date '2020-12-31' as deadline_date, '{why}' as reason,
        40.0 as progress_pct, 20.0 as lag);
create table marts.fct_files as select * from (values (1, 'f1'), (2, 'f2'), (3, 'f3')) as t (file_id, sha256);
create table marts.fct_submissions as select * from (values
    ('projects', 'JC', '330303', date '2020-09-01', true, 1),
    ('projects', 'JJ', '330303', date '2020-09-01', true, {file}),
    ('projects', 'XQ', '330303', date '2020-09-01', false, 3), ('projects', 'JC', '330303', date '2020-08-01', true, 3)
) as t (form_code, reporter_code, region_code, period_start_date, is_accepted, file_id);
"""


@pytest.fixture
def releases(settings: Settings) -> Releases:
    return Releases(settings.paths.releases)


@pytest.fixture
def publish(tmp_path: Path, releases: Releases) -> Callable[..., Release]:
    """Publish a small release: judged on a day, with the file that 基础教育科's report of September rests on."""

    def publish(judged: str = "2020-12-31", file: int = 2, why: str = "") -> Release:
        build = tmp_path / "build.duckdb"
        build.unlink(missing_ok=True)
        with duckdb.connect(str(build)) as con:
            con.execute(MARTS.format(judged=judged, file=file, why=why))
        return releases.publish(build, {"evaluation_date": judged})

    return publish
