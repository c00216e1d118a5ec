"""Reading small workbooks with every safety check, against bare fastexcel and openpyxl, in one run on one process each.

Prints files a second of processor time and the two ratios; exits 1 below the limits (0.3 of fastexcel, 6 times
openpyxl). Processor time, the best of three rounds with the readers taking turns: a busy machine must not decide.

    python -m bench.read_workbooks [FILES]
"""

from __future__ import annotations

import gc
import io
import resource
import sys
import time
from collections.abc import Callable

import fastexcel
import openpyxl
import xlsxwriter

from ingestion.workbooks.containers import Budget
from ingestion.workbooks.forms import load_forms
from ingestion.workbooks.headers import Recogniser
from ingestion.workbooks.reader import read_workbook

ROWS = 30
LEAST_OF_FASTEXCEL = 0.3
LEAST_OF_OPENPYXL = 6.0
OPENPYXL_SHARE = 10  # it is read on a tenth of the files: its rate does not depend on their number


def workbook(number: int) -> bytes:
    """A district's kindergarten table of ROWS schools."""
    template = load_forms()["kindergarten"].templates[-1]
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("表")
    sheet.write(0, 0, template.title)
    sheet.write_row(1, 0, [f"表号：{template.table_number}", "", "报告期：2020年9月", "", f"填报单位：第{number}区"])
    sheet.write_row(2, 0, [headers[0] for headers in template.headers.values()])
    for row in range(ROWS):
        code, base = f"21{number:05d}{row:03d}", number + row
        sheet.write_row(3 + row, 0, [code, f"甲{row}幼儿园", 60 + base, 3, 12, 10, 4, 15, 900.5 + base])
    book.close()
    return buffer.getvalue()


def ours(files: list[bytes], recogniser: Recogniser) -> None:
    budget = Budget(512 << 20, 5_000_000)
    for data in files:
        reading = read_workbook(data, "表.xlsx", recogniser, budget)
        if len(reading.sheets[0].rows) != ROWS:
            raise SystemExit("a row was lost")


def bare_fastexcel(files: list[bytes]) -> None:
    for data in files:
        fastexcel.read_excel(data).load_sheet(0).to_arrow()


def bare_openpyxl(files: list[bytes]) -> None:
    for data in files:
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
        list(sheet.iter_rows(values_only=True))


def rate(read: Callable[[list[bytes]], None], files: list[bytes]) -> float:
    started = time.process_time()
    read(files)
    return len(files) / (time.process_time() - started)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    files = [workbook(number) for number in range(count)]
    some = files[: max(1, count // OPENPYXL_SHARE)]
    recogniser = Recogniser(load_forms())  # once in the life of a process, like the imports
    gc.freeze()  # as in a child of the sandbox: what was imported is not looked through again, whoever reads
    best = {"ours": 0.0, "fastexcel": 0.0, "openpyxl": 0.0}
    for _ in range(3):
        best["ours"] = max(best["ours"], rate(lambda some: ours(some, recogniser), files))
        best["fastexcel"] = max(best["fastexcel"], rate(bare_fastexcel, files))
        best["openpyxl"] = max(best["openpyxl"], rate(bare_openpyxl, some))
    of_fastexcel, of_openpyxl = best["ours"] / best["fastexcel"], best["ours"] / best["openpyxl"]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rates = ", ".join(f"{name} {value:,.0f}/s" for name, value in best.items())
    sys.stdout.write(f"read_workbooks: {count} files of {ROWS} rows: {rates}; peak memory {memory} MB\n")
    sys.stdout.write(f"  of fastexcel {of_fastexcel:.2f} (at least {LEAST_OF_FASTEXCEL})\n")
    sys.stdout.write(f"  of openpyxl {of_openpyxl:.1f} (at least {LEAST_OF_OPENPYXL})\n")
    return 0 if of_fastexcel >= LEAST_OF_FASTEXCEL and of_openpyxl >= LEAST_OF_OPENPYXL else 1


if __name__ == "__main__":
    raise SystemExit(main())
