"""Everything that can be wrong with form.toml, each with its place and what to write instead.

Here: words. Not here: the tables of the form (form_checking.py).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingestion.config.rules import STAGES
from ingestion.workbooks.containers import Refused
from ingestion.workbooks.form_texts import file_text
from ingestion.workbooks.forms import CODE, COUNTED_FROM, FREQUENCIES, split_words

NEEDED = ("code", "name", "reporter_type", "stages", "record_key", "rhythm")
KNOWN = (*NEEDED, "code_digits", "marks", "rows", "columns")
RHYTHM = ("frequency", "due_days", "lock_days", "counted_from", "period_column")
_WIDE_SIGNS = str.maketrans("\u201c\u201d\u2018\u2019\uff0c\uff1d\u3010\u3011\uff3b\uff3d", "\"\"'',=[][]")


def read_toml(path: Path, problems: list[str]) -> dict[str, Any]:
    """The file's content; {} with a problem said where it cannot be read."""
    try:
        text = file_text(path)
    except OSError:
        problems.append(f"{path.name}：没有这个文件，请从原来的表样或 duban form new 写出的文件夹补上")
        return {}
    except Refused as refused:
        problems.append(f"{path.name}：{refused.message}，请用记事本另存为 UTF-8")
        return {}
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path.name} {_place(str(error), text)}")
        return {}


def _place(error: str, text: str) -> str:
    """Where a file of TOML breaks, and why as a person would see it."""
    found = re.search(r"line (\d+), column (\d+)", error)
    number = int(found[1]) if found else len(text.splitlines())
    lines = text.splitlines()
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    if "Cannot overwrite" in error or "declare" in error:
        return f"第{number}行：“{line.strip()[:60]}”与前面重复，请只留一处"
    bare = line.split("#", 1)[0]
    if bare.translate(_WIDE_SIGNS) != bare:
        return f"第{number}行：“{line.strip()[:60]}”里有全角的引号、逗号或等号，请改成半角"
    return f'第{number}行：“{line.strip()[:60]}”写法不对：文字要放在半角引号里，几个词写成 ["甲", "乙"]，一行一项'


def toml_problems(toml: dict[str, Any], codes: set[str]) -> Iterator[str]:
    """What is wrong with the content, given the codes of elements.csv."""
    for name in NEEDED:
        if name not in toml:
            yield f"form.toml：缺少 {name}"
    for name in sorted(set(toml) - set(KNOWN)):
        yield f"form.toml：不认识 {name}{_meant(name, KNOWN)}"
    yield from _head_problems(toml, codes)
    yield from _rhythm_problems(toml.get("rhythm", {}), codes)
    yield from _word_lists(toml, codes)


