"""`duban task`: decomposition 分解立项 from a terminal: making and changing tasks and nodes, and their workbook.

What is done about tasks (签收, 填报, 核查) is task_progress.py. Acts go through ingestion/registry.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands.acting import By, Why, acting, catalog, registry, say, say_difference
from orchestration.commands.task_progress import add_progress

if TYPE_CHECKING:
    import polars as pl

    from ingestion.registry.catalog import Catalog
    from ingestion.registry.tasks import NodeDraft

task = typer.Typer(
    no_args_is_help=True,
    help="""分解立项：把已确认的承诺分成任务，落到牵头单位、配合单位、责任人、时限和节点。

例：`duban task plan 3f2a9c --lead 330303-JJ --due 2020-11-30 --by 王敏 --why 局长办公会分工`；
成批办理：`duban task plan-confirmed longwan-2020 --lead 330303-BG --by 王敏 --why 分工`，或逐项：
`duban task export 分解立项表.xlsx` 填好后 `duban task import 分解立项表.xlsx --by 王敏 --why 分工`""",
)

Keys = Annotated[list[str], typer.Argument(help="任务编号（duban task list 的第一列）")]
Plan = Annotated[str, typer.Option(help="只要这份工作要点，例如 longwan-2020.txt（可省略扩展名）")]
Lead = Annotated[str, typer.Option(help="牵头单位：代码或名称")]
Assist = Annotated[str, typer.Option(help="配合单位：代码或名称，用逗号隔开")]
Due = Annotated[str, typer.Option(help="完成时限 YYYY-MM-DD；默认承诺的时限")]
File = Annotated[Path, typer.Argument(help="xlsx 文件")]


@task.command()
@acting
def plan(
    commitments: Annotated[list[str], typer.Argument(help="承诺编号，可以几个（duban review list 的第一列）")],
    lead: Lead, by: By, why: Why, assist: Assist = "", due: Due = "",
    node: Annotated[list[str] | None, typer.Option(help="节点：名称@日期[@须交佐证]，可写几个")] = None,
) -> None:  # fmt: skip
    """立项：给已确认的承诺各建一项任务（名称取原文，责任人等用 task change 改）。

    例：`duban task plan 3f2a9c --lead 330303-JJ --assist 330303-JC,330303-DD --due 2020-11-30
    --node 完成招标@2020-06-30@中标通知书 --by 王敏 --why 局长办公会分工`
    """
    from ingestion.registry.acts import Who
    from ingestion.registry.catalog import reviewed
    from ingestion.registry.tasks import TaskDraft, create

    known = catalog()
    drafts = []
    for row in map(known.row, commitments):
        day = due or str(row["deadline"] or "")
        draft = TaskDraft(
            row["quote"], lead, day, _split(assist), year=row["plan_year"], nodes=[_node(text) for text in node or []]
        )
        drafts.append((reviewed(row), draft))
    keys = create(registry(), drafts, Who(by, why), known.units)
    typer.echo(f"已立项 {len(keys)} 项：{'、'.join(keys)}；下次刷新（duban refresh）后生效")


@task.command("plan-confirmed")
@acting
def plan_confirmed(
    plan: Annotated[str, typer.Argument(help="工作要点，例如 longwan-2020.txt（可省略扩展名）")],
    by: By, why: Why,
    lead: Annotated[str, typer.Option(help="原文没有写明责任单位的，由谁牵头：代码或名称")] = "",
    assist: Assist = "",
    due: Annotated[str, typer.Option(help="原文没有时限的，完成时限 YYYY-MM-DD")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出会立哪些项，不办理")] = False,
) -> None:  # fmt: skip
    """成批立项：一份工作要点中已确认而还没有立项的承诺各建一项任务，单位、时限从原文，没写明的用选项。

    例：`duban task plan-confirmed longwan-2020 --lead 330303-BG --dry-run --by 王敏 --why 局长办公会分工`
    """
    from ingestion.registry.acts import Who, standing
    from ingestion.registry.division import Given, drafts
    from ingestion.registry.tasks import create

    known = catalog()
    units = known.config["config__units"].to_dicts()
    made = drafts(known.of_plan(plan).to_dicts(), standing(registry()), units, Given(lead, _split(assist), due))
    if dry_run or not made:
        for own, draft in made:
            named = "、".join(known.units.get(unit, unit) for unit in (draft.lead, *draft.assisting))
            typer.echo(f"{own.commitment_id[:8]}  {draft.due_date}  {named}  {draft.name[:40]}")
        typer.echo(
            f"共 {len(made)} 项，没有办理" + ("；去掉 --dry-run 即立项" if made else "：没有已确认而还没有立项的承诺")
        )
        return
    keys = create(registry(), made, Who(by, why), known.units)
    typer.echo(f"已立项 {len(keys)} 项：{'、'.join(keys)}；下次刷新（duban refresh）后生效")


@task.command("list")
@acting
def list_tasks(
    plan: Plan = "",
    unit: Annotated[str, typer.Option(help="只要这个单位牵头或配合的")] = "",
    state: Annotated[str, typer.Option(help="只要这种状态的：未签收 已签收 办理中 待核查 已退回 已销号")] = "",
) -> None:
    """列出任务。例：`duban task list --unit 330303-JJ --state 未签收`"""
    import polars as pl

    from ingestion.registry.acts import known as code_of
    from ingestion.registry.acts import standing
    from ingestion.registry.task_states import read_tasks
    from orchestration.summary import write_frame

    known = catalog()
    plans = set(known.of_plan(plan)["file_name"]) if plan else None
    code = code_of(unit, known.units, "单位") if unit else ""
    rows = []
    for item in read_tasks(standing(registry(), "task", "node")).values():
        if (plans and item.commitment.plan not in plans) or (state and item.state != state):
            continue
        if code and code not in (item.lead, *item.assisting):
            continue
        done = sum(bool(node.done_date) for node in item.nodes)
        names = [known.units.get(key, key) for key in (item.lead, *item.assisting)]
        nodes = f"{done}/{len(item.nodes)}" if item.nodes else ""
        rows.append(
            (item.key, item.state, item.due_date, names[0], "、".join(names[1:]), item.person, nodes, item.name)
        )
    columns = ["任务编号", "状态", "完成时限", "牵头单位", "配合单位", "责任人", "节点", "任务"]
    write_frame(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), "table", None)


@task.command()
@acting
def change(
    keys: Keys, by: By, why: Why,
    lead: Lead = "",
    assist: Annotated[str | None, typer.Option(help="配合单位，用逗号隔开；写空 '' 表示没有")] = None,
    person: Annotated[str | None, typer.Option(help="责任人")] = None, due: Due = "",
) -> None:  # fmt: skip
    """修改任务，可以一次改几项。例：`duban task change T1a2b3c4d-1 T5e6f7a8b-1 --person 李强 --by 王敏 --why 换人`"""
    from ingestion.registry import tasks
    from ingestion.registry.acts import Who

    given = {"lead": lead or None, "person": person, "due_date": due or None}
    changes: dict[str, object] = {field: value for field, value in given.items() if value is not None}
    if assist is not None:
        changes["assisting"] = _split(assist)
    say(tasks.change(registry(), keys, changes, Who(by, why), catalog().units), "已修改任务")


@task.command()
@acting
def remove(keys: Keys, by: By, why: Why) -> None:
    """删除任务（连同节点；已销号的不能删）。例：`duban task remove T1a2b3c4d-1 --by 王敏 --why 与另一项重复`"""
    from ingestion.registry import tasks
    from ingestion.registry.acts import Who

    say(tasks.remove(registry(), keys, Who(by, why)), "已删除任务")


@task.command()
@acting
def node(
    key: Annotated[str, typer.Argument(help="任务编号")], by: By, why: Why,
    draft: Annotated[str, typer.Option("--set", help="名称@日期[@须交佐证]")] = "",
    number: Annotated[int | None, typer.Option("--no", help="节点序号；不给则新增")] = None,
    delete: Annotated[bool, typer.Option("--remove", help="删除这个节点")] = False,
) -> None:  # fmt: skip
    """增加、修改或删除一个节点。

    例：`duban task node T1a2b3c4d-1 --set 完成招标@2020-06-30@中标通知书 --by 王敏 --why 排期`
    """
    from ingestion.registry import tasks
    from ingestion.registry.acts import Who
    from orchestration.cli import fail

    if delete and number:
        say(tasks.remove_node(registry(), key, number, Who(by, why)), "已删除节点")
    elif draft and not delete:
        placed = tasks.set_node(registry(), key, _node(draft), Who(by, why), number)
        typer.echo(f"已设置第{placed}个节点；下次刷新（duban refresh）后生效")
    else:
        fail("请用 --set 名称@日期 设置节点，或用 --no 序号 --remove 删除节点")


@task.command("export")
@acting
def export_tasks(file: File, plan: Plan = "") -> None:
    """写出分解立项表：每条承诺、任务、节点一行，供填写。例：`duban task export 分解立项表.xlsx --plan longwan-2020`"""
    from ingestion.registry.acts import standing
    from ingestion.registry.catalog import reviewed
    from ingestion.registry.reviews import follow, state_of
    from ingestion.registry.task_states import read_tasks
    from ingestion.registry.task_workbook import write_tasks

    known, acts = catalog(), standing(registry())
    rows = list(_of(known, plan).iter_rows(named=True))
    followed = follow([act for act in acts if act.subject_type == "commitment"], [reviewed(row) for row in rows])
    states = {key: state_of(own) for key, own in followed.items()}
    rows = [row for row in rows if states[row["commitment_id"]] != "撤销"]
    count = write_tasks(file, rows, states, read_tasks(acts).values(), known.units)
    typer.echo(f"已写出 {file}：{count} 行")


@task.command("import")
@acting
def import_file(
    file: File, by: By, why: Why,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会改什么，不生效")] = False,
) -> None:  # fmt: skip
    """读回填好的分解立项表：有一处不对就整份不采用，逐格列出；没有改动就什么也不记。

    例：`duban task import 分解立项表.xlsx --by 王敏 --why 局长办公会分工 --dry-run`
    """
    from ingestion.registry.acts import Who
    from ingestion.registry.task_import import import_tasks
    from ingestion.settings import load_settings

    known = catalog()
    rows = list(known.commitments.iter_rows(named=True))
    done = import_tasks(registry(), file, rows, known.units, Who(by, why), load_settings(), is_dry_run=dry_run)
    say_difference(done, is_dry_run=dry_run)


add_progress(task)


def _of(known: Catalog, plan: str) -> pl.DataFrame:
    return known.of_plan(plan) if plan else known.commitments


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]


def _node(text: str) -> NodeDraft:
    from ingestion.registry.events import RegistryError
    from ingestion.registry.tasks import NodeDraft

    name, _, rest = text.partition("@")
    due, _, evidence = rest.partition("@")
    if not (name.strip() and due.strip()):
        raise RegistryError(f"节点“{text}”要写成 名称@日期 或 名称@日期@须交佐证，例如 完成招标@2020-06-30@中标通知书")
    return NodeDraft(name, due, evidence)
