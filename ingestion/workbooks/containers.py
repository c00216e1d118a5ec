"""What a submitted file really is, and whether it is safe to hand to a parser.

Here: the kind by content (never by name alone), byte budgets over real sizes, DOCTYPE, cell references that would make
a reader allocate a whole sheet, and the words for files we do not take. Not here: cells (reader.py) and text encodings
(texts.py). Runs in a sandboxed child, which must not import polars.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

MAX_MEMBERS = 5_000
_KEPT = {
    "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/workbook.bin", "xl/_rels/workbook.bin.rels", "content.xml",
}  # fmt: skip
SHEET_SIGN = b"sheetData"  # a part of an xlsx with this in it is a sheet, wherever the workbook keeps it
_XML = (".xml", ".rels", ".vml", ".rdf")
_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx，再重新报送"
# Cell references past row 9999 or column ZZ are rare and honest ones are few: only then is every reference read.
_FAR_REFERENCE = re.compile(rb'r="(?:[A-Za-z]{3,}\d|[A-Za-z]{0,2}\d{5})')
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_FILLED_CELL = re.compile(rb"<(?:\w+:)?c(\s[^>]*[^/>])?>")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UNIQUE_COUNT = re.compile(rb"""uniqueCount\s*=\s*["'](\d+)""")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Packed bytes that cannot become more than 17 MB: deflate packs at most 1032 to one.
_SMALL_PACKED = 16 * 1024
# Up to this size the checked parts are handed on unpacked; beyond it a second copy would cost more than it saves.
_HANDED_ON = 8 * 1024 * 1024
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_UTF8, _DAY = 0x800, 33  # names are UTF-8; the first day that an archive can name
_LENGTHS = struct.Struct("<HH")
_NO_CELLS = ("docProps/", "xl/theme/", "xl/media/", "xl/drawings/")  # checked, and of no use to a reader of cells


@dataclass(frozen=True)
class Budget:
    expanded_bytes: int
    cells: int


@dataclass(frozen=True)
class Container:
    """`kind` is xlsx, xls, xlsb, ods or text; `parts` holds its sheets, and what names them. `checked` is the archive
    again, unpacked: a reader of it sees the very bytes that were checked, and need not unpack them a second time; b""
    where the file is no archive or a large one."""

    kind: str
    parts: dict[str, bytes]
    checked: bytes = b""


class Refused(Exception):
    """A file that is not read. `code` is stable, `message` and `fix` are Chinese."""

    def __init__(self, code: str, message: str, fix: str = _SAVE_AS) -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix


def inspect(data: bytes, file_name: str, budget: Budget) -> Container:
    """Tell what the bytes are. Raises Refused for all that is unsafe or no workbook."""
    suffix = file_name.lower().rsplit(".", 1)[-1] if "." in file_name else ""
    if data.startswith(b"PK"):
        return _zip(data, suffix, budget)
    if not data.strip(b"\0 \t\r\n"):
        raise Refused("FILE01", "文件是空的（0 字节）", "请重新导出后报送")
    if data.startswith(_OLE):
        return _ole(data, suffix)
    _refuse_other_formats(data)
    return Container("text", {})


def _refuse_other_formats(data: bytes) -> None:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        raise Refused("FILE04", "这是 PDF 文件，不是工作簿", "请报送原始的 Excel 工作簿")
    if head.startswith(b"{\\rtf"):
        raise Refused("FILE04", "这是 RTF 文档，不是工作簿")
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<style", b"<script")):
        raise Refused("FILE05", "文件内容是网页（HTML），只是改了扩展名")
    if head.startswith(b"<?xml"):
        raise Refused("FILE05", "文件内容是 XML，不是工作簿")
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh")):
        raise Refused("FILE04", "这是压缩包，不是工作簿", "请解压后逐个报送工作簿")
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")) and b"\0" in data[:64]:
        raise Refused("FILE04", "这是图片，不是工作簿", "请报送原始的 Excel 工作簿")


