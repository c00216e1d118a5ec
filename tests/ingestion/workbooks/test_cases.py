"""Bad inputs and what becomes of each: a table of cases, each with the test that shows it.

The table is the index; the tests stand where their subject is. `<module>::<test>`, modules below tests/.
"""

from __future__ import annotations

import ast
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.ingestion.workbooks.building import KINDERGARTEN, Home, template_rows, xlsx

TESTS = Path(__file__).resolve().parents[2]
WORKBOOKS = "ingestion/workbooks/"
GATES = "ingestion/gates/test_gates"
BAD, LAYOUTS, VALUES = f"{WORKBOOKS}test_bad_files", f"{WORKBOOKS}test_layouts", f"{WORKBOOKS}test_values"
INTAKE, OTHERS, ARRIVALS = f"{WORKBOOKS}test_intake", f"{WORKBOOKS}test_other_formats", "ingestion/test_arrivals"

ODD, PRIVACY = f"{WORKBOOKS}test_odd_xml", f"{WORKBOOKS}test_privacy"
REREADING, PARTS = f"{WORKBOOKS}test_rereading", f"{WORKBOOKS}test_sheet_parts"

CASES = {
    "压缩炸弹、假的压缩头：拒收": f"{BAD}::test_zip_bombs_lying_headers_and_floods_of_members_are_refused",
    "压缩率高的正常文件：照收": f"{BAD}::test_an_honest_file_that_packs_well_is_read",
    "任一部件含 DOCTYPE：拒收": f"{BAD}::test_a_doctype_in_any_part_is_refused",
    "A1 与 XFD1048576 都有内容：拒收": f"{BAD}::test_a_far_cell_is_refused_before_any_reader_allocates_the_sheet",
    "不写地址的远处单元格：拒收": f"{BAD}::test_a_far_cell_without_its_own_address_is_refused_by_its_row",
    "dimension 标签写错：不丢行": f"{BAD}::test_a_wrong_dimension_tag_loses_no_row",
    "大量带格式的空行：照收": f"{BAD}::test_many_blank_formatted_rows_are_no_reason_to_refuse",
    "宏、加密、HTML、PDF、et、wps、ofd：说明是什么": f"{BAD}::test_what_is_no_workbook_is_named_for_what_it_is",
    "DDE 与外部链接：只作文字，不取外部内容": f"{WORKBOOKS}test_cases::test_commands_and_links_in_cells_are_only_text",
    "扩展名 xls 的 csv：按 csv 读": f"{BAD}::test_an_xls_that_is_really_csv_is_read_as_csv",
    "合并的多行表头": f"{LAYOUTS}::test_a_header_over_two_rows_is_read_by_its_paths",
    "横排的表": f"{LAYOUTS}::test_a_table_that_runs_across_lands_like_one_that_runs_down",
    "隐藏和深度隐藏的工作表：跳过并记录": f"{INTAKE}::test_hidden_sheets_are_skipped_and_notes_are_no_stop",
    "隐藏的行：保留并存疑": f"{LAYOUTS}::test_hidden_rows_are_kept_and_doubted",
    "隐藏的列：保留并存疑": f"{OTHERS}::test_hidden_columns_are_kept_and_doubted",
    "全角、千分位、百分号、全角负号": f"{VALUES}::test_golden_values",
    "缺失、不适用、空和真零：分开": f"{INTAKE}::test_missing_unknown_and_zero_are_kept_apart",
    "错误值、无结果的公式": f"{INTAKE}::test_error_cells_and_formulas_without_a_value_are_findings_not_blanks",
    "xls、xlsb、ods 的错误值：列为问题": f"{OTHERS}::test_error_cells_of_other_formats_are_no_silent_blanks",
    "程序写入、未计算的 0：存疑": f"{LAYOUTS}::test_a_zero_that_no_program_computed_is_doubted",
    "1904 日期系统": f"{VALUES}::test_dates_of_both_excel_epochs",
    "报告期的各种写法": f"{BAD}::test_periods_as_people_write_them",
    "身份证号：整份隔离": f"{LAYOUTS}::test_an_identity_number_anywhere_holds_the_sheet_without_its_content",
    "0.953、95.3、95.3%": f"{LAYOUTS}::test_percentages_written_as_fractions",
    "表头里的万元、万人": f"{INTAKE}::test_units_in_headers_are_converted_and_a_missing_unit_stops_the_file",
    "负数、超限、部分大于总体": f"{GATES}::test_each_rule_finds_its_planted_error_and_nothing_else_does",
    "合计行：核对后不入库": f"{INTAKE}::test_a_total_row_is_checked_then_ignored",
    "小计行：按各自的部分核对": f"{LAYOUTS}::test_subtotals_within_the_data_are_checked_by_their_part",
    "未登记、已撤销、重名的学校：逐行隔离": f"{INTAKE}::test_unknown_closed_and_ambiguous_schools_are_held_row_by_row",
    "名称与代码不是同一单位：存疑": f"{OTHERS}::test_a_name_that_is_anothers_is_doubted_and_the_code_decides",
    "未来的报告期：隔离": f"{INTAKE}::test_periods_in_the_future_hold_the_rows",
    "姓名、手机等列：整份隔离": f"{INTAKE}::test_a_file_of_persons_is_held_without_its_content",
    "多出、缺少的列：列明两边": f"{INTAKE}::test_an_unmapped_or_missing_column_stops_the_file_with_both_sets_named",
    "列的顺序和年份版本变化：按名称识别": f"{INTAKE}::test_columns_are_found_by_name_whatever_their_order_and_version",
    "同表下方另有一张表：各按各的表样读": f"{PARTS}::test_a_table_of_another_form_below_is_read_with_its_own_places",
    "GBK、GB18030 四字节、BOM、UTF-16、制表符、分号": f"{INTAKE}::test_csv_in_every_encoding_reads_like_xlsx",
    "Big5": f"{OTHERS}::test_double_byte_text_is_told_apart_by_its_common_characters",
    "乱码、U+FFFD、NUL：拒收": f"{BAD}::test_broken_text_is_refused",
    "只有 CR 的换行": f"{BAD}::test_every_line_ending_gives_the_same_rows",
    "参差不齐的行和超长的行": f"{BAD}::test_ragged_rows_and_a_very_long_line_are_read",
    "只有标题": f"{BAD}::test_title_only_and_unknown_forms_are_named",
    "只有表头、空表": f"{INTAKE}::test_empty_forms_and_header_only_forms_are_empty_not_zero",
    "截断": f"{BAD}::test_truncated_workbooks_are_refused",
    "位翻转": f"{BAD}::test_flipped_bits_never_raise",
    "使解析程序崩溃的文件：只停一个子进程": f"{BAD}::test_a_workbook_that_aborts_the_parser_takes_only_its_own_child",
    "恶意文件名：只当标签": f"{ARRIVALS}::test_a_hostile_name_is_only_a_label",
    "符号链接、管道、文件夹：拒收": f"{ARRIVALS}::test_links_pipes_folders_and_giants_are_refused_with_a_reason",
    "没有传完的文件：等下一次": f"{ARRIVALS}::test_a_file_still_being_written_waits_for_the_next_look",
    "重复、更正、重报": f"{INTAKE}::test_a_resubmission_supersedes_and_a_broken_one_does_not",
    "部分更正": f"{OTHERS}::test_a_partial_correction_replaces_only_the_cells_it_gives",
    "命名空间前缀、不写地址、反斜杠路径、严格格式、缺样式：照读": f"{ODD}::test_the_same_cells_are_read",
    "各种写法的错误值和无结果公式：不是空白": f"{ODD}::test_no_error_and_no_formula_without_a_value_is_a_blank",
    "缺文本表、缺关系、UTF-16 的部件：拒收": f"{ODD}::test_what_cannot_be_read_whole_is_refused",
    "UTF-16 无 BOM、UTF-32、sep= 首行、Excel 2003 XML": f"{ODD}::test_texts_of_every_width_are_read_or_refused",
    "不在 worksheets 下的工作表：同样检查": f"{BAD}::test_a_sheet_is_checked_wherever_the_workbook_keeps_it",
    "交给解析程序的就是检查过的字节": f"{BAD}::test_the_reader_sees_the_bytes_that_were_checked",
    "个人名单：限制读取，到期清除，只留校验值": f"{PRIVACY}::test_after_its_term_only_the_hash_stays",
    "个人信息不入库、不进日志": f"{PRIVACY}::test_nothing_of_a_person_is_landed_or_logged",
    "收件夹里删掉的文件：仍算已收": f"{REREADING}::test_what_leaves_the_inbox_stays_received",
    "公开表格的隐去记号和脚注": "ingestion/forms/test_public_tables::test_a_uk_census_file_with_rows_of_other_levels",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_its_test(case: str) -> None:
    module, _, name = CASES[case].partition("::")
    tree = ast.parse((TESTS / f"{module}.py").read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_commands_and_links_in_cells_are_only_text(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    command = "=cmd|'/c calc'!A0"
    book = openpyxl.load_workbook(io.BytesIO(xlsx(template_rows("kindergarten", KINDERGARTEN))))
    sheet = book.worksheets[0]
    sheet["D4"] = command
    sheet["D4"].data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    linked = io.BytesIO(stream.getvalue())
    dde = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    with zipfile.ZipFile(linked, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", dde)
    home.put("a.xlsx", linked.getvalue())
    home.take_in()
    assert home.findings() == [("KG001", "D4")]
    assert home.landing.read("intake__findings")["raw_value"].to_list() == [command]
