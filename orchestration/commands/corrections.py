"""`duban corrections`: a school's own workbook back, with its cells marked. Thin: corrections.py does it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def corrections_command(
    out: Annotated[Path, typer.Option(help="写到这个 xlsx 文件；有多份时给一个文件夹")],
    school: Annotated[str, typer.Option(help="学校或单位代码")] = "",
    form: Annotated[str, typer.Option(help="只要这张表，例如 kindergarten")] = "",
    period: Annotated[str, typer.Option(help="只要这一期，例如 2020年9月")] = "",
    file: Annotated[int, typer.Option(help="不按学校，而按收件编号退回整份文件（退给汇总人）")] = 0,
) -> None:
    """退改：把学校自己的工作簿退回去，问题单元格涂色，批注写明问题编号、规则和改法，另附“问题清单”表。

    学校在退回的工作簿上改好、原样报送，系统按问题编号核销；`duban check` 先告诉它哪些已改、哪些还在。
    xls、ods、csv 和打不开的文件不能标注，给出清单。

    例：`duban corrections --school 2130000001 --period 2020年9月 --out 退改.xlsx`
    """
    import duckdb

    from ingestion.releases import NoRelease, Releases
    from ingestion.settings import load_settings
    from ingestion.workbooks.forms import load_forms
    from ingestion.workbooks.handback.returning import CorrectionsError, corrections
    from ingestion.workbooks.intake import OWN_FORMS
    from orchestration.cli import fail

    if not school and not file:
        fail("请用 --school 给出学校代码，或用 --file 给出收件编号")
    settings = load_settings()
    try:
        release = Releases(settings.paths.releases).resolve()
        forms = load_forms(extra=settings.paths.home / OWN_FORMS)
        returned = corrections(release, settings, forms, school, form=form, period=period, file_id=file)
    except (NoRelease, CorrectionsError) as error:
        fail(str(error))
    except duckdb.Error:
        fail("这一版由较早的程序发布，缺少退改所需的表：请先运行 duban refresh")
    if len(returned) > 1 and not out.is_dir():
        some = "；".join(f"{r.form_code or '未认出'} {r.period_start_date or ''} {r.file_name}" for r in returned[:10])
        fail(f"有 {len(returned)} 份工作簿待改（{some}）：请用 --form、--period 选定一份，或把 --out 写成已有的文件夹")
    for one in returned:
        path = out / f"退改-{one.file_id}-{Path(one.file_name).stem}.xlsx" if out.is_dir() else out
        if path.exists():
            fail(f"{path} 已经存在：请换一个文件名")
        path.write_bytes(one.content)
        typer.echo(f"{one.file_name}：{one.count} 个问题，已写出 {path}" + (f"（{one.reason}）" if one.reason else ""))
