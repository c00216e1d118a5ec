"""`duban form new|check` and `duban template`: forms proposed, checked and handed out, without writing code.

Thin: what the commands do lives in ingestion/workbooks/form_*.py.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

form = typer.Typer(no_args_is_help=True, help="表样：由一份工作簿提出新表样，检查改好的表样。")

OWN_FORMS_HELP = "放到 DUBAN_HOME/forms/ 下即生效，不需要写程序"


@form.command()
def new(
    file: Annotated[Path, typer.Argument(help="一份填好的样表：xlsx、xls、ods 或 csv")],
    out: Annotated[Path, typer.Option(help="写到这个文件夹（须不存在或为空）")],
    code: Annotated[str, typer.Option(help="表样代码，小写字母和下划线；默认取文件夹名")] = "",
) -> None:
    """由一份工作簿提出表样：列、类型、单位、表头，写成四个文件供修改。

    例：`duban form new 体检表.xlsx --out data/home/forms/health`
    """
    from ingestion.sandbox import Failure, Limits, Pool
    from ingestion.settings import load_settings
    from ingestion.workbooks.containers import Budget
    from ingestion.workbooks.form_proposing import form_files
    from ingestion.workbooks.forms import load_forms
    from ingestion.workbooks.headers import Problem
    from orchestration.cli import fail

    code = code or out.name
    if not file.is_file():
        fail(f"找不到文件 {file}")
    if not re.fullmatch(r"[a-z][a-z_]*", code):
        fail(f"表样代码“{code}”只能用小写字母和下划线，请用 --code 给出")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        fail(f"{out} 不是空文件夹：请换一个，以免覆盖已有表样")
    settings = load_settings()
    budget = Budget(settings.max_expanded_mb * 2**20, settings.max_cells)
    limits = Limits(settings.parser_memory_mb, settings.parser_seconds)
    target = "ingestion.workbooks.form_proposing:handler"
    with Pool(target, (load_forms(), budget), workers=1, limits=limits) as pool:
        (result,) = [result for chunk in pool.run(iter([[(str(file.resolve()), file.name)]])) for _, result in chunk]
    if isinstance(result, Failure):
        fail(result.reason)
    if isinstance(result, Problem):
        fail(f"{result.message}；{result.fix}")
    out.mkdir(parents=True, exist_ok=True)
    for name, content in form_files(result, code).items():
        (out / name).write_text(content, encoding="utf-8-sig" if name.endswith(".csv") else "utf-8")
    first, last = result.header_rows
    typer.echo(f"已写出 {out}：表头第 {first}–{last} 行，{len(result.columns)} 列。请核对后运行 duban form check {out}")


@form.command()
def check(folder: Annotated[Path, typer.Argument(help="表样文件夹")]) -> None:
    """检查表样：逐条列出文件、行和问题。退出码：0 可用；1 有问题；2 没有这个文件夹。"""
    from ingestion.workbooks.form_checking import check_form
    from orchestration.cli import fail

    if not folder.is_dir():
        fail(f"找不到文件夹 {folder}")
    problems = check_form(folder)
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{len(problems)} 个问题" if problems else f"没有问题：{OWN_FORMS_HELP}")
    raise typer.Exit(1 if problems else 0)


@form.command()
def docs(
    out: Annotated[Path, typer.Option(help="写到这个文件夹（须不存在或为空）")],
) -> None:
    """校验规则的网页说明（Great Expectations Data Docs）：每张表一页，断网也能打开。

    例：`duban form docs --out 规则说明`，然后打开 规则说明/index.html
    """
    from ingestion.gates.docs import write_docs
    from ingestion.settings import load_settings
    from ingestion.workbooks.forms import load_forms
    from ingestion.workbooks.intake import OWN_FORMS
    from orchestration.cli import fail

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        fail(f"{out} 不是空文件夹：请换一个，以免覆盖已有文件")
    pages = write_docs(load_forms(extra=load_settings().paths.home / OWN_FORMS), out)
    typer.echo(f"已写出 {len(pages)} 页：{pages[0]}")


def template(
    form_code: Annotated[str, typer.Argument(metavar="FORM", help="表样代码，例如 kindergarten")],
    out: Annotated[Path, typer.Option(help="写到这个 xlsx 文件")],
    school: Annotated[str, typer.Option(help="学校或单位代码，填入表头")] = "",
    period: Annotated[str, typer.Option(help="报告期，例如 2020年9月")] = "",
) -> None:
    """空白模板：标题、表号、表头、下拉列表，表头受保护。例：`duban template kindergarten --out 园.xlsx`"""
    from ingestion.config.loader import applied_config
    from ingestion.settings import load_settings
    from ingestion.workbooks.form_templates import write_template
    from ingestion.workbooks.forms import load_forms
    from ingestion.workbooks.intake import OWN_FORMS
    from orchestration.cli import fail

    settings = load_settings()
    forms = load_forms(extra=settings.paths.home / OWN_FORMS)
    if form_code not in forms:
        fail(f"没有表样“{form_code}”；现有：{'、'.join(forms)}")
    if out.exists():
        fail(f"{out} 已经存在：请换一个文件名")
    name = ""
    if school:
        known = applied_config(settings.paths.config)
        if known is None:
            fail("还没有配置学校名录：请先运行 duban config apply，或不用 --school")
        names = dict(known.reporters().select("code", "name").iter_rows())
        if school not in names:
            fail(f"名录中没有 {school}：请核对代码")
        name = names[school]
    write_template(forms[form_code], out, period=period, reporter=name, code=school)
    typer.echo(f"已写出 {out}")
