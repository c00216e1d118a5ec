"""`duban report`: the papers of a meeting as Word files. Thin: orchestration/reporting.py makes them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def report(
    month: Annotated[str, typer.Option(help="哪个月（YYYY-MM）；默认当前发布版所在的月")] = "",
    notices: Annotated[bool, typer.Option("--notices", help="改为逐个单位出督办单")] = False,
    unit: Annotated[str, typer.Option(help="只出这个单位的督办单")] = "",
    out: Annotated[Path | None, typer.Option(help="写到这个文件夹；默认 DUBAN_HOME/reports/月份")] = None,
    template_out: Annotated[Path | None, typer.Option(help="不出文件，而是把模板写到这里供修改")] = None,
) -> None:
    """督查通报和督办单（Word）：数字与看板相同，不提问，适合定时运行。

    模板可以改：`--template-out` 写出自带模板，改好后存为 DUBAN_HOME/config/templates/通报.docx（或 督办单.docx），
    以后都用它。取该月最后一版；退出码：0 已写出，或没有单位需要督办；2 失败。

    例：`duban report --month 2020-10`；`duban report --notices --out 督办单`；`duban report --template-out 通报.docx`
    """
    from ingestion.releases import NoRelease
    from ingestion.settings import load_settings
    from orchestration.cli import fail
    from orchestration.reporting import ReportError, write_bulletin, write_notices, write_template

    if unit and not notices:
        fail("--unit 只用于督办单：请同时给出 --notices")
    paths = load_settings().paths
    try:
        if template_out:
            written = write_template(template_out, of_notice=notices)
            typer.echo(f"已写出模板 {written}；改好后存为 {paths.config / 'templates'} 中的同名文件")
            return
        first = _first_day(month)
        done = write_notices(paths, first, unit, out) if notices else write_bulletin(paths, first, out)
    except (NoRelease, ReportError) as error:
        fail(str(error))
    for file in done.files:
        typer.echo(f"已写出 {file}")
    typer.echo(done.basis, err=True)
    if notices:
        count = len(done.files)
        typer.echo(f"共 {count} 份督办单" if count else "没有需要督办的事项，没有写出督办单", err=True)
    if done.unnamed and not unit:
        typer.echo(f"注意：{done.unnamed} 项红黄灯没有责任单位，未列入督办单；请在指标卡或复核中补上", err=True)


def _first_day(month: str) -> date | None:
    """The first day of YYYY-MM, None for ''."""
    from orchestration.cli import fail

    try:
        return date.fromisoformat(f"{month}-01") if month else None
    except ValueError:
        fail(f"月份“{month}”不对：请写成 YYYY-MM，例如 2020-10")
