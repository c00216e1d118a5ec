"""A small bureau's configuration workbook, filled in by a program as a clerk would, and the service over its home."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.config.applying import Act, ConfigService
from ingestion.config.problems import ConfigError
from ingestion.config.sheets import EXAMPLE
from ingestion.home import init_home
from ingestion.settings import Settings

Row = dict[str, Any]
FILLED: dict[str, Sequence[Row]] = {
    "本单位": [{"单位名称": "西山县教育局", "是否演示": "否"}],
    "区划": [
        {"区划代码": "990200", "区划名称": "西山市", "级别": "市"},
        {"区划代码": "990201", "区划名称": "西山县", "上级区划代码": "990200", "级别": "区县"},
    ],
    "学校": [
        {
            "学校标识码": "9902010001", "学校名称": "西山第一幼儿园", "所在区划代码": "990201", "学段": "幼儿园",
            "办别": "公办", "是否农村": "否", "开办日期": date(2012, 9, 1), "在册学生数": 240,
            "别名和曾用名": "一幼|城关幼儿园",
        },
        {
            "学校标识码": "9902010002", "学校名称": "西山第二小学", "所在区划代码": "990201", "学段": "小学",
            "办别": "公办", "是否农村": "是", "停办日期": date(2026, 8, 31), "并入学校标识码": "9902010003",
        },
        {
            "学校标识码": "9902010003", "学校名称": "西山实验学校", "所在区划代码": "990201", "学段": "九年一贯制",
            "办别": "民办", "是否农村": "否",
        },
    ],
    "单位": [
        {"单位代码": "JY", "单位名称": "西山县教育局", "单位类型": "局", "所在区划代码": "990201"},
        {
            "单位代码": "XQ", "单位名称": "学前科", "单位类型": "科室", "所在区划代码": "990201", "上级单位代码": "JY",
            "生效日期": date(2020, 1, 1),
        },
    ],
    "指标卡": [
        {
            "指标代码": "certified", "指标名称": "持证率", "别名": "教师持证率|持证比例", "口径版本": "2020",
            "汇总方式": "总和之比", "数据来源报表": "幼儿园统计月报表", "分子": "持证专任教师数", "分母": "专任教师数",
            "适用学段": "幼儿园", "计量单位": "%", "好坏方向": "越高越好", "基数参照": "固定年", "固定基年": 2020,
            "数据最长有效天数": 62, "失效日期": date(2025, 12, 31),
        },
        {
            "指标代码": "certified", "指标名称": "持证率", "别名": "教师持证率|持证比例", "口径版本": "2026",
            "汇总方式": "总和之比", "数据来源报表": "幼儿园统计月报表", "分子": "持证专任教师数",
            "分母": "专任教师数 + 保育员数", "计量单位": "%", "生效日期": date(2026, 1, 1),
        },
        {
            "指标代码": "area_cv", "指标名称": "用房差异系数", "口径版本": "2026", "汇总方式": "差异系数",
            "数据来源报表": "义务教育学校办学条件统计表", "分子": "小学教学及辅助用房面积", "分母": "小学在校生数",
            "权重项": "小学在校生数", "适用学段": "小学、九年一贯制", "观测起始月": 9, "观测截止月": 10,
            "好坏方向": "越低越好",
        },
        {
            "指标代码": "hour", "指标名称": "锻炼一小时学校占比", "口径版本": "2026", "汇总方式": "达标学校占比",
            "数据来源报表": "中小学统计月报表", "分子": "每天在校体育锻炼时间", "达标线": 1.05, "计量单位": "%",
        },
    ],
    "基数": [
        {
            "指标代码": "certified", "区划代码": "990201", "基数参照": "上年末", "报告期首日": date(2025, 12, 1),
            "基数值": 95.25, "口径版本": "2020", "依据文件": "统计公报", "审批人": "李四",
        },
    ],
    "日历": [{"日期": date(2026, 10, 1), "类型": "放假", "名称": "国庆节"}],
    "学期": [{"学年": 2026, "学期": "第一学期", "开学日期": date(2026, 9, 1), "结束日期": date(2027, 1, 22)}],
    "学年名册": [
        {
            "学年": 2026, "学校标识码或单位代码": "9902010001", "名称": "西山第一幼儿园", "类别": "学校",
            "所在区划代码": "990201", "学段": "幼儿园", "在册起始日期": date(2026, 9, 1),
            "在册截止日期": date(2027, 8, 31),
        },
    ],
    "报表期限": [
        {
            "报表": "幼儿园统计月报表", "报告期首日": date(2026, 1, 1), "截止日期": date(2026, 2, 28),
            "锁定日期": date(2026, 3, 31), "原因": "春节顺延",
        },
    ],
    "用户": [{"登录名": "lisi", "显示名": "李四", "角色": "督办", "区划代码": "990201"}],
    "免报": [
        {
            "报表": "幼儿园统计月报表", "学校标识码或单位代码": "9902010001", "报告期首日": date(2026, 7, 1),
            "原因": "修缮",
        },
    ],
    "目标集": [
        {
            "目标集代码": "own", "目标集名称": "本县均衡标准", "依据文件": "县政府文件", "序号": 1, "学段": "小学",
            "学校指标代码": "area_cv", "差异系数指标代码": "area_cv", "比较方式": ">=", "学校标准": 4.5,
            "差异系数上限": 0.5, "至少达标项数": 1, "其余项底线百分比": 85,
        },
    ],
}  # fmt: skip


def column_of(book: Any, sheet: str, header: str) -> int:
    return next(cell.column for cell in book[sheet][1] if cell.value == header)


def append(book: Any, sheet: str, row: Row) -> int:
    """Fill in the next free row and return its number."""
    number = book[sheet].max_row + 1
    for header, value in row.items():
        book[sheet].cell(number, column_of(book, sheet, header)).value = value
    return number


def row_of(book: Any, sheet: str, text: str, nth: int = 1) -> int:
    """The number of the nth row that holds a text; examples do not count."""
    filled = (row for row in book[sheet].iter_rows(min_row=2) if row[0].value != EXAMPLE)
    rows = [row[0].row for row in filled if any(cell.value == text for cell in row)]
    return rows[nth - 1]


class Clerk:
    """Edits the workbook of a home and asks the service."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.service = ConfigService(self.settings)
        self.path = self.service.workbook

    def fill(self) -> None:
        """Begin a home and fill in its workbook."""
        init_home(self.settings.paths)
        self.edit(lambda book: [append(book, sheet, row) for sheet, rows in FILLED.items() for row in rows])

    def edit(self, change: Callable[[Any], object], path: Path | None = None) -> None:
        book = openpyxl.load_workbook(path or self.path)
        change(book)
        book.save(path or self.path)

    def put(self, sheet: str, text: str, header: str, value: object, *, nth: int = 1) -> str:
        """Write a cell in the row that holds `text`; the address."""
        return self.put_all([(sheet, text, header, value)], nth=nth)[0]

    def put_all(self, cells: Sequence[tuple[str, str, str, object]], *, nth: int = 1) -> list[str]:
        """`put` for several cells in one sitting."""
        book: Any = openpyxl.load_workbook(self.path)
        written = []
        for sheet, text, header, value in cells:
            cell = book[sheet].cell(row_of(book, sheet, text, nth), column_of(book, sheet, header))
            cell.value = value
            written.append(cell.coordinate)
        book.save(self.path)
        return written

    def apply(self, why: str = "核对无误", **options: Any) -> int | None:
        return self.service.apply(self.path, Act.now("王敏", why), **options).number

    def problems(self) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            self.service.read(self.path)
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a filled-in workbook, nothing applied. Copy it to change it (see `clerk`)."""
    clerk = Clerk(tmp_path_factory.mktemp("filled") / "home")
    clerk.fill()
    return clerk.settings.paths.home


@pytest.fixture
def clerk(filled_home: Path, tmp_path: Path) -> Clerk:
    shutil.copytree(filled_home, tmp_path / "home")
    return Clerk(tmp_path / "home")
