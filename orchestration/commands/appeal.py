"""`duban appeal`: appeals against deductions of 绩效考评 from a terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.commands.acting import By, Date, Why, acting, catalog, registry, say, today

appeal = typer.Typer(
    no_args_is_help=True,
    help="""考评申诉：对绩效考评中未报、迟报的扣分提出申诉，由另一人采纳或驳回；采纳后该项不再扣分。

例：`duban appeal list`；`duban appeal file ledger 330303-JC 2020-09 --by 李强 --why 停电两天，次日已补报`""",
)


@appeal.command("list")
@acting
def list_deductions(
    unit: Annotated[str, typer.Option(help="只要这个单位（代码或名称）")] = "",
    appealed_only: Annotated[bool, typer.Option("--appealed", help="只列已申诉的")] = False,
) -> None:
    """列出当前发布版中的每一项扣分，以及申诉到了哪一步。例：`duban appeal list --unit 330303-JC`"""
    import polars as pl

    from ingestion.registry.acts import known as code_of
    from ingestion.registry.acts import standing
    from ingestion.registry.appeals import read_appeals
    from ingestion.registry.published import deductions
    from ingestion.releases import Releases
    from orchestration.summary import write_frame

    known = catalog()
    who = code_of(unit, known.units, "单位") if unit else ""
    appeals = read_appeals(standing(registry(), "appeal"))
    rows = []
    for row in deductions(Releases(known.paths.releases).resolve()):
        own = appeals.get(row["appeal_key"])
        if (who and row["unit_code"] != who) or (appealed_only and not own):
            continue
        rows.append((
            row["appeal_key"], known.units.get(row["unit_code"], row["unit_code"]),
            known.form_names.get(row["form_code"], row["form_code"]), f"{row['period_start_date']:%Y-%m}",
            row["deduction_kind"], f"{row['points'].normalize():f}", own.state if own else "",
            own.filed.payload["ground"] if own else "",
        ))  # fmt: skip
    columns = ["编号", "单位", "报表", "报告期", "事由", "扣分", "申诉", "申诉理由"]
    write_frame(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), "table", None)


@appeal.command("file")
@acting
def file_appeal(
    form: Annotated[str, typer.Argument(help="报表：代码或名称")],
    unit: Annotated[str, typer.Argument(help="被扣分的单位：代码或名称")],
    period: Annotated[str, typer.Argument(help="报告期，例如 2020-09")],
    by: By,
    why: Annotated[str, typer.Option(help="申诉理由")],
    evidence: Annotated[str, typer.Option(help="佐证：文号、截图或附件名")] = "",
) -> None:
    """对一项扣分提出申诉；扣分以当前发布版为准。

    例：`duban appeal file ledger 330303-JC 2020-09 --by 李强 --why 停电两天，次日已补报`
    """
    from ingestion.registry import appeals
    from ingestion.registry.acts import Who
    from ingestion.registry.acts import known as code_of
    from ingestion.registry.published import deductions
    from ingestion.registry.submissions import form_of, period_of
    from ingestion.releases import Releases

    known = catalog()
    chosen = form_of(known.forms, form)
    code, start = code_of(unit, known.units, "单位"), period_of(chosen, period)
    release = Releases(known.paths.releases).resolve()
    deduction = appeals.deduction_of(deductions(release), chosen.code, code, start)
    done = appeals.file(registry(), deduction, why, Who(by, why), evidence, release.sequence)
    say(
        done,
        f"已申诉 {deduction['appeal_key']}（{deduction['deduction_kind']}，扣 {deduction['points'].normalize():f} 分）",
    )


@appeal.command("decide")
@acting
def decide_appeal(
    key: Annotated[str, typer.Argument(help="申诉编号（duban appeal list 的第一列）")],
    result: Annotated[str, typer.Argument(help="采纳（不再扣分）或 驳回")],
    by: By, why: Why, date: Date = "",
) -> None:  # fmt: skip
    """裁定一项申诉（裁定人不能是申诉人）。

    例：`duban appeal decide 'ledger|330303-JC|2020-09-01' 采纳 --by 王敏 --why 供电证明属实`
    """
    from ingestion.registry import appeals
    from ingestion.registry.acts import Who

    say(appeals.decide(registry(), key, result, today(date), Who(by, why), why), f"已裁定：{result}")
