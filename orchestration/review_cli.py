"""`duban review`: what people decide about extracted commitments and indicator cards, from a terminal.

Acts go through ingestion/registry, the same service the dashboard uses. They count from the next refresh on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl

    from ingestion.registry.events import Registry

review = typer.Typer(no_args_is_help=True, help="审核：确认或否决找出的承诺，确认指标口径；未经确认的一律不亮灯。")

By = Annotated[str, typer.Option(help="谁审核的")]
Why = Annotated[str, typer.Option(help="依据或说明")]
Plan = Annotated[str, typer.Option(help="工作要点的文件名，例如 longwan-2020.txt（可省略扩展名）")]
Ids = Annotated[list[str] | None, typer.Argument(help="承诺编号（duban review list 的第一列）")]


def _registry() -> Registry:
    from ingestion.registry.events import Registry
    from ingestion.settings import load_settings

    return Registry(load_settings().paths.registry)


def _commitments(plan: str, ids: list[str] | None) -> pl.DataFrame:
    """Landed commitments with file_name, of one plan or by id; leaves with an error where nothing fits."""
    import polars as pl

    from ingestion.landing import Landing
    from ingestion.settings import load_settings
    from orchestration.cli import fail

    landing = Landing(load_settings().paths.landing)
    documents = landing.read("plans__documents").select("document_id", "file_name")
    found = landing.read("plans__commitments").join(documents, on="document_id")
    if plan:
        stem = pl.col("file_name").str.replace(r"\.[^.]*$", "")
        found = found.filter((pl.col("file_name") == plan) | (stem == plan))
    if ids:
        found = found.filter(pl.col("commitment_id").is_in(ids))
    if found.is_empty():
        names = "、".join(documents["file_name"].to_list()) or "还没有读入工作要点，请先运行 duban refresh"
        fail(f"没有找到要审核的承诺；现有工作要点：{names}")
    return found


def _reviewed(frame: pl.DataFrame) -> list[object]:
    from ingestion.registry.reviews import Reviewed

    return [Reviewed.of(row, row["file_name"]) for row in frame.iter_rows(named=True)]


@review.command("list")
def list_commitments(plan: Plan = "", pending: Annotated[bool, typer.Option(help="只列待核的")] = False) -> None:
    """列出承诺和审核状态。"""
    import polars as pl

    from ingestion.registry.reviews import states
    from orchestration.summary import write_frame

    found = _commitments(plan, None)
    decided = states(_registry().events(), "commitment").select("subject_key", "event_type", "actor")
    words = {"commitment.confirmed": "已确认", "commitment.rejected": "已否决"}
    shown = found.join(decided, left_on="commitment_id", right_on="subject_key", how="left").select(
        编号="commitment_id",
        工作要点="file_name",
        状态=pl.col("event_type").replace_strict(words, default="待核"),
        审核人="actor",
        类型="kind",
        原文="quote",
    )
    write_frame(shown.filter(pl.col("状态") == "待核") if pending else shown, "table", None)


@review.command()
def confirm(by: By, why: Why, ids: Ids = None, plan: Plan = "", every: Annotated[
    bool, typer.Option("--all", help="确认这份工作要点中所有待核的承诺；已有审核结论的不变")] = False,
) -> None:  # fmt: skip
    """确认承诺。例：`duban review confirm --plan longwan-2020 --all --by 王敏 --why 逐条核对原文`"""
    from ingestion.registry.reviews import confirm_plan
    from orchestration.cli import fail

    if not ids and not (plan and every):
        fail("请给出承诺编号，或用 --plan 文件名 --all 确认整份工作要点")
    events = confirm_plan(_registry(), _reviewed(_commitments(plan, ids)), by, why)  # type: ignore[arg-type]
    typer.echo(f"已确认 {len(events)} 项；下次刷新（duban refresh）后生效")


@review.command()
def reject(by: By, why: Why, ids: Ids = None) -> None:
    """否决：这一条不是承诺。可用 undo 撤回。"""
    from ingestion.registry.reviews import reject as reject_one
    from orchestration.cli import fail

    if not ids:
        fail("请给出承诺编号")
    for commitment in _reviewed(_commitments("", ids)):
        reject_one(_registry(), commitment, by, why)  # type: ignore[arg-type]
    typer.echo(f"已否决 {len(ids)} 项；下次刷新后生效")


@review.command()
def undo(by: By, why: Why, ids: Ids = None) -> None:
    """撤回对承诺的审核，回到待核。"""
    from ingestion.registry.events import RegistryError
    from ingestion.registry.reviews import take_back
    from orchestration.cli import fail

    try:
        for commitment_id in ids or []:
            take_back(_registry(), "commitment", commitment_id, by, why)
    except RegistryError as error:
        fail(str(error))
    typer.echo(f"已撤回 {len(ids or [])} 项；下次刷新后生效")


@review.command("confirm-cards")
def confirm_cards(
    by: By, why: Why, codes: Annotated[list[str] | None, typer.Argument(help="指标代码；不给则为全部")] = None
) -> None:
    """确认指标卡现行的口径。"""
    from ingestion.config.loader import load_config
    from ingestion.registry.reviews import confirm_indicator
    from ingestion.settings import load_settings

    cards = load_config(load_settings().paths.config).tables["config__indicators"]
    chosen = [c for c in cards.iter_rows(named=True) if not codes or c["indicator_code"] in codes]
    registry = _registry()
    for card in chosen:
        confirm_indicator(registry, card["indicator_code"], card["definition_version"], by, why)
    typer.echo(f"已确认 {len(chosen)} 张指标卡；下次刷新后生效")
