"""Plain text and Markdown plans: bytes to characters without guessing wrongly, lines to paragraphs.

An encoding is accepted only when it decodes strictly and gives plausible Chinese; otherwise the file is refused with
what to do. No HTML here, nor anything with a container.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

from ingestion.plans.document import MAX_CHARACTERS, Document, Paragraph, TextBuilder, UnreadablePlan

LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
BLANK = " \t\u3000\xa0\ufeff\u200b"
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# UTF-8 read as Windows-1252 gives accented Latin where Chinese should stand
LATIN_DEBRIS = re.compile(r"[\u00c0-\u00ff][\u0080-\u00ff\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
PLAN_NOUN = (
    "工作要点|工作要點|工作计划|工作計劃|重点工作|重點工作|工作安排|行动计划|实施方案|规划|規劃|实事|實事|纲要|报告"
)
# 云溪区2031年教育工作要点: stands alone on its line, unlike 关于印发…的通知
DATED_TITLE = re.compile(
    rf"(?!附件|.*通知)[^，。；:：]{{0,30}}[\d〇一二三四五六七八九]{{4}}年?[^，。；]{{0,24}}({PLAN_NOUN})[^，。；]{{0,8}}"
)
ANY_TITLE = re.compile(rf"(?!附件)[^。；]{{0,50}}({PLAN_NOUN}|通知)[^。；：:，]{{0,10}}")
UNREADABLE = "请在记事本中打开，确认文字正常后另存为 UTF-8 编码再提交"


def decode(data: bytes) -> tuple[str, str]:
    """The characters of a text file and the name of its encoding; a byte order mark stays in the text.

    Raises UnreadablePlan for NUL, replacement characters and mojibake, whatever way they came about.
    """
    for mark, name, codec in (
        (codecs.BOM_UTF8, "UTF-8 BOM", "utf-8"),
        (codecs.BOM_UTF16_LE, "UTF-16", "utf-16-le"),
        (codecs.BOM_UTF16_BE, "UTF-16", "utf-16-be"),
    ):
        if data.startswith(mark):
            return _checked(_strict(data, codec), name)
    text = _strict(data, "utf-8")
    if text is not None:
        return _checked(text, "UTF-8")
    # a NUL byte leaves only UTF-16 without its mark, where line ends and digits hold one
    codecs_left = ("utf-16-le", "utf-16-be") if b"\0" in data else ("gb18030", "big5", "utf-16-le", "utf-16-be")
    candidates = [(text, _name(codec)) for codec in codecs_left if (text := _strict(data, codec))]
    if not candidates:
        raise UnreadablePlan(f"文字编码无法识别（不是 UTF-8、UTF-16、GB18030）：{UNREADABLE}")
    text, name = candidates[0]
    # two bytes may be é in one and 谷 in the other: only enough plausible Chinese speaks for another than the usual one
    if plausibility(text) < 0.7:
        others = [found for found in candidates if len(HAN.findall(found[0])) >= 20]
        text, name = max(others, key=lambda found: plausibility(found[0]), default=(text, name))
    return _checked(text, name)


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _name(codec: str) -> str:
    return {"gb18030": "GB18030", "big5": "Big5"}.get(codec, "UTF-16")


def _checked(text: str | None, encoding: str) -> tuple[str, str]:
    if text is None:
        raise UnreadablePlan(f"文件标明是 {encoding} 编码，内容却不是：{UNREADABLE}")
    if "\0" in text:
        raise UnreadablePlan(f"文件里有空字符（NUL），已损坏或不是文本文件：{UNREADABLE}")
    for sign in ("\ufffd", "锟斤拷"):
        if sign in text:
            at = text.index(sign)
            raise UnreadablePlan(f"第 {at + 1} 个字符起有丢失的文字（{sign}），原文已不可恢复：请从原稿重新导出")
    debris = len(LATIN_DEBRIS.findall(text))
    if plausibility(text) < 0.7 or debris > max(5, len(HAN.findall(text)) / 20):
        raise UnreadablePlan(f"文字是乱码（编码被误转换过）：{UNREADABLE}")
    if len(text) > MAX_CHARACTERS:
        raise UnreadablePlan(f"文件超过 {MAX_CHARACTERS:,} 字，不像一份计划：请核对文件，或按章节拆分后再提交")
    return text, encoding


def plausibility(text: str) -> float:
    """Share of the Chinese characters that are in everyday use, simplified or traditional; 1.0 where there are too few.

    Everyday means level 1 of GB 2312 or of Big5. Real texts reach 0.95; UTF-8 read as GBK (教育 → 鏁欒偛) about 0.4.
    """
    # a plan has a few hundred different characters: each is looked up once
    counts = Counter(text[:20_000])
    foreign = {char: count for char, count in counts.items() if char > "\x7f" and char.isalpha()}
    characters = {char: count for char, count in foreign.items() if HAN.match(char)}
    total, all_foreign = sum(characters.values()), sum(foreign.values())
    if total < max(20, all_foreign // 2):
        return total / all_foreign if all_foreign else 1.0
    simplified = sum(count for char, count in characters.items() if _in_level_one(char, "gb2312", 0xB0, 0xD7))
    traditional = sum(count for char, count in characters.items() if _in_level_one(char, "big5", 0xA4, 0xC6))
    return max(simplified, traditional) / total


def _in_level_one(character: str, codec: str, low: int, high: int) -> bool:
    try:
        return low <= character.encode(codec)[0] <= high
    except UnicodeEncodeError:
        return False


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Every line that is not blank, without the white space around it."""
    found: list[Paragraph] = []
    for line in LINE.finditer(text):
        body = line.group().strip(BLANK)
        if body.strip():  # control characters alone are no line either
            start = line.start() + line.group().index(body)
            found.append(Paragraph(start, start + len(body), f"第{len(found) + 1}段"))
    return tuple(found)


