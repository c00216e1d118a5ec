"""`duban review`: what people decide about extracted commitments and indicator cards, from a terminal.

Acts go through ingestion/registry, the same services the dashboard uses. They count from the next refresh on. How
commitments stand to each other, and what becomes of confirmed ones: matter.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands.acting import By, Why, acting, catalog, registry, say
from orchestration.commands.matter import add_courses_and_relations

if TYPE_CHECKING:
    from ingestion.registry.reviews import Reviewed

review = typer.Typer(
    no_args_is_help=True,
    help="""审核：确认、调整或否决找出的承诺，确认指标口径；未经确认的一律不亮灯。

状态：草稿 → 待核 → 已确认 → 已调整 → 撤销。例：`duban review list --plan longwan-2020 --pending`""",
)

Plan = Annotated[str, typer.Option(help="工作要点的文件名，例如 longwan-2020.txt（可省略扩展名）")]
Ids = Annotated[list[str] | None, typer.Argument(help="承诺编号（duban review list 的第一列，可只写开头）")]


def _chosen(ids: list[str] | None) -> list[Reviewed]:
    from orchestration.cli import fail

    if not ids:
        fail("请给出承诺编号（duban review list 的第一列）")
    return catalog().reviewed(ids)


@review.command("list")
@acting
def list_commitments(plan: Plan = "", pending: Annotated[bool, typer.Option(help="只列待核的")] = False) -> None:
    """列出承诺和审核状态。例：`duban review list --plan longwan-2020 --pending`"""
    import polars as pl

    from ingestion.registry.acts import standing
    from ingestion.registry.catalog import reviewed
    from ingestion.registry.editing import present
    from ingestion.registry.reviews import REVIEWS, follow, state_of
    from orchestration.summary import write_frame

    known = catalog()
    rows = list((known.of_plan(plan) if plan else known.commitments).iter_rows(named=True))
    followed = follow(standing(registry(), "commitment"), [reviewed(row) for row in rows])
    shown = []
    for row in rows:
        acts = followed[row["commitment_id"]]
        last = next((act.actor for act in reversed(acts) if act.event_type in REVIEWS), "")
        fields = present(row, acts)
        target = f"{fields['operator']} {fields['value']} {fields['unit']}".strip()
        place = row["commitment_id"], row["file_name"]
        shown.append((*place, state_of(acts), last, row["kind"], target, fields["deadline"], row["quote"]))
    columns = ["编号", "工作要点", "状态", "审核人", "类型", "目标", "时限", "原文"]
    frame = pl.DataFrame(shown, schema=dict.fromkeys(columns, pl.String), orient="row")
    write_frame(frame.filter(pl.col("状态") == "待核") if pending else frame, "table", None)


@review.command()
@acting
def confirm(by: By, why: Why, ids: Ids = None, plan: Plan = "", every: Annotated[
    bool, typer.Option("--all", help="确认这份工作要点中所有待核的承诺；已有审核结论的不变")] = False,
) -> None:  # fmt: skip
    """确认承诺。例：`duban review confirm --plan longwan-2020 --all --by 王敏 --why 逐条核对原文`"""
    from ingestion.registry.acts import Who
    from ingestion.registry.catalog import reviewed
    from ingestion.registry.reviews import confirm as confirm_each
    from ingestion.registry.reviews import confirm_plan
    from orchestration.cli import fail
    from orchestration.commands.acting import TAKES_EFFECT

    if bool(ids) == bool(plan and every):
        fail("请给出承诺编号，或用 --plan 文件名 --all 确认整份工作要点")
    if ids:
        numbers = confirm_each(registry(), _chosen(ids), Who(by, why))
    else:
        whole = [reviewed(row) for row in catalog().of_plan(plan).iter_rows(named=True)]
        numbers = confirm_plan(registry(), whole, Who(by, why))
    typer.echo(f"已确认 {len(numbers)} 项；{TAKES_EFFECT}；成批立项：duban task plan-confirmed {plan or '工作要点'}")


@review.command()
@acting
def edit(
    commitment: Annotated[str, typer.Argument(help="承诺编号")], by: By, why: Why,
    value: Annotated[str | None, typer.Option(help="目标值，例如 96")] = None,
    deadline: Annotated[str | None, typer.Option(help="时限 YYYY-MM-DD")] = None,
    change: Annotated[list[str] | None, typer.Option(
        "--set", help="其他项：名=值，例如 --set 计量单位=%；= 后空着表示没有")] = None,
) -> None:  # fmt: skip
    """调整一条承诺（同时视为确认），原文不变。

    例：`duban review edit 3f2a9c --value 96 --deadline 2020-11-30 --by 王敏 --why 局长办公会调整`；
    其他项：`--set 比较符=range --set 目标上限=98 --set 指标代码=kg_public_pupils_pct`
    """
    from ingestion.registry.acts import Who
    from ingestion.registry.catalog import reviewed
    from ingestion.registry.editing import LABELS
    from ingestion.registry.editing import edit as adjust
    from orchestration.cli import fail

    names = {label: name for name, label in LABELS.items()}
    given = {"value": value, "deadline": deadline}
    changes = {name: text for name, text in given.items() if text is not None}
    for pair in change or []:
        name, equals, text = pair.partition("=")
        if not equals:
            fail(f"“{pair}”要写成 名=值，例如 --set 节点=建成")
        changes[names.get(name.strip(), name.strip())] = text
    known = catalog()
    row = known.row(commitment)
    say(adjust(registry(), reviewed(row), row, changes, Who(by, why), known.indicators), "已调整")


@review.command()
@acting
def reject(by: By, why: Why, ids: Ids = None) -> None:
    """否决：这一条不是承诺。例：`duban review reject 3f2a9c --by 王敏 --why 是上年完成数`"""
    from ingestion.registry.acts import Who
    from ingestion.registry.reviews import reject as reject_each

    say(reject_each(registry(), _chosen(ids), Who(by, why)), f"已否决 {len(ids or [])} 项")


@review.command()
@acting
def draft(by: By, why: Why, ids: Ids = None) -> None:
    """退回草稿：有疑问，先放一放；整份确认时跳过。例：`duban review draft 3f2a9c --by 王敏 --why 口径要问人事科`"""
    from ingestion.registry.acts import Who
    from ingestion.registry.reviews import draft as set_aside

    say(set_aside(registry(), _chosen(ids), Who(by, why)), f"已退回草稿 {len(ids or [])} 项")


@review.command()
@acting
def undo(by: By, why: Why, ids: Ids = None) -> None:
    """撤回对承诺的最近一次审核。例：`duban review undo 3f2a9c --by 王敏 --why 看错了行`"""
    from ingestion.registry.reviews import take_back
    from orchestration.commands.acting import TAKES_EFFECT

    for commitment in _chosen(ids):
        take_back(registry(), "commitment", commitment.commitment_id, by, why)
    typer.echo(f"已撤回 {len(ids or [])} 项；{TAKES_EFFECT}")


@review.command("confirm-cards")
@acting
def confirm_cards(
    by: By, why: Why, codes: Annotated[list[str] | None, typer.Argument(help="指标代码；不给则为全部")] = None
) -> None:
    """确认指标卡现行的口径。例：`duban review confirm-cards --by 王敏 --why 与统计制度一致`"""
    from ingestion.registry.acts import Who, known
    from ingestion.registry.reviews import confirm_indicators
    from orchestration.commands.acting import TAKES_EFFECT

    names = catalog()
    chosen = {known(code, names.indicators, "指标卡") for code in codes or names.indicators}
    cards = names.config["config__indicators"].select("indicator_code", "definition_version")
    versions = {code: version for code, version in cards.iter_rows() if code in chosen}
    confirm_indicators(registry(), versions, Who(by, why))
    typer.echo(f"已确认 {len(versions)} 张指标卡；{TAKES_EFFECT}")


add_courses_and_relations(review)
