"""`duban plans`: what plans say, what became of promises from one plan to the next, and what nothing measures.

`diff` and `numbers` read files and need no warehouse; `list` and `gaps` read the current release.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ingestion.plans.diffing import Change
    from ingestion.plans.reading import PlanReading

plans = typer.Typer(
    no_args_is_help=True,
    help="""工作要点：有哪些、每个数字归到哪里、与上年或上一版相比变了什么、哪些承诺无数可考。

两份文件对照不需要建库：`duban plans diff 去年.docx 今年.docx`；其余读当前发布版。""",
)


class Printed(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


Format = Annotated[Printed, typer.Option("--format", help="输出格式")]
Out = Annotated[Path | None, typer.Option(help="写到这个文件，不打印")]


@plans.command("list")
def list_plans(output_format: Format = Printed.TABLE, out: Out = None) -> None:
    """列出各份工作要点：地区、年度、承诺数、已确认与待核各多少、版次是否有效。例：`duban plans list`"""
    _print_release(
        "select d.file_name as 文件, coalesce(r.region_name, d.region_code, '未认出') as 地区, d.plan_year as 年度,"
        " count(c.commitment_id) as 承诺,"
        " count(*) filter (where c.review_state in ('已确认', '已调整')) as 已确认,"
        " count(*) filter (where c.review_state in ('待核', '草稿')) as 待核,"
        " case when d.is_in_force then '有效' else '已被取代' end as 版次, d.valid_from_date as 启用日期,"
        " d.valid_to_date as 取代日期 from dim_documents d left join fct_commitments c using (document_id)"
        " left join dim_regions r on d.region_code = r.region_code"
        " group by d.document_id, d.file_name, r.region_name, d.region_code, d.plan_year, d.is_in_force,"
        " d.valid_from_date, d.valid_to_date order by d.region_code, 3, 1",
        output_format,
        out,
    )


MEASURED = """
with judged as (
    select c.document_id, c.indicator_code is not null as is_linked, a.*,
        a.status not in ('无数据', '无数可考')
        and (a.actual_value is not null or a.progress_pct is not null) as is_measured,
        a.light is not null and a.light != '灰' as is_lit
    from fct_commitments as c
    inner join fct_attainments as a on c.commitment_id = a.commitment_id
),
whys as (
    select document_id, string_agg(status || ' ' || n, '、' order by n desc, status) as why
    from (
        select document_id, status, count(*) as n
        from judged where is_root and not is_lit group by document_id, status
    )
    group by document_id
)
select
    d.file_name as 文件, count(*) as 承诺, count(*) filter (where not is_root) as 重复表述,
    count(*) filter (where is_root) as 计入, count(*) filter (where is_root and is_linked) as 挂接指标卡,
    count(*) filter (where is_root and is_measured) as 有数, count(*) filter (where is_root and is_lit) as 亮灯,
    count(*) filter (where is_root and not is_lit) as 灰,
    count(*) filter (where is_root and status = '无数可考') as 无数可考, max(coalesce(whys.why, '')) as 灰的原因
