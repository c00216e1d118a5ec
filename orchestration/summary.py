"""What a terminal shows after the work: the refresh's summary, findings, the status, frames. Reads releases only."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingestion.attempts import last_attempt
from ingestion.locks import describe_holder
from ingestion.releases import NoRelease, Release, Releases, connect
from ingestion.settings import Paths
from orchestration.watch_status import watching

if TYPE_CHECKING:
    import polars as pl

    from ingestion.workbooks.checking import Checked

COUNTS = {
    "工作要点": "select count(*) || ' 份' from dim_documents",
    "承诺": "select string_agg(label, '  ' order by label) from ("
    " select case kind when 'metric' then '指标' when 'count' then '数量' when 'money' then '资金'"
    " when 'milestone' then '工程节点' else '成果' end || ' ' || count(*) as label from fct_commitments group by kind)",
    "收到文件": "select count(*) || ' 个：入库 ' || count(*) filter (where file_state = 'loaded')"
    " || '，隔离 ' || count(*) filter (where file_state = 'quarantined')"
    " || '，未用 ' || count(*) filter (where file_state = 'ignored') from fct_files",
    "问题": "select coalesce(string_agg(label, '  ' order by label), '无') from ("
    " select severity || ' ' || count(*) as label from fct_findings where is_open group by severity)",
    "亮灯": "select string_agg(label, '  ' order by place) from ("
    " select light || ' ' || count(*) as label, instr('蓝绿黄红灰', light) as place from fct_attainments"
    " where evaluation_date = ? group by light)",
}


# Columns of a table that no terminal bounds.
PIPED_WIDTH = 200


class Ran(Protocol):
    """What the progress of a run leaves behind."""

    @property
    def seconds(self) -> dict[str, float]: ...
    @property
    def failures(self) -> dict[str, str]: ...


def print_summary(
    console: Console, paths: Paths, progress: Ran, *, published: int | None, is_success: bool, total_seconds: float
) -> int:
    """The end of a refresh; returns its exit code."""
    releases = Releases(paths.releases)
    try:
        release = releases.resolve()
    except NoRelease:
        release = None
    console.rule("刷新结果")
    unreadable = 0
    if release:
        unreadable = _print_counts(console, release)
    for label, why in progress.failures.items():
        console.print(f"[red]{label}未完成[/]：", why, highlight=False)
    steps = "  ".join(f"{label} {seconds:.1f}" for label, seconds in progress.seconds.items())
    console.print(f"用时 {total_seconds:.1f} 秒（{steps}）", highlight=False)
    if not is_success:
        kept = f"，仍使用第 {release.sequence} 版" if release else ""
        console.print(f"[red]本次没有发布[/]{kept}", highlight=False)
        pointer = releases.pointer()
        is_held = "计算与审核" in progress.failures or bool(pointer and pointer.hold)
        return 1 if is_held else 2
    if published:
        console.print(f"[green]已发布第 {published} 版[/]", highlight=False)
    elif release:
        console.print(f"没有变化：仍为第 {release.sequence} 版", highlight=False)
    return 1 if unreadable else 0


def _print_counts(console: Console, release: Release) -> int:
    info = release.info()
    demo = "（演示数据）" if info.get("is_demo") else ""
    console.print(f"{info.get('bureau_name', '')}{demo}  评价日期 {info['evaluation_date']}", highlight=False)
    with connect(release) as con:
        con.execute("set schema = 'marts'")
        for label, query in COUNTS.items():
            row = con.execute(query, [info["evaluation_date"]] if "?" in query else []).fetchone()
            console.print(f"{label}：{row[0] if row else ''}", highlight=False)
        row = con.execute(
            "select count(*) from fct_files where file_kind = 'plan' and file_state = 'quarantined'"
        ).fetchone()
    return row[0] if row else 0


def print_status(paths: Paths) -> int:
    """State of the home for a person; 0 where a release can be read, 1 with an alarm, 2 before the first publish."""
    console = Console(soft_wrap=True)
    releases = Releases(paths.releases)
    code = 0
    try:
        release = releases.resolve()
        info = release.info()
        console.print(
            f"当前版本：第 {release.sequence} 版  数据截至 {info['evaluation_date']}  发布于 {info['published_at']} UTC"
        )
        if release.alarm:
            console.print(f"[red]警报[/]：{release.alarm}")
            code = 1
    except NoRelease as error:
        console.print(str(error))
        code = 2
    pointer = releases.pointer()
    if pointer and pointer.hold:
        console.print(f"自动发布已暂停：{pointer.hold}（恢复：duban rollback --resume）")
    attempt = last_attempt(paths)
    if attempt and not attempt.is_success:
        why = "；".join(f"{label}：{reason}" for label, reason in attempt.failures.items())
        console.print(f"上次刷新（{attempt.at:%Y-%m-%d %H:%M} UTC）没有完成：{why}")
    if said := watching(paths):
        console.print(said, highlight=False)
    holder = paths.locks / "writer.json"
    if holder.exists():
        console.print(f"正在写入：{describe_holder(holder)}")
    waiting = [p for p in paths.inbox.rglob("*") if p.is_file()] if paths.inbox.is_dir() else []
    console.print(f"收件箱：{len(waiting)} 个文件；数据目录：{paths.home}")
    return code


def print_findings(checked: Checked) -> int:
    """What `duban check` found, by severity and cell; 0 without findings, 1 with, 2 where the file cannot be read."""
    console = Console(soft_wrap=True)
    console.print(f"{checked.file_name}  {checked.form_name or '未认出表样'}", highlight=False)
    if checked.cells_received:
        console.print(
            f"单元格 {checked.cells_received}：可入库 {checked.cells_loaded}，将被隔离 {checked.cells_quarantined}，"
            f"不用 {checked.cells_ignored}（标题、表头、说明等）",
            highlight=False,
        )
    for row in checked.findings.sort("severity", "sheet_name", "cell").iter_rows(named=True):
        place = " ".join(filter(None, [row["sheet_name"], row["cell"]])) or "整份文件"
        value = f"（填写为“{row['raw_value']}”）" if row["raw_value"] else ""
        console.print(f"[bold]{row['severity']}[/] {escape(place)}{escape(value)}", highlight=False)
        console.print(f"    {row['message']}。{row['fix']}", highlight=False, markup=False)
    if not checked.knows_register:
        console.print("注意：本机没有学校名册，未核对学校是否登记", highlight=False)
    if checked.findings.is_empty():
        console.print("[green]没有发现问题[/]" + (f"（{checked.reason}）" if checked.reason else ""), highlight=False)
        return 0
    console.print(f"共 {len(checked.findings)} 个问题", highlight=False)
    return 2 if checked.file_state == "quarantined" and not checked.cells_received else 1


def write_frame(frame: pl.DataFrame, fmt: str, out: Path | None) -> None:
    """Print or write a frame; text cells of CSV are escaped, so that no spreadsheet runs them."""
    import polars as pl

    if fmt == "table":
        table = Table(*(escape(name) for name in frame.columns))
        for row in frame.iter_rows():
            table.add_row(*(escape(_shown(cell)) for cell in row))
        if out:
            with out.open("w", encoding="utf-8") as stream:
                Console(file=stream, width=PIPED_WIDTH).print(table)
        else:
            Console(width=None if sys.stdout.isatty() else PIPED_WIDTH).print(table)
        return
    if fmt == "csv":
        risky = pl.col(pl.String).str.contains(r"^[=+\-@\t\r]")
        frame = frame.with_columns(
            pl.when(risky).then("'" + pl.col(pl.String)).otherwise(pl.col(pl.String)).name.keep()
        )
    writer = {"csv": frame.write_csv, "json": frame.write_json, "parquet": frame.write_parquet}[fmt]
    if out:
        writer(out)
    else:
        sys.stdout.write(writer() or "")
        sys.stdout.write("\n" if fmt == "json" else "")


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell.normalize():f}" if isinstance(cell, Decimal) else str(cell)
