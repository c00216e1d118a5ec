"""What a figure rests on, as text: its sentence, its formula with numbers, the cells with their files, what is missing.

Reads one release, read-only. Here: the questions and the wording. Nothing is judged or added up again: figures are
those of fct_attainments, members those of fct_attainment_members.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb

from ingestion.releases import Release, connect

LEAST_PREFIX = 4
SHOWN = {">=": "不低于", "<=": "不高于", "range": "介于"}
COMMITMENT = """
select c.*, a.* exclude (commitment_id, document_id, region_code, plan_year, kind, indicator_code, deadline_date, unit,
    target_value, target_high_value, root_commitment_id, is_root),
    a.target_value as judged_target, a.target_high_value as judged_high, a.unit as judged_unit,
    c.deadline_date as deadline, d.file_name, d.title, r.region_name, i.indicator_name, i.aggregation, i.matter_name,
    i.numerator as numerator_terms, i.denominator as denominator_terms,
    coalesce(c.restates_commitment_id is not null, false) as is_restated
from fct_commitments as c
inner join fct_attainments as a on c.commitment_id = a.commitment_id
inner join dim_documents as d on c.document_id = d.document_id
left join dim_regions as r on c.region_code = r.region_code
left join dim_indicators as i on c.indicator_code = i.indicator_code
where c.commitment_id = $id
"""

CELLS = """
select part, reporter_code, reporter_name, period_start_date, element_name, raw_text, value_number, file_id, file_name,
    sheet_name, row_no, column_no, cell