def _ole(data: bytes, suffix: str) -> Container:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("FILE06", "工作簿设有打开密码", "请取消密码后重新报送")
    if suffix in {"et", "ett", "wps", "wpt", "dps"}:
        raise Refused("FILE04", f"不接收 .{suffix} 格式")
    if "WordDocument".encode("utf-16-le") in data:
        raise Refused("FILE04", "这是 Word 文档（.doc），不是工作簿")
    if "PowerPoint Document".encode("utf-16-le") in data:
        raise Refused("FILE04", "这是演示文稿，不是工作簿")
    if "_VBA_PROJECT_CUR".encode("utf-16-le") in data:
        raise Refused("FILE07", "工作簿带有宏", "请另存为不带宏的 .xlsx，再重新报送")
    return Container("xls", {})


def _zip(data: bytes, suffix: str, budget: Budget) -> Container:
    members = _members(data)
    names = {member.filename for member in members}
    kind = _kind(names, suffix)
    if len(members) > MAX_MEMBERS:
        raise Refused("FILE08", f"压缩包内有 {len(members)} 个部件，超过上限 {MAX_MEMBERS}")
    size = sum([member.file_size for member in members])
    if size > budget.expanded_bytes:
        raise Refused("FILE08", "解压后超过体积上限")
    parts: dict[str, bytes] = {}
    unpacked: list[tuple[str, int, bytes]] = []
    left = budget.expanded_bytes
    is_handed_on = size <= _HANDED_ON
    for member in members:
        name, content = member.filename, _unpack(data, member, left)
        left -= len(content)
        if is_handed_on and not name.startswith(_NO_CELLS):
            unpacked.append((name, member.CRC, content))
        place = name.lower()  # readers find a part whatever its case
        if place.endswith(_XML):
            _check_xml(name, content)
        if kind == "xlsx" and place.endswith(".xml") and SHEET_SIGN in content:
            _check_extent(content, budget.cells)
            parts[place] = content
        elif place in _KEPT or (kind == "xlsb" and place.startswith("xl/worksheets/")):
            parts[place] = content
        elif place == "xl/sharedstrings.xml":
            _check_count(content)
    return Container(kind, parts, _archive(unpacked))


def _members(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused("FILE02", "文件已损坏或没有传完，无法打开", "请重新导出后报送") from error
    for member in members:
        member.filename = member.filename.replace("\\", "/")  # as some programs of Windows write it
    return members


def _check_xml(name: str, content: bytes) -> None:
    if b"<!" in content and _DOCTYPE.search(content):
        raise Refused("FILE09", f"部件 {name[:80]} 含有 DOCTYPE 声明，可能不安全")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("FILE09", f"部件 {name[:80]} 的编码不受支持")


def _archive(members: Sequence[tuple[str, int, bytes]]) -> bytes:
    """An archive of (name, CRC as it was claimed, content) without compression; b"" of nothing. The reader compares the
    claimed CRC with the content, as it would in the original."""
    if not members:
        return b""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, crc, content in members:
        title, size = name.encode("utf-8", "surrogateescape"), len(content)
        about = (_UTF8, 0, 0, _DAY, crc, size, size, len(title), 0)
        pieces += (_LOCAL.pack(b"PK\3\4", 20, *about), title, content)
        directory += (_CENTRAL.pack(b"PK\1\2", 20, 20, *about, 0, 0, 0, 0, offset), title)
        offset += _LOCAL.size + len(title) + size
    listed = b"".join(directory)
    count = len(members)
    return b"".join([*pieces, listed, _END.pack(b"PK\5\6", 0, 0, count, count, len(listed), offset, 0)])


def _kind(names: set[str], suffix: str) -> str:
    if "EncryptedPackage" in names:
        raise Refused("FILE06", "工作簿设有打开密码", "请取消密码后重新报送")
    if any(name.lower().endswith("vbaproject.bin") for name in names) or suffix in {"xlsm", "xltm", "xlam"}:
        raise Refused("FILE07", "工作簿带有宏", "请另存为不带宏的 .xlsx，再重新报送")
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.lower() == "xl/workbook.xml" for name in names):
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    if "word/document.xml" in names:
        raise Refused("FILE04", "这是 Word 文档（.docx），不是工作簿", "请把表格复制到 Excel，另存为 .xlsx 后报送")
    if "OFD.xml" in names:
        raise Refused("FILE04", "这是 OFD 文件，不是工作簿", "请报送原始的 Excel 工作簿")
    raise Refused("FILE04", "这是压缩包，不是工作簿", "请解压后逐个报送工作簿")


