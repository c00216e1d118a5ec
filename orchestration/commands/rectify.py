"""`duban rectify`: rectification 自查 → 差距 → 措施 → 复核 → 销号 from a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.acting import By, Date, Why, acting, catalog, registry, say, today

rectify = typer.Typer(
    no_args_is_help=True,
    help="""整改台账：对照当前发布版中的差距立项，自查 → 差距 → 措施 → 复核 → 销号。

例：`duban rectify open 3f2a9c --by 王敏 --why 三季度通报`；`duban rectify list`""",
)

Key = Annotated[str, typer.Argument(help="整改编号（duban rectify list 的第一列）")]


@rectify.command("open")
@acting
def open_matter(
    commitment: Annotated[str, typer.Argument(help="承诺编号（duban review list 的第一列）")], by: By, why: Why,
    unit: Annotated[str, typer.Option(help="整改单位；默认任务的牵头单位")] = "",
    due: Annotated[str, typer.Option(help="整改时限 YYYY-MM-DD；默认承诺的时限")] = "",
) -> None:  # fmt: skip
    """立项整改：亮灯、目标、完成值和差距取自当前发布版。例：`duban rectify open 3f2a9c --by 王敏 --why 三季度通报`"""
    from ingestion.registry.acts import Who
    from ingestion.registry.published import gap_of
    from ingestion.registry.rectifications import open_gap
    from ingestion.releases import Releases

    known = catalog()
    found = gap_of(Releases(known.paths.releases).resolve(), known.row(commitment)["commitment_id"])
    key = open_gap(registry(), found, Who(by, why), known.units, unit, due or None)
    wanting = f"，差距 {found.gap.normalize():f}{found.row['unit'] or ''}" if found.gap is not None else ""
    typer.echo(f"已立项 {key}（{found.row['light']}灯{wanting}）；下次刷新（duban refresh）后生效")


@rectify.command()
@acting
def cause(key: Key, text: Annotated[str, typer.Argument(help="原因")], by: By, why: Why) -> None:
    """差距：写明原因。例：`duban rectify cause ZG1a2b3c4d-1 两所民办园未转普惠 --by 李强 --why 自查`"""
    from ingestion.registry import rectifications
    from ingestion.registry.acts import Who

    say(rectifications.set_cause(registry(), key, text, Who(by, why)), "已写明原因")


@rectify.command()
@acting
def measures(
    key: Key, text: Annotated[str, typer.Argument(help="整改措施")], by: By, why: Why,
    due: Annotated[str, typer.Option(help="整改时限 YYYY-MM-DD")] = "",
    person: Annotated[str, typer.Option(help="责任人")] = "",
) -> None:  # fmt: skip
    """措施：写明怎么改、谁负责、何时完成。例：`duban rectify measures ZG1a2b3c4d-1 回收两所 --by 李强 --why 科务会`"""
    from ingestion.registry import rectifications
    from ingestion.registry.acts import Who

    number = rectifications.set_measures(registry(), key, text, Who(by, why), due_date=due or None, person=person)
    say(number, "已制定措施")


@rectify.command()
@acting
def report(
    key: Key, text: Annotated[str, typer.Argument(help="进展")], by: By, why: Why,
    evidence: Annotated[str, typer.Option(help="佐证：文号、照片或附件名")] = "", date: Date = "",
) -> None:  # fmt: skip
    """填报整改进展。例：`duban rectify report ZG1a2b3c4d-1 已回收一所 --by 李强 --why 月报`"""
    from ingestion.registry import rectifications
    from ingestion.registry.acts import Who

    say(rectifications.report(registry(), key, text, today(date), Who(by, why), evidence), "已填报进展")


@rectify.command()
@acting
def check(
    key: Key, result: Annotated[str, typer.Argument(help="通过 或 不通过（不通过回到措施环节）")], by: By, why: Why,
    date: Date = "",
) -> None:  # fmt: skip
    """复核（复核人不能是填报人）。例：`duban rectify check ZG1a2b3c4d-1 通过 --by 王敏 --why 现场核实`"""
    from ingestion.registry import rectifications
    from ingestion.registry.acts import Who

    say(rectifications.check(registry(), key, result, today(date), Who(by, why), why), f"已复核：{result}")


@rectify.command()
@acting
def close(key: Key, by: By, why: Why, date: Date = "") -> None:
    """复核通过之后销号。例：`duban rectify close ZG1a2b3c4d-1 --by 王敏 --why 整改到位`"""
    from ingestion.registry import rectifications
    from ingestion.registry.acts import Who

    say(rectifications.close(registry(), key, today(date), Who(by, why)), "已销号")


@rectify.command()
@acting
def reopen(key: Key, due: Annotated[str, typer.Option(help="新的整改时限 YYYY-MM-DD")], by: By, why: Why) -> None:
    """销号之后重新整改。例：`duban rectify reopen ZG1a2b3c4d-1 --due 2020-12-20 --by 王敏 --why 数据回落`"""
    from ingestion.registry import rectifications
    from ingestion.registry.acts import Who

    say(rectifications.reopen(registry(), key, due, Who(by, why)), "已重新整改")


@rectify.command("list")
@acting
def list_matters(
    open_only: Annotated[bool, typer.Option("--open", help="只列未销号的")] = False,
) -> None:
    """列出整改。例：`duban rectify list --open`"""
    import polars as pl

    from ingestion.registry.acts import standing
    from ingestion.registry.rectification_paper import HEADERS, lines
    from ingestion.registry.rectifications import read_rectifications
    from orchestration.summary import write_frame

    matters = read_rectifications(standing(registry(), "rectification")).values()
    rows = lines([m for m in matters if m.is_open or not open_only], catalog().units)
    write_frame(pl.DataFrame(rows, schema=dict.fromkeys(HEADERS, pl.String), orient="row"), "table", None)


@rectify.command("export")
@acting
def export_file(
    file: Annotated[Path, typer.Argument(help="xlsx 文件")],
    unit: Annotated[str, typer.Option(help="台账抬头的单位；默认本单位名称")] = "",
    by: Annotated[str, typer.Option(help="制表人")] = "",
    date: Annotated[str, typer.Option("--date", help="制表日期 YYYY-MM-DD；默认今天")] = "",
) -> None:
    """写出整改台账（单位、制表人、制表日期）。例：`duban rectify export 整改台账.xlsx --by 王敏`"""
    from ingestion.config.loader import load_config
    from ingestion.registry.acts import standing
    from ingestion.registry.rectification_paper import write_rectifications
    from ingestion.registry.rectifications import read_rectifications

    known = catalog()
    name = unit or load_config(known.paths.config).bureau.name
    matters = list(read_rectifications(standing(registry(), "rectification")).values())
    head = f"单位：{name}    制表人：{by}    制表日期：{today(date)}"
    write_rectifications(file, matters, known.units, head)
    typer.echo(f"已写出 {file}：{len(matters)} 项")
