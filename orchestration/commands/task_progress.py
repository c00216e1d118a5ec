"""`duban task sign|report|done|accept|return`: what is done about tasks. Making and changing them: tasks.py."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.commands.acting import By, Date, Why, acting, catalog, registry, say, today

Key = Annotated[str, typer.Argument(help="任务编号（duban task list 的第一列）")]
Evidence = Annotated[str, typer.Option(help="佐证：文号、照片或附件名")]


def add_progress(task: typer.Typer) -> None:
    """Add these commands to `duban task`."""
    for name, command in {"sign": sign, "report": report, "done": done, "accept": accept, "return": send_back}.items():
        task.command(name)(acting(command))


def sign(
    key: Key, unit: Annotated[str, typer.Argument(help="签收单位：代码或名称")], by: By, why: Why, date: Date = ""
) -> None:
    """签收：牵头或配合单位接下任务。例：`duban task sign T1a2b3c4d-1 330303-JJ --by 李强 --why 已交办`"""
    from ingestion.registry import progress
    from ingestion.registry.acts import Who

    say(progress.sign(registry(), key, unit, today(date), Who(by, why), catalog().units), "已签收")


def report(
    key: Key, status: Annotated[str, typer.Argument(help="未启动、进行中 或 办结（办结即申请核查）")], by: By, why: Why,
    percent: Annotated[str, typer.Option(help="完成百分比 0–100")] = "", evidence: Evidence = "", date: Date = "",
) -> None:  # fmt: skip
    """进度填报。例：`duban task report T1a2b3c4d-1 进行中 --percent 60 --by 李强 --why 主体已封顶`"""
    from ingestion.registry import progress
    from ingestion.registry.acts import Report, Who

    told = Report(status, today(date), evidence=evidence)
    say(progress.report(registry(), key, told, Who(by, why), percent or None), f"已填报：{status}")


def done(
    key: Key, number: Annotated[int, typer.Argument(help="节点序号")], evidence: Evidence, by: By, why: Why,
    date: Date = "",
) -> None:  # fmt: skip
    """填报一个节点完成。例：`duban task done T1a2b3c4d-1 1 --evidence 中标通知书 --by 李强 --why 已开标`"""
    from ingestion.registry import progress
    from ingestion.registry.acts import Who

    say(progress.report_node(registry(), key, number, today(date), evidence, Who(by, why)), f"第{number}个节点已完成")


def accept(key: Key, by: By, why: Why, date: Date = "") -> None:
    """核查通过，销号（核查人不能是填报人）。例：`duban task accept T1a2b3c4d-1 --by 王敏 --why 现场核实`"""
    from ingestion.registry import progress
    from ingestion.registry.acts import Who

    say(progress.accept(registry(), key, today(date), Who(by, why), why), "已销号")


def send_back(
    key: Key, by: By, why: Why, redo: Annotated[str, typer.Option(help="重新办理的时限 YYYY-MM-DD")] = "",
    date: Date = "",
) -> None:  # fmt: skip
    """核查不通过，退回。例：`duban task return T1a2b3c4d-1 --redo 2020-10-31 --by 王敏 --why 缺验收报告`"""
    from ingestion.registry import progress
    from ingestion.registry.acts import Who

    say(progress.send_back(registry(), key, today(date), Who(by, why), why, redo or None), "已退回")
