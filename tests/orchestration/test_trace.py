"""A figure is traced to its sentence and its cells, and a file to the commitments it went into."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.releases import Release, Releases, connect
from ingestion.settings import Paths
from ingestion.sql import SqlLimits, run_sql
from orchestration.tracing import TraceError, trace


@pytest.fixture(scope="module")
def release(refreshed_home: Path) -> Release:
    return Releases(Paths(refreshed_home, None).releases).resolve()


def rows(release: Release, sql: str, **values: Any) -> list[tuple]:
    with connect(release) as con:
        con.execute("use marts")
        return con.execute(sql, values).fetchall()


def ratio_of_one_term(release: Release) -> tuple:
    sql = """
        select a.commitment_id, a.actual_numerator, a.actual_denominator, c.quote, c.start_offset, d.file_name
        from fct_attainments as a
        inner join fct_commitments as c on a.commitment_id = c.commitment_id
        inner join dim_documents as d on a.document_id = d.document_id
        inner join dim_indicators as i on a.indicator_code = i.indicator_code
        where a.light != '灰' and a.is_root and a.actual_denominator > 0 and i.aggregation = 'ratio_of_sums'
            and i.source_form = 'basic' and i.numerator not like '%+%' and coalesce(i.numerator_sectors, '') = ''
            and i.denominator not in ('', 'school_count') and i.denominator not like '%+%'
        order by 1"""
    found = rows(release, sql)
    assert found
    return found[0]


def test_a_figure_leads_to_its_sentence_its_formula_and_its_cells(release: Release) -> None:
    identifier, numerator, denominator, quote, start, plan = ratio_of_one_term(release)
    text = "\n".join(trace(release, identifier))
    assert quote in text
    assert f"{plan}  " in text
    assert f"第 {start}–" in text
    assert f"Σ分子 {numerator.normalize():f} ÷ Σ分母 {denominator.normalize():f}" in text
    cells = rows(release, "select * from figure_cells($id)", id=identifier)
    assert f"依据：{len(cells)} 个单元格" in text
    assert "缺少：" in text


def test_the_cells_shown_add_up_to_the_figure(release: Release) -> None:
    identifier, numerator, denominator, *_ = ratio_of_one_term(release)
    sql = "select part, sum(value_number) from figure_cells($id) group by part"
    assert dict(rows(release, sql, id=identifier)) == {"分子": Decimal(numerator), "分母": Decimal(denominator)}


def test_provenance_leads_both_ways(release: Release) -> None:
    """Whatever leads from a figure to a place leads from that place back to the figure, for every figure and place."""
    there = rows(release, "select distinct file_id, cell, commitment_id, part from figure_cells(null)")
    files = sorted({row[0] for row in there})
    assert len(files) > 50
    back = [(file, cell, *rest) for file in files[:20] for cell, *rest in rows(
        release, "select distinct cell, commitment_id, part from cell_figures($file, null)", file=file)]  # fmt: skip
    assert sorted(back) == sorted(row for row in there if row[0] in files[:20])
    file, cell, *_ = there[0]
    one = rows(release, "select commitment_id from cell_figures($file, $cell)", file=file, cell=cell)
    assert {row[0] for row in one} == {row[2] for row in there if row[:2] == (file, cell)}
    for document, first, last, identifier in rows(
        release, "select document_id, start_offset, end_offset, commitment_id from figure_sentence(null)"
    ):
        sql = "select commitment_id from sentence_figures($document, $first, $last)"
        assert (identifier,) in rows(release, sql, document=document, first=first, last=last)


def test_a_restatement_rests_on_the_cells_of_its_root(release: Release) -> None:
    sql = """
        select c.commitment_id, a.root_commitment_id from fct_commitments as c
        inner join fct_attainments as a using (commitment_id) where c.restates_commitment_id is not null"""
    cells = "select cell, file_id, part from figure_cells($id) order by all"
    pairs = rows(release, sql)
    assert pairs
    for restated, root in pairs:
        assert rows(release, cells, id=restated) == rows(release, cells, id=root)


def test_analysts_ask_for_it_in_sql(release: Release) -> None:
    identifier = ratio_of_one_term(release)[0]
    found = run_sql(release.path, f"select count(*) as n from figure_cells('{identifier}')", SqlLimits())
    assert found.frame.item() > 0


def traced(release: Release, where: str) -> int:
    found = rows(
        release, f"select commitment_id from fct_commitments left join fct_attainments using (commitment_id) {where}"
    )
    for (identifier,) in found:
        assert trace(release, identifier)[0].startswith(f"承诺 {identifier}")
    return len(found)


def test_a_commitment_of_every_kind_and_status_can_be_traced(release: Release) -> None:
    alike = "fct_commitments.document_id, fct_commitments.kind, status"
    assert traced(release, f"qualify row_number() over (partition by {alike} order by commitment_id) = 1") > 30


@pytest.mark.soak
def test_every_commitment_can_be_traced(release: Release) -> None:
    assert traced(release, "") > 180


def test_a_workbook_leads_to_the_commitments_it_went_into(release: Release, refreshed_home: Path) -> None:
    identifier, *_ = ratio_of_one_term(release)
    ((name,),) = rows(
        release, "select min(file_name) from figure_cells($id)", id=identifier
    )  # fmt: skip
    lines = trace(release, str(refreshed_home / "inbox" / name))
    assert lines[1].startswith("涉及 ")
    assert any(identifier in line and "个单元格" in line for line in lines)


def test_a_plan_leads_to_the_commitments_written_in_it(release: Release) -> None:
    sql = "select document_id, file_name from dim_documents order by 1 limit 1"
    ((document, name),) = rows(release, sql)
    ((count,),) = rows(release, "select count(*) from fct_commitments where document_id = $id", id=document)
    assert f"涉及 {count} 项承诺：" in trace(release, name)


@pytest.mark.parametrize(
    ("figure", "words"),
    [("ab", "太短"), ("zzzzzz", "没有编号"), ("没有这份.xlsx", "没有接收过"), (__file__, "没有被接收过")],
)
def test_what_cannot_be_traced_says_what_to_do(release: Release, figure: str, words: str) -> None:
    with pytest.raises(TraceError, match=words):
        trace(release, figure)
