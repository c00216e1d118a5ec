"""Papers to take to a meeting: the ledger as the office keeps it. What is in them is what the page shows.

Wording comes from presenting.py and rows from the page's own frame; how a file is written is in exports.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from app.context import RunContext
from app.exports import to_xlsx
from app.presenting import Promise

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
