"""A plan read whole and laid out as tables; region and year from title, text or the caller."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import polars as pl
import pytest

from ingestion.plans.document import UnreadablePlan
from ingestion.plans.reading import PlanReading, plan_tables, read_plan
from ingestion.plans.regions import region_of
from ingestion.tables import CONFIG, INTAKE, PLANS, empty

REGIONS = pl.DataFrame(
    [
        ("990000", "云山省", None), ("990100", "云溪市", "990000"), ("990102", "云溪市石桥区", "990100"),
        ("990103", "河口县", "990100"), ("990200", "松江市", "990000"), ("990202", "河口区", "990200"),
    ],
    schema=["region_code", "region_name", "parent_region_code"],
    orient="row",
)  # fmt: skip
PLAN = """石桥区2031年教育工作要点
一、扩大供给
（一）全年新增公办学位1500个，普惠性幼儿园覆盖率达到90%以上。
（二）建成青石小学、白石中学等学校3所。制定《石桥区教师招聘办法》。
"""


def card(code: str, name: str, unit: str) -> dict[str, object]:
    base: dict[str, object] = dict.fromkeys(CONFIG["config__indicators"])
    return base | {"indicator_code": code, "indicator_name": name, "unit": unit, "aggregation": "last_stock"}


CARDS = pl.DataFrame(
    [card("cover", "普惠性幼儿园覆盖率", "%"), card("places", "新增公办学位", "个")],
    schema=CONFIG["config__indicators"],
)


def read(text: str = PLAN, **given: object) -> PlanReading:
    return read_plan(text.encode(), "plan.txt", regions=REGIONS, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("云溪市石桥区2031年教育工作要点", "", "990102"),
        ("石桥区2031年教育工作要点", "", "990102"),
        ("2031年云溪教育重点工作", "石桥区、河口县要先行", "990100"),
        ("2031年教育工作要点", "云溪市石桥区教育局文件\n各校：", "990102"),
        ("2031年教育工作要点", "各校：\n" + "略" * 900 + "\n松江市教育体育局办公室印发", "990200"),
        ("2031年教育工作要点", "石桥區教育局", "990102"),
        ("2031年教育工作要点", "河口县教育局", "990103"),
        ("2031年教育工作要点", "河口县和石桥区都要落实", None),
        ("河口2031年教育工作要点", "各校：", None),
        ("2031年教育工作要点", "各校要落实", None),
    ],
)
def test_the_region_is_the_one_that_title_or_office_name(title: str, text: str, expected: str | None) -> None:
    assert region_of(title, text, REGIONS) == expected


def test_a_plan_is_read_whole() -> None:
    reading = read()
    assert (reading.region_code, reading.plan_year, reading.findings) == ("990102", 2031, [])
    assert {c.kind for c in reading.commitments} == {"count", "metric", "milestone", "deliverable"}
    assert [i.item_path for i in reading.outline] == ["一", "一/（一）", "一/（二）"]
    assert all(reading.document.text[c.start : c.end] == c.quote for c in reading.commitments)


def test_what_the_caller_says_wins() -> None:
    reading = read(year=2030, region="990103")
    assert (reading.region_code, reading.plan_year) == ("990103", 2030)


def test_an_unknown_region_or_year_is_a_finding_and_the_plan_goes_through() -> None:
    reading = read("工作要点\n一、新建学校3所。\n")
    assert (reading.region_code, reading.plan_year) == (None, None)
    assert [(f["rule_code"], f["severity"]) for f in reading.findings] == [
        ("plan.region_unknown", "结构"),
        ("plan.year_unknown", "结构"),
    ]
    tables = plan_tables([reading], [7], CARDS)
    assert tables["plans__commitments"]["deadline"].to_list() == [None]
    assert tables["intake__findings"]["file_id"].to_list() == [7, 7]
    assert all("plans.csv" in fix for fix in tables["intake__findings"]["fix"])


def test_a_region_that_the_configuration_does_not_know_is_a_finding() -> None:
    reading = read(region="123456")
    assert reading.region_code is None
    assert [f["raw_value"] for f in reading.findings] == ["123456"]


def test_a_document_without_commitments_is_worth_a_look() -> None:
    assert [f["rule_code"] for f in read("石桥区2031年随笔\n春天来了。\n").findings] == ["plan.no_commitments"]


def test_tables_have_the_landing_schema_and_hang_together() -> None:
    tables = plan_tables([read()], [7], CARDS)
    assert {name: dict(frame.schema) for name, frame in tables.items()} == {
        name: dict(empty(name).schema) for name in [*PLANS, "intake__findings"]
    }
    commitments = tables["plans__commitments"]
    assert commitments.filter(pl.col("kind") == "metric")["value"].to_list() == [Decimal("90.000000")]
    assert commitments["commitment_id"].n_unique() == commitments.height
    assert tables["plans__commitment_projects"]["project_name"].to_list() == ["青石小学", "白石中学"]
    assert sorted(tables["plans__links"]["indicator_code"]) == ["cover", "places"]
    assert set(tables["plans__links"]["commitment_id"]) <= set(commitments["commitment_id"])
    assert tables["plans__documents"]["document_id"].to_list() == [commitments["document_id"][0]]
    assert "1500" in tables["plans__numbers"]["number_text"].to_list()


def test_the_same_text_in_two_files_is_one_document() -> None:
    again = read_plan(PLAN.encode("gb18030"), "copy.txt", regions=REGIONS)
    tables = plan_tables([read(), again], [1, 2], CARDS)
    assert tables["plans__documents"]["file_id"].to_list() == [1]
    assert tables["intake__findings"].select("file_id", "rule_code").rows() == [(2, "plan.duplicate")]


def test_no_plans_give_empty_tables() -> None:
    tables = plan_tables([], [], CARDS)
    assert all(frame.is_empty() for frame in tables.values())
    assert dict(tables["intake__findings"].schema) == INTAKE["intake__findings"]


def test_ids_are_the_same_each_time() -> None:
    first, second = read(), read()
    assert [c.id for c in first.commitments] == [c.id for c in second.commitments]
    assert read("要点\n").findings[0]["finding_id"] == read("要点\n").findings[0]["finding_id"]


def test_the_two_faces_of_a_bad_file() -> None:
    with pytest.raises(UnreadablePlan):
        read_plan(b"", "plan.txt")


def test_reading_for_extract_imports_no_warehouse() -> None:
    unwanted = ("polars", "duckdb", "rapidfuzz", "rich", "lxml")
    code = f"import sys, ingestion.plans.reading; print([m for m in {unwanted} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
