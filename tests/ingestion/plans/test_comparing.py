"""From landed rows of all plans to editions, changes and conflicts as landed rows."""

from __future__ import annotations

import polars as pl

from ingestion.plans.comparing import comparison_tables, plan_files
from ingestion.plans.reading import plan_tables, read_plan
from ingestion.tables import CONFIG, PLANS

REGIONS = pl.DataFrame(
    [{"region_code": "930100", "region_name": "石桥区", "region_level": "区县"}], schema=CONFIG["config__regions"]
)
CARDS = pl.DataFrame(schema=CONFIG["config__indicators"])
BEFORE = "石桥区2030年教育工作要点\n新增学位1500个。6月底前建成青石小学、白石中学。举办第五届科技节。\n"
FIRST = "石桥区2031年教育工作要点\n新增学位1200个。8月底前建成青石小学。开工学校5所。开工学校4所。\n"
SECOND = "石桥区2031年教育工作要点（修订）\n新增学位1000个。10月底前建成青石小学。开工学校5所。\n"


def tables(*texts: str) -> dict[str, pl.DataFrame]:
    readings = [read_plan(t.encode(), f"{i}.txt", regions=REGIONS) for i, t in enumerate(texts)]
    assert [r.region_code for r in readings] == ["930100"] * len(texts)
    return plan_tables(readings, list(range(1, len(texts) + 1)), CARDS)


def test_an_edition_and_a_year_are_told_apart():
    landed = tables(BEFORE, FIRST, SECOND)
    before, first, second = landed["plans__documents"]["document_id"]
    found = comparison_tables(landed)
    assert {name: dict(frame.schema) for name, frame in found.items()} == {name: PLANS[name] for name in found}
    pairs = found["plans__editions"].select("earlier_document_id", "document_id", "relation").rows()
    assert sorted(pairs) == sorted([(before, first, "year"), (first, second, "edition"), (before, second, "year")])


def test_changes_point_at_landed_commitments():
    landed = tables(BEFORE, FIRST, SECOND)
    second = landed["plans__documents"]["document_id"][2]
    changes = comparison_tables(landed)["plans__changes"]
    edition = changes.filter((pl.col("relation") == "edition") & (pl.col("document_id") == second))
    assert edition["change"].to_list() == ["降低", "推迟", "延续", "放弃"]
    known = set(landed["plans__commitments"]["commitment_id"])
    assert set(changes["commitment_id"].drop_nulls()) | set(changes["earlier_commitment_id"].drop_nulls()) <= known
    year = changes.filter((pl.col("relation") == "year") & (pl.col("document_id") == second))
    assert year.filter(pl.col("change") == "放弃")["earlier_commitment_id"].len() == 1  # 科技节


def test_clauses_that_disagree_are_landed_with_their_plan():
    landed = tables(FIRST, SECOND)
    (conflict,) = landed["plans__conflicts"].to_dicts()
    assert conflict["document_id"] == landed["plans__documents"]["document_id"][0]
    assert conflict["reason"].endswith("前面写5所，这里写4所")


def test_one_plan_has_no_kin():
    landed = tables(FIRST)
    assert all(frame.is_empty() for frame in comparison_tables(landed).values())
    (only,) = plan_files(landed)
    assert [r["projects"] for r in only.records if r["kind"] == "milestone"] == [["青石小学"]]
