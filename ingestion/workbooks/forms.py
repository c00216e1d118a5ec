"""Forms read from their folders: template versions, elements, rhythm and rules. A new year is a row of columns.csv.

Here: loading, checking and the header vocabulary. Not here: reading workbooks (reader.py), running rules (gates/).
Sandboxed children import this module: no polars.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.workbooks.form_texts import file_text, read_table

FORMS_FOLDER = Path(__file__).resolve().parent.parent / "forms"
LIBRARY_FOLDER = FORMS_FOLDER / "library"  # ready-made, in force once a bureau takes them: duban form add
DATA_TYPES = ("integer", "decimal", "flag", "text", "date", "enum")
BEHAVIOURS = ("stock", "flow", "survey", "cumulative")
SEVERITIES = ("结构", "有效性", "可疑", "宏观")
ON_TRIAL = "试运行"
FREQUENCIES = ("次", "月", "季", "学期", "学年", "年")
COUNTED_FROM = ("期末", "首日")
CODE = r"[a-z][a-z0-9_]*"  # of a form and of an element
ANY_WORD = "*"  # in [rows]: whatever is filled in; in [columns] ignored: every other column
# How many stored units one written unit is.
UNIT_SCALES = {
    ("万元", "元"): 10_000, ("亿元", "元"): 100_000_000, ("千元", "元"): 1_000, ("万人", "人"): 10_000,
    ("千人", "人"): 1_000, ("亩", "平方米"): None, ("万平方米", "平方米"): 10_000, ("分钟", "小时"): None,
}  # fmt: skip
UNIT_SYNONYMS = {"㎡": "平方米", "m2": "平方米", "名": "人", "人次": "人次", "人民币元": "元", "所": "所", "班": "个"}


class FormError(Exception):
    """A form's folder is wrong; `problems` lists each with file and row."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("表样定义有误，请改正（duban form check 文件夹）或移走该文件夹：\n" + "\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Element:
    code: str
    name: str
    data_type: str
    unit: str
    behaviour: str
    is_key: bool
    allowed: tuple[str, ...]

    @property
    def is_number(self) -> bool:
        return self.data_type in {"integer", "decimal", "flag"}


@dataclass(frozen=True)
class Template:
    """One template version. `headers` maps an element to its accepted headers, the template's own first."""

    version: str
    table_number: str
    title: str
    headers: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Rule:
    code: str
    severity: str
    kind: str
    elements: tuple[str, ...]
    parameters: dict[str, str]
    message: str
    fix: str
    is_active: bool = True  # a rule on trial is judged over history only


@dataclass(frozen=True)
class Choice:
    """In a long table, what the number in the column `value` is where every column of `where` says one of its words."""

    element: str
    value: str
    where: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Form:
    code: str
    name: str
    reporter_type: str
    stages: tuple[str, ...]
    frequency: str
    due_days: int
    lock_days: int
    is_counted_from_start: bool  # due and lock days of a snapshot count from the period's first day
    record_keys: tuple[str, ...]  # what tells the rows of one reporter apart
    elements: dict[str, Element]
    templates: tuple[Template, ...]
    rules: tuple[Rule, ...]
    marks: dict[str, str]  # what stands in a cell instead of a value, and the reason it stands for
    kept_rows: dict[str, tuple[str, ...]]  # only rows that say one of these words in this column are the form's
    ignored_headers: frozenset[str] = frozenset()  # normal names of columns that are there and not wanted
    period_column: str = ""  # the element that says each row's period, where the head does not
    code_digits: int = 0  # of a school code, whose leading zeros a spreadsheet drops
    choices: tuple[Choice, ...] = ()

    @property
    def keys(self) -> set[str]:
        """Elements that say what a row is about."""
        return {"school_code", "school_name", *self.record_keys, *filter(None, [self.period_column])}

    @property
    def value_elements(self) -> list[Element]:
        """The elements whose cells become values: all but those that say what a row is about."""
        return [e for e in self.elements.values() if e.code not in self.keys]


def normalise(text: str) -> str:
    """A header or name without what people vary: width, white space, quotation marks, bracket shapes.

    >>> normalise(" 教育装备值 （万元） ")
    '教育装备值(万元)'
    """
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s“”\"'‘’\u200b-\u200f\u202a-\u202e\ufeff*]+", "", text)


def split_header(text: str) -> tuple[str, str]:
    """A header as (name, unit); the unit is '' where none is written.

    >>> split_header("总投资（万元）")
    ('总投资', '万元')
    """
    text = normalise(text)
    if not text.endswith(")"):
        return text, ""
    match = re.fullmatch(r"(.+?)\((?:单位[::])?([^()]{1,6})\)", text)
    if match and is_unit(match[2]):
        return match[1], UNIT_SYNONYMS.get(match[2], match[2])
    return text, ""