from judged
inner join dim_documents as d on judged.document_id = d.document_id
left join whys on judged.document_id = whys.document_id
group by d.document_id, d.file_name, d.region_code
order by d.region_code, 1
"""


@plans.command()
def measured(output_format: Format = Printed.TABLE, out: Out = None) -> None:
    """各份工作要点有多少承诺可以衡量：承诺 = 计入 + 重复表述，计入 = 亮灯 + 灰，灰的都写明原因。

    例：`duban plans measured`；哪一条为什么无数可考，见 `duban plans gaps`。
    """
    _print_release(MEASURED, output_format, out)


@plans.command()
def gaps(
    kind: Annotated[str, typer.Option(help="只看一类：无指标、无数据 或 未使用")] = "",
    output_format: Format = Printed.TABLE,
    out: Out = None,
) -> None:
    """缺口图：哪些承诺没有指标卡或没有数据，哪些报表项没有用到。例：`duban plans gaps --kind 无指标`"""
    from orchestration.cli import fail

    if kind not in ("", "无指标", "无数据", "未使用"):
        fail(f"没有“{kind}”这一类：请写 无指标、无数据 或 未使用")
    wanted = f"where gap_kind = '{kind}'" if kind else ""
    _print_release(
        "select g.gap_kind as 类别, coalesce(d.file_name, f.form_name, g.form_code) as 来源, g.gap_name as 内容,"
        " g.reason as 说明,"
        " coalesce(g.suggested_indicator_code, g.indicator_code, g.element_code) as 代码"
        f" from (select * from fct_gap_map {wanted}) g left join dim_documents d using (document_id)"
        " left join dim_forms f on g.form_code = f.form_code order by 1, 2, 3",
        output_format,
        out,
    )


@plans.command()
def diff(
    earlier: Annotated[Path, typer.Argument(help="前一份：上年的，或同一年的上一版")],
    later: Annotated[Path, typer.Argument(help="后一份")],
    earlier_year: Annotated[int | None, typer.Option(help="前一份没有写明时的年度")] = None,
    later_year: Annotated[int | None, typer.Option(help="后一份没有写明时的年度")] = None,
    kept: Annotated[bool, typer.Option(help="连同没有变化的（延续）一起列出")] = False,
    output_format: Format = Printed.TABLE,
    out: Out = None,
) -> None:
    """对照两份工作要点：放弃、降低、推迟、提高、提前、新增、延续。不需要建库。

    名称按原文对应，数字必须完全一致（第一小学不是第二小学）；相近而不全同的给出匹配分，须人工核对。

    例：`duban plans diff 2023年要点.docx 2024年要点.docx --format csv --out 对照.csv`
    """
    from ingestion.plans.comparing import as_records
    from ingestion.plans.diffing import diff_plans

    before, after = _read(earlier, earlier_year), _read(later, later_year)
    changes = diff_plans(
        as_records(before), as_records(after), earlier_year=before.plan_year, later_year=after.plan_year
    )
    shown = [_shown(change) for change in changes if kept or change.change != "延续"]
    _print(shown, ["变化", "前一份", "后一份", "原时限", "新时限", "匹配分", "说明"], output_format, out)
    counts = {name: sum(c.change == name for c in changes) for name in dict.fromkeys(c.change for c in changes)}
    typer.echo("；".join(f"{name} {n}" for name, n in counts.items()) or "两份文件里都没有承诺", err=True)


@plans.command()
def numbers(
    file: Annotated[Path, typer.Argument(help="一份工作要点")],
    label: Annotated[str, typer.Option(help="只看一类，例如 未解析、目标、日期")] = "",
    year: Annotated[int | None, typer.Option(help="文中没有写明时的年度")] = None,
    output_format: Format = Printed.TABLE,
    out: Out = None,
) -> None:
    """数字台账：文中每一个数字是目标、不是目标的理由，或者未解析。例：`duban plans numbers 要点.docx --label 未解析`"""
    from collections import Counter

    from orchestration.cli import fail

    reading = _read(file, year)
    labels = Counter(entry.label for entry in reading.ledger)
    if label and label not in labels and label != "未解析":
        fail(f"这份文件里没有归为“{label}”的数字；有的归类：{'、'.join(labels) or '（文中没有数字）'}")
    rows = [
        (entry.number_text, entry.label, *_place(reading, entry.start, entry.end))
        for entry in reading.ledger
        if not label or entry.label == label
    ]
    _print(rows, ["数字", "归类", "位置", "上下文"], output_format, out)
    typer.echo("；".join(f"{name} {count}" for name, count in labels.most_common()) or "文中没有数字", err=True)


def _place(reading: PlanReading, start: int, end: int) -> tuple[str, str]:
    """Where a numeral stands for a person: its paragraph or row, and the words around it."""
    text = reading.document.text
    own = next((p for p in reading.document.paragraphs if p.start <= start < p.end), None)
    first, last = (own.start, own.end) if own else (0, len(text))
    around = text[max(first, start - 16) : min(last, end + 16)]
    return own.locator if own else "", " ｜ ".join(part.strip() for part in around.split("\t") if part.strip())


def _read(file: Path, year: int | None) -> PlanReading:
    from ingestion.plans.document import UnreadablePlan
    from ingestion.plans.reading import read_plan
    from orchestration.cli import fail

    if not file.is_file():
        fail(f"找不到文件 {file}")
    try:
        return read_plan(file.read_bytes(), file.name, year=year)
    except UnreadablePlan as error:
        fail(f"{file.name} 读不出来：{error.reason}")


def _shown(change: Change) -> tuple[Any, ...]:
    before, after = change.earlier or {}, change.later or {}
    score = f"{change.score:.2f}" if before and after else ""
    days = str(before.get("deadline") or ""), str(after.get("deadline") or "")
    return change.change, before.get("quote", ""), after.get("quote", ""), *days, score, change.why


def _print(rows: list[tuple[Any, ...]], columns: list[str], output_format: Printed, out: Path | None) -> None:
    import polars as pl

    from orchestration.summary import write_frame

    write_frame(pl.DataFrame(rows, schema=columns, orient="row"), output_format.value, out)


def _print_release(sql: str, output_format: Printed, out: Path | None) -> None:
    import duckdb

    from ingestion.releases import NoRelease, Releases, connect
    from ingestion.settings import load_settings
    from orchestration.cli import fail
    from orchestration.summary import write_frame

    try:
        release = Releases(load_settings().paths.releases).resolve()
        with connect(release) as con:
            con.execute("set schema = 'marts'")
            frame = con.sql(sql).pl()
    except NoRelease as error:
        fail(str(error))
    except (duckdb.CatalogException, duckdb.BinderException):
        fail("这一版由较早的程序发布，缺少所需的表：请先运行 duban refresh")
    write_frame(frame, output_format.value, out)
