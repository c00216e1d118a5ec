"""Where on a web page the article stands: navigation, share bars, lists of other articles and footers dropped.

What its blocks say is `document_html`.
"""

from __future__ import annotations

import re
from typing import Any

DROPPED = re.compile(
    "script|style|noscript|template|nav|header|footer|aside|form|iframe|button|select|input|svg|canvas|object|link|meta"
)
# class or id of what surrounds an article on government sites, e.g. class="breadcrumb", id="nav-top", class="share-box"
AROUND = re.compile(
    r"(^|[\s_-])(nav|navbar|navi|menu|breadcrumbs?|crumbs?|share|sidebar|footer|copyright|header|toolbar|pager|related|"
    r"recommend|comments?|qrcode|login|weizhi|dangqian)([\s_-]|$)",
    re.I,
)
# what heads a list of other articles, whatever its class is called: 相关文章 · 热门推荐 · 上一篇：…
OTHERS = re.compile(
    r"[【\[]?(?:相关|热门|热点|推荐|延伸|更多|最新|往期|精彩|猜你喜欢|附近|同类)(?:的)?(?:文章|阅读|链接|新闻|报道|信息|文档|推荐|资讯|稿件|内容|"
    r"公开|政策|解读|回顾|动态)*[】\]]?[:：]?"
)
TURNING = re.compile(r"(?:上|下|前|后)一[篇条页个](?:文章|新闻)?[:：\s]")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
BLOCK = re.compile(
    "address|article|blockquote|body|br|center|dd|details|div|dl|dt|fieldset|figcaption|figure|h[1-6]|hr|html|li|main|ol|p|"
    "pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# the day of a list entry, [2031-02-01] · （2月1日）
DATED = re.compile(r"[\[（(]?(?:20\d\d[-./年])?\d{1,2}[-./月]\d{1,2}日?[\])）]?(?:\d{1,2}:\d\d(?::\d\d)?)?")
SPACE = re.compile(r"[ \t\r\n\xa0]+")


def drop_surroundings(root: Any) -> None:
    whole = length(root)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            if element.getparent() is not None:
                element.drop_tree()
            continue
        if element.tag in ("html", "body", "main", "article") or element.getparent() is None:
            continue
        if _heads_others(element):
            _drop_others(element)
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        hidden = element.get("hidden") is not None or HIDDEN.search(element.get("style") or "")
        around = AROUND.search(names) and length(element) < min(600, 0.4 * whole)
        if DROPPED.fullmatch(element.tag) or hidden or around or _is_link_list(element):
            element.drop_tree()


def _heads_others(element: Any) -> bool:
    """Whether a short block only announces other articles, or turns to the one before or after."""
    if BLOCK.fullmatch(element.tag) is None or len(element) > 12:
        return False
    text = SPACE.sub(" ", element.text_content()).strip()
    if TURNING.match(text):
        return len(text) < 160 and element.find(".//a") is not None
    return 4 <= len(text) <= 12 and OTHERS.fullmatch(text) is not None


def _drop_others(element: Any) -> None:
    """Drop a heading of other articles with the box it opens, or where it has none with the links that follow it."""
    head = SPACE.sub("", element.text_content())
    box = element
    while (parent := box.getparent()) is not None and parent.tag not in ("html", "body", "main", "article"):
        if not SPACE.sub("", parent.text_content()).startswith(head) or not _is_mostly_links(parent, head):
            break
        box = parent
    after = []
    for sibling in box.itersiblings():
        if not isinstance(sibling.tag, str) or (length(sibling) and not _is_mostly_links(sibling)):
            break
        after.append(sibling)
    for dropped in (box, *after):
        if dropped.getparent() is not None:  # else it went with what it stood in
            dropped.drop_tree()


def _is_mostly_links(element: Any, head: str = "") -> bool:
    links = [element] if element.tag == "a" else element.findall(".//a")
    text = DATED.sub("", SPACE.sub("", element.text_content()).removeprefix(head))
    return sum(length(link) for link in links) > 0.6 * len(text) if text else True


def length(element: Any) -> int:
    """The characters of an element, blanks apart."""
    return len(SPACE.sub("", element.text_content()))


def _is_link_list(element: Any) -> bool:
    """Navigation is mostly links; a paragraph that quotes one law by a link is not."""
    if element.tag not in ("div", "ul", "ol", "table", "section", "dl", "p"):
        return False
    return len(element.findall(".//a")) >= 3 and _is_mostly_links(element)


def article(root: Any) -> Any:
    """The smallest element that still holds four fifths of the page's unlinked text."""
    body = root.find(".//body")
    chosen = root if body is None else body
    whole = length(chosen)
    while True:
        inner = [
            child
            for child in chosen
            if isinstance(child.tag, str) and BLOCK.fullmatch(child.tag) and child.tag != "table"
        ]
        best = max(inner, key=length, default=None)
        if best is None or best.tag in ("p", "ul", "ol", "li") or length(best) < 0.8 * whole:
            return chosen
        # a title that stands just before the text block belongs to the article
        if any(h.tag in HEADINGS and h is not best for h in chosen.iter(*HEADINGS) if best not in h.iterancestors()):
            return chosen
        chosen = best