def _meant(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"，是不是 {near[0]}？" if near else f"；可以写的有 {' '.join(known)}"


def _head_problems(toml: dict[str, Any], codes: set[str]) -> Iterator[str]:
    code, name, stages = toml.get("code", "a"), toml.get("name", "a"), toml.get("stages", [])
    if not isinstance(code, str) or not re.fullmatch(CODE, code):
        yield f"form.toml：code“{code}”只能用小写字母、数字和下划线，字母开头"
    if not isinstance(name, str) or not name.strip():
        yield 'form.toml：name 应为表样的中文名称，例如 name = "幼儿园统计月报表"'
    if not _is_words(stages):
        yield 'form.toml：stages 应写成 ["小学", "初中"]；全部学段写 []'
    else:
        for stage in [stage for stage in stages if stage not in STAGES]:
            yield f"form.toml：stages 里的“{stage}”不是学段，应为 {' '.join(STAGES)} 之一"
    kind = toml.get("reporter_type", "school")
    if kind not in ("school", "unit"):
        yield f"form.toml：reporter_type“{kind}”应为 school（一行一所学校）或 unit（科室等单位填报）"
    if kind == "school" and codes and not codes & {"school_code", "school_name"}:
        yield "form.toml：reporter_type 是 school，但 elements.csv 里没有 school_code 或 school_name"
    yield from _key_problems(toml.get("record_key", ""), kind, codes)
    digits = toml.get("code_digits", 0)
    if type(digits) is not int or not 0 <= digits <= 30:
        yield f"form.toml：code_digits“{digits}”应为学校代码的位数，例如 code_digits = 6"


def _key_problems(key: Any, kind: Any, codes: set[str]) -> Iterator[str]:
    if not isinstance(key, str):
        yield f'form.toml：record_key“{key}”应为文字，几列用 | 隔开，例如 record_key = "grade|sex"'
        return
    for code in [code for code in split_words(key) if code not in codes]:
        yield f"form.toml：record_key 里的 {code} 不在 elements.csv 中{_near(code, codes)}"
    if kind == "unit" and not split_words(key):
        yield "form.toml：record_key 应为 elements.csv 中的一列，用来区分同一单位的各行"


def _near(code: str, codes: set[str]) -> str:
    near = difflib.get_close_matches(code, sorted(codes), 1)
    return f"，是不是 {near[0]}？" if near else ""


def _rhythm_problems(rhythm: Any, codes: set[str]) -> Iterator[str]:
    if not isinstance(rhythm, dict):
        yield "form.toml：rhythm 应单独成段，先写一行 [rhythm]，下面写 frequency、due_days、lock_days"
        return
    for name in sorted(set(rhythm) - set(RHYTHM)):
        yield f"form.toml [rhythm]：不认识 {name}{_meant(name, RHYTHM)}"
    if rhythm.get("frequency") not in FREQUENCIES:
        yield f"form.toml [rhythm]：frequency“{rhythm.get('frequency', '')}”应为 {' '.join(FREQUENCIES)} 之一"
    if rhythm.get("counted_from", COUNTED_FROM[0]) not in COUNTED_FROM:
        yield f"form.toml [rhythm]：counted_from“{rhythm['counted_from']}”应为 {' '.join(COUNTED_FROM)} 之一"
    days = [rhythm.get(name) for name in ("due_days", "lock_days")]
    for name, value in zip(("due_days", "lock_days"), days, strict=True):
        if type(value) is not int or value < 0:
            yield f"form.toml [rhythm]：{name} 应为不小于 0 的整数（天），现为“{'' if value is None else value}”"
    if all(type(value) is int for value in days) and days[1] < days[0]:  # pyright: ignore[reportOptionalOperand]
        yield f"form.toml [rhythm]：lock_days {days[1]} 小于 due_days {days[0]}，还没到期就锁定了"
    column = rhythm.get("period_column", "")
    if column and column not in codes:
        yield f"form.toml [rhythm]：period_column“{column}”不在 elements.csv 中{_near(str(column), codes)}"


def _word_lists(toml: dict[str, Any], codes: set[str]) -> Iterator[str]:
    for section, example in (
        ("marks", '隐去 = ["c", "*"]'),
        ("rows", 'level = ["School"]'),
        ("columns", "ignored = []"),
    ):
        content = toml.get(section, {})
        if not isinstance(content, dict):
            yield f"form.toml：{section} 应单独成段，先写一行 [{section}]，下面写 {example}"
            continue
        for name, words in content.items():
            if not _is_words(words) or not (words or section == "columns"):
                yield f"form.toml [{section}]：{name} 应为一串文字，例如 {example}"
            if section == "rows" and name not in codes:
                yield f"form.toml [rows]：{name} 不在 elements.csv 中{_near(name, codes)}"
            if section == "columns" and name != "ignored":
                yield f"form.toml [columns]：不认识 {name}，这里只写 ignored"
    marks = toml.get("marks", {})
    seen: dict[str, str] = {}
    for reason, words in marks.items() if isinstance(marks, dict) else ():
        for mark in words if isinstance(words, list) else ():
            if seen.setdefault(str(mark), reason) != reason:
                yield f"form.toml [marks]：“{mark}”同时写在 {seen[str(mark)]} 和 {reason}，请只留一处"


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)
