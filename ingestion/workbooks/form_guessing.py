"""What the columns of an undescribed table are, guessed from headers and cells: codes, names, periods, numbers, marks.

Here: one table's columns and rows. Not here: finding the table (form_proposing.py), writing the form's files
(form_writing.py). Runs in a sandboxed child: no polars.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ingestion.workbooks import form_words
from ingestion.workbooks.forms import normalise, split_header
from ingestion.workbooks.missing_words import MISSING_WORDS
from ingestion.workbooks.periods import parse_period
from ingestion.workbooks.readings import plain, raw

MARK_LENGTH, MAX_MARKS, MAX_KEYS = 12, 60, 4


@dataclass(frozen=True)
class Column:
    code: str
    header: str
    name: str
    data_type: str
    unit: str
    allowed: tuple[str, ...] = ()
    is_signed: bool = False  # holds honest negative numbers
    is_identifier: bool = False


@dataclass(frozen=True)
class Guess:
    """`marks` are reasons with what stands for them; `kept` the words that rows of schools say; `ignored` headers;
    `sums` words of record keys that read as sums of other rows."""

    columns: tuple[Column, ...]
    marks: dict[str, tuple[str, ...]]
    kept: dict[str, tuple[str, ...]]
    ignored: tuple[str, ...]
    record_keys: tuple[str, ...]
    period_column: str
    frequency: str
    code_digits: int
    sums: tuple[str, ...] = ()


def guess(paths: list[str], body: Sequence[Sequence[Any]], known: dict[str, str], unwanted: set[str]) -> Guess:
    """Of the headers and rows of one table. `known` are codes by name of other forms' headers, `unwanted` names of
    columns that no form takes in."""
    cells = {i: [text_of(row, i) for row in body] for i, path in enumerate(paths) if path.strip()}
    names = {i: _name(paths[i]) for i in cells}
    cells = {i: texts for i, texts in cells.items() if names[i] not in unwanted}
    ignored = [i for i in cells if form_words.CONTACTS.search(names[i]) and not _is_count(cells[i])]
    cells = {i: texts for i, texts in cells.items() if i not in ignored}
    subject = _subject(cells, names, {i: known.get(split_header(paths[i])[0], "") for i in cells})
    kept = _kept(cells, names, subject)
    rows = [n for n in range(len(body)) if all(_says(cells[i][n], words) for i, words in kept.items())]
    cells = {i: [texts[n] for n in rows] for i, texts in cells.items()}
    period = next((i for i in cells if _is_period(names[i], cells[i])), None)
    codes = _codes(cells, names, paths, known, subject)
    columns, found = {}, Counter[str]()
    for i, texts in cells.items():
        columns[i], marks = _column(codes[i], paths[i], names[i], texts, is_text=i in {*subject.values(), period})
        found.update(marks)
    keys = _record_keys(cells, columns, subject, period)
    code = cells.get(subject.get("school_code", -1), [])
    return Guess(
        tuple(columns.values()),
        _reasons(found),
        {codes[i]: words for i, words in kept.items()},
        tuple(dict.fromkeys(names[i] for i in ignored)),
        tuple(codes[i] for i in keys),
        "" if period is None else codes[period],
        _frequency(names[period], cells[period]) if period is not None else "",
        _digits(code, names.get(subject.get("school_code", -1), "")),
        tuple(sorted({t for i in keys for t in cells[i] if form_words.SUMS.search(t)})),
    )


def text_of(row: Sequence[Any], index: int) -> str:
    return raw(plain(row[index])).strip() if index < len(row) and row[index] != "" else ""


def is_number(value: Any) -> bool:
    return type(value) in {float, int} or (type(value) is str and bool(form_words.NUMBER.fullmatch(value.strip())))


def _name(path: str) -> str:
    """Without its unit; words of Latin script keep their spaces."""
    name = split_header(path)[0]
    return re.sub(r"\s+", " ", path).strip() if not form_words.HAN.search(name) and name == normalise(path) else name


def _is_count(texts: list[str]) -> bool:
    filled = [t for t in texts if t]
    return bool(filled) and sum(len(t) <= 5 and t.isdecimal() for t in filled) > 0.6 * len(filled)


def _subject(cells: dict[int, list[str]], names: dict[int, str], known: dict[int, str]) -> dict[str, int]:
    """The columns that say which school: as other forms name them; else the code with most words of its own."""
    subject = {code: i for i, code in reversed(known.items()) if code in {"school_code", "school_name"}}
    for pattern in form_words.CODE_WORDS:
        coded = [i for i in cells if pattern.search(names[i]) and not form_words.NAME_WORDS.search(names[i])]
        if coded and "school_code" not in subject:
            subject["school_code"] = max(coded, key=lambda i: (len({t for t in cells[i] if t}), -i))
            break
    named = [i for i in cells if form_words.NAME_WORDS.search(names[i])]
    if named:
        subject.setdefault("school_name", named[0])
    return subject


def _kept(cells: dict[int, list[str]], names: dict[int, str], subject: dict[str, int]) -> dict[int, tuple[str, ...]]:
    """Which rows are schools, where rows of regions stand among them."""
    for i, texts in cells.items():
        words = {t for t in texts if t}
        schools = tuple(sorted(word for word in words if word.lower() in form_words.SCHOOL_WORDS))
        if form_words.LEVEL_WORDS.search(names[i]) and schools and len(words) > 1:
            return {i: schools}
        parts = tuple(sorted(word for word in words if not form_words.SUMS.search(word)))
        if form_words.SUM_COLUMNS.search(names[i]) and 0 < len(parts) < len(words):
            return {i: parts}
    code = subject.get("school_code")
    if code is None:
        return {}
    name = cells.get(subject.get("school_name", -1), [""] * len(cells[code]))
    nameless = sum(not c and not n for c, n in zip(cells[code], name, strict=True))
    return {code: ("*",)} if 0 < nameless < 0.6 * len(cells[code]) else {}


def _says(text: str, words: tuple[str, ...]) -> bool:
    return text in words or (words == ("*",) and text != "")


def _is_period(name: str, texts: list[str]) -> bool:
    filled = {t for t in texts if t}
    frequency = _frequency(name, texts)
    return bool(filled and form_words.PERIOD_WORDS.search(name)) and all(
        parse_period(text, frequency) for text in filled
    )


def _frequency(name: str, texts: list[str]) -> str:
    said = " ".join([name, *sorted({t for t in texts if t})[:3]])
    if re.search(r"学期|學期|term", said, re.IGNORECASE):
        return "学期"
    if re.search(
        r"[學学]年|school[_ ]?year|academic|20\d\d\s*[-/–—]\s*(20)?\d\d(?!\d)|\b20\d{4}\b", said, re.IGNORECASE
    ):
        return "学年"
    return "月" if re.search(r"月|20\d\d[-/.]?[01]\d\b", said) else "年"


def _codes(
    cells: dict[int, list[str]], names: dict[int, str], paths: list[str], known: dict[str, str], subject: dict[str, int]
) -> dict[int, str]:
    codes: dict[int, str] = {i: code for code, i in subject.items()}
    for i in cells:
        if i in codes:
            continue
        name = split_header(paths[i])[0]
        code = known.get(name, "") or form_words.CODES.get(name, "")
        if not code and not form_words.HAN.search(name):
            code = re.sub(r"[^a-z0-9]+", "_", names[i].lower()).strip("_")[:40].strip("_")
        usable = re.match(r"[a-z]", code) and code not in {*codes.values(), "school_code", "school_name"}
        codes[i] = code if usable else f"column_{letters(i + 1)}"
    return codes


def _column(code: str, path: str, name: str, texts: list[str], *, is_text: bool) -> tuple[Column, list[str]]:
    """The column, and the words in it that stand for no number."""
    header = re.sub(r"\s+", " ", path).strip()
    filled = [t for t in texts if t]
    is_identifier = is_text or bool(form_words.IDENTIFIER.search(name)) or any(re.fullmatch(r"0\d+", t) for t in filled)
    if is_identifier:
        return Column(code, header, name, "text", "", is_identifier=True), []
    marked = [t for t in filled if _is_mark(t)]
    plain_texts = [t for t in filled if not _is_mark(t)]
    numbers = [t for t in plain_texts if is_number(t)]
    if (plain_texts and len(numbers) >= 0.6 * len(plain_texts)) or (marked and not plain_texts):
        return _number_column(code, header, name, numbers, plain_texts, marked)
    if filled and sum(bool(form_words.DATE.match(t)) for t in filled) > len(filled) / 2:
        return Column(code, header, name, "date", ""), []
    if filled and all(t.lower() in form_words.FLAGS for t in filled):
        return Column(code, header, name, "flag", "", ("是", "否")), []
    return Column(code, header, name, "text", ""), []


def _number_column(
    code: str, header: str, name: str, numbers: list[str], texts: list[str], marked: list[str]
) -> tuple[Column, list[str]]:
    values = [float(re.sub(r"[,%％\s]", "", text) or 0) for text in numbers]
    negative = {value for value in values if value < 0}
    stands_for_none = negative and negative <= form_words.SENTINELS and not form_words.CHANGES.search(name)
    if stands_for_none:
        marked = [*marked, *(f"{value:.0f}" for value in negative)]
        values = [value for value in values if value >= 0]
    marked += [t for t in texts if t not in numbers and len(t) <= MARK_LENGTH and not t[0].isdigit()]  # 13* is a number
    unit = split_header(header)[1]
    is_rate = name.startswith("%") or name.endswith(("率", "占比", "比例")) or any(t[-1] in "%％" for t in numbers)
    unit = unit or ("%" if is_rate else "")
    kind = "integer" if values and unit != "%" and all(value.is_integer() for value in values) else "decimal"
    return Column(code, header, name, kind, unit, is_signed=bool(negative and not stands_for_none)), marked


def _is_mark(text: str) -> bool:
    """Said instead of a value: missing, withheld, a range; 20-24 is no number."""
    return (
        text.upper() in MISSING_WORDS
        or text.lower() in form_words.MARK_REASONS
        or bool(re.fullmatch(r"[-—–/\\.…*†‡:~^#]+", text))
        or bool(form_words.RANGE.fullmatch(text))
    )


def _reasons(found: Counter[str]) -> dict[str, tuple[str, ...]]:
    """Marks that no other form knows, by what they usually stand for."""
    reasons: dict[str, list[str]] = {}
    for mark, _ in found.most_common(MAX_MARKS):
        if mark.upper() not in MISSING_WORDS:
            usual = "区间值" if form_words.RANGE.fullmatch(mark) else "隐去"
            reasons.setdefault(form_words.MARK_REASONS.get(mark.lower(), usual), []).append(mark)
    return {reason: tuple(sorted(marks)) for reason, marks in sorted(reasons.items())}


def _record_keys(
    cells: dict[int, list[str]], columns: dict[int, Column], subject: dict[str, int], period: int | None
) -> list[int]:
    """The fewest columns of words that tell the rows of one school and period apart."""
    who = subject.get("school_code", subject.get("school_name"))
    base = [i for i in (who, period) if i is not None]
    if who is None or _distinct(cells, base):
        return []
    words = [
        i for i, column in columns.items() if column.data_type == "text" and i not in base and _varies(cells, i, who)
    ]
    for size in range(1, MAX_KEYS + 1):
        for keys in combinations(words[:10], size):
            if _distinct(cells, [*base, *keys]):
                return list(keys)
    return []


def _distinct(cells: dict[int, list[str]], columns: list[int]) -> bool:
    rows = list(zip(*(cells[i] for i in columns), strict=True))
    return len(set(rows)) == len(rows)


def _varies(cells: dict[int, list[str]], column: int, who: int) -> bool:
    """Whether a school has several words in the column: what is the same in all its rows tells none apart."""
    pairs = set(zip(cells[who], cells[column], strict=True))
    return len(pairs) > len({school for school, _ in pairs})


def _digits(codes: list[str], header: str) -> int:
    """The length of codes of digits where some begin with 0, so that a spreadsheet may have cut them."""
    digits = [code for code in codes if code.isdecimal()]
    if len(digits) < len(codes) or not digits:
        return 0
    longest = max(map(len, digits))
    said = re.search(r"(\d{1,2})-digit", header)
    named = int(said[1]) if said else 12 if header.lower() == "ncessch" else longest
    length = named if named - longest < 2 else longest  # other codes may stand under that name
    return length if length > 3 and (any(c[0] == "0" for c in digits) or min(map(len, digits)) < length) else 0


def letters(number: int) -> str:
    """A, B … as columns are named, in small letters.

    >>> letters(28)
    'ab'
    """
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(97 + rest) + text
    return text
