"""Papers to take to a meeting: the ledger as the office keeps it, and what Word papers share. They say what pages say.

Wording comes from presenting.py and rows from the page's own frame; how a file is written is in exports.py (Excel) and
filling.py (Word), what a Word paper holds in bulletin.py and notices.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from app.context import RunContext
from app.exports import to_xlsx
from app.presenting import Promise, month_text
from app.vocabulary import Light

# what fills a Word template: texts by name, and tables whose rows repeat
Filling = tuple[dict[str, str], dict[str, pl.DataFrame]]
PROMISE_COLUMNS = (
    "序号", "灯", "状态", "承诺", "原文", "工作要点", "目标", "现状", "差距", "责任单位", "时限", "天数", "说明",
)  # fmt: skip
DEMO_NOTE = "演示数据：不代表任何单位的实际工作"


def ledger_frame(promises: Sequence[Promise]) -> pl.DataFrame:
    """One row a commitment, in the order of the page, in its words."""
    rows = [
        {
            "序号": number,
            "工作要点": p.row["plan"],
            "章节": p.row["item_path"] or "",
            "承诺": p.name,
            "类型": p.kind,
            "原文": p.row["quote"],
            "目标": p.target,
            "现状": p.actual,
            "差距": p.gap,
            "灯": p.light.name,
            "状态": p.row["status"] or "",
            "进度（%）": p.progress_pct,
            "应有进度（%）": p.expected_pct,
            "完成时限": p.row["deadline_date"],
            "剩余": p.days,
            "责任单位": p.owner,
            "说明": p.why,
            "依据": p.evidence,
        }
        for number, p in enumerate(promises, 1)
    ]
    schema = {"序号": pl.Int32, "进度（%）": pl.Float64, "应有进度（%）": pl.Float64, "完成时限": pl.Date}
    return pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)


def ledger_workbook(promises: Sequence[Promise], run: RunContext, conditions: Sequence[str]) -> bytes:
    """目标台账 as a workbook: title, unit, 制表日期, release and conditions, then the rows."""
    notes = [
        f"制表单位：{run.bureau_name}　　制表日期：{run.evaluation_date}　　依据：第{run.release.sequence}版",
        f"条件：{'；'.join(conditions) or '全部'}　　共 {len(promises)} 项",
    ]
    return to_xlsx(ledger_frame(promises), "目标台账", [DEMO_NOTE, *notes] if run.is_demo else notes)


def head(run: RunContext, title: str) -> dict[str, str]:
    """What every paper says of itself. It is dated by the day it is judged on, as the ledger is."""
    day = run.evaluation_date
    return {
        "标题": title,
        "单位": run.bureau_name,
        "制表日期": f"{month_text(day)}{day.day}日",
        "数据截至": f"{month_text(day)}{day.day}日",
        "版本": str(run.release.sequence),
        "演示说明": DEMO_NOTE if run.is_demo else "",
    }


def promise_frame(promises: Sequence[Promise]) -> pl.DataFrame:
    """One row a commitment, in the words of the page."""
    rows = [
        {
            "序号": str(number),
            "灯": lamp(p.light),
            "状态": p.row["status"] or "",
            "承诺": p.name,
            "原文": p.row["quote"],
            "工作要点": p.row["plan"],
            "目标": f"{p.target}（按 {p.judged} 判定）" if p.judged else p.target,
            "现状": p.actual,
            "差距": p.gap or "—",
            "责任单位": unit_label(p.owner, p.row["region_name"]),
            "时限": str(p.row["deadline_date"] or "未定"),
            "天数": p.days,
            "说明": p.why or p.evidence or "—",
        }
        for number, p in enumerate(promises, 1)
    ]
    return text_frame(rows, PROMISE_COLUMNS)


def text_frame(rows: Sequence[dict[str, str]], names: Sequence[str]) -> pl.DataFrame:
    """Rows of text, with their columns also where there are none."""
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))


def lamp(light: Light) -> str:
    """A light without colour: ■ 红."""
    return f"{light.shape} {light.name}"


def unit_label(owner: str, region: str | None) -> str:
    """A section with its bureau in its name needs no region beside it."""
    return owner if "教育局" in owner or not region else f"{region} {owner}"


def share(part: int, whole: int) -> str:
    """A share in percent with one decimal, cut off: what is not all is never 100.0%."""
    return f"{part * 1000 // whole / 10:.1f}%"
