"""`duban as-of` and `duban reproduce`: what was published, and whether it can be made again."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from orchestration.history import Reproduction


class Format(StrEnum):
    table = "table"
    csv = "csv"
    jsonl = "jsonl"


DAY = "%Y-%m-%d"


def as_of_command(
    day: Annotated[
        datetime | None, typer.Argument(formats=[DAY], help="评价日期：取不晚于这一天的最后一次发布")
    ] = None,
    published_by: Annotated[
        datetime | None, typer.Option(formats=[DAY], help="只看这一天（UTC）及以前发布的版本")
    ] = None,
    release: Annotated[int | None, typer.Option(help="直接指定第几版")] = None,
    figure: Annotated[str, typer.Option(help="只看这项承诺（编号可只写前几位）")] = "",
    output: Annotated[Format, typer.Option("--format", help="输出格式")] = Format.table,
) -> None:
    """查历史发布的数：当时亮什么灯、是多少，与发布时完全一致，之后的更正不会改变它。

    例：`duban as-of 2020-10-20`；`duban as-of --release 3 --figure 757aa6d8`；不带参数即最近一次发布。
    """
    from ingestion.releases import Releases
    from ingestion.settings import load_settings
    from orchestration.cli import fail
    from orchestration.history import Asked, HistoryError, as_of

    asked = Asked(day.date() if day else None, published_by.date() if published_by else None, release, figure)
    try:
        rows = as_of(Releases(load_settings().paths.releases), asked)
    except HistoryError as error:
        fail(str(error))
    if output is Format.table:
        _print_table(rows)
    elif output is Format.csv:
        writer = csv.DictWriter(sys.stdout, list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)
    else:
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False, default=str))


def reproduce_command(
    figure: Annotated[str, typer.Argument(help="承诺编号（可只写前几位）")],
    release: Annotated[int | None, typer.Option(help="第几版发布的数；默认当前版")] = None,
    evaluation_date: Annotated[
        datetime | None, typer.Option(formats=[DAY], help="换一个评价日期重算；默认发布时的日期")
    ] = None,
) -> None:
    """用保存的输入和现在的规则重算一个已发布的数，逐项比较，并说明与发布时哪一部分不同。只在旁边重算，不改动现有数据。

    六个部分：代码、配置、收到的数据、登记事件、已发布台账、评价日期。
    退出码：0 完全一致；1 不一致；2 无法重算。例：`duban reproduce 757aa6d8 --release 3`
    """
    from ingestion.locks import Busy, writer_lock
    from ingestion.releases import Releases
    from ingestion.settings import load_settings
    from orchestration.cli import fail
    from orchestration.dbt_runs import DbtFailed
    from orchestration.history import HistoryError, reproduce

    paths = load_settings().paths
    day = evaluation_date.date() if evaluation_date else None
    try:
        with writer_lock(paths.locks, "duban reproduce"):
            found = reproduce(paths, Releases(paths.releases), figure, release, day)
    except (HistoryError, DbtFailed, Busy) as error:
        fail(str(error))
    for line in told(found):
        typer.echo(line)
    raise typer.Exit(1 if found.differences else 0)


def told(found: Reproduction) -> list[str]:
    """What came of making a figure again, and which part of what it was made from differs."""
    published, made = found.published, found.made
    lines = [
        f"承诺 {published['commitment_id']}  第 {published['release_seq']} 版  评价日期 {published['evaluation_date']}"
    ]
    if not found.differences:
        value = _shown(published["attained_value"])
        lines.append(f"重算一致：{published['light']} {published['status']}  实际值 {value}")
    elif made is None:
        lines.append("重算结果中没有这项承诺：文件重新读取后，它的文字或编号可能已变")
    else:
        lines.append("重算不一致：")
        lines += [f"  {n}：发布时 {_shown(published[n])}，重算 {_shown(made[n])}" for n in found.differences]
    return lines + _parts(found)


def _parts(found: Reproduction) -> list[str]:
    if found.parts is None:
        return ["这一版没有记下由什么算出，无从确认哪一部分与发布时不同"]
    differing = [part.name for part in found.parts if part.said]
    if differing:
        head = f"与发布时不同的部分：{'、'.join(differing)}"
    else:
        head = "代码、配置、数据、登记、台账、日期都与发布时相同"
        head += "，结果却不同：请把以上各行报给维护人员" if found.differences else ""
    return [head, *(f"  {part.name}：{'；'.join(part.said) or '相同'}" for part in found.parts)]


def _shown(value: Any) -> str:
    return "无" if value is None else str(value)


def _print_table(rows: list[dict[str, Any]]) -> None:
    if not rows:
        typer.echo("这一版没有符合条件的承诺")
        return
    first = rows[0]
    typer.echo(f"第 {first['release_seq']} 版  评价日期 {first['evaluation_date']}  发布于 {first['published_at']} UTC")
    for row in rows:
        figure = f"{_shown(row['attained_value'])} / {_shown(row['target_value'])}"
        typer.echo(f"{row['commitment_id']}  {row['light']} {row['status']}  {figure}  {row['reason'] or ''}".rstrip())
