"""`duban form new|check` and `duban template`: forms proposed, checked and handed out, without writing code.

Thin: what the commands do lives in ingestion/workbooks/form_*.py.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ingestion.workbooks.form_proposing import Proposal

form = typer.Typer(no_args_is_help=True, help="表样：由一份工作簿提出新表样，检查改好的表样。")

OWN_FORMS_HELP = "放到 DUBAN_HOME/forms/ 下即生效，不需要写程序"


@form.command()
def new(
    file: Annotated[Path, typer.Argument(help="一份填好的样表：xlsx、xls、xlsb、ods 或 csv，任何编码")],
    out: Annotated[Path | None, typer.Option(help="写到这个文件夹；默认 DUBAN_HOME/forms/代码")] = None,
    code: Annotated[str, typer.Option(help="表样代码：小写字母、数字、下划线；默认取文件夹名或文件名")] = "",
    sheet: Annotated[str, typer.Option(help="用哪一张工作表；默认内容最多的一张")] = "",
    force: Annotated[bool, typer.Option("--force", help="文件夹里已有表样时也写，旧文件改名为 *.old 留着")] = False,
) -> None:
    """由一份工作簿提出表样：列、类型、单位、记号、报告期、要收的行，写成四个数据文件和一页说明供修改。

    退出码：0 已写出；2 不能（说明原因，什么也没有写）。撤销：删去写出的文件夹。

    例：`duban form new 体检表.xlsx --code health`，改好后 `duban form check`，再 `duban check 体检表.xlsx` 试读
    """
    from ingestion.settings import load_settings
    from ingestion.workbooks.form_advice import advice
    from ingestion.workbooks.form_writing import form_files
    from ingestion.workbooks.forms import CODE
    from ingestion.workbooks.intake import OWN_FORMS
    from orchestration.cli import fail

    if not file.is_file():
        fail(f"找不到文件 {file}" if not file.is_dir() else f"{file} 是文件夹：请给出其中一份文件")
    code = code or (out.name if out else re.sub(r"[^a-z0-9]+", "_", file.stem.lower()).strip("_"))
    if not re.fullmatch(CODE, code):
        fail(f"表样代码“{code}”只能用小写字母、数字和下划线，字母开头：请用 --code 给出，例如 --code health")
    out = out or load_settings().paths.home / OWN_FORMS / code
    if out.exists() and not out.is_dir():
        fail(f"{out} 不是文件夹：请换一个")
    if not force and out.exists() and any(out.iterdir()):
        fail(f"{out} 里已有文件：请换一个，以免覆盖已有表样；确要重做请加 --force（旧文件改名为 *.old）")
    proposal = _proposal(file, sheet)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in form_files(proposal, code).items():
        if (out / name).exists():
            (out / name).replace(out / f"{name}.old")
        (out / name).write_text(content, encoding="utf-8-sig" if name.endswith(".csv") else "utf-8")
    first, last = proposal.header_rows
    place = f"工作表“{proposal.sheet_name}”，" if proposal.sheet_name else ""
    typer.echo(f"已写出 {out}：{place}表头第 {first}–{last} 行，{len(proposal.guess.columns)} 列")
    for number, text in enumerate(advice(proposal), start=1):
        typer.echo(f"  {number}. {text}")
    typer.echo(
        f"请核对其中的文件（“怎样修改.md”逐项说明），然后运行 duban form check {out}，再用 duban check {file} 试读"
    )


def _proposal(file: Path, sheet: str) -> Proposal:
    from ingestion.sandbox import Failure, Limits, Pool
    from ingestion.settings import load_settings
    from ingestion.workbooks.containers import Budget
    from ingestion.workbooks.forms import load_forms
    from ingestion.workbooks.headers import Problem
    from orchestration.cli import fail

    settings = load_settings()
    budget = Budget(settings.max_expanded_mb * 2**20, settings.max_cells)
    limits = Limits(settings.parser_memory_mb, settings.parser_seconds)
    target = "ingestion.workbooks.form_proposing:handler"
    task = (str(file.resolve()), file.name, sheet)
    with Pool(target, (load_forms(), budget), workers=1, limits=limits) as pool:
        (result,) = [result for chunk in pool.run(iter([[task]])) for _, result in chunk]
    if isinstance(result, Failure):
        fail(result.reason)
    if isinstance(result, Problem):
        fail(f"{result.message}；{result.fix}")
    return result


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


@form.command("list")
def list_forms() -> None:
    """列出表样：正在使用的（本单位的、随程序的）和备用的；备用的用 `duban form add 代码` 启用。"""
    from ingestion.settings import load_settings
    from ingestion.workbooks.forms import LIBRARY_FOLDER, load_forms
    from ingestion.workbooks.intake import OWN_FORMS

    own = load_settings().paths.home / OWN_FORMS
    used = load_forms(extra=own)
    for title, forms in (("使用中", used), ("备用", load_forms(LIBRARY_FOLDER))):
        for code, one in forms.items():
            if title == "使用中" or code not in used:
                whom = "、".join(one.stages) or ("全部学段" if one.reporter_type == "school" else "单位")
                numbers = len(one.value_elements)
                mine = "（本单位）" if title == "使用中" and (own / code).is_dir() else ""
                typer.echo(f"{title}\t{code}\t{one.name}{mine}\t每{one.frequency}\t{whom}\t{numbers} 项")


@form.command()
def add(code: Annotated[str, typer.Argument(help="备用表样的代码，见 duban form list")]) -> None:
    """启用一份备用表样：复制到 DUBAN_HOME/forms/代码，可以再改；从下一次刷新起要求报送。撤销：删去这个文件夹。

    例：`duban form add annual`（中小学教育事业统计年报表：分年级分性别学生数、学历、面积、图书、设备）
    """
    import shutil

    from ingestion.settings import load_settings
    from ingestion.workbooks.forms import LIBRARY_FOLDER
    from ingestion.workbooks.intake import OWN_FORMS
    from orchestration.cli import fail

    known = sorted(path.parent.name for path in LIBRARY_FOLDER.glob("*/form.toml"))
    if code not in known:
        fail(f"备用表样中没有“{code}”；现有：{'、'.join(known)}")
    out = load_settings().paths.home / OWN_FORMS / code
    if out.exists():
        fail(f"{out} 已经存在：不覆盖；要重新开始请先移走它")
    shutil.copytree(LIBRARY_FOLDER / code, out)
    typer.echo(f"已启用 {out}；下一次 duban refresh 起要求报送，空白模板：duban template {code} --out 文件.xlsx")


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
    from ingestion.workbooks.forms import LIBRARY_FOLDER, load_forms
    from ingestion.workbooks.intake import OWN_FORMS
    from orchestration.cli import fail

    settings = load_settings()
    used = load_forms(extra=settings.paths.home / OWN_FORMS)
    forms = load_forms(LIBRARY_FOLDER) | used
    if form_code not in used and form_code in forms:
        typer.echo(f"注意：{form_code} 是备用表样，收表前先运行 duban form add {form_code}", err=True)
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
