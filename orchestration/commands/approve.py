"""`duban approve`: 报送 → 校审 → 锁定 → 发布 of what was reported, per form, period and region, from a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.commands.acting import By, Why, acting, catalog, registry, say

if TYPE_CHECKING:
    from ingestion.registry.approvals import Subject
    from ingestion.registry.catalog import Catalog
    from ingestion.registry.published import Accepted

approve = typer.Typer(
    no_args_is_help=True,
    help="""校审发布：每张报表、每个报告期、每个区划，依次 报送 → 校审 → 锁定 → 发布；校审人不能是报送人。

办理以当前发布版中的数据为准；其后数据有变，原办理自动失效，须重新报送。
例：`duban approve submit 学校概况 2020-09 330303 --by 李强 --why 已核对`""",
)

Form = Annotated[str, typer.Argument(help="报表：代码或名称（duban form list）")]
Period = Annotated[str, typer.Argument(help="报告期，例如 2020-09、2020-2021学年、2020年")]
Region = Annotated[str, typer.Argument(help="区划：代码或名称")]


def _subject(known: Catalog, form: str, period: str, region: str) -> tuple[Subject, Accepted]:
    from ingestion.registry.acts import known as code_of
    from ingestion.registry.approvals import Subject
    from ingestion.registry.published import accepted
    from ingestion.registry.submissions import form_of, period_of
    from ingestion.releases import Releases

    chosen = form_of(known.forms, form)
    subject = Subject(chosen.code, period_of(chosen, period), code_of(region, known.regions, "区划"))
    release = Releases(known.paths.releases).resolve()
    return subject, accepted(release, subject.form_code, subject.period_start_date, subject.region_code)


def _step(name: str, verb: str, done: str, help_text: str) -> None:
    """Add one step as a command of its own."""

    @approve.command(name, help=f"{help_text}例：`duban approve {name} 学校概况 2020-09 330303 --by 张丽 --why 已核对`")
    @acting
    def command(form: Form, period: Period, region: Region, by: By, why: Why) -> None:
        from ingestion.registry import approvals
        from ingestion.registry.acts import Who

        subject, data = _subject(catalog(), form, period, region)
        act: Callable[..., Any] = getattr(approvals, verb)
        say(act(registry(), subject, data, Who(by, why)), f"{done} {subject.key}（{data.submission_count} 份）")


_step("submit", "submit", "已报送", "报送：数据齐全、准确。")
_step("review", "review", "已校审", "校审：另一人核对。")
_step("lock", "lock", "已锁定", "锁定：此后补报须先解锁。")
_step("publish", "publish", "已发布", "发布：数据可以对外引用。")
_step("return", "give_back", "已退回", "退回：重新从报送开始。")


@approve.command("list")
@acting
def list_approvals() -> None:
    """列出各报表、报告期、区划办到哪一步，数据变了的注明失效。例：`duban approve list`"""
    from datetime import date

    import polars as pl

    from ingestion.registry.acts import Act, standing
    from ingestion.registry.approvals import state
    from ingestion.registry.published import accepted
    from ingestion.releases import Releases
    from orchestration.summary import write_frame

    known = catalog()
    release = Releases(known.paths.releases).resolve()
    grouped: dict[str, list[Act]] = {}
    for act in standing(registry(), "approval"):
        grouped.setdefault(act.subject_key, []).append(act)
    rows = []
    for acts in grouped.values():
        said, last = acts[-1].payload, acts[-1]
        form, region = said["form_code"], said["region_code"]
        data = accepted(release, form, date.fromisoformat(said["period_start_date"]), region)
        names = known.form_names.get(form, form), said["period_start_date"], known.regions.get(region, region)
        rows.append((*names, state(acts, data.digest), last.actor, f"{last.occurred_at:%Y-%m-%d}", last.reason))
    columns = ["报表", "报告期", "区划", "状态", "最近办理人", "办理日期", "说明"]
    write_frame(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), "table", None)
