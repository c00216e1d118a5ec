"""From the indicator phrase of a commitment to an indicator card: by name, by alias, or as a suggestion for a person.

Here: when two names mean the same without doubt, and which cards a region may use. Which figures a card computes is
the warehouse's business; what a phrase is, the extraction's. Nothing below exact is ever applied by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ingestion.plans.script import plain_view

if TYPE_CHECKING:
    import polars as pl

MEASURED_KINDS = ("metric", "count", "money")
MAX_SUGGESTIONS = 3
MIN_SCORE = 60.0

NUMERAL = re.compile(r"\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千]+")
# whose figure it is says the plan's region already: 全市新增…, 我区…
WHOSE = re.compile(r"^(?:全[省市县区州镇]|[我本][省市县区州]|[省市县区]域内|辖区内?)(?!直|级|属)")
# when: the deadline is a field of its own
WHEN = re.compile(r"^(?:今年|本年度?|全年|年内|年底前?|\d{4}年(?:底前?|度)?|(?:到|至)\d{4}年(?:底前?)?|\d+年内)")
# that it is to be done says every commitment: 确保…, 完成…整治; 开工, 建成, 新增 are stages and stay
LIGHT = re.compile(r"^(?:使|让|确保|保证|力争|实现|做到|做好|落实|完成|开展|组织|实施|加快推进|推进|推动)(?=.{4})")
REACHING = re.compile(r"(?:力争|争取|基本)?(?:达到|达|实现|为|超过?|不少于|不低于|(?:提高|提升|扩大|保持)[到至在])$")
CHANGING = re.compile(r"(?:继续|进一步|同比|[比较](?:上一?年|去年))*(?:下降|降低|精减|精简|缩减|压减|减少|提高|增长)$")
MARK = re.compile(r"^\s*(?:\d{1,2}[.．、]|[（(][^（()）]{1,3}[)）]|[一二三四五六七八九十]+是)")
ITEM = re.compile(r"[，、；。,;]")
# a change is told by the operator: 近视率降幅 is about the 近视率; 文件数比上年 likewise
CHANGE = re.compile(r"(?:(?:下降|降低|精减|精简|缩减|压减|减少|提高|提升|增长|上升)?幅度|[降增升]幅)$")
AGAINST = re.compile(r"(?:同比|环比|[比较]?(?:上一?年|去年)(?:同期|末|底)?)$")
# 培养党员数, 培养党员人数 and 培养党员 count the same things
COUNTED = re.compile(r"(?:人次数?|人数|个数|所数|数量|数)$")

UNIT_KINDS = {"%": "ratio", "百分点": "ratio", "个百分点": "ratio", "‰": "ratio", "元": "money"}
UNIT_KINDS |= dict.fromkeys(("小时", "分钟", "天", "课时", "学时"), "time")
KIND_NAMES = {"ratio": "比例", "money": "金额", "time": "时长", "count": "数量"}


@dataclass(frozen=True)
class Link:
    """A commitment and a card; `link_method` exact | alias | suggestion, `link_score` 0-1, explanation in Chinese."""

    commitment_id: str
    indicator_code: str
    link_method: str
    link_score: float
    explanation: str


@dataclass(frozen=True)
class _Name:
    """One name of one card; `depth` counts the digits of its scope, so that a narrower scope comes first."""

    text: str
    code: str
    is_alias: bool
    depth: int
    card: dict[str, Any] = field(repr=False, hash=False, compare=False)


def link(commitments: Iterable[dict[str, Any]], cards: pl.DataFrame, region_code: str | None) -> list[Link]:
    """Links of the metric, count and money records of one plan, at most one exact or alias link each.

    `commitments` are records of the JSONL contract; `cards` has the schema of config__indicators. Cards whose scope is
    neither empty nor the region or one above it are left out; without a region only unscoped cards are used. Where
    nothing agrees exactly, up to three suggestions.
    """
    names = [name for card in cards.iter_rows(named=True) for name in _names(card, region_code)]
    return [
        found
        for record in commitments
        if record["kind"] in MEASURED_KINDS and record.get("indicator")
        for found in _links_of(record, names)
    ]


def _links_of(record: dict[str, Any], names: Sequence[_Name]) -> list[Link]:
    usable = [name for name in names if _units_agree(record, name.card)]
    keyed: dict[str, list[_Name]] = {}
    for name in usable:
        keyed.setdefault(name_key(name.text, counted=_is_counted(name.card)), []).append(name)
    for said, key in _readings(record):
        if key in keyed:
            return _decided(record, said, keyed[key])
    return _suggestions(record, usable)


def _decided(record: dict[str, Any], said: str, same: list[_Name]) -> list[Link]:
    deepest = max(name.depth for name in same)
    narrow = sorted((name for name in same if name.depth == deepest), key=lambda name: (name.is_alias, name.code))
    best = narrow[0]
    rivals = {name.code for name in narrow if name.is_alias == best.is_alias}
    if len(rivals) > 1:
        why = f"{said}与{len(rivals)}张指标卡同名，须人工选定"
        return [Link(record["id"], code, "suggestion", 0.99, why) for code in sorted(rivals)[:MAX_SUGGESTIONS]]
    title = best.card["indicator_name"]
    if best.is_alias:
        why = f"{said}与指标卡“{title}”的别名“{best.text}”一致"
        return [Link(record["id"], best.code, "alias", 1.0, why)]
    return [Link(record["id"], best.code, "exact", 1.0, f"{said}与指标卡“{title}”的名称一致")]


def _suggestions(record: dict[str, Any], usable: Sequence[_Name]) -> list[Link]:
    """Near names, best first. Names whose numerals differ are never near: 第二小学 is not 第一小学."""
    from rapidfuzz import fuzz

    phrase = name_key(record["indicator"], counted=record["kind"] != "metric")
    numerals = sorted(NUMERAL.findall(phrase))
    best: dict[str, tuple[float, _Name]] = {}
    for name in usable:
        key = name_key(name.text, counted=_is_counted(name.card))
        if sorted(NUMERAL.findall(key)) != numerals:
            continue
        score = fuzz.ratio(phrase, key, score_cutoff=MIN_SCORE)
        if score and score > best.get(name.code, (0.0, name))[0]:
            best[name.code] = (score, name)
    ranked = sorted(best.values(), key=lambda found: (-found[0], found[1].code))
    return [
        Link(record["id"], name.code, "suggestion", round(score / 100, 3), _why_near(record, name, score))
        for score, name in ranked[:MAX_SUGGESTIONS]
    ]


def _why_near(record: dict[str, Any], name: _Name, score: float) -> str:
    what = f"别名“{name.text}”" if name.is_alias else "名称"
    return (
        f"“{record['indicator']}”与指标卡“{name.card['indicator_name']}”的{what}相近（相似度{score / 100:.2f}），"
        "文字不全同，须人工确认"
    )


def _names(card: dict[str, Any], region_code: str | None) -> list[_Name]:
    scope = (card["scope_region_code"] or "").strip()
    if scope and not _covers(scope, region_code or ""):
        return []
    depth = len(scope.rstrip("0"))
    aliases = [alias.strip() for alias in (card["aliases"] or "").split("|") if alias.strip()]
    named = _Name(card["indicator_name"], card["indicator_code"], False, depth, card)
    return [named, *(_Name(alias, card["indicator_code"], True, depth, card) for alias in aliases)]


def _covers(scope: str, region: str) -> bool:
    """GB/T 2260: 330000 holds 330300, which holds 330303."""
    if scope == region:
        return True
    stem = scope[:2] if scope.endswith("0000") else scope[:4] if scope.endswith("00") else scope
    return len(region) == 6 and region.startswith(stem)


def _units_agree(record: dict[str, Any], card: dict[str, Any]) -> bool:
    said, kept = _unit_kind(record.get("unit")), _unit_kind(card["unit"])
    if card["aggregation"] == "share_meeting":
        return said in ("ratio", "time", "count")  # 每天1小时 names the line, 80%的学校 the share
    changes = record.get("operator") in ("increase", "decrease") and said == "ratio"
    return said == kept or changes


def _unit_kind(unit: str | None) -> str:
    return UNIT_KINDS.get((unit or "").strip(), "count")


def _is_counted(card: dict[str, Any]) -> bool:
    return _unit_kind(card["unit"]) in ("count", "money")


def _readings(record: dict[str, Any]) -> list[tuple[str, str]]:
    """(what is compared, its key): the phrase, it without what other fields say, and its clause without the number."""
    phrase = record["indicator"]
    keys = [name_key(phrase), name_key(phrase, counted=True)]
    if record.get("operator") in ("increase", "decrease"):
        bare = AGAINST.sub("", CHANGE.sub("", keys[0]))
        keys += [bare, COUNTED.sub("", bare)]
    said = [(f"“{phrase}”", key) for key in keys] + [(f"原文“{text}”", name_key(text)) for text in _clauses(record)]
    return [(what, key) for what, key in said if key]


def _clauses(record: dict[str, Any]) -> list[str]:
    """The words around the number: 新增学位500个 → 新增学位, 校舍2处、食堂3个 → 食堂, 开课率达95% → 开课率."""
    quote, start, end = record["quote"], record.get("number_start"), record.get("number_end")
    if start is None or end is None:
        return []
    before, after = quote[: start - record["start"]], quote[end - record["start"] :]
    before = MARK.sub("", before)
    left, right = ITEM.split(before)[-1], ITEM.split(after)[0]
    said = [before + after, left + right]
    if REACHING.search(left):
        said.append(left)
    if record.get("operator") in ("increase", "decrease"):
        said += [CHANGING.sub("", text) for text in said]
    return [REACHING.sub("", text.strip()) for text in said if len(text) <= 80]


@lru_cache(maxsize=20_000)
def name_key(name: str, *, counted: bool = False) -> str:
    """A name as it is compared: simplified, half-width, without brackets, quotes, spaces, 的, whose, when and 完成.

    Nothing with a meaning of its own goes: 率, 比例 and 占比 stay apart, so do 新增 and 改扩建, 一 and 二, 一 and 1.
    `counted` drops the final 数 of a count.
    """
    plain = unicodedata.normalize("NFKC", plain_view(name)).lower()
    plain = re.sub(r"[^\w%+.]|_", "", plain).replace("的", "")
    before = None
    while before != plain:
        before = plain
        plain = LIGHT.sub("", WHEN.sub("", WHOSE.sub("", plain)))
    return COUNTED.sub("", plain) if counted and COUNTED.sub("", plain) else plain
