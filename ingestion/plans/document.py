"""A plan document as text with located paragraphs: what kind of file it is, its text, and where each paragraph stands.

Here: the records, the refusal, and the choice of a reader by content. The readers of single formats are the
`document_*` modules beside this one, imported only when such a file arrives, so that a plain text is read at once.
Nothing about commitments, regions or years belongs here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

# A plan of 400,000 characters would be a book of 800 pages; whatever is longer is some other kind of file.
MAX_CHARACTERS = 400_000
MAX_BYTES = 64 * 1024 * 1024
MAX_EXPANDED_BYTES = 256 * 1024 * 1024
MAX_MEMBERS = 5_000

SAVE_AS = "请用 WPS 或 Word 打开后另存为 docx（或导出为带文字的 pdf）再提交"
SAVE_SHEET_AS = "请用 WPS 或 Excel 打开后另存为 xlsx 再提交"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: `text[start:end]` of its document, `locator` for people, `kind` 正文 标题 表格行 文本框 脚注."""

    start: int
    end: int
    locator: str
    kind: str = "正文"


@dataclass(frozen=True)
class Document:
    """A read plan. Offsets everywhere are Python str indexes into `text`.

    Of txt, `text` is the file decoded as it is, byte order mark and line ends kept; of every other format it is what
    the reader rebuilt, one paragraph a line, cells of a table row parted by tabs. `encoding` is '' where a file has
    none.
    """

    file_name: str
    format: str
    encoding: str
    title: str
    text: str
    paragraphs: tuple[Paragraph, ...]


