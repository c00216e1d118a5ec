"""The decomposition workbook comes back: unchanged it says nothing, changed it says what, wrong it says where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.registry import tasks
from ingestion.registry.acts import Who, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed
from ingestion.registry.task_import import Difference, import_tasks
from ingestion.registry.task_states import read_tasks
from ingestion.registry.task_workbook import HEADERS, SHEET, write_tasks
from ingestion.registry.tasks import NodeDraft, TaskDraft
from ingestion.registry.undoing import undo
from ingestion.settings import Settings

FIRST_ROW = 4


class Book:
    """A written workbook, edited as a clerk would and read back."""

    def __init__(self, path: Path, read: Any) -> None:
        self.path, self._read = path, read
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book[SHEET]

    def put(self, row: int, **cells: object) -> Book:
        for header, value in cells.items():
            self.sheet.cell(FIRST_ROW + row, HEADERS.index(header) + 1).value = value
        return self

    def come_back(self, *, is_dry_run: bool = False) -> Difference:
        self.book.save(self.path)
        return self._read(self.path, is_dry_run)


@pytest.fixture
def book(
    tmp_path: Path, registry: Registry, rows: list[dict[str, Any]], confirmed: list[Reviewed], units: dict[str, str],
    settings: Settings, who: Who,
) -> Book:  # fmt: skip
    """Row 0: the first promise's task with node 1; row 1: node 2; row 2: the second promise; row 3: the third, 待核."""
    draft = TaskDraft("建公办园", "XQ", "2020-10-31", ["JC", "JJ"], "李强", 2020,
                      nodes=[NodeDraft("招标", "2020-06-30", "通知书"), NodeDraft("封顶", "2020-09-30")])  # fmt: skip
    tasks.create(registry, [(confirmed[0], draft)], who, units)
    states = {"a" * 16: "已确认", "b" * 16: "已确认", "c" * 16: "待核"}
    path = tmp_path / "分解立项表.xlsx"
    write_tasks(path, rows, states, read_tasks(standing(registry)).values(), units)
    return Book(
        path, lambda p, dry: import_tasks(registry, p, rows, units, Who("张丽", "分工"), settings, is_dry_run=dry)
    )


def test_coming_back_unchanged_appends_nothing(book: Book, registry: Registry) -> None:
    before = registry.last_event_no()
    assert book.come_back().lines == []
    assert registry.last_event_no() == before


def test_identity_is_locked_and_units_are_chosen_from_a_list(book: Book) -> None:
    cells = {header: book.sheet.cell(FIRST_ROW, HEADERS.index(header) + 1) for header in HEADERS}
    assert book.sheet.protection.sheet
    assert [header for header, cell in cells.items() if cell.protection.locked] == [
        "承诺编号", "任务编号", "节点序号", "工作要点", "原文", "承诺时限", "审核状态", "状态",
    ]  # fmt: skip
    assert any("'单位'!" in (rule.formula1 or "") for rule in book.sheet.data_validations.dataValidation)
    assert [cell.value for cell in book.book["单位"]["A"]][1:] == sorted(
        ["基础教育科", "学前教育科", "计财科（JC）", "计财科（JC2）"]
    )


def test_differences_alone_are_appended_in_one_act(book: Book, registry: Registry) -> None:
    book.put(0, 责任人="张丽", 节点时限="2020年7月15日").put(1, 操作="删除节点")
    book.put(2, 任务="起草办法", 牵头单位="基础教育科", 完成时限="2020/8/31", 节点="征求意见", 节点时限="2020-07-31")
    book.put(4, 节点="印发", 节点时限="2020-08-20", 承诺编号="b" * 16)
    before = registry.last_event_no()
    told = book.come_back(is_dry_run=True)
    assert registry.last_event_no() == before
    done = book.come_back()
    assert told.lines == done.lines
    assert [line.split()[0] for line in done.lines] == [
        "修改任务", "修改节点", "删除节点", "新任务", "新节点", "新节点",
    ]  # fmt: skip
    old, new = read_tasks(standing(registry)).values()
    assert (old.person, [(node.name, node.due_date) for node in old.nodes]) == ("张丽", [("招标", "2020-07-15")])
    assert (new.lead, new.due_date, new.year) == ("JJ", "2020-08-31", 2020)
    assert [(node.number, node.name) for node in new.nodes] == [(1, "征求意见"), (2, "印发")]
    undo(registry, done.event_numbers[0], "张丽", "填错了", whole=True)
    (back,) = read_tasks(standing(registry)).values()
    assert back == old.__class__(**{**vars(old), "person": "李强", "nodes": back.nodes})
    assert [node.name for node in back.nodes] == ["招标", "封顶"]


