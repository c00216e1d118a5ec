"""`duban log`, `duban undo`, `duban note`: the registry as people read it, and taking acts back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.acting import TAKES_EFFECT, By, Why, acting, catalog, registry, say


@acting
def show_log(
    subject: Annotated[str, typer.Option(help="只要这个对象的（编号或编号的一部分）")] = "",
    by: Annotated[str, typer.Option(help="只要这个人办理的")] = "",
    last: Annotated[int, typer.Option(help="只要最后几条；0 为全部")] = 50,
    out: Annotated[Path | None, typer.Option(help="改为把整个登记簿写到这个 jsonl 文件")] = None,
) -> None:
    """登记簿：谁、何时、办理了什么、为什么，是否已撤回。

    例：`duban log --by 王敏 --last 20`；`duban log --subject T1a2b3c4d-1`
    """
    import polars as pl

    from ingestion.registry.logbook import lines
    from orchestration.summary import write_frame

    log = registry()
    if out:
        typer.echo(f"已写出 {out}：{log.export_jsonl(out)} 条")
        return
    found = lines(log, subject, by)
    rows = [
        (line.event_no, f"{line.at:%Y-%m-%d %H:%M}", line.actor, line.label, line.subject, line.content, line.reason,
         f"已由第{line.undone_by}号撤回" if line.undone_by else "")
        for line in (found[-last:] if last else found)
    ]  # fmt: skip
    columns = ["序号", "时间", "经办人", "事项", "对象", "内容", "理由", "备注"]
    schema = {name: pl.Int64 if name == "序号" else pl.String for name in columns}
    write_frame(pl.DataFrame(rows, schema=schema, orient="row"), "table", None)


@acting
def undo(
    event_no: Annotated[int, typer.Argument(help="事件序号（duban log 的第一列）")], by: By, why: Why,
    whole: Annotated[bool, typer.Option("--whole", help="连同同一次办理的各条一起撤回")] = False,
) -> None:  # fmt: skip
    """撤回一条登记（不删除，另记一条撤回）。例：`duban undo 128 --by 王敏 --why 登错了学校`"""
    from ingestion.registry.acts import Who
    from ingestion.registry.opening import undo_act
    from ingestion.registry.vocabulary import EVENT_TYPES
    from ingestion.settings import load_settings

    gone, told = undo_act(load_settings(), registry(), event_no, Who(by, why), whole=whole)
    kinds = dict.fromkeys(EVENT_TYPES[act.event_type].label for act in gone if act.event_type in EVENT_TYPES)
    if told:
        typer.echo(told)
    typer.echo(f"已撤回 {len(gone)} 条（{'、'.join(kinds)}）；{TAKES_EFFECT}")


@acting
def note(
    commitment: Annotated[str, typer.Argument(help="承诺编号；其他对象写 类型:编号，如 task:T1a2b3c4d-1")],
    text: Annotated[str, typer.Argument(help="内容")], by: By, why: Why = "批注",
) -> None:  # fmt: skip
    """给承诺、任务、整改、学校等加一条批注。例：`duban note 3f2a9c 局长要求十月底前报进展 --by 王敏`"""
    from ingestion.registry.acts import Who
    from ingestion.registry.logbook import add_note

    kind, colon, key = commitment.partition(":")
    if colon:
        say(add_note(registry(), kind, key, text, Who(by, why)), "已批注")
        return
    chosen = catalog().reviewed([commitment])[0]
    say(add_note(registry(), "commitment", chosen.commitment_id, text, Who(by, why), chosen), "已批注")
