"""`duban purge`: lists of persons that were handed in, destroyed when their term is over. privacy.py does it."""

from __future__ import annotations

from typing import Annotated

import typer


def purge(
    days: Annotated[int, typer.Option(help="收到多少天后清除；默认取 DUBAN_PRIVATE_DAYS（180）")] = -1,
    is_trial: Annotated[bool, typer.Option("--dry-run", help="只列出，不清除")] = False,
) -> None:
    """清除个人名单：含姓名、身份证号的报表整份隔离，从不入库；到期销毁原文件和收件夹里的同一文件，只留校验值。

    `duban refresh` 每次都会照此清除，一般不必手工运行。

    例：`duban purge --dry-run`；`duban purge --days 0`（立即清除全部）
    """
    from datetime import UTC, datetime

    import polars as pl

    from ingestion.arrivals import Arrivals
    from ingestion.landing import Landing
    from ingestion.settings import load_settings
    from ingestion.workbooks.privacy import guard, overdue, private_files
    from orchestration.summary import write_frame

    settings = load_settings()
    term = settings.private_days if days < 0 else days
    now = datetime.now(UTC).replace(tzinfo=None)
    arrivals, landing = Arrivals(settings.paths.arrivals), Landing(settings.paths.landing)
    files = arrivals.all("workbook")
    if is_trial:
        found = [a for a in overdue(files, private_files(landing), term, now.date()) if a.purged_at is None]
    else:
        found = guard(arrivals, landing, term, now, now.date())
    rows = [(str(a.file_id), f"{a.received_at:%Y-%m-%d}", a.file_name, a.sha256) for a in found]
    if rows:
        columns = ["收件编号", "收到日期", "文件名", "校验值"]
        write_frame(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), "table", None)
    typer.echo(f"{'到期应清除' if is_trial else '已清除'} {len(rows)} 个含个人信息的文件（收到满 {term} 天）")
