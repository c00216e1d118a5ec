"""Word papers of the release in hand, as bytes: for the pages' buttons and for `duban report`.

What a paper says is bulletin.py's and notices.py's; where it is written is orchestration/reporting.py's.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date

from app.bulletin import bulletin
from app.context import RunContext
from app.filling import fill
from app.notices import notice, notices
from app.paper_charts import pictures
from app.paper_templates import BULLETIN, NOTICE, file_names, template_of
from ingestion.releases import Release, Releases
from ingestion.settings import Paths

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def bulletin_paper(paths: Paths, run: RunContext, of_month: Sequence[Release]) -> bytes:
    """The 通报 of the month that the release was judged in. Raises TemplateError."""
    values, tables = bulletin(run, run.evaluation_date.replace(day=1), of_month)
    return fill(template_of(paths, BULLETIN), values, tables, pictures(tables))


def notice_papers(paths: Paths, run: RunContext, unit: str = "") -> tuple[dict[str, bytes], int]:
    """Unit → its 督办单, of all that owe something or of the one asked for; and how many red or yellow commitments name
    no unit. Raises TemplateError."""
    owed, unnamed = notices(run)
    template = template_of(paths, NOTICE)
    return {name: fill(template, *notice(run, own)) for name, own in owed.items() if unit in ("", name)}, unnamed


def zipped(papers: dict[str, bytes]) -> bytes:
    """Papers of several units in one file; the same papers give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for unit, name in file_names(papers).items():
            bundle.writestr(zipfile.ZipInfo(name), papers[unit])
    return buffer.getvalue()


def of_the_month(paths: Paths, run: RunContext) -> list[Release]:
    """Kept releases judged in the same month, up to the one in hand, oldest first."""
    own = Releases(paths.releases)
    found = [own.find(sequence) for sequence in own.sequences() if sequence < run.release.sequence]
    months = [(r, date.fromisoformat(str(r.info()["evaluation_date"]))) for r in found if r]
    same = [r for r, day in months if day.replace(day=1) == run.evaluation_date.replace(day=1)]
    return [*same, run.release]
