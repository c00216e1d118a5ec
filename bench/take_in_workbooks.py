"""From inbox to landing: workbooks of 200 elements, a school and month each, through every check.

Prints processor seconds of parent and children, files a second of them, and peak memory at a third and at the end,
which must not grow with the number of files.

    python -m bench.take_in_workbooks [SCHOOLS] [PERIODS]
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import xlsxwriter

from ingestion.arrivals import Arrivals
from ingestion.landing import Landing
from ingestion.settings import Settings
from ingestion.workbooks.intake import take_in

ELEMENTS = 200
CODE = "stress"


def write_form(folder: Path) -> list[str]:
    """A monthly form of ELEMENTS numbers; returns its element codes."""
    codes = [f"e_{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(ELEMENTS)]
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text(
        f'code = "{CODE}"\nname = "压力测试表"\nreporter_type = "school"\nstages = []\nrecord_key = ""\n'
        '[rhythm]\nfrequency = "月"\ndue_days = 10\nlock_days = 40\n',
        encoding="utf-8",
    )
    names = ["school_code", *codes]
    rows = "".join(f"{code},指标{code},integer,,stock,0,\n" for code in codes)
    head = "element_code,element_name,data_type,unit,behaviour,is_key,allowed_values\n"
    (folder / "elements.csv").write_text(f"{head}school_code,学校标识码,text,,stock,1,\n{rows}", encoding="utf-8")
    headers = ",".join(["学校标识码", *(f"指标{code}" for code in codes)])
    (folder / "columns.csv").write_text(
        f"template_version,table_number,title,{','.join(names)}\n2020,ST-2020,压力测试表,{headers}\n", encoding="utf-8"
    )
    (folder / "rules.csv").write_text(
        "rule_code,severity,kind,elements,parameters,message,fix\n"
        "ST001,有效性,readable,*,,无法识别,请填写数值\n"
        f"ST002,有效性,minimum,{'|'.join(codes[:20])},minimum=0,不应为负数,请核对\n"
        "ST003,结构,registered,school_code,,不在名录中,请核对\n",
        encoding="utf-8",
    )
    return codes


def workbook(codes: list[str], school: str, month: int, number: int) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("表")
    sheet.write(0, 0, "压力测试表")
    sheet.write_row(1, 0, ["表号：ST-2020", f"报告期：2020年{month}月"])
    sheet.write_row(2, 0, ["学校标识码", *(f"指标{code}" for code in codes)])
    sheet.write(3, 0, school)
    sheet.write_row(3, 1, [number + place for place in range(len(codes))])
    book.close()
    return buffer.getvalue()


def spent() -> float:
    """Processor seconds of this process and its ended children."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main() -> int:
    schools, periods = (int(sys.argv[i]) if len(sys.argv) > i else default for i, default in ((1, 3000), (2, 12)))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        codes = write_form(settings.paths.home / "forms" / CODE)
        register = [f"{1_000_000_000 + n}" for n in range(schools)]
        for n, school in enumerate(register):
            target = settings.paths.inbox / school
            target.mkdir(parents=True)
            for month in range(1, periods + 1):
                (target / f"{month}.xlsx").write_bytes(workbook(codes, school, month, n))
        schema = ["code", "name", "aliases", "region_code", "type", "opened_date", "closed_date"]
        types = dict.fromkeys(schema, pl.String) | {"opened_date": pl.Date, "closed_date": pl.Date}
        rows = [(school, None, None, "330303", "school", None, None) for school in register]
        reporters = pl.DataFrame(rows, schema=types, orient="row")
        memory: list[int] = []

        def progress(_done: int, _todo: int) -> None:
            memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)

        before, started = spent(), time.perf_counter()
        arrivals = Arrivals(settings.paths.arrivals, look_seconds=0).collect(settings.paths.inbox, "workbook")
        summary = take_in(arrivals, Landing(settings.paths.landing), settings, reporters, progress)
        used, passed = spent() - before, time.perf_counter() - started
    sys.stdout.write(
        f"take_in_workbooks: {summary.files_loaded} of {schools * periods} files, {summary.cells_loaded:,} cells, "
        f"{summary.findings} findings: {used:.0f} s of processor, {passed:.0f} s by the clock, "
        f"{summary.files_loaded / used:.0f} files a processor second\n"
        f"  peak memory after a third {memory[len(memory) // 3]} MB, at the end {memory[-1]} MB\n"
    )
    return 0 if summary.files_loaded == schools * periods else 1


if __name__ == "__main__":
    raise SystemExit(main())
