"""The command `duban`. Each command is thin; heavy parts are imported when a command needs them, so that
`duban extract` starts within a second and knows nothing of the warehouse.

Exit codes everywhere: 0 done, 1 done in part or a finding, 2 usage or failure. Errors are in Chinese and say what
to do.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from orchestration.commands.config import config, init
from orchestration.commands.docs import docs_command
from orchestration.commands.history import as_of_command, reproduce_command
from orchestration.commands.intake import add_intake_commands
from orchestration.commands.people import add_people_commands
from orchestration.commands.plans import plans
from orchestration.commands.report import report
from orchestration.commands.trace import trace_command
from orchestration.commands.watch import watch

app = typer.Typer(
    name="duban",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""督办：读取工作要点，接收学校和科室报表，每晚对照目标与实际。

常用顺序：`duban refresh` 刷新一次 → `duban app` 打开看板 → `duban sql "..."` 查询。
试用不需要准备数据：第一次 `duban refresh` 会建立一个演示单位（演示数据）。""",
)


add_people_commands(app)
add_intake_commands(app)
app.add_typer(config, name="config")
app.add_typer(plans, name="plans")
app.command("init")(init)
app.command("trace")(trace_command)
app.command("docs")(docs_command)
app.command("report")(report)
app.command("watch")(watch)
app.command("as-of")(as_of_command)
app.command("reproduce")(reproduce_command)