from figure_cells($id)
order by reporter_code, period_start_date, file_id, row_no, column_no
"""

MISSING = """
select m.reporter_code, coalesce(s.school_name, u.unit_name) as reporter_name, m.period_start_date
from fct_attainment_members as m
left join dim_schools as s on m.reporter_code = s.school_code
left join dim_units as u on m.reporter_code = u.unit_code
where m.commitment_id = $id
qualify m.numerator is null or m.period_start_date < max(m.period_start_date) over ()
order by m.period_start_date nulls first, m.reporter_code
"""

PROJECTS_MISSING = """
select p.project_name
from fct_milestones as p
where p.commitment_id in (select milestone_id from figure_milestones($id)) and not p.is_reported
order by p.commitment_id, p.project_no
"""

CONTRIBUTES = """
with used as (select commitment_id, count(*) as cells from cell_figures($file, null) group by all)
select c.commitment_id, coalesce(used.cells, 0) as cells, a.light, a.status, c.quote
from fct_commitments as c
inner join fct_attainments as a on c.commitment_id = a.commitment_id
inner join dim_documents as d on c.document_id = d.document_id
left join used on c.commitment_id = used.commitment_id
where used.commitment_id is not null or d.file_id = $file
order by c.document_id, c.start_offset, c.commitment_id
"""


class TraceError(Exception):
    """Nothing to trace; the message is Chinese and says what to do."""


def trace(release: Release, figure: str) -> list[str]:
    """Lines for people about one figure: a commitment's id (or its first four or more letters), or a file.

    A file is a path on this machine (found by its content) or the name under which it was received. Raises TraceError.
    """
    with connect(release) as con:
        con.execute("use marts")
        file = _file(con, figure)
        return _file_lines(con, file) if file else _commitment_lines(con, _commitment_id(con, figure))


def _rows(con: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[dict[str, Any]]:
    found = con.execute(sql, values)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _file(con: duckdb.DuckDBPyConnection, figure: str) -> dict[str, Any] | None:
    path = Path(figure)
    if path.is_file():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found = _rows(con, "select * from fct_files where sha256 = $sha order by file_id desc", sha=digest)
        if not found:
            raise TraceError(f"文件“{path.name}”的内容没有被接收过：请先放入收件箱并运行 duban refresh")
        return found[0]
    found = _rows(con, "select * from fct_files where file_name = $name order by file_id", name=figure)
    if len(found) > 1:
        raise TraceError(f"有 {len(found)} 份接收记录都叫“{figure}”：请改用文件路径，按内容查找")
    if not found and (path.suffix or "/" in figure):
        raise TraceError(f"没有接收过文件“{figure}”：请核对文件名，或给出本机上的路径")
    return found[0] if found else None


def _commitment_id(con: duckdb.DuckDBPyConnection, figure: str) -> str:
    if len(figure) < LEAST_PREFIX:
        raise TraceError(f"承诺编号“{figure}”太短：请至少给出前 {LEAST_PREFIX} 位")
    sql = "select commitment_id from fct_commitments where starts_with(commitment_id, $id) order by 1"
    found = [row["commitment_id"] for row in _rows(con, sql, id=figure)]
    if figure in found:
        return figure
    if not found:
        raise TraceError(f"没有编号以“{figure}”开头的承诺：编号见看板或 duban review list")
    if len(found) > 1:
        raise TraceError(f"“{figure}”对应 {len(found)} 项承诺，请多给几位：{'、'.join(found[:5])}")
    return found[0]


def _commitment_lines(con: duckdb.DuckDBPyConnection, commitment_id: str) -> list[str]:
    (row,) = _rows(con, COMMITMENT, id=commitment_id)
    lines = [
        f"承诺 {commitment_id}  {row['light']} {row['status']}（评价日期 {row['evaluation_date']}）",
        f"原文：{row['quote']}",
        f"出处：{row['file_name']}  {row['item_path'] or '未分项'}  {row['locator'] or ''}  "
        f"第 {row['start_offset']}–{row['end_offset']} 字",
        f"目标：{_target(row)}，{row['deadline'] or '未定时限'}前",
        f"公式：{_formula(row)}",
        f"时期：{_month(row['period_start_date']) or '尚无数据'}",
    ]
    if row["reason"]:
        lines.append(f"说明：{row['reason']}")
    if row["is_restated"]:
        lines.append(f"本项重复表述 {row['root_commitment_id']}，以下为主项的数据")
    judged = row["root_commitment_id"] if row["is_restated"] else commitment_id
    return lines + _cell_lines(con, judged, row) + _missing_lines(con, judged)


def _target(row: dict[str, Any]) -> str:
    if row["judged_target"] is None:
        return row["output"] or row["number_text"] or "未写明数值"
    high = f"至 {_number(row['judged_high'])}" if row["judged_high"] is not None else ""
    base = f"（基数 {_number(row['baseline_value'])}）" if row["baseline_value"] is not None else ""
    return f"{SHOWN[row['judged_operator']]} {_number(row['judged_target'])}{high}{row['judged_unit'] or ''}{base}"


def _formula(row: dict[str, Any]) -> str:
    if row["actual_value"] is None:
        return "没有可计算的数据"
    value = f"{_number(row['actual_value'])}{row['judged_unit'] or ''}"
    name = f"{row['indicator_name']} = " if row["indicator_name"] else ""
    if row["actual_denominator"] is not None:
        return f"{name}Σ分子 {_number(row['actual_numerator'])} ÷ Σ分母 {_number(row['actual_denominator'])} = {value}"
    how = {"coefficient_of_variation": "差异系数", "per_place_min": "各地最小值"}.get(row["aggregation"] or "", "合计")
    return f"{name}{how} {value}"


def _cell_lines(con: duckdb.DuckDBPyConnection, commitment_id: str, row: dict[str, Any]) -> list[str]:
    cells = _rows(con, CELLS, id=commitment_id)
    if not cells:
        counted = (row["numerator_terms"] or "") == "school_count" and row["actual_value"] is not None
        return ["依据：按学校名册计数，没有报表单元格" if counted else "依据：没有可用的单元格"]
    return [f"依据：{len(cells)} 个单元格", *(_cell_line(c) for c in cells)]


def _cell_line(cell: dict[str, Any]) -> str:
    who = cell["reporter_name"] or cell["reporter_code"]
    sheet = f"【{cell['sheet_name']}】" if cell["sheet_name"] else " "
    what = f"{cell['part']} {cell['element_name']}：{cell['raw_text']}"
    return f"  {who}  {_month(cell['period_start_date'])}  {cell['file_name']}{sheet}{cell['cell']}  {what}"


def _missing_lines(con: duckdb.DuckDBPyConnection, commitment_id: str) -> list[str]:
    lines = [
        f"  {m['reporter_name'] or m['reporter_code']}（{m['reporter_code']}）："
        + (
            f"未报最近一期，沿用 {_month(m['period_start_date'])} 的数据"
            if m["period_start_date"]
            else "从未报送，未计入"
        )
        for m in _rows(con, MISSING, id=commitment_id)
    ]
    lines += [f"  项目“{p['project_name']}”：没有进度记录" for p in _rows(con, PROJECTS_MISSING, id=commitment_id)]
    return [f"缺少：{len(lines)} 项", *lines] if lines else ["缺少：无"]


def _file_lines(con: duckdb.DuckDBPyConnection, file: dict[str, Any]) -> list[str]:
    found = _rows(con, CONTRIBUTES, file=file["file_id"])
    lines = [f"文件 {file['file_name']}（编号 {file['file_id']}，{file['received_at']} 收到，{file['file_state']}）"]
    if file["reason"]:
        lines.append(f"说明：{file['reason']}")
    if not found:
        return [*lines, "当前版本没有承诺用到这份文件：可能已被后来的报送替换，或被隔离，或没有指标用到其中的项目"]
    lines.append(f"涉及 {len(found)} 项承诺：")
    for row in found:
        used = f"{row['cells']} 个单元格" if row["cells"] else "写在其中"
        lines.append(f"  {row['commitment_id']}  {row['light']} {row['status']}  {used}  {row['quote']}")
    return lines


def _number(value: Any) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _month(day: Any) -> str:
    return f"{day:%Y年%-m月}" if day else ""
