"""Readers of plan documents: what the text is, where paragraphs stand, and what is refused with which advice."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingestion.plans.document import Document, UnreadablePlan, read_document
from ingestion.plans.document_numbering import chinese, spell

LINES = "云溪区2031年教育工作要点\r\n\r\n一、新建学校3所，覆盖率达95%以上。\r\n　　二、䶮溪中学年内投用。\n"


def paragraphs(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.paragraphs]


def refused(data: bytes, name: str) -> str:
    with pytest.raises(UnreadablePlan) as caught:
        read_document(data, name)
    return caught.value.reason


# --- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "mark", "encoding"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", b"\xef\xbb\xbf", "UTF-8 BOM"),
        ("gb18030", b"", "GB18030"),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("utf-16-le", b"", "UTF-16"),
    ],
)
def test_text_is_the_file_decoded_as_it_is(codec: str, mark: bytes, encoding: str) -> None:
    document = read_document(mark + LINES.encode(codec), "a.txt")
    assert document.encoding == encoding
    assert document.text.removeprefix("\ufeff") == LINES
    assert document.text.startswith("\ufeff") == bool(mark)
    assert paragraphs(document)[2] == "二、䶮溪中学年内投用。"
    assert document.paragraphs[2].locator == "第3段"
    assert document.title == "云溪区2031年教育工作要点"


def test_traditional_script_in_big5_is_read() -> None:
    text = "雲溪區教育局工作要點\n辦好人民滿意的教育，新建學校三所，推進義務教育優質均衡發展。\n"
    assert read_document(text.encode("big5"), "a.txt").text == text


def test_a_short_text_is_not_taken_for_big5() -> None:
    """In Big5 the bytes of é would be 谷."""
    assert read_document("新建é校".encode("gb18030"), "a.txt").text == "新建é校"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_parts_paragraphs(newline: str) -> None:
    assert paragraphs(read_document(newline.join(["一", "二", "三"]).encode(), "a.txt")) == ["一", "二", "三"]


LONG = "全区普惠性幼儿园覆盖率达到百分之九十以上，新建学校三所，扩充学位一千个。"


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.txt", "0 字节"),
        (" \r\n\u3000\n".encode(), "a.txt", "没有文字"),
        ("全区新建\0学校".encode(), "a.txt", "NUL"),
        ("全区新建\ufffd\ufffd学校".encode(), "a.txt", "丢失的文字"),
        ("全区新建锟斤拷学校".encode(), "a.txt", "丢失的文字"),
        (LONG.encode().decode("gb18030", "ignore").encode(), "a.txt", "乱码"),
        (LONG.encode().decode("latin-1").encode(), "a.txt", "乱码"),
        (LONG.encode("gb18030").decode("latin-1").encode(), "a.txt", "乱码"),
        (LONG.encode("gb18030") + b"\xff\xff\xfe", "a.txt", "编码"),
        (("好" * 400_001).encode(), "a.txt", "400,000"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "另存为 docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.wps", ".wps"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "a.docx", "密码"),
        (b"PK\x03\x04 and then nothing", "a.docx", "损坏"),
        (b"%PDF-1.7 and then nothing", "a.pdf", "损坏"),
        ("其实是文字".encode(), "a.docx", ".docx"),
        ("其实是文字".encode(), "a.xyz", "不认识"),
        (b"Rar!\x1a\x07\x00", "a.rar", "压缩包"),
        (b"{\\rtf1 abc}", "a.rtf", "rtf"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "需OCR"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "另存为 xlsx"),
        ("其实是文字".encode(), "a.doc", "另存为 docx"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a.doc", "单个文件网页"),
        (b"<html><body><script>1</script></body></html>", "a.html", "没有正文"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(data: bytes, name: str, says: str) -> None:
    reason = refused(data, name)
    assert says in reason
    assert "请" in reason


def test_a_plain_text_needs_none_of_the_heavy_readers() -> None:
    code = (
        "import sys; from ingestion.plans.document import read_document; read_document('计划'.encode(), 'a.txt');"
        "print([m for m in ('docx','pdfplumber','lxml','trafilatura','polars') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_markdown_loses_its_marks_and_keeps_its_numbers_and_tables() -> None:
    source = "# 云溪区**2031年**计划\n\n- 新建[学校](http://a)3所\n1. 开办`夜校`\n\n"
    source += "| 指标 | 目标 |\n|---|---:|\n| 覆盖率 | 95% |\n"
    document = read_document(source.encode(), "a.md")
    assert paragraphs(document) == ["云溪区2031年计划", "新建学校3所", "1. 开办夜校", "指标\t目标", "覆盖率\t95%"]
    assert [p.kind for p in document.paragraphs] == ["标题", "正文", "正文", "表格行", "表格行"]
    assert document.paragraphs[4].locator == "表1第2行"


# --- html -----------------------------------------------------------------------------------------------------------

PAGE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>云溪区政府网</title></head><body>
<div class="top-nav"><ul><li><a href="/">首页</a></li><li><a href="/a">公开</a></li><li><a>互动</a></li></ul></div>
<table class="layout"><tr><td><div class="crumb">当前位置：首页 &gt; 计划</div>
<h1>云溪区2031年教育工作要点</h1>
<div class="TRS_Editor"><p>&emsp;一、新建学校<b>3</b>所；<br>二、扩充学位&nbsp;1,500个。</p>
<p>落实<a href="/law">《云溪条例》</a>，覆盖率达95%&#x4EE5;&#x4E0A;。</p><div style="display:none">隐藏的99%</div>
<table><tr><th>指标</th><th>目标</th></tr><tr><td>近视率</td><td>下降1个百分点</td></tr></table></div>
</td></tr></table>
<div class="share">分享 微博</div><div id="footer">版权所有 备案 12345 号</div></body></html>"""


