"""`duban init` and `duban config`: a bureau's configuration, from an empty workbook to applied versions.

Thin: what the commands do lives in ingestion/config/applying.py and ingestion/home.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.config_guard import guarded

if TYPE_CHECKING:
    from ingestion.config.applying import Applied, ConfigService

config = typer.Typer(
    no_args_is_help=True,
    help="""配置：区划、学校、单位、指标卡、基数、日历、用户等，在工作簿中填写，查错后采用，每一版都保留。

常用顺序：`duban init` → 填写 config/配置.xlsx → `duban config check` → `duban config apply --by 姓名 --why 原因`""",
)
targets = typer.Typer(no_args_is_help=True, help="目标集：随软件提供的外部标准（如优质均衡）和常用指标卡。")
config.add_typer(targets, name="targets")

Source = Annotated[Path | None, typer.Argument(help="工作簿或文件夹；默认为本单位的 config 文件夹", show_default=False)]
By = Annotated[str, typer.Option(help="经办人")]
Why = Annotated[str, typer.Option(help="为什么改，写进历史")]
MAX_LINES = 40


def init(
    sample: Annotated[bool, typer.Option("--sample", help="建立演示单位，而不是空白单位")] = False,
    home: Annotated[Path | None, typer.Option(help="建在这个文件夹；默认为 DUBAN_HOME", show_default=False)] = None,
    sets: Annotated[
        list[str] | None, typer.Option("--with", help="预先填入的指标卡，可多次：common、balanced_2017 …")
    ] = None,
) -> None:
    """为一个单位建立文件夹：一本待填写的配置工作簿，以及存放工作要点、报表的文件夹。已有的配置不会改动。

    例：`duban init --with common`
    """
    from ingestion.config.blank import every_set
    from ingestion.home import HomeExists, init_home, is_configured, prepare_home
    from ingestion.settings import Settings, load_settings
    from orchestration.cli import fail

    paths = (Settings(home=home) if home else load_settings()).paths
    unknown = sorted(set(sets or ()) - set(every_set()))
    if unknown:
        fail(f"没有目标集 {'、'.join(unknown)}；现有：{'、'.join(every_set())}")
    if sample:
        if is_configured(paths):
            fail(f"{paths.config} 中已有配置，没有改动；要看演示请换一个文件夹：duban init --sample --home 文件夹")
        paths.home.mkdir(parents=True, exist_ok=True)
        prepare_home(paths, typer.echo)
        typer.echo("演示单位已建立：运行 duban refresh，再运行 duban app")
    else:
        try:
            workbook = init_home(paths, sets or ())
        except HomeExists as error:
            fail(f"{error}；查看现行配置：duban config history，取得工作簿：duban config export --out 文件名.xlsx")
        typer.echo(f"已建立 {paths.home}\n请填写：{workbook}（先看“{'填写说明'}”一页）")
        typer.echo(f"工作要点放进 {paths.plans}，报表放进 {paths.inbox}")
        typer.echo("填好后：duban config check 查错，duban config apply --by 姓名 --why 原因 采用，duban refresh 刷新")
    if home:
        typer.echo(f"以后的命令请先设定环境变量：export DUBAN_HOME={paths.home}")


@config.command()
@guarded
def check(source: Source = None) -> None:
    """查错，不采用：逐条列出文件、工作表、单元格、问题和改法。退出码：0 没有问题；1 有问题；2 读不出来。"""
    from ingestion.config.problems import ConfigError

    service = _service()
    try:
        checked = service.read(source or service.paths.config)
    except ConfigError as error:
        for problem in error.problems:
            typer.echo(problem)
        typer.echo(f"{len(error.problems)} 个问题")
        raise typer.Exit(1) from None
    counts = "，".join(f"{title} {count} 行" for title, count in service.counts(checked.config).items() if count)
    typer.echo(f"没有问题：{counts}。采用：duban config apply --by 姓名 --why 原因")


@config.command()
@guarded
def apply(
    by: By,
    why: Why,
    source: Source = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="工作簿取自旧版本时，仍然覆盖其后的改动")] = False,
) -> None:
    """采用：整本查错，没有一处问题才生效，成为新的一版；下一次刷新起用它。

    例：`duban config apply 配置.xlsx --by 王敏 --why 新学年学校名录`
    """
    from ingestion.config.applying import Act

    service = _service()
    _tell(service, service.apply(source or service.paths.config, Act.now(by, why), overwrite=overwrite))


@config.command()
@guarded
def diff(
    source: Source = None,
    since: Annotated[int | None, typer.Option("--from", help="与这一版比；默认现行版本")] = None,
    until: Annotated[int | None, typer.Option("--to", help="比到这一版，而不是工作簿")] = None,
) -> None:
    """列出工作簿与现行配置（或两个版本之间）新增、删除、修改了哪些行、哪些列。

    例：`duban config diff --from 3 --to 5`
    """
    from ingestion.config.differences import differences

    service = _service()
    old = service.version(since) if since else service.current()
    new = service.version(until) if until else service.read(source or service.paths.config).config
    found = differences(old, new)
    for difference in found:
        typer.echo(difference)
    typer.echo(f"共 {len(found)} 处不同" if found else "没有不同")


@config.command()
@guarded
def export(
    out: Annotated[Path | None, typer.Option(help="写到这个 xlsx；默认为本单位 config/配置.xlsx")] = None,
    version: Annotated[int | None, typer.Option(help="第几版；默认现行版本")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件")] = False,
) -> None:
    """把采用过的配置写回工作簿，改好后可再采用。例：`duban config export --out 现行配置.xlsx`"""
    from orchestration.cli import fail

    service = _service()
    target = out or service.workbook
    if target.exists() and not force:
        fail(f"{target} 已经存在：请换一个文件名，或加 --force 覆盖（其中没有采用的改动会丢失）")
    service.export(target, version)
    typer.echo(f"已写出 {target}")


@config.command()
@guarded
def history() -> None:
    """列出采用过的每一版：何时、何人、为何、来源。"""
    from ingestion.evaluation import BUREAU_TIME

    known = _service().versions.history()
    for version in reversed(known):
        when = version.applied_at.astimezone(BUREAU_TIME)
        mark = "（现行）" if version is known[-1] else ""
        source = f"恢复第{version.restored}版" if version.restored else version.source
        typer.echo(
            f"第{version.number}版{mark} {when:%Y-%m-%d %H:%M} {version.applied_by}：{version.reason}"
            f"（{source}，{version.digest[:12]}）"
        )
    if not known:
        typer.echo("还没有采用过配置")


@config.command()
@guarded
def undo(by: By, why: Why) -> None:
    """撤回最近一次采用：恢复前一版的内容，成为新的一版。再撤回一次即回到撤回之前。"""
    from orchestration.cli import fail

    service = _service()
    numbers = service.versions.numbers()
    if len(numbers) < 2:
        fail("没有可以撤回的：只采用过一版，或还没有采用过")
    _restore(service, numbers[-2], by, why)


@config.command()
@guarded
def rollback(number: Annotated[int, typer.Argument(metavar="N", help="第几版")], by: By, why: Why) -> None:
    """恢复第 N 版的内容，成为新的一版；其间各版都保留。例：`duban config rollback 2 --by 王敏 --why 名录有误`"""
    _restore(_service(), number, by, why)


@targets.command("list")
def list_targets() -> None:
    """列出可载入的目标集。"""
    from ingestion.config.blank import every_set

    for code, one in every_set().items():
        items = f"，{one.targets.height} 条标准" if one.targets.height else ""
        typer.echo(f"{code}  {one.name}（{one.source}）：{one.cards.height} 张指标卡{items}")


@targets.command()
@guarded
def load(
    name: Annotated[str, typer.Argument(help="目标集代码，见 duban config targets list")], by: By, why: Why
) -> None:
    """把一个目标集的指标卡和标准加入现行配置，成为新的一版。

    例：`duban config targets load balanced_2017 --by 王敏 --why 优质均衡自查`
    """
    from ingestion.config.applying import Act
    from ingestion.config.blank import every_set
    from orchestration.cli import fail

    known = every_set()
    if name not in known:
        fail(f"没有目标集 {name}；现有：{'、'.join(known)}")
    service = _service()
    _tell(service, service.load_set(known[name], Act.now(by, why)))


def _service() -> ConfigService:
    from ingestion.config.applying import ConfigService
    from ingestion.settings import load_settings

    return ConfigService(load_settings())


def _restore(service: ConfigService, number: int, by: str, why: str) -> None:
    from ingestion.config.applying import Act

    _tell(service, service.restore(number, Act.now(by, why)))


def _tell(service: ConfigService, done: Applied) -> None:
    if done.number is None:
        typer.echo("与现行配置相同，没有生成新版本")
        return
    for difference in done.differences[:MAX_LINES]:
        typer.echo(difference)
    if len(done.differences) > MAX_LINES:
        typer.echo(f"… 另有 {len(done.differences) - MAX_LINES} 处（duban config diff --from … --to … 查看全部）")
    typer.echo(f"已采用为第{done.number}版，共 {len(done.differences)} 处改动；下次刷新（duban refresh）起生效")
    if done.workbook is False:
        typer.echo(f"注意：{service.workbook} 不是现行内容；要继续在其中修改，先运行 duban config export --force")
