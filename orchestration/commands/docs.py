"""`duban docs`: the data dictionary as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def docs_command(
    out: Annotated[Path | None, typer.Option(help="写到这个文件夹；默认 DUBAN_HOME/docs/dictionary")] = None,
) -> None:
    """生成数据字典网页：每张表、每一列的中英文含义，和术语表。单个文件，不用联网，可直接发给别人。

    例：`duban docs`；`duban docs --out 字典`
    """
    from ingestion.settings import load_settings
    from orchestration.docs_page import write_page

    page = write_page(out or load_settings().paths.docs / "dictionary")
    typer.echo(f"已生成：{page}")