def title_of(lines: list[str]) -> str:
    """The opening line that reads like a plan's title, best with a year in it, else the first line; '' for none."""
    opening = [line for line in lines[:40] if line]
    for pattern in (DATED_TITLE, ANY_TITLE):
        for line in opening:
            if "印发" not in line and pattern.fullmatch(line):
                return line
    return opening[0][:60] if opening else ""


def read_text(data: bytes, file_name: str) -> Document:
    text, encoding = decode(data)
    paragraphs = paragraphs_of(text)
    title = title_of([text[p.start : p.end] for p in paragraphs[:40]])
    return Document(file_name, "txt", encoding, title, text, paragraphs)


MARKS = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),  # ![图](a.png)
    (re.compile(r"\[([^\]]+)\]\([^)]*\)"), r"\1"),  # [通知](https://…)
    (re.compile(r"(\*\*|__|~~|`)(.+?)\1"), r"\2"),  # **覆盖率达95%**
    (re.compile(r"(?<![*\w])\*([^*\s][^*]*)\*(?![*\w])"), r"\1"),
    (re.compile(r"<!--.*?-->"), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!|])"), r"\1"),
)


def read_markdown(data: bytes, file_name: str) -> Document:
    """Markdown as the reader sees it: marks dropped, a table row a line of cells parted by tabs, numbers kept."""
    source, encoding = decode(data)
    builder = TextBuilder()
    title = ""
    table_no = row_no = 0
    for line in LINE.findall(source):
        body = line.strip(BLANK)
        if body.startswith("|"):
            if re.fullmatch(r"[|:\-\s]+", body):
                continue
            row_no += 1
            table_no += row_no == 1
            cells = [_unmarked(cell).strip() for cell in body.strip("|").split("|")]
            builder.add("\t".join(cells), f"表{table_no}第{row_no}行", "表格行")
            continue
        row_no = 0
        if re.fullmatch(r"([-*_=]\s*){3,}|```.*", body):
            continue
        heading = re.match(r"(#{1,6})\s+(.*?)#*$", body)
        body = _unmarked(heading[2] if heading else re.sub(r"^(?:>\s*|[-*+]\s+)+", "", body))
        title = title or (body if heading else "")
        builder.add(body, f"第{len(builder.paragraphs) + 1}段", "标题" if heading else "正文")
    return Document(
        file_name, "md", encoding, title or title_of(builder.pieces), builder.text, tuple(builder.paragraphs)
    )


def _unmarked(text: str) -> str:
    for mark, plain in MARKS:
        text = mark.sub(plain, text)
    return text
