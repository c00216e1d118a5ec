"""`duban calendar`: the office's calendar 行事历 from a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands.acting import By, Why, acting, catalog, registry, say, say_difference

if TYPE_CHECKING:
    from ingestion.registry.calendars import Entry
    from ingestion.registry.catalog import Catalog

calendar = typer.Typer(
    no_args_is_help=True,
    help="""行事历：承诺、任务、节点的时限自动列入，另可自定事项。

例：`duban calendar list --month 2020-09`；`duban calendar export 行事历.xlsx`""",
)

Months = Annotated[str, typer.Option("--month", help="只要这个月，或从哪月到哪月：2020-09 或 2020-09:2020-12")]
Source = Annotated[str, typer.Option(help="只要这种来源：自定 承诺 任务 节点")]
File = Annotated[Path, typer.Argument(help="xlsx 文件")]
Unit = Annotated[str, typer.Option(help="责任单位：代码或名称")]


@calendar.command("list")
@acting
def list_entries(month: Months = "", source: Source = "", unit: Unit = "") -> None:
    """列出行事历。例：`duban calendar list --month 2020-09:2020-12 --unit 330303-JJ`"""
    import polars as pl

    from ingestion.registry.calendars import week_of
    from orchestration.summary import write_frame

    known = catalog()
    rows = [
        (e.entry_date[:7], "" if e.precision == "月" else f"第{week_of(e.entry_date)}周",
         e.entry_date if e.precision == "日" else "", e.matter, known.units.get(e.unit_code, ""), e.source, e.key)
        for e in _entries(known, month, source, unit)
    ]  # fmt: skip
    columns = ["月份", "周次", "日期", "事项", "责任单位", "来源", "编号"]
    write_frame(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), "table", None)


@calendar.command()
@acting
def add(
    when: Annotated[str, typer.Argument(help="2020-09-10、2020-09 或 2020-09第2周")],
    matter: Annotated[str, typer.Argument(help="事项")], by: By, why: Why, unit: Unit = "",
    end: Annotated[str, typer.Option(help="结束日期 YYYY-MM-DD")] = "",
    note: Annotated[str, typer.Option(help="备注")] = "",
) -> None:  # fmt: skip
    """增加一件自定事项。例：`duban calendar add 2020-09第2周 教师节慰问 --unit 330303-BG --by 王敏 --why 年度安排`"""
    from ingestion.registry import calendars
    from ingestion.registry.acts import Who, day
    from ingestion.registry.acts import known as code_of

    code = code_of(unit, catalog().units, "单位") if unit else ""
    start, precision = calendars.when(when)
    last = day(end, "结束日期") if end else ""
    key = calendars.add(
        registry(), calendars.Entry("", calendars.OWN, start, precision, matter, code, last, note), Who(by, why)
    )
    typer.echo(f"已增加 {key}；下次刷新（duban refresh）后生效")


@calendar.command()
@acting
def remove(key: Annotated[str, typer.Argument(help="自定事项的编号，例如 RL-3")], by: By, why: Why) -> None:
    """删除一件自定事项。例：`duban calendar remove RL-3 --by 王敏 --why 会议取消`"""
    from ingestion.registry import calendars
    from ingestion.registry.acts import Who

    say(calendars.remove(registry(), key, Who(by, why)), "已删除")


@calendar.command("export")
@acting
def export_file(file: File, month: Months = "", source: Source = "", unit: Unit = "") -> None:
    """写出行事历工作簿（按月、周、事项、单位）。例：`duban calendar export 行事历.xlsx --month 2020-09:2020-12`"""
    from ingestion.registry.calendar_workbook import write_calendar

    known = catalog()
    count = write_calendar(file, _entries(known, month, source, unit), known.units)
    typer.echo(f"已写出 {file}：{count} 行")


@calendar.command("import")
@acting
def import_file(
    file: File, by: By, why: Why,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会改什么，不生效")] = False,
) -> None:  # fmt: skip
    """读回改好的行事历：有一处不对就整份不采用，逐格列出。

    例：`duban calendar import 行事历.xlsx --by 王敏 --why 下半年安排 --dry-run`
    """
    from ingestion.registry.acts import Who, standing
    from ingestion.registry.calendar_workbook import import_calendar
    from ingestion.registry.calendars import derived
    from ingestion.settings import load_settings

    known = catalog()
    others = derived(list(known.commitments.iter_rows(named=True)), standing(registry()))
    done = import_calendar(registry(), file, others, known.units, Who(by, why), load_settings(), is_dry_run=dry_run)
    say_difference(done, is_dry_run=dry_run)


def _entries(known: Catalog, month: str, source: str, unit: str) -> list[Entry]:
    from ingestion.registry.acts import known as code_of
    from ingestion.registry.acts import standing
    from ingestion.registry.calendars import derived, in_order, read_calendar

    acts = standing(registry())
    first, _, last = month.partition(":")
    both = [*read_calendar(acts).values(), *derived(list(known.commitments.iter_rows(named=True)), acts)]
    code = code_of(unit, known.units, "单位") if unit else ""
    return [
        entry
        for entry in in_order(both, (first, last or first) if month else None)
        if (not source or entry.source == source) and (not code or entry.unit_code == code)
    ]