@pytest.mark.parametrize(
    ("row", "cells", "said"),
    [
        (0, {"牵头单位": "人事科"}, "I4：没有单位“人事科”"),
        (0, {"牵头单位": "计财科"}, "I4：有2个单位符合“计财科”"),
        (0, {"配合单位": "基础教育科、学前教育科"}, "J4：学前教育科已是牵头单位"),
        (0, {"完成时限": "十月底"}, "L4：“十月底”不是日期"),
        (0, {"完成时限": "2020-13-01"}, "L4：“2020-13-01”不是日期"),
        (0, {"完成时限": None}, "L4：没有填写完成时限"),
        (0, {"任务": None}, "H4：没有填写任务"),
        (1, {"节点时限": "2020-11-01"}, "N5：节点“封顶”的时限 2020-11-01 晚于任务的完成时限 2020-10-31"),
        (1, {"节点": None}, "M5：第2个节点没有名称"),
        (1, {"节点序号": 7}, "C5：任务 T.* 没有第7个节点"),
        (2, {"节点": "征求意见", "节点时限": "2020-07-31"}, "M6：节点之前没有任务"),
        (2, {"任务编号": "T0-1", "任务": "甲"}, "B6：没有任务“T0-1”"),
        (3, {"任务": "扩学位", "牵头单位": "基础教育科", "完成时限": "2020-08-31"}, "H7：这一条承诺还是“待核”"),
        (4, {"承诺编号": "x", "任务": "甲"}, "A8：没有编号为“x”的承诺"),
        (1, {"任务": "另写", "牵头单位": "基础教育科", "完成时限": "2020-10-31"}, "H5：.*与第4行写得不一样"),
    ],
)
def test_a_fault_is_told_by_its_cell_and_nothing_is_taken(
    book: Book, registry: Registry, row: int, cells: dict[str, object], said: str
) -> None:
    before = registry.last_event_no()
    book.put(0, 责任人="张丽").put(row, **cells)
    with pytest.raises(RegistryError, match=f"整份没有采用：\n.*{said}"):
        book.come_back()
    assert registry.last_event_no() == before


def test_every_fault_is_told_at_once(book: Book) -> None:
    book.put(0, 牵头单位="人事科", 完成时限="十月底").put(2, 节点="甲").put(3, 任务="乙")
    with pytest.raises(RegistryError) as refused:
        book.come_back()
    told = str(refused.value)
    assert "有 6 处问题" in told
    assert [cell in told for cell in ("I4", "L4", "M6", "H7", "I7", "L7")] == [True] * 6


def test_a_row_left_out_changes_nothing_and_removal_is_said(book: Book, registry: Registry) -> None:
    book.sheet.delete_rows(FIRST_ROW + 1)
    assert book.come_back().lines == []
    book.put(0, 操作="删除任务")
    assert [line.split()[0] for line in book.come_back().lines] == ["删除任务"]
    assert read_tasks(standing(registry)) == {}


def test_another_workbook_is_told_apart(book: Book, tmp_path: Path) -> None:
    book.sheet.title = "别的表"
    with pytest.raises(RegistryError, match=f"没有“{SHEET}”工作表"):
        book.come_back()
    book.sheet.title = SHEET
    book.sheet.cell(3, HEADERS.index("责任人") + 1).value = "负责人"
    with pytest.raises(RegistryError, match="表头缺少：责任人"):
        book.come_back()
    book.path.write_bytes(b"PK no workbook")
    with pytest.raises(RegistryError, match=r"分解立项表\.xlsx："):
        book._read(book.path, False)
