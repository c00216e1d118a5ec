"""`duban remind`: the list of who owes which report. Thin: orchestration/reminders.py makes it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class ListFormat(StrEnum):
    """How the list is given."""

    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"


def remind(
    form: Annotated[str, typer.Option(help="只看这张表，例如 kindergarten")] = "",
    region: Annotated[str, typer.Option(help="只看这个地区（含下级），六位区划代码")] = "",
    as_of: Annotated[str, typer.Option(help="按这一天算谁欠报（YYYY-MM-DD），默认发布版的评价日期")] = "",
    output_format: Annotated[ListFormat, typer.Option("--format", help="输出格式")] = ListFormat.TABLE,
    out: Annotated[Path | None, typer.Option(help="写到这个文件（xlsx 必须给出）")] = None,
) -> None:
    """催报名单：谁欠哪张表、哪一期、从哪天起，按填报单位列出。被隔离、空表和等待解锁的也算没报完，并写明要做什么。

    只读当前发布版。退出码：0 没有人欠报；1 有人欠报。

    例：`duban remind --form kindergarten --format xlsx --out 催报.xlsx`
    """
    from datetime import date

    import duckdb

    from ingestion.releases import NoRelease, Releases
    from ingestion.settings import load_settings
    from orchestration.cli import fail
    from orchestration.reminders import owed_reports, reminder_workbook
    from orchestration.summary import write_frame

    if output_format is ListFormat.XLSX and out is None:
        fail("xlsx 请用 --out 给出文件名")
    try:
        release = Releases(load_settings().paths.releases).resolve()
        info = release.info()
        day = date.fromisoformat(as_of or info["evaluation_date"])
        owed = owed_reports(release, day, form=form, region=region)
    except NoRelease as error:
        fail(str(error))
    except ValueError:
        fail(f"日期“{as_of}”不对：请写成 YYYY-MM-DD，例如 2020-10-20")
    except duckdb.Error:
        fail("这一版由较早的程序发布，缺少催报所需的表：请先运行 duban refresh")
    if info.get("is_demo"):
        typer.echo("演示数据：不代表任何单位的实际情况", err=True)
    if output_format is ListFormat.XLSX and out:
        out.write_bytes(reminder_workbook(owed, f"催报名单（截至 {day}）"))
    else:
        write_frame(owed, output_format.value, out)
    reporters = owed["单位代码"].n_unique()
    typer.echo(f"截至 {day}：{reporters} 个单位欠 {len(owed)} 份" if len(owed) else f"截至 {day}：没有人欠报", err=True)
    raise typer.Exit(1 if len(owed) else 0)
