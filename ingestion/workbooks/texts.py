"""Text files as rows: encoding, delimiter and ragged lines. CSV cells are always text; numbers are told apart later."""

from __future__ import annotations

import csv
import io

from ingestion.workbooks.containers import Refused

DELIMITERS = ",\t;，｜|"
MOJIBAKE = ("\ufffd", "锟斤拷", "烫烫烫")
_UTF16_NULS = 0.2
# Lead bytes of the more common characters: level 1 of GB 2312, level 1 of Big5 (its euro sign and rest as cp950)
_COMMON = {"gb18030": (0xB0, 0xD7), "cp950": (0xA4, 0xC6)}


def decode(data: bytes) -> str:
    """The text of a CSV in UTF-8, UTF-16, GB18030 or Big5. Raises Refused where none fits or the text is broken."""
    text = _decoded(data)
    if any(sign in text for sign in MOJIBAKE):
        raise Refused(
            "FILE03", "文本中有乱码（之前转换编码时已损坏）", "请从原系统重新导出，保存为 .xlsx 或 UTF-8 的 CSV"
        )
    if "\0" in text:
        raise Refused("FILE03", "文本中有空字符，不是有效的 CSV", "请另存为 .xlsx 后重新报送")
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        candidates = ["utf-8-sig"]
    elif data[:4096].count(0) > _UTF16_NULS * len(data[:4096]):
        even = data[:4096:2].count(0)
        candidates = ["utf-16-be" if even > data[1:4096:2].count(0) else "utf-16-le"]
    else:
        candidates = ["utf-8", *_double_byte(data)]
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("FILE03", "文本编码无法识别", "请另存为 .xlsx，或保存为 UTF-8 的 CSV 后重新报送")


def _double_byte(data: bytes) -> list[str]:
    """GB18030 before Big5, or the other way round: most bytes of one are text in the other too, but of rare characters.

    Both order their common characters first, so the reading with more of them is meant.
    """
    shares = {}
    for encoding, (lowest, highest) in _COMMON.items():
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        wide = [c for c in text[:20_000] if c > "\x7f" and not "\u3000" <= c <= "\u301f"]
        common = [c for c in wide if "\u4e00" <= c <= "\u9fff" and lowest <= c.encode(encoding)[0] <= highest]
        shares[encoding] = len(common) / max(len(wide), 1)
    return sorted(shares, key=lambda encoding: (-shares[encoding], encoding != "gb18030")) or ["gb18030"]


def rows_of(text: str) -> list[list[str]]:
    """Rows of cells, every row as wide as the widest. Quoted newlines stay inside their cell."""
    csv.field_size_limit(max(len(text) + 1, 131_072))
    delimiter = _delimiter(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Refused("FILE03", "CSV 的引号或换行不成对，无法分列", "请另存为 .xlsx 后重新报送") from error
    if '="' in text:  # ="0100005": how exports keep Excel from reading a code as a number
        rows = [[cell[2:-1] if cell[:2] == '="' and cell[-1:] == '"' else cell for cell in row] for row in rows]
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) if len(row) < width else row for row in rows]


def _delimiter(text: str) -> str:
    """The delimiter that occurs most in the widest of the first lines, outside quotes as far as a count can tell."""
    lines = text[:20_000].replace("\r\n", "\n").replace("\r", "\n").split("\n")[:12]
    return max(DELIMITERS, key=lambda sign: (max(line.count(sign) for line in lines), -DELIMITERS.index(sign)))
