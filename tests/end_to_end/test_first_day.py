"""A bureau's first days by command: from an empty home to a light, a mistake made and undone, a year closed and opened.

The plan, the form and the indicator are none that the sample contains; nothing in the repository is edited.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Ran
from tests.end_to_end.test_refresh import rows

Run = Callable[..., Ran]
PLAN = """青禾县教育局2026年工作要点

一、守牢安全底线
（一）办好学校食堂。到12月底，学校食堂明厨亮灶覆盖率达到80%以上。
（二）制定《青禾县校园食品安全管理办法》。
"""
WHO = ("--by", "王敏", "--why", "逐条核对")
LIGHT = "select light, status, display_value from fct_attainments where kind = 'metric'"
CONFIGURATION: list[tuple[str, dict[str, Any]]] = [
    ("本单位", {"单位名称": "青禾县教育局", "评价日期": "2026-09-20", "是否演示": "否"}),
    ("区划", {"区划代码": "990100", "区划名称": "演禾市", "级别": "市"}),
    ("区划", {"区划代码": "990101", "区划名称": "青禾县", "上级区划代码": "990100", "级别": "区县"}),
    ("学校", {"学校标识码": "9901010001", "学校名称": "青禾县第一小学", "所在区划代码": "990101", "学段": "小学",
              "办别": "公办", "是否农村": "否"}),
    ("学校", {"学校标识码": "9901010002", "学校名称": "青禾县第二中学", "所在区划代码": "990101", "学段": "初中",
              "办别": "公办", "是否农村": "否"}),
    ("单位", {"单位代码": "990101-JY", "单位名称": "青禾县教育局", "单位类型": "局", "所在区划代码": "990101"}),
    ("指标卡", {"指标代码": "bright_kitchen_pct", "指标名称": "学校食堂明厨亮灶覆盖率", "口径版本": "2026",
                "口径说明": "实现明厨亮灶的食堂占全部学校食堂的百分比", "汇总方式": "总和之比",
                "数据来源报表": "学校食堂情况月报表", "分子": "明厨亮灶食堂数", "分母": "食堂数", "计量单位": "%",
                "好坏方向": "越高越好"}),
]  # fmt: skip


def canteens(path: Path, bright: tuple[int, int]) -> None:
    """A district's compiled table as a clerk would type it: two schools with 2 and 3 canteens."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["学校食堂情况月报表"],
        ["报告期：2026年8月"],
        ["学校标识码", "学校名称", "食堂数（个）", "明厨亮灶食堂数（个）"],
        ["9901010001", "青禾县第一小学", 2, bright[0]],
        ["9901010002", "青禾县第二中学", 3, bright[1]],
    ):
        sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def fill(workbook: Path, rows_to_fill: list[tuple[str, dict[str, Any]]] = CONFIGURATION) -> None:
    book = openpyxl.load_workbook(workbook)
    for sheet_name, values in rows_to_fill:
        sheet = book[sheet_name]
        columns = {cell.value: cell.column for cell in sheet[1]}
        free = next(n for n in range(2, 200) if not any(sheet.cell(n, c).value for c in columns.values()))
        for name, value in values.items():
            sheet.cell(free, columns[name], value)
    book.save(workbook)


def done(ran: Ran, *said: str) -> Ran:
    assert ran.code == 0, ran.out + ran.err
    assert all(words in ran.out for words in said), ran.out
    return ran


@pytest.fixture
def bureau(tmp_path: Path, run: Run) -> Path:
    """A home that was configured by hand, with one plan and one workbook, not yet refreshed."""
    home = tmp_path / "home"
    done(run(home, "init"), "配置.xlsx")
    canteens(tmp_path / "canteens.xlsx", (2, 2))
    form = home / "forms" / "canteen"
    done(run(home, "form", "new", str(tmp_path / "canteens.xlsx"), "--out", str(form)))
    done(run(home, "form", "check", str(form)), "没有问题")
    fill(home / "config" / "配置.xlsx")
    done(run(home, "config", "check"), "没有问题")
    done(run(home, "config", "apply", *WHO), "第1版")
    (home / "plans" / "青禾县教育局2026年工作要点.txt").write_text(PLAN, "utf-8")
    canteens(home / "inbox" / "八月食堂.xlsx", (2, 2))
    return home


def test_from_an_empty_home_to_a_light(bureau: Path, run: Run) -> None:
    done(run(bureau, "refresh"), "入库 2", "已发布第 1 版")
    assert rows(bureau, LIGHT) == [("灰", "未确认", "80.0")]  # 4 of 5, and no light before a person has looked

    done(run(bureau, "review", "confirm", "--plan", "青禾县教育局2026年工作要点", "--all", *WHO), "已确认 2 项")
    done(run(bureau, "review", "confirm-cards", *WHO), "已确认 1 张")
    done(run(bureau, "refresh"), "已发布第 2 版")
    assert rows(bureau, LIGHT) == [("蓝", "已达标", "80.0")]


@pytest.mark.soak
def test_a_mistake_is_made_and_undone(bureau: Path, run: Run) -> None:
    done(run(bureau, "refresh"))
    done(run(bureau, "review", "confirm", "--plan", "青禾县教育局2026年工作要点", "--all", *WHO))
    done(run(bureau, "review", "confirm-cards", *WHO))
    (commitment_id,) = rows(bureau, "select commitment_id from fct_commitments where kind = 'metric'")[0]
    done(run(bureau, "review", "edit", commitment_id, "--value", "90", *WHO))
    done(run(bureau, "refresh"))
    ((light, status, _),) = rows(bureau, LIGHT)
    assert light != "蓝"
    assert rows(bureau, "select review_state from fct_commitments where kind = 'metric'") == [("已调整",)]
    (event_no,) = rows(bureau, "select max(event_no) from fct_events")[0]
    done(run(bureau, "undo", str(event_no), *WHO))
    done(run(bureau, "refresh"))
    assert rows(bureau, LIGHT) == [("蓝", "已达标", "80.0")]
    assert status


def test_a_configuration_with_a_mistake_changes_nothing(bureau: Path, run: Run) -> None:
    workbook = bureau / "config" / "配置.xlsx"
    book = openpyxl.load_workbook(workbook)
    sheet = book["学校"]
    columns = {cell.value: cell.column_letter for cell in sheet[1]}
    wrong = f"{columns['所在区划代码']}{sheet.max_row}"
    sheet[wrong] = "990199"
    book.save(workbook)
    ran = run(bureau, "config", "apply", *WHO)
    assert ran.code == 2
    assert wrong in ran.out + ran.err
    assert "990199" in ran.out + ran.err
    assert "第2版" not in run(bureau, "config", "history").out
