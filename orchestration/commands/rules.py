"""`duban rules`: the rules of a form, and a rule tried over history before it is switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl

    from ingestion.workbooks.forms import Form, Rule

rules = typer.Typer(no_args_is_help=True, help="校验规则：列出一张表的规则；规则启用之前先用历史数据试算。")

FormCode = Annotated[str, typer.Argument(metavar="FORM", help="表样代码，例如 kindergarten")]


@rules.command("list")
def list_rules(form_code: FormCode) -> None:
    """一张表的全部规则：编号、级别、类别、是否启用、说明。rules.csv 的 status 列写“试运行”的规则只试算、不提示。"""
    for rule in _form(form_code).rules:
        state = "启用" if rule.is_active else "试运行"
        typer.echo(f"{rule.code}  {rule.severity}  {state}  {rule.kind}  {'、'.join(rule.elements)}：{rule.message}")


@rules.command()
def backtest(
    form_code: FormCode,
    rule: Annotated[str, typer.Option(help="只试这一条；默认试全部“试运行”的规则")] = "",
    examples: Annotated[int, typer.Option(min=0, help="每条规则举几个例子")] = 5,
) -> None:
    """规则试算：如果早已启用，每一期会提示多少份报送、多少个单元格，并举例。不改变任何数据。

    表内规则用已入库的数据现算；跨期、跨表的规则每次刷新都会算（试运行的也算），这里读发布版的结果。

    例：`duban rules backtest kindergarten --rule KG013`
    """
    from ingestion.workbooks.form_rules import is_across_files
    from orchestration.cli import fail

    form = _form(form_code)
    chosen = [r for r in form.rules if (r.code == rule if rule else not r.is_active)]
    if not chosen:
        why = f"没有规则 {rule}" if rule else "没有试运行的规则，请用 --rule 指明"
        fail(f"{form.name}{why}：见 duban rules list {form_code}")
    for one in chosen:
        flagged, counts = _across(one) if is_across_files(one) else _within(form, one)
        _print(form, one, flagged, counts, examples)


def _form(code: str) -> Form:
    from ingestion.settings import load_settings
    from ingestion.workbooks.forms import load_forms
    from ingestion.workbooks.intake import OWN_FORMS
    from orchestration.cli import fail

    forms = load_forms(extra=load_settings().paths.home / OWN_FORMS)
    if code not in forms:
        fail(f"没有表样“{code}”；现有：{'、'.join(forms)}")
    return forms[code]


def _within(form: Form, rule: Rule) -> tuple[pl.DataFrame, pl.DataFrame]:
    from ingestion.gates.backtest import backtest
    from ingestion.landing import Landing
    from ingestion.settings import load_settings

    return backtest(Landing(load_settings().paths.landing), form, [rule])


def _across(rule: Rule) -> tuple[pl.DataFrame, pl.DataFrame]:
    import duckdb

    from ingestion.releases import NoRelease, Releases, connect
    from ingestion.settings import load_settings
    from orchestration.cli import fail

    flagged = """select breaches.file_id, files.file_name, cell, reporter_code, period_start_date, message as raw_text
        from fct_rule_breaches as breaches left join fct_files as files using (file_id) where rule_code = $rule"""
    counts = """select period_start_date, count(distinct reporter_code) as submission_count from fct_actuals
        where form_code = (select any_value(form_code) from fct_rule_breaches where rule_code = $rule)
        group by 1 order by 1"""
    try:
        with connect(Releases(load_settings().paths.releases).resolve()) as con:
            con.execute("set schema = 'marts'")
            return con.sql(flagged, params={"rule": rule.code}).pl(), con.sql(counts, params={"rule": rule.code}).pl()
    except (NoRelease, duckdb.Error):
        fail("跨期、跨表的规则要先刷新一次才能试算：请运行 duban refresh")


def _print(form: Form, rule: Rule, flagged: pl.DataFrame, counts: pl.DataFrame, examples: int) -> None:
    import polars as pl

    typer.echo(f"{rule.code}（{rule.severity}）{form.name}：{rule.message}")
    by_period = flagged.group_by("period_start_date").agg(
        pl.struct("file_id", "reporter_code").n_unique().alias("submissions"), pl.len().alias("cells")
    )
    table = counts.join(by_period, on="period_start_date", how="left").fill_null(0).sort("period_start_date")
    for start, count, submissions, cells in table.iter_rows():
        typer.echo(f"  {start}  报送 {count} 份，会提示 {submissions} 份、{cells} 个单元格")
    total = flagged.select(pl.struct("file_id", "reporter_code").n_unique()).item() if len(flagged) else 0
    typer.echo(f"  合计：{total} 份、{len(flagged)} 个单元格")
    for row in flagged.head(examples).iter_rows(named=True):
        typer.echo(f"  例：{row['file_name']} {row['cell']}（{row['raw_text'] or ''}）")
