"""`duban submission`, `duban unlock`, `duban finding`: mistakes in what was submitted, made good from a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.commands.acting import By, Why, acting, catalog, registry, say, today

if TYPE_CHECKING:
    from ingestion.registry.catalog import Catalog

submission = typer.Typer(
    no_args_is_help=True,
    help="""报送：查看收到的每份报表，撤回错报的，改正归错单位或报告期的；都可以用 duban undo 撤回。

例：`duban submission list --form projects`；`duban submission withdraw 17 --by 王敏 --why 报错了文件`""",
)
finding = typer.Typer(no_args_is_help=True, help="可疑数据：核实后确认属实（结构、有效性类问题须改正后重新报送）。")

FileId = Annotated[int, typer.Argument(help="文件编号（duban submission list 的第一列）")]
Reporter = Annotated[str, typer.Option(help="填报单位代码（一个文件里有几个单位时）")]
Period = Annotated[str, typer.Option(help="报告期的第一天 YYYY-MM-DD（一个文件里有几期时）")]


@submission.command("list")
@acting
def list_submissions(
    form: Annotated[str, typer.Option(help="只要这张报表（代码或名称）")] = "",
    reporter: Annotated[str, typer.Option(help="只要这个单位（代码或名称）")] = "",
) -> None:
    """列出收到的报送、第几次、是否已撤回或改正归属。例：`duban submission list --form projects`"""
    import polars as pl

    from ingestion.registry.acts import known as code_of
    from ingestion.registry.acts import standing
    from ingestion.registry.submissions import assignment, form_of, is_withdrawn, landed_submissions
    from orchestration.summary import write_frame

    known = catalog()
    acts = standing(registry(), "submission")
    code = form_of(known.forms, form).code if form else ""
    who = code_of(reporter, known.reporters, "单位") if reporter else ""
    rows = []
    for item in landed_submissions(known.landing):
        owner, start = assignment(acts, item)
        if (code and item.form_code != code) or (who and who not in (item.reporter_code, owner)):
            continue
        state = "已撤回" if is_withdrawn(acts, item) else item.submission_state
        moved = "" if (owner, start) == (item.reporter_code, item.period_start_date) else f"{owner} {start}"
        name = known.reporters.get(item.reporter_code, item.reporter_code)
        place = str(item.file_id), known.form_names.get(item.form_code, item.form_code), name, item.reporter_code
        rows.append((*place, str(item.period_start_date), state, moved, item.file_name))
    columns = ["文件编号", "报表", "填报单位", "单位代码", "报告期", "状态", "改归", "文件名"]
    write_frame(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), "table", None)


@submission.command()
@acting
def withdraw(file_id: FileId, by: By, why: Why, reporter: Reporter = "", period: Period = "") -> None:
    """撤回一份报送，等于没有收到过。例：`duban submission withdraw 17 --by 王敏 --why 报错了文件`"""
    from ingestion.registry.acts import Who
    from ingestion.registry.submissions import chosen, landed_submissions
    from ingestion.registry.submissions import withdraw as take_out

    own = chosen(landed_submissions(catalog().landing), file_id, reporter, period)
    say(
        take_out(registry(), own, Who(by, why)),
        f"已撤回 {own.file_name}（{own.reporter_code} {own.period_start_date}）",
    )


@submission.command()
@acting
def reassign(
    file_id: FileId, by: By, why: Why,
    to: Annotated[str, typer.Option(help="应属的单位：代码或名称")] = "",
    to_period: Annotated[str, typer.Option(help="应属的报告期，例如 2020-09")] = "",
    reporter: Reporter = "", period: Period = "",
) -> None:  # fmt: skip
    """改正归属：报在别的单位或别的报告期名下了。

    例：`duban submission reassign 17 --to 3303030012 --by 王敏 --why 校名选错`
    """
    from ingestion.registry.acts import Who
    from ingestion.registry.acts import known as code_of
    from ingestion.registry.submissions import chosen, landed_submissions, period_of
    from ingestion.registry.submissions import reassign as move

    known = catalog()
    own = chosen(landed_submissions(known.landing), file_id, reporter, period)
    owner = code_of(to, known.reporters, "单位") if to else own.reporter_code
    start = period_of(known.forms[own.form_code], to_period) if to_period else own.period_start_date
    say(move(registry(), own, owner, start, Who(by, why)), f"已改归 {known.reporters.get(owner, owner)} {start}")


@acting
def unlock(
    form: Annotated[str, typer.Argument(help="报表：代码或名称")],
    reporter: Annotated[str, typer.Argument(help="填报单位：代码或名称")],
    period: Annotated[str, typer.Argument(help="报告期，例如 2020-09")],
    name: Annotated[str, typer.Option(help="批准补报的人")],
    until: Annotated[str, typer.Option(help="有效期至 YYYY-MM-DD")],
    why: Why,
    by: Annotated[str, typer.Option(help="谁办理的；默认批准人")] = "",
) -> None:
    """解锁：锁定日之后准许补报，须有批准人和有效期。

    例：`duban unlock projects 330303-JC 2020-09 --name 陈局长 --until 2020-11-10 --why 竣工资料迟到`
    """
    from ingestion.registry.acts import Who
    from ingestion.registry.acts import known as code_of
    from ingestion.registry.submissions import form_of, period_of
    from ingestion.registry.submissions import unlock as grant

    known = catalog()
    chosen = form_of(known.forms, form)
    slot = chosen.code, code_of(reporter, known.reporters, "单位"), period_of(chosen, period)
    say(grant(registry(), slot, name, until, today(), Who(by or name, why)), f"已解锁至 {until}")


def _findings(known: Catalog) -> list[dict[str, Any]]:
    """What landed, and what the release found across forms and periods since; each once."""
    from ingestion.registry.published import doubts
    from ingestion.releases import NoRelease, Releases

    landed = known.landing.read("intake__findings").to_dicts()
    try:
        published = doubts(Releases(known.paths.releases).resolve())
    except NoRelease:
        published = []
    return list({row["finding_id"]: row for row in (*published, *landed)}.values())


@finding.command("list")
@acting
def list_findings() -> None:
    """列出可以确认属实的可疑数据，跨报表、跨报告期的也在内。例：`duban finding list`"""
    import polars as pl

    from ingestion.registry.acts import standing
    from ingestion.registry.submissions import DOUBTS
    from orchestration.summary import write_frame

    known = catalog()
    confirmed = {act.subject_key: act.actor for act in standing(registry(), "finding")}
    reporters = known.reporters
    rows = [
        (row["finding_id"], row["severity"], reporters.get(row["reporter_code"], row["reporter_code"]), row["cell"],
         row["raw_value"], row["message"], confirmed.get(row["finding_id"], ""))
        for row in _findings(known)
        if row["severity"] in DOUBTS
    ]  # fmt: skip
    columns = ["编号", "严重程度", "填报单位", "单元格", "填写", "问题", "确认人"]
    write_frame(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), "table", None)


@finding.command()
@acting
def confirm(finding_id: Annotated[str, typer.Argument(help="问题编号（可只写前6位）")], by: By, why: Why) -> None:
    """核实后确认一个可疑值属实。例：`duban finding confirm 9b1f02 --by 王敏 --why 已电话核实，新建校区`"""
    from ingestion.registry.acts import Who
    from ingestion.registry.submissions import confirm_finding, found_finding

    row = found_finding(_findings(catalog()), finding_id)
    say(confirm_finding(registry(), row, Who(by, why)), "已确认属实")
