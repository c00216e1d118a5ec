"""Planted errors: each spoils one file that was fine, and says in the answers what must be found where.

Only forms filed by one school or one unit are spoiled, each reporter at most once, so that every answer stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from ingestion.sample.draws import draw
from ingestion.sample.filings import Filing
from ingestion.sample.grids import FIRST_DATA_ROW, Grid, to_xlsx

STRUCTURE, VALIDITY, DOUBT = "结构", "有效性", "可疑"
HEADER_ROW, META_ROW = 2, 1


@dataclass(frozen=True)
class Answer:
    """What the intake must say of one planted error; an empty rule_code means that nothing may be said."""

    fault: str
    file: str
    sheet: str
    cell: str
    rule_code: str
    severity: str
    form_code: str
    period_start_date: str
    reporter_code: str


@dataclass(frozen=True)
class Fault:
    """One kind of error: `spoil` changes the grid and returns the cell to blame ('' the sheet or file as a whole)."""

    name: str
    form_code: str
    rule_code: str
    severity: str
    spoil: Callable[[Grid], str]
    damage: Callable[[bytes], bytes] | None = None
    month_not: tuple[int, ...] = ()


def plant(filings: list[Filing], seed: int, last_month: date) -> list[Answer]:
    """Spoil one fitting file for each fault, as far as there are files; the newest month stays as it is."""
    answers: list[Answer] = []
    spoiled: set[tuple[str, ...]] = set()
    paths = {filing.path for filing in filings}
    for fault in FAULTS:
        fitting = [f for f in filings if f.reporters not in spoiled and _fits(f, fault, paths, last_month)]
        if not fitting:
            continue
        filing = fitting[draw(seed, "fault", fault.name).randrange(len(fitting))]
        spoiled.add(filing.reporters)
        cell = fault.spoil(filing.grid)
        if fault.damage:
            filing.data = fault.damage(to_xlsx(filing.grid))
        sheet = "" if fault.damage else filing.grid.sheet
        names = (fault.name, filing.path, sheet, cell, fault.rule_code, fault.severity, fault.form_code)
        answers.append(Answer(*names, filing.period.isoformat(), filing.reporters[0]))
    return answers


def as_records(answers: Sequence[Answer]) -> list[dict[str, str]]:
    """The answers as plain records, in order of file."""
    return [asdict(answer) for answer in sorted(answers, key=lambda answer: (answer.file, answer.fault))]


def _fits(filing: Filing, fault: Fault, paths: Collection[str], last_month: date) -> bool:
    plain = filing.form_code == fault.form_code and len(filing.reporters) == 1 and not filing.is_csv
    if not plain or filing.period >= last_month or filing.period.month in fault.month_not or filing.grid.data_rows == 0:
        return False
    stem = filing.path.removesuffix(".xlsx")
    corrected = stem.endswith("-更正") or f"{stem}-更正.xlsx" in paths
    pupils = filing.grid.get("pupils") if "pupils" in filing.grid.columns else 1
    return not corrected and pupils != 0


def _set(element: str, value: int | float | str) -> Callable[[Grid], str]:
    def spoil(grid: Grid) -> str:
        grid.put(element, value)
        return grid.cell(element)

    return spoil


def _exceed(element: str, whole: str) -> Callable[[Grid], str]:
    def spoil(grid: Grid) -> str:
        grid.put(element, int(str(grid.get(whole))) + 3)
        return grid.cell(element)

    return spoil


def _crowd(grid: Grid) -> str:
    grid.put("classes", 1)
    return grid.cell("pupils")  # the rule names the pupils first


def _add_column(grid: Grid) -> str:
    place = len(grid.columns)
    grid.rows[HEADER_ROW].append("特色课程数（门）")
    grid.rows[FIRST_DATA_ROW].append(6)
    return f"{chr(ord('A') + place)}{HEADER_ROW + 1}"


def _drop_column(element: str) -> Callable[[Grid], str]:
    def spoil(grid: Grid) -> str:
        place = grid.columns.index(element)
        for row in grid.rows[HEADER_ROW : FIRST_DATA_ROW + grid.data_rows]:
            del row[place]
        return f"A{HEADER_ROW + 1}"

    return spoil


def _unreadable_period(grid: Grid) -> str:
    grid.rows[META_ROW][1] = "报告期：本月"
    return ""


def _future_period(grid: Grid) -> str:
    grid.rows[META_ROW][1] = "报告期：2031年9月"
    return grid.cell("school_code")


def _stranger(grid: Grid) -> str:
    grid.put("school_code", "9999999999")
    grid.put("school_name", "演示第99未登记学校")
    return grid.cell("school_code")


def _repeat_row(grid: Grid) -> str:
    grid.rows.insert(FIRST_DATA_ROW + 1, list(grid.rows[FIRST_DATA_ROW]))
    grid.data_rows += 1
    return grid.cell("school_code", 1)


def _wrong_total(grid: Grid) -> str:
    row = list(grid.rows[FIRST_DATA_ROW])
    row[0], row[1] = "合计", None
    row[grid.columns.index("pupils")] = int(str(grid.get("pupils"))) + 100
    grid.rows.insert(FIRST_DATA_ROW + 1, row)
    return grid.cell("pupils", 1)


def _private_list(grid: Grid) -> str:
    grid.rows[HEADER_ROW] = ["学生姓名", "身份证号", "班级"]
    grid.rows[FIRST_DATA_ROW] = ["演示甲", "000000000000000000", "一班"]
    return ""


def _other_form(grid: Grid) -> str:
    grid.rows[:] = [["食堂采购登记（演示数据）"], ["品名", "数量", "经手人"], ["大米", 20, "演示乙"]]
    return ""


def _blank(grid: Grid) -> str:
    grid.rows[FIRST_DATA_ROW][2:] = [None] * (len(grid.columns) - 2)
    return ""


def _hide_sheet(grid: Grid) -> str:
    grid.hidden = ("底稿", [["演示底稿，勿上报"], [1, 2, 3]])
    return ""


def _odd_digits(grid: Grid) -> str:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(grid.get("pupils")))
    grid.put("pupils", f" {wide} ")
    return ""


def _impossible_dates(grid: Grid) -> str:
    for row in range(grid.data_rows):
        start = grid.get("start_date", row)
        if isinstance(start, date):
            grid.put("topped_out_date", start.replace(year=start.year - 3), row)
            return grid.cell("topped_out_date", row)
    grid.put("start_date", date(2019, 6, 3))
    grid.put("topped_out_date", date(2016, 6, 3))
    return grid.cell("topped_out_date")


def _too_much_done(grid: Grid) -> str:
    grid.put("total", 10)
    grid.put("done", 12)
    return grid.cell("done")


def _truncate(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def _untouched(_: Grid) -> str:
    return ""


FAULTS = (
    Fault("部分大于整体", "kindergarten", "KG004", VALIDITY, _exceed("teachers_certified", "teachers")),
    Fault("负数", "kindergarten", "KG002", VALIDITY, _set("area", -12.5)),
    Fault("数字格里是文字", "kindergarten", "KG001", VALIDITY, _set("carers", "约十人")),
    Fault("人数带小数", "kindergarten", "KG003", VALIDITY, _set("classes", 7.5)),
    Fault("平均班额异常", "kindergarten", "KG006", DOUBT, _crowd),
    Fault("多出的列", "kindergarten", "STR02", STRUCTURE, _add_column),
    Fault("重复行", "kindergarten", "KG008", STRUCTURE, _repeat_row),
    Fault("空表", "kindergarten", "", "", _blank),
    Fault("全角数字", "kindergarten", "", "", _odd_digits),
    Fault("近视人数大于筛查人数", "basic", "BE006", VALIDITY, _exceed("myopic", "vision_screened")),
    Fault("及格人数大于测试人数", "basic", "BE005", VALIDITY, _exceed("fitness_passed", "fitness_tested")),
    Fault("锻炼时间填成分钟", "basic", "BE008", VALIDITY, _set("sport_hours", 60)),
    Fault("缺少的列", "basic", "STR02", STRUCTURE, _drop_column("classes")),
    Fault("报告期无法识别", "basic", "STR05", STRUCTURE, _unreadable_period),
    Fault("报告期在将来", "basic", "BE015", STRUCTURE, _future_period),
    Fault("未登记的学校", "basic", "BE014", STRUCTURE, _stranger),
    Fault("合计不符", "basic", "TOT01", DOUBT, _wrong_total),
    Fault("隐藏工作表", "basic", "", "", _hide_sheet),
    Fault("损坏的文件", "vocational", "FILE02", STRUCTURE, _untouched, _truncate),
    Fault("双师型教师多于专任教师", "vocational", "VE004", VALIDITY, _exceed("double_qualified_teachers", "teachers")),
    Fault("个人名单", "basic", "PRV01", STRUCTURE, _private_list),
    Fault("无此表样", "basic", "STR01", STRUCTURE, _other_form),
    Fault("是否项填了别的", "profile", "SP001", VALIDITY, _set("health_room", "部分有")),
    Fault("主体完工早于开工", "projects", "PJ004", VALIDITY, _impossible_dates),
    Fault("完成数大于总数", "ledger", "LG003", VALIDITY, _too_much_done),
    Fault("状态不在可填值内", "ledger", "LG001", VALIDITY, _set("status", "基本完成")),
)