class TableFormat(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class ExtractFormat(StrEnum):
    """How commitments are printed."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"


def fail(message: str, code: int = 2) -> NoReturn:
    """Say on stderr what went wrong and what to do, and leave."""
    typer.echo(f"错误：{message}", err=True)
    raise typer.Exit(code)


@app.command()
def refresh(
    evaluation_date: Annotated[
        str, typer.Option(help="按这一天评价（YYYY-MM-DD）；默认依次取环境变量、配置、今天（上海时间）")
    ] = "",
    wait: Annotated[float, typer.Option(help="另一个进程正在写入时，最多等待的秒数")] = 0,
) -> None:
    """刷新一次：工作要点和报表 → 计算 → 审核 → 发布新版本。

    输入没有变化时不重新计算。退出码：0 已发布或没有变化；1 已发布但有工作要点读不出来，或审核未通过而未发布；2 失败。

    例：`duban refresh --evaluation-date 2020-10-21`
    """
    from rich.console import Console

    from ingestion.evaluation import resolve_evaluation_date
    from ingestion.locks import Busy
    from ingestion.settings import load_settings
    from orchestration.refreshing import NotEnoughSpace, run_refresh

    settings = load_settings()
    try:
        if evaluation_date:
            resolve_evaluation_date(evaluation_date, settings, settings)
        code = run_refresh(settings, evaluation_date, Console(soft_wrap=True), wait)
    except ValueError:
        fail(f"日期“{evaluation_date}”不对：请写成 YYYY-MM-DD，例如 2020-10-20")
    except (Busy, NotEnoughSpace) as error:
        fail(str(error))
    raise typer.Exit(code)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(help="一份工作要点：txt、md、html、docx、xlsx 或带文字的 pdf")],
    year: Annotated[int | None, typer.Option(help="文中没有写明时的年度，例如 2026")] = None,
    region: Annotated[str | None, typer.Option(help="文中没有写明时的区划代码，例如 330303")] = None,
    output_format: Annotated[ExtractFormat, typer.Option("--format", help="输出格式")] = ExtractFormat.TABLE,
    coverage: Annotated[bool, typer.Option(help="改为列出文中每一个数字及其归类")] = False,
    text: Annotated[bool, typer.Option(help="改为输出解码后的全文（各记录的位置以它为准）")] = False,
    out: Annotated[Path | None, typer.Option(help="写到这个文件（xlsx 必须给出）")] = None,
) -> None:
    """从一份工作要点中找出每一项承诺，连同它在原文中的准确位置。不需要建库。

    例：`duban extract data/plans/longwan-2020.txt --format jsonl`
    """
    from ingestion.plans.extracting import ExtractError, extract_to

    try:
        remarks = extract_to(file, year=year, region=region, fmt=output_format.value, out=out,
                             what="text" if text else "coverage" if coverage else "commitments")  # fmt: skip
    except ExtractError as error:
        fail(str(error))
    for remark in remarks:
        typer.echo(f"提示：{remark}", err=True)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="准备上报的报表：xlsx、xls、ods 或 csv")],
) -> None:
    """上报前自查一份报表：与正式接收时同样的检查，不入库。以前的问题，列出哪些已改、哪些还在。

    退出码：0 没有问题；1 有问题（逐条列出文件、工作表、单元格和改法）；2 读不出来。
    """
    from ingestion.config.loader import applied_config
    from ingestion.settings import load_settings
    from ingestion.workbooks.checking import check_file
    from orchestration.corrections import print_answers
    from orchestration.summary import print_findings

    if not file.is_file():
        fail(f"找不到文件 {file}")
    settings = load_settings()
    known = applied_config(settings.paths.config)
    result = check_file(file, settings, known.reporters() if known else None)
    code = print_findings(result)
    print_answers(settings.paths, result)
    raise typer.Exit(code)


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(help="一条 SELECT 语句；表在 marts 中，例如 fct_attainments")],
    output_format: Annotated[TableFormat, typer.Option("--format", help="输出格式")] = TableFormat.TABLE,
    out: Annotated[Path | None, typer.Option(help="写到这个文件（parquet 必须给出）")] = None,
) -> None:
    """在当前发布版上运行一条只读查询（子进程中运行，限内存、限时间、限行数）。

    例：`duban sql "select light, count(*) from fct_attainments group by all"`；`duban sql "show tables"`
    """
    from ingestion.releases import NoRelease, Releases
    from ingestion.settings import load_settings
    from ingestion.sql import SqlError, SqlLimits, run_sql
    from orchestration.summary import write_frame

    settings = load_settings()
    limits = SqlLimits(settings.sql_memory_mb, settings.sql_seconds, settings.sql_max_rows)
    if output_format is TableFormat.PARQUET and out is None:
        fail("parquet 是二进制格式：请用 --out 文件名.parquet")
    try:
        release = Releases(settings.paths.releases).resolve()
        result = run_sql(release.path, statement, limits)
    except (NoRelease, SqlError) as error:
        fail(str(error))
    if release.alarm:
        typer.echo(f"注意：{release.alarm}", err=True)
    if release.info().get("is_demo"):
        typer.echo("演示数据：不代表任何单位的实际情况", err=True)
    write_frame(result.frame, output_format.value, out)
    if result.is_truncated:
        typer.echo(f"注意：只给出前 {limits.max_rows} 行", err=True)


@app.command()
def status() -> None:
    """现在用的是哪一版、数据截至哪天、上次刷新如何、谁在写入、收件箱还有多少文件。"""
    from ingestion.settings import load_settings
    from orchestration.summary import print_status

    raise typer.Exit(print_status(load_settings().paths))


@app.command("app")
def open_app(
    port: Annotated[int | None, typer.Option(help="端口，默认 8501")] = None,
    watching: Annotated[bool, typer.Option("--watch/--no-watch", help="同时常驻刷新：办理之后几秒内发布")] = True,
) -> None:
    """打开看板（只在本机可见），并在旁边常驻刷新：办理登记或放入文件后自动发布新版本。"""
    import signal
    import subprocess
    from contextlib import nullcontext

    from ingestion.settings import PROJECT_ROOT, load_settings
    from orchestration.companion import companion

    settings = load_settings()
    command = [
        sys.executable, "-m", "streamlit", "run", str(PROJECT_ROOT / "app" / "streamlit_app.py"),
        "--server.address", settings.app_host, "--server.port", str(port or settings.app_port),
        "--server.headless", "true", "--browser.gatherUsageStats", "false", "--client.toolbarMode", "minimal",
        "--server.fileWatcherType", "none",
    ]  # fmt: skip
    secrets = settings.paths.config / "secrets.toml"
    command += ["--secrets.files", str(secrets)] if secrets.is_file() else []
    typer.echo(f"看板地址：http://{settings.app_host}:{port or settings.app_port}（Ctrl+C 停止）")
    # a service manager stops by SIGTERM: then, too, both processes are ended
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with companion() if watching else nullcontext():
        code = subprocess.call(command, cwd=PROJECT_ROOT)
    raise typer.Exit(code)


@app.command()
def dev(
    port: Annotated[int | None, typer.Option(help="端口，默认 3000")] = None,
) -> None:
    """打开 Dagster 界面：资产、运行、定时和收件箱感应（只在本机可见，没有登录）。"""
    import os
    import subprocess

    from ingestion.settings import PROJECT_ROOT, load_settings
    from orchestration.instance import ensure_instance_config

    settings = load_settings()
    ensure_instance_config(settings.paths)
    command = [
        sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions",
        "--host", settings.app_host, "--port", str(port or settings.dev_port),
    ]  # fmt: skip
    environment = os.environ | {"DAGSTER_HOME": str(settings.paths.dagster)}
    raise typer.Exit(subprocess.call(command, cwd=PROJECT_ROOT, env=environment))


@app.command()
def sample(
    out: Annotated[Path, typer.Option(help="写到这个文件夹（须为空）")],
    schools: Annotated[int, typer.Option(min=5, help="学校数")] = 60,
    periods: Annotated[int, typer.Option(min=1, help="月数")] = 12,
    seed: Annotated[int, typer.Option(help="同一种子得到同样的文件")] = 2020,
) -> None:
    """生成一套演示数据：学校、各类报表、项目进度、工作台账，含迟报、重报和埋下的错误，并附答案文件。"""
    from ingestion.sample import write_sample

    if out.exists() and any(out.iterdir()):
        fail(f"{out} 不是空文件夹：请换一个，以免覆盖已有文件")
    write_sample(out, schools=schools, periods=periods, seed=seed)
    typer.echo(f"已生成演示数据：{out}（{schools} 所学校，{periods} 个月，种子 {seed}；埋下的错误见 answers.json）")


@app.command()
def rollback(
    to: Annotated[int | None, typer.Option(help="回退到第几版；默认上一版")] = None,
    reason: Annotated[str, typer.Option(help="为什么回退，会写在看板上")] = "",
    resume: Annotated[bool, typer.Option(help="不回退，而是恢复自动发布")] = False,
) -> None:
    """让看板立即回到以前的版本，并暂停自动发布，直到 `duban rollback --resume`。"""
    from ingestion.locks import Busy, writer_lock
    from ingestion.releases import NoRelease, Releases
    from ingestion.settings import load_settings

    settings = load_settings()
    releases = Releases(settings.paths.releases, settings.keep_releases)
    try:
        with writer_lock(settings.paths.locks, "duban rollback"):
            if resume:
                releases.release_hold()
                typer.echo("已恢复自动发布")
                return
            release = releases.rollback(to, reason)
    except (NoRelease, Busy) as error:
        fail(str(error))
    typer.echo(f"已回退到第 {release.sequence} 版；自动发布已暂停，恢复请运行 duban rollback --resume")


def main() -> None:
    """Entry point of the command."""
    try:
        app()
    except Exception as error:
        from ingestion.workbooks.forms import FormError

        if not isinstance(error, FormError):
            raise
        typer.echo(f"错误：{error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
