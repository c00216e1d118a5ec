"""督办单 of the sample bureau: overdue nodes and open rectifications as the release has them, each with its unit."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from docx import Document

from ingestion.releases import Releases, connect
from ingestion.settings import load_settings
from orchestration.reporting import write_notices

NODES = """
select u.unit_name, n.node_name, n.due_date::varchar
from fct_task_nodes as n inner join dim_units as u on n.lead_unit_code = u.unit_code
where n.node_status = '逾期'
"""
MATTERS = """
select u.unit_name, m.rectification_key
from fct_rectifications as m inner join dim_units as u on m.unit_code = u.unit_code
where not m.is_closed
"""


def by_unit(home: Path, sql: str) -> dict[str, list[tuple[str, ...]]]:
    with connect(Releases(home / "releases").resolve()) as con:
        con.execute("set schema = 'marts'")
        found = defaultdict(list)
        for unit, *rest in con.execute(sql).fetchall():
            found[unit].append(tuple(rest))
    return {unit: sorted(rows) for unit, rows in found.items()}


def test_every_unit_gets_its_nodes_and_rectifications(
    refreshed_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_HOME", str(refreshed_home))
    nodes, matters = {}, {}
    for file in write_notices(load_settings().paths, None, "", tmp_path).files:
        document = Document(str(file))
        unit = document.paragraphs[2].text.removesuffix("：")
        _, late, open_ones = ([[c.text for c in row.cells] for row in table.rows[1:]] for table in document.tables)
        nodes[unit] = sorted((row[2], row[3]) for row in late if row[1])
        matters[unit] = sorted((row[0],) for row in open_ones if row[1])
    assert {unit: rows for unit, rows in nodes.items() if rows} == by_unit(refreshed_home, NODES)
    assert {unit: rows for unit, rows in matters.items() if rows} == by_unit(refreshed_home, MATTERS)
