"""`duban year`: the turn of the year 年终封账 and 开启年度, from a terminal. And `duban backup` and `duban restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.acting import By, Why, acting, catalog, registry

year = typer.Typer(
    no_args_is_help=True,
    help="""年度：年终封账（封版、记校验和、未完成的结转下年），开启新年度（上年末数转作基数，写出新学年名册）；都可以整体撤回。

例：`duban refresh --evaluation-date 2020-12-31`，`duban year close 2020 --by 王敏 --why 年终考评结束`""",
)

Year = Annotated[int, typer.Argument(help="年度，例如 2020")]
WAIT_SECONDS = 60


@year.command()
@acting
def close(year: Year, by: By, why: Why) -> None:
    """年终封账：当前发布版永久保留，记下各表校验和，未完成的承诺和任务结转下年（注明来处）。

    例：`duban year close 2020 --by 王敏 --why 年终考评结束`
    """
    from ingestion.landing import Landing
    from ingestion.locks import writer_lock
    from ingestion.registry import years
    from ingestion.registry.acts import Who
    from ingestion.releases import Releases
    from ingestion.settings import load_settings

    settings = load_settings()
    with writer_lock(settings.paths.locks, "duban year close", WAIT_SECONDS):
        landed = Landing(settings.paths.landing).read("registry__events")["event_no"].max()
        releases = Releases(settings.paths.releases, settings.keep_releases)
        done = years.close(registry(), releases, year, int(str(landed or 0)), Who(by, why))
    typer.echo(
        f"{year}年已封账：第 {done.release.sequence} 版永久保留；结转承诺 {done.commitments} 项、任务 {done.tasks} 项"
        f"到{year + 1}年；撤回：duban undo {done.event_numbers[0]}（结转的一并撤回）"
    )


@year.command("open")
@acting
def open_year(
    year: Year, by: By, why: Why,
    out: Annotated[Path | None, typer.Option(help="把拟用的基数和名册写成工作簿，不直接采用")] = None,
) -> None:  # fmt: skip
    """开启年度：上年末数转作基数，并写出新学年名册（已停办的不列入），一起成为配置的新一版。

    名册取自“学校”“单位”表的开办、停办、生效、失效日期；学生数等以学校报送为准，不代填。

    例：`duban year open 2021 --by 王敏 --why 新年度开始`；先看一看：加 `--out 新年度.xlsx`
    """
    from ingestion.locks import writer_lock
    from ingestion.registry import baselines, opening, registers, years
    from ingestion.registry.acts import Who
    from ingestion.registry.workbook import write
    from ingestion.releases import Releases
    from ingestion.settings import load_settings

    settings = load_settings()
    releases = Releases(settings.paths.releases, settings.keep_releases)
    release, figures = years.baselines(registry(), releases, year - 1)
    proposed = baselines.proposed(figures, year - 1, release.sequence, by)
    config = opening.configuration(settings)
    register = opening.register(config, year)
    if out:
        write(out, baselines.paper(figures, proposed), registers.paper(registers.proposed(config, year)))
        typer.echo(f"已写出 {out}：{proposed.height} 条拟用基数、拟用的{year}学年名册；核对后去掉 --out 即采用")
        return
    with writer_lock(settings.paths.locks, "duban year open", WAIT_SECONDS):
        years.refuse_open(registry(), year)
        added = {baselines.TABLE: proposed, registers.TABLE: register}
        version = opening.apply(settings, added, f"{year - 1}年封版转基数、{year}学年名册", Who(by, why))
        number = years.open_year(
            registry(), release, year, proposed.height, Who(by, why), config_version=version,
            register_count=register.height,
        )  # fmt: skip
    listed = f"{registers.described(register)}" if register.height else f"{year}学年名册已有，没有改动"
    typer.echo(
        f"{year}年已开启：{proposed.height} 条上年末基数；{listed}；"
        + (f"成为配置第{version}版" if version else "与现有配置相同，没有改动")
        + f"；撤回：duban undo {number}\n其后新办、停办、更名、合并的：duban config export --out 名册.xlsx，"
        "在“学校”“学年名册”页改正，再 duban config apply 名册.xlsx"
    )


@year.command("list")
@acting
def list_years() -> None:
    """列出已封账和已开启的年度，并核对封版是否完好。例：`duban year list`"""
    from ingestion.registry.acts import standing
    from ingestion.registry.events import RegistryError
    from ingestion.registry.years import CLOSED, release_of
    from ingestion.releases import Releases

    releases = Releases(catalog().paths.releases)
    acts = standing(registry(), "year")
    for act in acts:
        said = act.payload
        if act.event_type != CLOSED:
            typer.echo(
                f"{act.subject_key}年 开启  {act.actor}  基数 {said['baseline_count']} 条"
                f"  名册 {said.get('register_count') or 0} 家（第{act.event_no}号事件）"
            )
            continue
        try:
            release_of(releases, act)
            state = "封版完好"
        except RegistryError as error:
            state = str(error)
        carried = f"结转承诺 {said['carried_commitment_count']} 项、任务 {said['carried_task_count']} 项"
        version = f"第 {said['release_sequence']} 版"
        typer.echo(f"{act.subject_key}年 封账  {act.actor}  {version}  {carried}  {state}（第{act.event_no}号事件）")
    if not acts:
        typer.echo("还没有封账的年度")


@acting
def backup(folder: Annotated[Path, typer.Argument(help="写到这个空文件夹")]) -> None:
    """备份：登记簿、配置、收到的文件、工作要点、发布账和封版。备份时可以照常办理。

    例：`duban backup /data/备份/2020-11-01`；恢复：`DUBAN_HOME=新文件夹 duban restore /data/备份/2020-11-01`
    """
    from ingestion.locks import writer_lock
    from ingestion.registry.backups import back_up
    from ingestion.releases import Releases
    from ingestion.settings import load_settings

    settings = load_settings()
    with writer_lock(settings.paths.locks, "duban backup", WAIT_SECONDS):
        made = back_up(settings.paths, folder, Releases(settings.paths.releases, settings.keep_releases))
    typer.echo(f"已备份到 {folder}：{made.files} 个文件，{made.size_bytes / 2**20:.1f} MB，登记 {made.events} 条")


@acting
def restore(folder: Annotated[Path, typer.Argument(help="duban backup 写出的文件夹")]) -> None:
    """把备份恢复到一个空的 DUBAN_HOME，逐个文件核对校验和；随后运行 duban refresh。

    例：`DUBAN_HOME=/data/新 duban restore /data/备份/2020-11-01`
    """
    from ingestion.registry.backups import restore as put_back
    from ingestion.settings import load_settings

    paths = load_settings().paths
    done = put_back(folder, paths)
    typer.echo(f"已恢复到 {paths.home}：{done.files} 个文件，登记 {done.events} 条；请运行 duban refresh")