def test_a_web_page_gives_its_article_only() -> None:
    document = read_document(PAGE.encode("gb18030"), "a.html")
    assert paragraphs(document) == [
        "云溪区2031年教育工作要点",
        "一、新建学校3所；",
        "二、扩充学位 1,500个。",
        "落实《云溪条例》，覆盖率达95%以上。",
        "指标\t目标",
        "近视率\t下降1个百分点",
    ]
    assert document.title == "云溪区2031年教育工作要点"
    assert document.paragraphs[-1].locator == "表1第2行"


OTHERS = "<li><a>我县新建幼儿园6所</a><span>2031-02-01</span></li><li><a>招聘教师300名</a><span>[01-12]</span></li>"


@pytest.mark.parametrize(
    "around",
    [
        f"<div class='x1'><h3>相关文章</h3><ul>{OTHERS}</ul></div>",
        f"<p><b>【热门推荐】</b></p><ul>{OTHERS}</ul>",
        "<div><p>上一篇：<a>2030年新增学位2000个</a></p><p>下一篇：<a>招生工作通知</a></p></div>",
        "<div>当前位置：<a>首页</a> &gt; <a>规划计划</a></div>",
        "<div>发布时间：2031-03-12 10:22　来源：教育局　浏览次数：1208次</div>",
        "<p>主办单位：县教育局　地址：人民路18号　电话：0571-12345678</p><p>浙ICP备05012345号</p>",
    ],
)
def test_what_a_page_says_of_itself_and_of_others_is_no_plan(around: str) -> None:
    body = (
        f"<html><body><div><h1>云溪区2031年教育工作要点</h1><p>相关学校新建幼儿园3所。</p></div>{around}</body></html>"
    )
    assert paragraphs(read_document(body.encode(), "a.html")) == ["云溪区2031年教育工作要点", "相关学校新建幼儿园3所。"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>新建\n   学校</p><p>use AI\n tools</p>", ["新建学校", "use AI tools"]),
        ("<pre>一、新建\n\n二、扩建</pre>", ["一、新建", "二、扩建"]),
        ("一、新建<br><br/>二、扩建", ["一、新建", "二、扩建"]),
        ("<div class='share'><p>新建学校</p></div>", ["新建学校"]),
        ("<p>达95&#37;&#x4EE5;&#x4E0A;&ldquo;四化&rdquo;</p>", ["达95%以上“四化”"]),
        ("<ul><li>新建学校3所</li><li>扩充学位100个</li></ul>", ["新建学校3所", "扩充学位100个"]),
    ],
)
def test_the_blocks_of_a_page_are_its_paragraphs(body: str, expected: list[str]) -> None:
    assert paragraphs(read_document(f"<html><body>{body}</body></html>".encode(), "a.html")) == expected