def _unpack(data: bytes, member: zipfile.ZipInfo, left: int) -> bytes:
    """The member's real bytes, never more than `left`; a header that lies about its size is refused."""
    if member.flag_bits & 1:
        raise Refused("FILE06", "工作簿设有打开密码", "请取消密码后重新报送")
    start = member.header_offset + _LOCAL.size
    if not _LOCAL.size <= start <= len(data):
        raise Refused("FILE02", "文件已损坏或没有传完，无法打开", "请重新导出后报送")
    start += sum(_LENGTHS.unpack_from(data, start - _LENGTHS.size))
    packed = data[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        try:
            content = _inflate(packed, min(left, member.file_size))
        except zlib.error as error:
            raise Refused("FILE02", "文件已损坏，无法解压", "请重新导出后报送") from error
    else:
        raise Refused("FILE08", "压缩方式不受支持")
    if len(content) != member.file_size:
        raise Refused("FILE08", "压缩包声明的大小与实际不符")
    return content


def _inflate(packed: bytes, most: int) -> bytes:
    """The bytes, or more than `most` of them where there are more: never much more than that or than 17 MB."""
    if len(packed) <= _SMALL_PACKED:
        return zlib.decompress(packed, -15, most + 1)
    return zlib.decompressobj(-15).decompress(packed, most + 1)


def _is_unusual(sheet: bytes) -> bool:
    """Whether an attribute might be written in another way than r="A1"; then every reference is read.
    One byte is looked for far faster than two."""
    if b"'" in sheet or b" r " in sheet or b"= " in sheet:
        return True
    body = sheet.find(b"?>") + 4  # a line ends behind the declaration and mostly nowhere else
    return any(
        sheet.find(white, body) >= 0 and (b" r" + white in sheet or white + b"r" in sheet or b"=" + white in sheet)
        for white in (b"\t", b"\n", b"\r")
    )


def _check_extent(sheet: bytes, cells: int) -> None:
    """Refuse a sheet whose filled rectangle, which every reader allocates whole, is larger than the budget."""
    if not _FAR_REFERENCE.search(sheet) and not _is_unusual(sheet):
        return
    filled = [_REFERENCE.search(attributes) for attributes in _FILLED_CELL.findall(sheet)]
    # A cell may leave out its address and stand where the row says: then every address counts, filled or not.
    found = [m.groups() for m in filled if m] if all(filled) else _REFERENCE.findall(sheet)
    rows = max((int(digits) for _, digits in found), default=0)
    columns = max((_column_number(letters) for letters, _ in found), default=0)
    if rows > 1_048_576 or columns > 16_384:
        raise Refused("FILE10", "工作表里有不存在的单元格地址")
    if rows * columns > cells:
        raise Refused(
            "FILE10",
            f"工作表的使用范围达到 {rows} 行、{columns} 列，多半是远处误填了内容",
            "请将有内容的区域复制到新表，另存为 .xlsx 后重新报送",
        )


def _check_count(strings: bytes) -> None:
    """Refuse a table of texts that claims more of them than it has bytes: a reader makes room for all at once."""
    claimed = _UNIQUE_COUNT.search(strings[:2000])
    if claimed and int(claimed[1]) > len(strings):
        raise Refused("FILE02", "文件已损坏：文本表声明的条数与实际不符", "请重新导出后报送")


def _column_number(letters: bytes) -> int:
    """A is 1; no letters (a row's own number) is 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
