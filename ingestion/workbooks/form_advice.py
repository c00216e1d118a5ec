"""What a person should look at in a proposed form, in Chinese: the doubtful guesses first, then how to edit the files.

Here: texts. Not here: the files that are read (form_writing.py).
"""

from __future__ import annotations

from ingestion.workbooks.form_guessing import Guess
from ingestion.workbooks.form_proposing import Proposal

UNKNOWN_FREQUENCY = "月"

_GUIDE = """四个文件用记事本或 Excel 打开修改，存回 CSV 即可（UTF-8、GBK 都行）。改完运行
`duban form check 文件夹`，再用
`duban check 样表文件` 看读出来的结果；这两步都不会入库。放在 DUBAN_HOME/forms/ 下的表样自动生效。

| 文件 | 一行是什么 | 常改的 |
|---|---|---|
| form.toml | 整张表 | 名称、频次、学段、记号、收哪些行、不收哪些列 |
| elements.csv | 一个指标 | element_name 中文名；data_type；unit；behaviour |
| columns.csv | 一个年度的模板 | 表头改了名：加一行，template_version 写年度；同义的写法用 \\| 隔开 |
| rules.csv | 一条校验 | 级别、范围、提示语；status 填“试运行”只看不拦，“停用”不用 |

- element_code 只用小写字母、数字和下划线，字母开头。改它时 columns.csv 的列名、rules.csv 和 form.toml 一起改。
- 学校代码那一列必须叫 school_code，学校名称叫 school_name。
- data_type：integer 整数、decimal 小数、flag 是否、text 文字、date 日期、enum 只能填 allowed_values
  中的词（用 | 隔开）。
- unit：元、人、个、平方米、% 等；表头写“（万元）”的会换算成元。
- behaviour：stock 时点数、flow 期间数（全年相加）、survey 调查数、cumulative 累计数。
- 不要的列：从 elements.csv、columns.csv、rules.csv 删去，并把表头写进 form.toml 的 [columns] ignored。

## 长表：一列数，别的列说明它是什么

例如“年级、性别、人数”三列。想让“一年级男生数”成为一个指标，加一个文件 choices.csv：

    element_code,value_element,grade,sex
    grade1_male,student_count,Grade 1,Male
    grade1_female,student_count,Grade 1,Female

value_element 是放数的那一列；后面各列写这一行的词，几个词用 | 隔开，空着表示不论。element_code 要在 elements.csv 中有，
columns.csv 中不写。没有写到的行不收，并写明原因。这时 record_key 留空。

"""


def is_school_form(proposal: Proposal) -> bool:
    """Whether a row is about a school."""
    return bool({c.code for c in proposal.guess.columns} & {"school_code", "school_name"})


def advice(proposal: Proposal) -> list[str]:
    """What to look at first, the most doubtful first."""
    return [text for text in (*_of_table(proposal), *_of_guess(proposal.guess)) if text]


def guide(proposal: Proposal) -> str:
    """The page beside the form's files: what to look at, then which file says what."""
    points = "\n".join(f"{number}. {text}" for number, text in enumerate(advice(proposal), start=1))
    return f"# 怎样修改这个表样\n\n先看：\n\n{points or '没有特别要看的。'}\n\n{_GUIDE}"


def _of_table(proposal: Proposal) -> list[str]:
    is_dated = proposal.guess.period_column or proposal.has_period
    others = "、".join(proposal.others)
    return [
        f"表里有个人信息的列（{'、'.join(proposal.private)}）：这样的表整份隔离，不入库，请改用汇总表。"
        if proposal.private
        else "",
        ""
        if is_school_form(proposal)
        else "没有找到学校代码或学校名称的列，按单位填报处理。若一行是一所学校，请把那一列的代码改为 school_code 或 "
        "school_name（elements.csv、columns.csv、rules.csv），并把 form.toml 的 reporter_type 改为 school。",
        "" if proposal.frequency else f"看不出多久报一次：form.toml 的 frequency 暂填“{UNKNOWN_FREQUENCY}”，请改。",
        "" if is_dated else "表里没有报告期：交表时写 duban submit 文件 --period 2020-2021学年，或写进文件名。",
        "学校在表中横着排：已按每列一所学校理解。" if proposal.is_across else "",
        f"工作簿里还有别的表（{others}）：用 --sheet 指定工作表，各做一个表样。" if others else "",
    ]


def _of_guess(found: Guess) -> list[str]:
    kept = "；".join(f"{code} 为 {'、'.join(words).replace('*', '任何内容')}" for code, words in found.kept.items())
    marks = "；".join(f"{reason}：{' '.join(words)}" for reason, words in found.marks.items())
    return [
        f"每行的报告期取自 {found.period_column} 一列，按“{found.frequency}”理解。" if found.period_column else "",
        f"一所学校有多行，用 {'、'.join(found.record_keys)} 区分（record_key）。想把每种行各作一个指标，见下面“长表”。"
        if found.record_keys
        else "",
        f"其中 {'、'.join(found.sums[:6])} 像是其他各行的合计：用 [rows] 只留明细，以免重复相加。"
        if found.sums
        else "",
        f"表里还有地区、合计等行，只收这些行：{kept}。" if kept else "",
        f"代替数值的记号按通常的意思归了类，请对照原表的注核对（{marks}）。" if marks else "",
        f"学校代码按 {found.code_digits} 位，不足的前面补 0。" if found.code_digits else "",
        f"这些列像联系方式，暂不收：{'、'.join(found.ignored)}。" if found.ignored else "",
    ]
