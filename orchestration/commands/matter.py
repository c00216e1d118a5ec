"""What becomes of commitments after review, from a terminal: their course, their links and relations, conflicts, and
what is reported of deliverables. Review itself: review.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands.acting import By, Date, Why, acting, catalog, registry, say, today

if TYPE_CHECKING:
    from ingestion.registry.relations import Conflict

matter = typer.Typer(
    no_args_is_help=True, help="成果类承诺（文件、会议等）的办理：未启动 → 进行中 → 办结，办结须有佐证。"
)

Commitment = Annotated[str, typer.Argument(help="承诺编号（duban review list 的第一列，可只写开头）")]


def add_courses_and_relations(review: typer.Typer) -> None:
    """Add to `duban review` what is decided about commitments besides their wording."""
    for command in (suspend, terminate, resume, link, restates, part_of, conflicts):
        review.command(command.__name__.replace("_", "-"))(acting(command))


def suspend(
    commitment: Commitment, by: By, why: Why, since: Date = "",
    until: Annotated[str, typer.Option(help="暂缓至哪一天")] = "",
) -> None:  # fmt: skip
    """暂缓：这一条先不考核。例：`duban review suspend 3f2a9c --until 2020-12-31 --by 王敏 --why 疫情影响开工`"""
    from ingestion.registry import courses
    from ingestion.registry.acts import Who

    chosen = catalog().reviewed([commitment])[0]
    say(courses.suspend(registry(), chosen, today(since), Who(by, why), until or None), "已暂缓")


def terminate(commitment: Commitment, by: By, why: Why, since: Date = "") -> None:
    """终止：这一条不再办理。例：`duban review terminate 3f2a9c --by 王敏 --why 项目取消，见局党组会纪要`"""
    from ingestion.registry import courses
    from ingestion.registry.acts import Who

    say(courses.terminate(registry(), catalog().reviewed([commitment])[0], today(since), Who(by, why)), "已终止")


def resume(commitment: Commitment, by: By, why: Why, since: Date = "") -> None:
    """恢复暂缓或终止的承诺。例：`duban review resume 3f2a9c --by 王敏 --why 已复工`"""
    from ingestion.registry import courses
    from ingestion.registry.acts import Who

    say(courses.resume(registry(), catalog().reviewed([commitment])[0], today(since), Who(by, why)), "已恢复")


def link(
    commitment: Commitment, indicator: Annotated[str, typer.Argument(help="指标代码或名称")], by: By, why: Why
) -> None:
    """确认用哪张指标卡衡量。例：`duban review link 3f2a9c kg_public_pupils_pct --by 王敏 --why 口径一致`"""
    from ingestion.registry.acts import Who, known
    from ingestion.registry.reviews import confirm_link

    names = catalog()
    code = known(indicator, names.indicators, "指标卡")
    say(confirm_link(registry(), names.reviewed([commitment])[0], code, Who(by, why)), "已确认对应指标")


def restates(
    commitment: Commitment, root: Annotated[str, typer.Argument(help="主项的编号；写它自己表示并不重复")],
    by: By, why: Why,
) -> None:  # fmt: skip
    """确认这一条重复了哪一条（只算主项）。例：`duban review restates 3f2a9c 81bd02 --by 王敏 --why 同一件事`"""
    from ingestion.registry.acts import Who
    from ingestion.registry.relations import confirm_restatement

    own, other = catalog().reviewed([commitment, root])
    say(confirm_restatement(registry(), own, other, Who(by, why)), "已确认重复关系")


def part_of(
    commitment: Commitment, whole: Annotated[str, typer.Argument(help="总项的编号；写它自己表示不是组成部分")],
    by: By, why: Why,
) -> None:  # fmt: skip
    """确认这一条是哪个总数的一部分。例：`duban review part-of 3f2a9c 81bd02 --by 王敏 --why 5所中的2所`"""
    from ingestion.registry.acts import Who
    from ingestion.registry.relations import confirm_part

    own, other = catalog().reviewed([commitment, whole])
    say(confirm_part(registry(), own, other, Who(by, why)), "已确认组成关系")


def conflicts(
    keep: Annotated[str, typer.Option(help="保留哪一条（承诺编号）")] = "",
    both: Annotated[str, typer.Option(help="都保留：写其中任意一条的编号")] = "",
    show_all: Annotated[bool, typer.Option("--all", help="连同已裁定的一起列出")] = False,
    by: Annotated[str, typer.Option(help="谁裁定的")] = "",
    why: Annotated[str, typer.Option(help="依据")] = "",
) -> None:
    """列出同一份工作要点中互相矛盾的条款，裁定保留哪一条。

    例：`duban review conflicts`；`duban review conflicts --keep 3f2a9c --by 王敏 --why 以第三部分为准`
    """
    from ingestion.registry.acts import Who, standing
    from ingestion.registry.relations import conflicts_of, decide
    from orchestration.cli import fail

    known = catalog()
    acts = standing(registry(), "commitment")
    found = conflicts_of(known.conflicts, known.commitments.iter_rows(named=True), acts)
    if keep or both:
        chosen = known.row(keep or both)["commitment_id"]
        own = [c for c in found if any(row["commitment_id"] == chosen for row in c.rows)]
        if not own:
            fail(f"承诺 {chosen} 没有与它矛盾的条款")
        say(decide(registry(), own[0], None if both else chosen, Who(by, why)), "已裁定")
        return
    listed = [conflict for conflict in found if show_all or conflict.is_open]
    for number, conflict in enumerate(listed, start=1):
        typer.echo("\n".join(_told(number, conflict)))
    if not listed:
        typer.echo("没有待裁定的矛盾条款" if found else "没有互相矛盾的条款")
    if len(listed) < len(found):
        typer.echo(f"另有 {len(found) - len(listed)} 组已裁定：duban review conflicts --all")


def _told(number: int, conflict: Conflict) -> list[str]:
    """A conflict in lines: its plan and state, its clauses with their places, why they disagree."""
    lines = [f"{number}. {conflict.rows[0]['file_name']}  {'待裁定' if conflict.is_open else '已裁定'}"]
    for row in conflict.rows:
        kept = conflict.decided.get(row["commitment_id"])
        mark = "" if kept is None else "（也成立）" if kept == row["commitment_id"] else f"（让位于 {kept}）"
        lines.append(f"   {row['commitment_id']}  {row['locator']}  {row['quote']}{mark}")
    return [*lines, *(f"   {reason}" for reason in conflict.reasons)]


@matter.command()
@acting
def report(
    commitment: Commitment, status: Annotated[str, typer.Argument(help="未启动、进行中 或 办结")], by: By, why: Why,
    done: Annotated[str, typer.Option(help="办结日期 YYYY-MM-DD")] = "",
    evidence: Annotated[str, typer.Option(help="佐证：文号、网址或附件名")] = "",
    date: Date = "",
) -> None:  # fmt: skip
    """填报一项成果办到哪一步。

    例：`duban matter report 3f2a9c 办结 --done 2020-06-18 --evidence 第31号文 --by 李强 --why 印发`
    """
    from ingestion.registry.acts import Report, Who
    from ingestion.registry.courses import report_matter

    chosen = catalog().reviewed([commitment])[0]
    told = Report(status, today(date), done or None, evidence)
    say(report_matter(registry(), chosen, told, Who(by, why)), f"已填报：{status}")
