"""One configuration file: bytes → text → typed frame with the row numbers a clerk sees. No checks across files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl

from ingestion.config.problems import Problem
from ingestion.config.rules import FileRules
from ingestion.tables import CONFIG

ROW = "__row"
TRUE, FALSE = ("true", "1", "是"), ("false", "0", "否")


def decode(data: bytes) -> str | None:
    """Text of a UTF-8 (with or without BOM) or GB18030 file, or None where it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text or "\ufffd" in text else text
    return None


def read_file(path: Path, rules: FileRules) -> tuple[pl.DataFrame, list[Problem]]:
    """The typed frame of one file, with `__row`, and what is wrong with its cells.

    A cell that cannot be read as its type is null in the frame and stands among the problems.
    """
    schema = CONFIG[rules.table]
    nothing = pl.DataFrame(schema=schema | {ROW: pl.Int64})
    if not path.exists():
        return nothing, [] if rules.may_be_absent else [Problem(path.name, 0, "", "缺少此文件")]
    text = decode(path.read_bytes())
    if text is None:
        return nothing, [Problem(path.name, 0, "", "不是UTF-8或GB18030文本，请在表格软件中另存为CSV")]
    strings, problems = _read_strings(path.name, text, list(schema), rules)
    if strings is None:
        return nothing, problems
    columns = [pl.col(ROW)]
    for name, dtype in schema.items():
        bad = strings.filter(pl.col(name).is_not_null() & _parse(name, dtype).is_null())
        problems += [
            Problem(path.name, row, name, f"“{value}”{_expected(dtype)}")
            for row, value in bad.select(ROW, name).iter_rows()
        ]
        columns.append(_parse(name, dtype))
    return strings.select(columns).select([*schema, ROW]), problems


def _read_strings(
    file: str, text: str, wanted: list[str], rules: FileRules
) -> tuple[pl.DataFrame | None, list[Problem]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    header: list[str] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        for number, row in enumerate(reader, start=2):
            cells = [cell.strip() or None for cell in row]
            if not any(cells):
                continue
            if len(cells) != len(header):
                problems.append(Problem(file, number, "", f"有{len(cells)}格，表头有{len(header)}列"))
                continue
            rows.append(cells)
            numbers.append(number)
    except csv.Error as error:
        return None, [Problem(file, reader.line_num, "", f"引号不成对或换行不完整（{error}）")]
    problems += [Problem(file, 1, name, "表头缺少此列") for name in rules.required if name not in header]
    problems += [Problem(file, 1, name, "表头有不认识的列") for name in header if name not in wanted]
    problems += [Problem(file, 1, name, "表头有重复的列") for name in {n for n in header if header.count(n) > 1}]
    if any(problem.row == 1 for problem in problems):
        return None, problems
    frame = pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")
    frame = frame.with_columns(pl.Series(ROW, numbers, dtype=pl.Int64))
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in wanted if name not in header), problems


def _parse(name: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.Date:
        return column.str.to_date("%Y-%m-%d", strict=False, exact=True)
    if dtype == pl.Boolean:
        word = column.str.to_lowercase()
        return pl.when(word.is_in(TRUE)).then(True).when(word.is_in(FALSE)).then(False).otherwise(None).alias(name)
    if isinstance(dtype, pl.Decimal):
        plain = pl.when(column.str.contains(r"^-?\d{1,18}(\.\d{1,6})?$")).then(column)
        return plain.otherwise(None).str.to_decimal(scale=dtype.scale).cast(dtype).alias(name)
    return column.cast(dtype, strict=False)


def _expected(dtype: pl.DataType | type[pl.DataType]) -> str:
    if dtype == pl.Date:
        return "不是日期，请写成2020-09-01"
    if dtype == pl.Boolean:
        return "应为是或否"
    return "不是数字" if dtype != pl.Int32 else "不是整数"