def test_a_page_nested_without_end_is_refused() -> None:
    assert "正文" in refused(("<html>" + "<div>" * 5000 + "新建").encode(), "a.html")


def test_a_page_whose_meta_lies_about_its_charset_is_read_all_the_same() -> None:
    assert "新建学校3所" in read_document(PAGE.encode(), "a.htm").text


# --- docx -----------------------------------------------------------------------------------------------------------


def saved(document: WordDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def numbered(document: WordDocument, *levels: tuple[str, str]) -> None:
    numbering = document.part.numbering_part.element
    xml = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for at, (form, pattern) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="50">{xml}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="50"><w:abstractNumId w:val="50"/></w:num>'))
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="51"><w:abstractNumId w:val="50"/>{restart}</w:num>'))


def item(document: WordDocument, text: str, level: int, num_id: int = 50) -> None:
    paragraph = document.add_paragraph(text)
    mark = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(mark))


def test_automatic_numbers_are_written_out() -> None:
    document = docx.Document()
    numbered(document, ("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    for text, level in [("党建", 0), ("学习", 1), ("讲课", 2), ("比赛", 2), ("纪律", 1), ("办学", 0), ("扩容", 1)]:
        item(document, text, level)
    item(document, "附则", 0, num_id=51)
    assert paragraphs(read_document(saved(document), "a.docx")) == [
        "一、党建", "（一）学习", "1.讲课", "2.比赛", "（二）纪律", "二、办学", "（一）扩容", "一、附则",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "form", "spelled"),
    [
        (10, "chineseCounting", "十"), (21, "chineseCountingThousand", "二十一"), (105, "japaneseCounting", "一百〇五"),
        (110, "chineseCounting", "一百一十"), (3, "decimalEnclosedCircle", "③"), (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"), (2, "ideographTraditional", "乙"), (7, "decimalZero", "07"),
        (3, "chineseLegalSimplified", "叁"),
    ],
)  # fmt: skip
def test_numbers_are_spelled_as_word_spells_them(number: int, form: str, spelled: str) -> None:
    assert spell(number, form) == spelled


def test_chinese_numbers_have_no_gap() -> None:
    assert [chinese(n) for n in (1, 9, 11, 20, 99, 100, 101, 120)] == [
        "一", "九", "十一", "二十", "九十九", "一百", "一百〇一", "一百二十",
    ]  # fmt: skip


def body_xml(*blocks: str) -> bytes:
    document = docx.Document()
    body = document.element.body
    for child in list(body):
        body.remove(child)
    for block in blocks:
        for element in parse_xml(f"<w:body {nsdecls('w')} {NAMESPACES}>{block}</w:body>"):
            body.append(element)
    return saved(document)


NAMESPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_tracked_changes_are_accepted() -> None:
    changed = (
        f"<w:p>{run('新建学校')}<w:del w:id='1' w:author='a'><w:r><w:delText>3</w:delText></w:r></w:del>"
        f"<w:ins w:id='2' w:author='a'>{run('5')}</w:ins>{run('所')}"
        f"<w:moveFrom w:id='3' w:author='a'>{run('旧处')}</w:moveFrom></w:p>"
    )
    joined = "<w:p><w:pPr><w:rPr><w:del w:id='4' w:author='a'/></w:rPr></w:pPr><w:r><w:t>扩充学位</w:t></w:r></w:p>"
    assert paragraphs(read_document(body_xml(changed, joined, f"<w:p>{run('100个')}</w:p>"), "a.docx")) == [
        "新建学校5所",
        "扩充学位100个",
    ]


def test_text_boxes_come_once_and_hidden_text_never() -> None:
    box = f"<w:txbxContent><w:p>{run('框内目标90%')}</w:p></w:txbxContent>"
    block = (
        f"<w:p>{run('正文')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    document = read_document(body_xml(block), "a.docx")
    assert [(p.kind, document.text[p.start : p.end]) for p in document.paragraphs] == [
        ("正文", "正文"),
        ("文本框", "框内目标90%"),
    ]


def test_tables_stand_in_their_place_as_rows() -> None:
    document = docx.Document()
    document.add_paragraph("表前")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ["指标", "目标", "覆盖率", "95%\n以上"], strict=True
    ):
        cell.text = text
    document.add_paragraph("表后")
    read = read_document(saved(document), "a.docx")
    assert paragraphs(read) == ["表前", "指标\t目标", "覆盖率\t95% 以上", "表后"]
    assert [p.locator for p in read.paragraphs] == ["第1段", "表1第1行", "表1第2行", "第2段"]


def test_content_controls_fields_and_links_keep_their_text() -> None:
    block = (
        f"<w:sdt><w:sdtContent><w:p>{run('控件内')}</w:p></w:sdtContent></w:sdt>"
        f"<w:p><w:hyperlink>{run('链接文字')}</w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert paragraphs(read_document(body_xml(block), "a.docx")) == ["控件内", "链接文字"]


def test_footnotes_follow_the_body() -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = docx.Document()
    document.add_paragraph("正文")
    notes = f"<w:footnote w:type='separator' w:id='0'><w:p>{run('线')}</w:p></w:footnote>"
    notes += f"<w:footnote w:id='1'><w:p>{run('注：95%以上')}</w:p></w:footnote>"
    blob = f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    read = read_document(saved(document), "a.docx")
    assert [(p.kind, p.locator) for p in read.paragraphs] == [("正文", "第1段"), ("脚注", "脚注1")]
    assert paragraphs(read)[1] == "注：95%以上"


def repacked(data: bytes, change: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return stream.getvalue()


def test_a_document_type_declaration_is_refused() -> None:
    plain = saved(docx.Document())
    xml = zipfile.ZipFile(io.BytesIO(plain)).read("word/document.xml")
    bad = xml.replace(b"<w:document", b'<!DOCTYPE w:document [<!ENTITY more "x">]><w:document', 1)
    assert "DOCTYPE" in refused(repacked(plain, {"word/document.xml": bad}), "a.docx")


def test_a_zip_bomb_is_refused_by_bytes_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.plans.document.MAX_EXPANDED_BYTES", 8 * 1024 * 1024)
    bomb = repacked(saved(docx.Document()), {"word/media/a.bin": b"\0" * (9 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert "过大" in refused(bomb, "a.docx")


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_cut_off_file_is_refused_not_half_read(share: float) -> None:
    root = Path(__file__).resolve().parents[3] / "data" / "plans"
    for name in ("taizhou-2020.docx", "linan-2019.pdf"):
        whole = (root / name).read_bytes()
        assert "损坏" in refused(whole[: int(len(whole) * share)], name)


def test_other_packages_are_told_apart() -> None:
    def package(name: str) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as new:
            new.writestr(name, b"<a/>")
        return stream.getvalue()

    assert "ofd" in refused(package("OFD.xml"), "a.ofd")
    assert "损坏" in refused(package("xl/workbook.xml"), "a.xlsx")
    assert "压缩包" in refused(package("notes.txt"), "a.zip")
    assert "压缩包" in refused(package("notes.txt"), "a.docx")
    assert "OpenDocument" in refused(package("content.xml"), "a.odt")
    assert "演示文稿" in refused(package("ppt/presentation.xml"), "a.pptx")
