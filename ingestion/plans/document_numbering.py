"""Automatic paragraph numbers of Word, written out as Word would show them: 一、（二）3. ④.

Every docx reader drops them, and with them the outline of a plan. Only counting and spelling are here; where the
paragraphs come from is `document_docx`.
"""

from __future__ import annotations

from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "〇一二三四五六七八九"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


class Numbering:
    """Counters of one document; `prefix` must be asked once for every paragraph, in order."""

    def __init__(self, package: Any) -> None:
        self.styles = {style.get(W + "styleId"): style for style in package.styles.element.findall(W + "style")}
        self.default_style = next(
            (
                key
                for key, style in self.styles.items()
                if style.get(W + "type") == "paragraph" and style.get(W + "default") == "1"
            ),
            None,
        )
        self.abstract: dict[str, Any] = {}
        self.instances: dict[str, Any] = {}
        self.counters: dict[str, dict[int, int]] = {}  # by abstract number: instances of one list count on
        self.restarted: set[tuple[str, int]] = set()
        part = next((r.target_part for r in package.part.rels.values() if r.reltype.endswith("/numbering")), None)
        if part is not None:
            root = part.element
            self.abstract = {item.get(W + "abstractNumId"): item for item in root.findall(W + "abstractNum")}
            self.instances = {item.get(W + "numId"): item for item in root.findall(W + "num")}

    def style_name(self, paragraph: Any) -> str:
        style = self._style_of(paragraph)
        name = None if style is None else style.find(W + "name")
        return "" if name is None else name.get(W + "val", "").lower()

    def prefix(self, paragraph: Any) -> str:
        """The number of this paragraph as text, '' where it has none; counts it."""
        num_id, level = self._reference(paragraph)
        instance = self.instances.get(num_id or "")
        if instance is None:
            return ""
        definition = self._level(instance, level)
        if definition is None:
            return ""
        self._count(instance, num_id or "", level)
        if _value(definition, "numFmt", "decimal") in ("bullet", "none"):
            return ""
        return self._spelled(instance, _value(definition, "lvlText", ""), level)

    def _style_of(self, paragraph: Any) -> Any:
        mark = paragraph.find(f"{W}pPr/{W}pStyle")
        return self.styles.get(self.default_style if mark is None else mark.get(W + "val"))

    def _reference(self, paragraph: Any) -> tuple[str | None, int]:
        """(numId, level), from the paragraph itself, else from its style and the styles that one is based on."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        num_id, level = _number(own, "numId"), _number(own, "ilvl")
        style, seen = self._style_of(paragraph), 0
        while style is not None and (num_id is None or level is None) and seen < 20:
            given = style.find(f"{W}pPr/{W}numPr")
            num_id = num_id if num_id is not None else _number(given, "numId")
            level = level if level is not None else _number(given, "ilvl")
            base = style.find(W + "basedOn")
            style, seen = (None if base is None else self.styles.get(base.get(W + "val"))), seen + 1
        return (None, 0) if num_id in (None, "0") else (num_id, int(level or 0))

    def _abstract_of(self, instance: Any) -> Any:
        item = self.abstract.get(instance.find(W + "abstractNumId").get(W + "val"))
        link = None if item is None else item.find(W + "numStyleLink")
        if link is None:
            return item
        name = link.get(W + "val")
        return next((a for a in self.abstract.values() if _value(a, "styleLink", "") == name), item)

    def _level(self, instance: Any, level: int) -> Any:
        for override in instance.findall(W + "lvlOverride"):
            if override.get(W + "ilvl") == str(level) and override.find(W + "lvl") is not None:
                return override.find(W + "lvl")
        abstract = self._abstract_of(instance)
        if abstract is None:
            return None
        return next((item for item in abstract.findall(W + "lvl") if item.get(W + "ilvl") == str(level)), None)

    def _start(self, instance: Any, level: int) -> int:
        definition = self._level(instance, level)
        return int(_value(definition, "start", "1")) if definition is not None else 1

    def _count(self, instance: Any, num_id: str, level: int) -> None:
        counters = self.counters.setdefault(self._abstract_of(instance).get(W + "abstractNumId"), {})
        for override in instance.findall(W + "lvlOverride"):
            start, at = override.find(W + "startOverride"), int(override.get(W + "ilvl") or 0)
            if start is not None and (num_id, at) not in self.restarted:
                self.restarted.add((num_id, at))
                counters[at] = int(start.get(W + "val") or 1) - 1
        counters[level] = counters.get(level, self._start(instance, level) - 1) + 1
        for deeper in [key for key in counters if key > level]:
            del counters[deeper]

    def _spelled(self, instance: Any, pattern: str, level: int) -> str:
        counters = self.counters[self._abstract_of(instance).get(W + "abstractNumId")]
        legal = self._level(instance, level).find(W + "isLgl") is not None
        text = pattern
        for at in range(level + 1):
            definition = self._level(instance, at)
            form = "decimal" if definition is None or legal else _value(definition, "numFmt", "decimal")
            text = text.replace(f"%{at + 1}", spell(counters.get(at, self._start(instance, at)), form))
        return text


def _value(element: Any, name: str, default: str) -> str:
    found = element.find(W + name)
    return default if found is None else found.get(W + "val", default)


def _number(properties: Any, name: str) -> str | None:
    found = None if properties is None else properties.find(W + name)
    return None if found is None else found.get(W + "val")


def spell(number: int, form: str) -> str:
    """A number in one of Word's number formats; formats that Chinese documents do not use come as plain digits."""
    if form in ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
                "japaneseCounting", "ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):  # fmt: skip
        return chinese(number)
    if form == "chineseLegalSimplified":
        return "".join(
            dict(zip("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟", strict=True)).get(c, c)
            for c in chinese(number)
        )
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        return roman(number) if form == "upperRoman" else roman(number).lower()
    if form == "ideographTraditional":
        return STEMS[(number - 1) % 10]
    if form == "ideographZodiac":
        return BRANCHES[(number - 1) % 12]
    if form == "decimalZero":
        return f"{number:02d}"
    if form == "decimalFullWidth":
        return "".join(chr(ord(c) + 0xFEE0) for c in str(number))
    return str(number)


def chinese(number: int) -> str:
    """1 → 一, 10 → 十, 21 → 二十一, 105 → 一百〇五; beyond 999 digit by digit."""
    if not 0 < number < 1000:
        return "".join(DIGITS[int(c)] for c in str(number))
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "〇"
    return text + (DIGITS[ones] if ones else "")


ROMAN = {1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX"}
ROMAN |= {5: "V", 4: "IV", 1: "I"}


def roman(number: int) -> str:
    text = ""
    for value, sign in ROMAN.items():
        count, number = divmod(number, value)
        text += sign * count
    return text
