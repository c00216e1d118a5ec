"""`duban submit`: workbooks handed in from a terminal, with what they do not say of themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def submit(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="报表：xlsx、xls、xlsb、ods 或 csv")],
    period: Annotated[str, typer.Option(help="报告期：表里没有写时用，例如 2020年9月、2020-2021学年")] = "",
    unit: Annotated[str, typer.Option(help="填报单位：表里没有写时用，名称（代码）或名称")] = "",
    partial: Annotated[bool, typer.Option("--partial", help="部分更正：只有填了的单元格替换以前的数")] = False,
) -> None:
    """交表：原样保存，下一次 `duban refresh` 接收。相同的文件再交一次不算新的报送。

    报告期、填报单位、部分更正写在文件名里，如“表【报告期：2020年9月】.xlsx”；放进收件箱的文件这样命名效果相同。
    表里已经写明的，以表里为准。

    例：`duban submit sc_membership.csv --period 2020-2021学年`
    """
    from ingestion.arrivals import Arrivals
    from ingestion.settings import load_settings
    from orchestration.cli import fail

    settings = load_settings()
    said = {"报告期": period, "填报单位": unit, "报送方式": "部分更正" if partial else ""}
    declared = "".join(f"【{label}：{text}】" for label, text in said.items() if text)
    arrivals = Arrivals(settings.paths.arrivals, max_file_mb=settings.max_file_mb)
    for file in files:
        if not file.is_file():
            fail(f"找不到文件 {file}")
        if file.stat().st_size > arrivals.max_bytes:
            fail(f"{file.name} 超过 {settings.max_file_mb} MB：请拆分后再交")
    for file in files:
        arrival = arrivals.submit(file.read_bytes(), f"{file.stem}{declared}{file.suffix}", "workbook")
        again = "" if arrival.is_new else "（与以前收到的一份完全相同，不算新的报送）"
        typer.echo(f"已收下 {arrival.file_name}，收件编号 {arrival.file_id}{again}")
