"""Editions, plan on plan, conflicts and gaps in one small world, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest
from world import Warehouse, World, at

EAST, WEST = "430102", "430103"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    world = World()
    city = world.region("430100", level="市")
    world.region(EAST, city)
    world.region(WEST, city)
    for no in range(1, 3):
        world.school(f"430102000{no}", EAST)
    world.card("fit", "fitness_passed", "fitness_tested")
    world.card("seen", "vision_screened", "pupils")
    world.report("basic", "4301020001", date(2020, 9, 1), {"fitness_passed": 90, "fitness_tested": 100}, region=EAST)
    for document in ("old", "first", "second"):
        world.plan(document, EAST, 2019 if document == "old" else 2020)
    # the second edition came in on 1 July, Shanghai time
    world.rows["intake__files"][-1]["received_at"] = at("2020-06-30T17:00:00")
    world.commitment("old1", "old", "metric", "fit", value=80)
    world.commitment("a1", "first", "metric", "fit", value=90)
    world.commitment("a2", "first", "count", value=5, unit="所", confirmed=False)
    world.commitment("b1", "second", "metric", "fit", value=85)
    world.commitment("b2", "second", "metric", "seen", value=95)
    world.commitment("b3", "second", "metric", value=99, quote="课程开齐率达到99%")
    world.commitment("b4", "second", "metric", "fit", value=88, method="suggestion", confirmed=False)
    for relation, earlier, rows in (
        ("edition", "first", [("b1", "a1", "降低"), ("b2", None, "新增"), (None, "a2", "放弃")]),
        ("year", "old", [("b1", "old1", "提高")]),
    ):
        pair = {"document_id": "second", "earlier_document_id": earlier, "relation": relation}
        world.add("plans__editions", **pair, title_score=1.0, shared_share=0.5)
        for no, (later, before, change) in enumerate(rows, 1):
            world.add("plans__changes", **pair, change_no=no, commitment_id=later, earlier_commitment_id=before,
                      change=change, match_score=1.0, explanation="对照")  # fmt: skip
    for no in (1, 2):
        world.commitment(f"c{no}", "old", "count", value=no, unit="所")
        world.commitment(f"d{no}", "old", "count", value=no, unit="个", restates="d1" if no == 2 else None)
    for later, earlier in (("b4", "b1"), ("b3", "b2"), ("c2", "c1"), ("d2", "d1")):
        world.add("plans__conflicts", document_id="second", commitment_id=later, other_commitment_id=earlier,
                  reason="前面写85%，这里写88%")  # fmt: skip
    world.event("conflict.decided", "commitment", "b3", {"kept_commitment_id": "b2"})
    world.event("conflict.decided", "commitment", "c2", {"kept_commitment_id": "c2"})
    world.event("conflict.decided", "commitment", "d1", {"kept_commitment_id": "d2"})
    only = "dim_documents fct_attainments fct_gap_map fct_plan_changes fct_plan_conflicts"
    return world.build(tmp_path_factory.mktemp("comparisons"), only=only)


def test_an_edition_holds_until_the_next_one_came_in(warehouse):
    found = warehouse.rows("select document_id, valid_from_date, valid_to_date, is_in_force from marts.dim_documents")
    assert {row["document_id"]: tuple(row.values())[1:] for row in found} == {
        "old": (None, None, True),
        "first": (None, date(2020, 7, 1), False),
        "second": (date(2020, 7, 1), None, True),
    }


def test_totals_count_the_edition_in_force_and_the_old_targets_stay(warehouse):
    found = warehouse.rows(
        "select commitment_id, is_root, valid_to_date, replaced_commitment_id, edition_change"
        " from marts.fct_commitments"
    )
    by = {row["commitment_id"]: tuple(row.values())[1:] for row in found}
    assert by["a1"] == (False, date(2020, 7, 1), None, None)
    assert by["b1"] == (True, None, "a1", "降低")
    assert by["b2"] == (True, None, None, "新增")
    assert by["old1"] == (True, None, None, None)
    (old,) = warehouse.rows("select light, is_root from marts.fct_attainments where commitment_id = 'a1'")
    assert not old["is_root"]
    assert old["light"] is not None


def test_changes_tell_both_sentences(warehouse):
    found = warehouse.rows(
        "select relation, change, earlier_quote, later_quote from marts.fct_plan_changes order by relation, change_no"
    )
    assert [tuple(row.values()) for row in found] == [
        ("edition", "降低", "承诺a1", "承诺b1"),
        ("edition", "新增", None, "承诺b2"),
        ("edition", "放弃", "承诺a2", None),
        ("year", "提高", "承诺old1", "承诺b1"),
    ]


def test_a_conflict_is_open_until_a_person_decides(warehouse):
    found = warehouse.rows("select commitment_id, is_decided from marts.fct_plan_conflicts")
    assert {row["commitment_id"]: row["is_decided"] for row in found} == {
        "b4": False,
        "b3": True,
        "c2": True,
        "d2": True,
    }


def test_a_kept_clause_counts_even_where_it_repeats_the_one_that_gave_way(warehouse):
    found = warehouse.rows("select commitment_id, root_commitment_id from marts.fct_commitments")
    roots = {row["commitment_id"]: row["root_commitment_id"] for row in found}
    assert (roots["d1"], roots["d2"]) == ("d2", "d2")
    assert (roots["c1"], roots["c2"]) == ("c1", "c2")


def test_gaps_both_ways(warehouse):
    found = {row["gap_key"]: row for row in warehouse.rows("select * from marts.fct_gap_map")}
    kinds = {key: row["gap_kind"] for key, row in found.items() if (row["commitment_id"] or "").startswith(("a", "b"))}
    # b1 has its figure; a2 is of an edition that no longer holds; b3 gave way to b2
    assert kinds == {"b2": "无数据", "b4": "无指标"}
    assert found["b4"]["suggested_indicator_code"] == "fit"
    assert "相近" in found["b4"]["reason"]
    unused = {key for key, row in found.items() if row["gap_kind"] == "未使用"}
    assert "basic/myopic" in unused
    assert not unused & {"basic/fitness_passed", "basic/vision_screened"}
    assert not any(key.startswith(("projects/", "ledger/")) for key in unused)
