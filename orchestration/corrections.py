"""What `duban check` says of findings that stood open before. Which those are is ingestion/workbooks/handback's."""

from __future__ import annotations

import duckdb
import typer

from ingestion.releases import NoRelease, Releases
from ingestion.settings import Paths
from ingestion.workbooks.checking import Checked
from ingestion.workbooks.handback.returning import closed_and_open


def print_answers(paths: Paths, checked: Checked) -> None:
    """Which findings that stand open in the release this file answers, and which it repeats. Says nothing without."""
    try:
        release = Releases(paths.releases).resolve()
        closed, still = closed_and_open(release, checked.subjects, set(checked.findings["finding_id"]))
    except (NoRelease, duckdb.Error):
        return
    if closed or still:
        typer.echo(f"对照以前的问题：已改 {len(closed)} 个，仍未改 {len(still)} 个")
    for label, findings in (("已改", closed), ("仍未改", still)):
        if findings:
            typer.echo(f"  {label}：{'、'.join(findings[:20])}{' …' if len(findings) > 20 else ''}")
