"""催报名单: who owes which report since when, grouped by whoever has to be reminded.

Reads a release only. Who owes what is decided in SQL (fct_submissions); here the day it is asked for is applied: a
report that came after that day was still owed on it, one not yet due on the evaluation date may be owed by then.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from ingestion.releases import Release, connect

if TYPE_CHECKING:
    import polars as pl

HEADINGS = (
    "地区", "填报单位", "单位代码", "报表", "报告期", "应报截止", "状态", "逾期天数", "欠报期数", "要做什么",
)  # fmt: skip
_OWED = """
with expected as (
    select *, cast(received_at + interval 8 hour as date) as received_date
    from fct_submissions
    where is_expected and due_date < $as_of
),
owed as (
    select *, case
        when submission_state in ('隔离', '空表', '待解锁') and received_date <= $as_of then submission_state
        else '未报'
    end as state_then
    from expected
    where submission_state in ('未报', '未到期', '隔离', '空表', '待解锁') or received_date > $as_of
)
select
    regions.region_name as "地区", coalesce(schools.school_name, units.unit_name, owed.reporter_code) as "填报单位",
    owed.reporter_code as "单位代码", forms.form_name as "报表", owed.period_start_date as "报告期",
    owed.due_date as "应报截止", owed.state_then as "状态", cast($as_of - owed.due_date as integer) as "逾期天数",
    cast(count(*) over (partition by owed.reporter_code, owed.form_code) as integer) as "欠报期数",
    case owed.state_then
        when '未报' then '请填报并报送' when '隔离' then '已报但被隔离：请按问题清单改正后重新报送（duban corrections）'
        when '空表' then '收到的是空表：请填写数据后重新报送；确无数据请填 0 或申请免报'
        else '锁定后报送：请教育局解锁（duban unlock）'
    end as "要做什么"
from owed
left join dim_forms as forms on owed.form_code = forms.form_code
left join dim_schools as schools on owed.reporter_code = schools.school_code
left join dim_units as units on owed.reporter_code = units.unit_code
left join dim_regions as regions on owed.region_code = regions.region_code
where ($form = '' or owed.form_code = $form)
    and ($region = '' or owed.region_code in (
        select descendant_region_code from bridge_region_descendants where ancestor_region_code = $region
        union all select $region))
order by regions.region_name nulls last, "填报单位", owed.due_date, "报表"
"""


def owed_reports(release: Release, as_of: date, *, form: str = "", region: str = "") -> pl.DataFrame:
    """One row a report that is owed on the day, with the columns of HEADINGS; rows of a reporter stand together."""
    with connect(release) as con:
        con.execute("set schema = 'marts'")
        return con.sql(_OWED, params={"as_of": as_of, "form": form, "region": region}).pl()


def reminder_workbook(owed: pl.DataFrame, title: str) -> bytes:
    """The list as a workbook: a row a report, the reporter written once for all it owes."""
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_numbers": False})
    sheet = book.add_worksheet("催报名单")
    bold, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_row(1, 0, HEADINGS, bold)
    before = None
    for number, row in enumerate(owed.iter_rows(), start=2):
        for column, value in enumerate(row):
            if value is None or (column < 3 and row[2] == before):
                continue
            if isinstance(value, date):
                sheet.write_datetime(number, column, datetime.combine(value, time()), day)
            else:
                sheet.write(number, column, value)
        before = row[2]
    for column, width in enumerate((12, 26, 14, 22, 12, 12, 8, 10, 10, 44)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(2, 0)
    book.close()
    return stream.getvalue()