class UnreadablePlan(Exception):
    """A file that is no readable plan. `reason` is for people: what is wrong and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class TextBuilder:
    """Collects paragraphs of rebuilt text, one a line."""

    pieces: list[str] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, locator: str, kind: str = "正文") -> None:
        # an empty first cell keeps its place: the columns of a row are counted from the left
        text = text.rstrip().lstrip(" \r\n\u3000") if kind == "表格行" else text.strip()
        if not text:
            return
        self.paragraphs.append(Paragraph(self.length, self.length + len(text), locator, kind))
        self.pieces.append(text)
        self.length += len(text) + 1
        if self.length > MAX_CHARACTERS:
            raise UnreadablePlan(f"文件超过 {MAX_CHARACTERS:,} 字，不像一份计划：请核对文件，或按章节拆分后再提交")

    @property
    def text(self) -> str:
        return "\n".join(self.pieces)


_DAY = re.compile(r"(?:20)?\d{1,2}\s*[年月日]|20\d\d(?:[./-]\d{1,2}){0,2}")


def said_again(text: str) -> str:
    """What a cell merged downwards says in each further row it covers: a name, a unit, a day (基教科 · 8月底前) again,
    a promise only once (新建公办幼儿园4所)."""
    is_label = len(text) <= 40 and not re.search(
        r"[。；;《]|\d\s*[%％万亿个名所人元项次套间班座处件场节门台]", _DAY.sub("", text)
    )
    return text if is_label else ""


def one_line(lines: Iterable[str]) -> str:
    """The lines of a table cell as one; where two are promises a mark parts them: 招聘教师60名；培训校长8名."""
    joined = ""
    pieces = (re.sub(r"\s+", " ", piece).strip() for line in lines for piece in line.splitlines())
    for line in filter(None, pieces):
        before = joined.rpartition("；")[2]
        apart = all(re.search(r"\d\D|《", part) and len(part) >= 6 for part in (before, line))
        mark = "；" if apart and joined[-1] not in "，、。；：！？,;:（(" else " " if joined else ""
        joined += mark + line
    return joined


def read_document(data: bytes, file_name: str) -> Document:
    """Read a plan of any known format; the format is told by content first and by the name's ending second.

    Raises UnreadablePlan for every file that cannot be read as text with certainty.
    """
    if not data:
        raise UnreadablePlan("文件是空的（0 字节）：请重新导出后再提交")
    if len(data) > MAX_BYTES:
        raise UnreadablePlan(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，不像一份计划：请压缩图片或只提交正文")
    kind = _format(data, file_name.rpartition(".")[2].lower() if "." in file_name else "")
    document = _reader(kind)(data, file_name)
    if not document.text.strip("\ufeff \t\r\n\u3000"):
        raise UnreadablePlan("文件里没有文字：请核对是否选错了文件")
    return document


def _reader(kind: str) -> Callable[[bytes, str], Document]:
    if kind == "docx":
        from ingestion.plans.document_docx import read_docx

        return read_docx
    if kind == "pdf":
        from ingestion.plans.document_pdf import read_pdf

        return read_pdf
    if kind == "xlsx":
        from ingestion.plans.document_xlsx import read_xlsx

        return read_xlsx
    if kind == "html":
        from ingestion.plans.document_html import read_html

        return read_html
    from ingestion.plans import document_text

    return document_text.read_markdown if kind == "md" else document_text.read_text


REFUSED_BY_CONTENT: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"PK\x05\x06", b"PK\x07\x08"), "压缩包是空的或分卷的：请提交其中的文件本身"),
    ((b"{\\rtf",), f"这是 rtf 文件：{SAVE_AS}"),
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"), "这是压缩包：请解压后提交其中的文件"),
    (
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"),
        "这是图片，没有可读的文字，需OCR：请提交文字版，或识别成文字后再提交",
    ),
)
BY_SUFFIX = {"md": "md", "markdown": "md", "txt": "txt", "text": "txt", "": "txt", "htm": "html", "html": "html"}
BY_SUFFIX |= {"shtml": "html", "xhtml": "html"}
BINARY_SUFFIXES = ("docx", "docm", "pdf", "xlsx", "doc", "wps", "ofd", "xls", "et")


def _format(data: bytes, suffix: str) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"%pdf-" in head:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zip_format(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadablePlan(_old_office(data, suffix))
    for beginnings, reason in REFUSED_BY_CONTENT:
        if data.startswith(beginnings):
            raise UnreadablePlan(reason)
    if head.startswith((b"<!doctype html", b"<html")):
        return "html"
    return _format_by_name(head, suffix)


def _format_by_name(head: bytes, suffix: str) -> str:
    if head.startswith(b"mime-version:") or suffix in ("mht", "mhtml"):
        raise UnreadablePlan("这是单个文件网页（mht）：请在浏览器或 Word 中打开后另存为 html 或 docx 再提交")
    if suffix in BINARY_SUFFIXES:
        advice = SAVE_AS if suffix in ("doc", "wps") else "请重新导出后再提交"
        raise UnreadablePlan(f"文件损坏，或名字是 .{suffix} 而内容不是：{advice}")
    if suffix not in BY_SUFFIX:
        raise UnreadablePlan(f"不认识的文件类型 .{suffix[:12]}：请提交 txt、md、html、docx、xlsx 或带文字的 pdf")
    return BY_SUFFIX[suffix]


def _old_office(data: bytes, suffix: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "文件有打开密码：请去掉密码后再提交"
    known = "." + suffix if suffix in ("doc", "wps", "xls", "et") else "Office"
    return f"这是旧版 {known} 文件，读不准：{SAVE_SHEET_AS if suffix in ('xls', 'et') else SAVE_AS}"


def _zip_format(data: bytes) -> str:
    """Tell what a zip holds, within a budget of bytes that are really unpacked (headers may lie)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            names = {member.filename for member in members}
            if "OFD.xml" in names:
                raise UnreadablePlan("这是 ofd 版式文件：请提交 docx 原稿，或用版式阅读软件导出为带文字的 pdf 再提交")
            if "content.xml" in names:
                raise UnreadablePlan(f"这是 OpenDocument 文件：{SAVE_AS}")
            if any(name.startswith("ppt/") for name in names):
                raise UnreadablePlan("这是演示文稿：请提交要点的 docx、xlsx 或带文字的 pdf")
            if "xl/workbook.xml" in names:
                _check_budget(package, members)
                return "xlsx"
            if "word/document.xml" not in names:
                raise UnreadablePlan("这是压缩包，里面没有 Word 正文：请解压后提交其中的文件")
            if any(member.flag_bits & 1 for member in members):
                raise UnreadablePlan("文件有打开密码：请去掉密码后再提交")
            _check_budget(package, members)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise UnreadablePlan("文件损坏，打不开（压缩结构不完整）：请重新保存后再提交") from error
    except Exception as error:
        if isinstance(error, UnreadablePlan):
            raise
        # zlib.error and struct.error have no common base that is worth an import each
        raise UnreadablePlan("文件损坏，解不开：请重新保存后再提交") from error
    return "docx"


def _check_budget(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise UnreadablePlan(f"压缩结构里有 {len(members):,} 个部件，不像 Word 文档：请重新保存后再提交")
    total = 0
    for member in members:
        is_xml = member.filename.endswith((".xml", ".rels"))
        with package.open(member) as stream:
            first = True
            while chunk := stream.read(1 << 20):
                total += len(chunk)
                if total > MAX_EXPANDED_BYTES:
                    raise UnreadablePlan("文件展开后过大，疑似压缩炸弹：请重新保存后再提交")
                # An entity would silently cut 95%以上 to 95%, or fetch a file; no office program writes one.
                if is_xml and first and b"<!DOCTYPE" in chunk[:65536]:
                    raise UnreadablePlan("文件内含 DOCTYPE 声明，不是 Word 正常保存的结果：请另存为新的 docx 再提交")
                first = False
