"""The ledger to take away says what the page says, cell by cell."""

from pathlib import Path

import fastexcel
import pytest

from app.app_pages.ledger import sort, with_labels
from app.context import RunContext
from app.papers import ledger_frame, ledger_workbook
from app.presenting import present
from app.queries import commitments
from app.queries.core import release_info
from ingestion.releases import Release
from tests.app.test_app_pages import opened, text


@pytest.mark.parametrize("order", ["light", "-deadline", "owner"])
def test_the_workbook_holds_the_rows_of_the_page(at_home: Path, release: Release, order: str) -> None:
    frame = sort(with_labels(commitments.standings(release)), order)
    promises = [present(row) for row in frame.to_dicts()]
    run = RunContext(release, release_info(release), None, None)
    content = ledger_workbook(promises, run, ["灯：红"])
    rows = list(fastexcel.read_excel(content).load_sheet(0, header_row=None).to_polars().iter_rows())
    assert rows[0][0] == "目标台账"
    assert "演示数据" in rows[1][0]
    assert "制表日期：2020-10-20" in rows[2][0]
    assert "条件：灯：红" in rows[3][0]
    header, body = rows[4], rows[5:]
    assert len(body) == len(promises)
    shown = text(opened("ledger", sort=order, restated="true"))
    for row, promise in zip(body, promises, strict=True):
        cells = dict(zip(header, row, strict=True))
        assert (cells["承诺"], cells["目标"], cells["现状"], cells["灯"]) == (
            promise.name, promise.target, promise.actual, promise.light.name,
        )  # fmt: skip
        assert f"commitment?commitment={promise.id}" in shown


def test_no_promises_make_an_empty_frame_with_its_columns() -> None:
    assert ledger_frame([]).height == 0


def test_the_page_offers_its_papers_only_where_there_are_rows(at_home: Path) -> None:
    assert [b.proto.label for b in opened("ledger").get("download_button")] == ["下载 Excel 台账", "下载督办单 Word"]
    assert not opened("ledger", q="没有这样的词").get("download_button")
