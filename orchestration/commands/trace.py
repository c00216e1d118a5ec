"""`duban trace FIGURE`: where a figure comes from and what a file went into, from a terminal."""

from __future__ import annotations

from typing import Annotated

import typer


def trace_command(
    figure: Annotated[str, typer.Argument(help="承诺编号（可只写前几位），或一份报表、工作要点的路径或文件名")],
) -> None:
    """追溯一个数：原文在哪里、怎样算出、用了哪些文件的哪些单元格、还缺什么。给出文件时列出它涉及的承诺。

    只读当前发布版。例：`duban trace 757aa6d8`；`duban trace inbox/某校.xlsx`
    """
    import duckdb

    from ingestion.releases import NoRelease, Releases
    from ingestion.settings import load_settings
    from orchestration.cli import fail
    from orchestration.tracing import TraceError, trace

    try:
        release = Releases(load_settings().paths.releases).resolve()
        lines = trace(release, figure)
    except (NoRelease, TraceError) as error:
        fail(str(error))
    except duckdb.CatalogException:
        fail("这一版由较早的程序发布，缺少追溯所需的表：请先运行 duban refresh")
    if release.alarm:
        typer.echo(f"注意：{release.alarm}", err=True)
    for line in lines:
        typer.echo(line)