def is_unit(text: str) -> bool:
    return bool(
        re.fullmatch(
            r"[万亿千]?(元|人|人次|名|个|所|班|间|项|小时|分钟|平方米|亩|%|本|册|台|㎡|m2|辆|天|节|课时|张|件|套|位)",
            text,
        )
    )


def unit_scale(written: str, stored: str) -> int | None:
    """The factor from the written unit to the stored one; None where they do not fit each other."""
    if written == stored or not written or not stored:
        return 1
    return UNIT_SCALES.get((written, stored))


def load_forms(folder: Path = FORMS_FOLDER, extra: Path | None = None) -> dict[str, Form]:
    """Every form below `folder` by code, and those of a bureau below `extra`, which replace shipped ones of the same
    code. FormError lists all that is wrong at once."""
    from ingestion.workbooks.form_checking import data_problems

    problems: list[str] = []
    forms = {}
    for path in _form_files(folder, extra):
        wrong = data_problems(path.parent)
        if wrong:
            problems += [f"{path.parent.name}/{problem}" for problem in wrong]
            continue
        form = load_form(path.parent)
        forms[form.code] = form
    if problems:
        raise FormError(problems)
    return forms


def forms_digest(folder: Path = FORMS_FOLDER, extra: Path | None = None) -> str:
    """One hash of all form data: a change means that landed workbooks are read again."""
    digest = hashlib.sha256()
    for root in filter(None, (folder, extra)):
        for path in sorted(root.glob("*/*")):
            if path.is_file():
                digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _form_files(folder: Path, extra: Path | None) -> list[Path]:
    return [*sorted(folder.glob("*/form.toml")), *(sorted(extra.glob("*/form.toml")) if extra else [])]


def load_form(folder: Path) -> Form:
    """The form of one folder that form_checking.py finds nothing wrong with."""
    toml = tomllib.loads(file_text(folder / "form.toml"))
    elements = {row["element_code"]: _element(row) for row in read_table(folder / "elements.csv")}
    choices = folder / "choices.csv"
    return Form(
        code=toml["code"],
        name=toml["name"],
        reporter_type=toml["reporter_type"],
        stages=tuple(toml["stages"]),
        frequency=toml["rhythm"]["frequency"],
        due_days=toml["rhythm"]["due_days"],
        lock_days=toml["rhythm"]["lock_days"],
        is_counted_from_start=toml["rhythm"].get("counted_from", COUNTED_FROM[0]) == COUNTED_FROM[1],
        record_keys=split_words(toml["record_key"]),
        elements=elements,
        templates=tuple(_template(row, elements) for row in read_table(folder / "columns.csv")),
        rules=tuple(_rule(row, elements) for row in read_table(folder / "rules.csv")),
        marks={mark: reason for reason, marks in toml.get("marks", {}).items() for mark in marks},
        kept_rows={code: tuple(words) for code, words in toml.get("rows", {}).items()},
        ignored_headers=frozenset(
            ANY_WORD if name == ANY_WORD else split_header(name)[0]
            for name in toml.get("columns", {}).get("ignored", [])
        ),
        period_column=toml["rhythm"].get("period_column", ""),
        code_digits=toml.get("code_digits", 0),
        choices=tuple(_choices(read_table(choices), elements)) if choices.exists() else (),
    )


def split_words(text: str) -> tuple[str, ...]:
    """The words of a cell that may hold several.

    >>> split_words("grade | sex")
    ('grade', 'sex')
    """
    return tuple(word.strip() for word in text.split("|") if word.strip())


def _choices(rows: Iterable[dict[str, str]], elements: dict[str, Element]) -> Iterator[Choice]:
    for row in rows:
        where = {code: split_words(row[code]) for code in elements if row.get(code)}
        yield Choice(row["element_code"], row["value_element"], where)


def _element(row: dict[str, str]) -> Element:
    return Element(
        code=row["element_code"],
        name=row["element_name"],
        data_type=row["data_type"],
        unit=row["unit"],
        behaviour=row["behaviour"],
        is_key=row["is_key"] == "1",
        allowed=split_words(row["allowed_values"]),
    )


def _template(row: dict[str, str], elements: dict[str, Element]) -> Template:
    headers = {code: split_words(row[code]) for code in elements if row.get(code)}
    return Template(row["template_version"], row["table_number"], row["title"], headers)


def _rule(row: dict[str, str], elements: dict[str, Element]) -> Rule:
    codes = tuple(elements) if row["elements"] == "*" else split_words(row["elements"])
    parameters = dict(pair.split("=", 1) for pair in row["parameters"].split(";") if pair)
    is_active = (row.get("status") or "") not in {ON_TRIAL, "停用"}
    return Rule(
        row["rule_code"], row["severity"], row["kind"], codes, parameters, row["message"], row["fix"], is_active
    )
