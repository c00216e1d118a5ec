"""SQL 查询: one SELECT over the release, within limits, cancelled by a click, taken away as a file."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import streamlit as st

from app import context
from app.dictionary import tables
from app.exports import to_csv, to_parquet, to_xlsx
from app.queries import dictionary
from app.rendering import show
from ingestion.settings import load_settings
from ingestion.sql import SqlError, SqlLimits, run_sql

SAMPLES = {
    "各份工作要点的亮灯": """select d.title as 工作要点, a.light as 灯, count(*) as 项数
from fct_attainments as a
inner join dim_documents as d on a.document_id = d.document_id
where a.is_root
group by all
order by 工作要点, 灯""",
    "逾期未完成的承诺": """select c.quote as 原文, a.deadline_date as 截止, a.display_value as 现状, a.reason as 原因
from fct_attainments as a
inner join fct_commitments as c on a.commitment_id = c.commitment_id
where a.light = '红' and a.deadline_date < a.evaluation_date
order by a.deadline_date""",
    "各地各表的报送率": """select r.region_name as 地区, f.form_name as 报表, sum(c.accepted_count) as 已收,
    sum(c.expected_count) as 应报, round(100 * sum(c.accepted_count) / sum(c.expected_count), 1) as 报送率
from fct_completeness as c
inner join dim_regions as r on c.region_code = r.region_code
inner join dim_forms as f on c.form_code = f.form_code
where r.region_level = '区县'
group by all
order by 报送率""",
    "还没有解释的数字": """select d.title as 工作要点, n.number_text as 数字, n.start_offset as 位置
from fct_numbers as n
inner join dim_documents as d on n.document_id = d.document_id
where n.label = '未解析'
order by 工作要点, 位置""",
}
FIRST = next(iter(SAMPLES))
ANSWER = "sql_answer"


@dataclass(frozen=True)
class Answer:
    """What came of a statement on a release: rows or a problem, never both."""

    release: int
    statement: str
    frame: pl.DataFrame | None = None
    is_truncated: bool = False
    problem: str = ""


def limits() -> SqlLimits:
    settings = load_settings()
    return SqlLimits(settings.sql_memory_mb, settings.sql_seconds, settings.sql_max_rows)


def run(statement: str) -> Answer:
    """Run the statement in its child; any act on the page meanwhile reaches `waiting` and ends it."""
    release = context.current().release
    place = st.empty()

    def waiting(seconds: float) -> None:
        place.caption(f"正在查询，已用 {seconds:.0f} 秒 …… 点“停止”取消")

    try:
        result = run_sql(release.path, statement, limits(), waiting)
    except SqlError as error:
        return Answer(release.sequence, statement, problem=str(error))
    finally:
        place.empty()
    return Answer(release.sequence, statement, result.frame, result.is_truncated)


def take_sample() -> None:
    """The chosen sample replaces the statement."""
    if st.session_state.get("sample"):
        st.session_state["q"] = SAMPLES[st.session_state["sample"]]
        st.session_state["sample"] = None


def downloads(answer: Answer, frame: pl.DataFrame) -> None:
    """Files of exactly the rows shown."""
    run_context = context.current()
    name = f"查询结果_第{answer.release}版"
    notes = [
        f"第{answer.release}版，数据截至 {run_context.evaluation_date}",
        f"查询：{' '.join(answer.statement.split())}",
    ]
    if run_context.is_demo:
        notes.insert(0, "演示数据：不代表任何单位的实际工作")
    with st.container(horizontal=True):
        for label, suffix, kind, content in (
            ("下载 Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
             lambda: to_xlsx(frame, "查询结果", notes)),
            ("下载 CSV", "csv", "text/csv", lambda: to_csv(frame)),
            ("下载 Parquet", "parquet", "application/octet-stream", lambda: to_parquet(frame)),
        ):  # fmt: skip
            st.download_button(label, content, f"{name}.{suffix}", kind, on_click="ignore")


def editor() -> None:
    """The statement, its buttons and what came of it."""
    if "q" not in st.session_state and not st.query_params.get("q"):
        st.session_state["q"] = SAMPLES[FIRST]
    st.pills("示例", list(SAMPLES), key="sample", on_change=take_sample)
    statement = st.text_area("查询语句（一条 SELECT）", key="q", bind="query-params", height=220) or ""
    with st.container(horizontal=True):
        is_asked = st.button("运行", type="primary", shortcut="Ctrl+Enter")
        st.button("停止", help="取消正在运行的查询")
    if is_asked:
        st.session_state[ANSWER] = run(statement)
    answer: Answer | None = st.session_state.get(ANSWER)
    if answer is None or (answer.release, answer.statement) != (context.current().release.sequence, statement):
        show("sql_hint.html", limits=limits())
        return
    show("sql_answer.html", answer=answer, limits=limits())
    if answer.frame is not None and answer.frame.width:
        st.dataframe(answer.frame, width="stretch", height="content" if answer.frame.height < 12 else 460)
        downloads(answer, answer.frame)


def page() -> None:
    run_context = context.current()
    show("sql_head.html")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        editor()
    with right:
        show("sql_tables.html", tables=tables(dictionary.columns(run_context.release)))


if __name__ == "__main__":
    page()
