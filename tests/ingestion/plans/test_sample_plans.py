"""The sample plans: our own wording, every format, the same commitments as the documents they stand in for."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from ingestion.plans.commitments import extract_commitments
from ingestion.plans.document import Document, read_document
from ingestion.plans.linking import link
from ingestion.plans.reading import plan_tables, read_plan
from ingestion.tables import CONFIG

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "data" / "plans"
SHARED = ROOT.parent / "shared"
FILES = {
    "longwan-2020": "longwan-2020.txt",
    "dongli-2020": "dongli-2020.txt",
    "changsha-2020": "changsha-2020.html",
    "taizhou-2020": "taizhou-2020.docx",
    "linan-2019": "linan-2019.pdf",
}
NUMBER = re.compile(r"[0-9０-９.%％]+|[〇零一二三四五六七八九十百千万亿两]+")


def sample(name: str) -> Document:
    path = SAMPLES / FILES[name]
    return read_document(path.read_bytes(), path.name)


def real(name: str) -> tuple[str, list[dict]]:
    plan, gold = SHARED / "plans" / f"{name}.txt", SHARED / "gold" / f"{name}.jsonl"
    if not plan.exists():
        pytest.skip("the documents that the samples stand in for are not on this machine")
    records = [json.loads(line) for line in gold.read_text("utf-8").splitlines() if line.strip()]
    return plan.read_text("utf-8"), records


def masked(text: str, names: set[str]) -> str:
    text = re.sub(r"\s", "", text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "□")
    return NUMBER.sub("□", re.sub(r"《[^《》]*》", "□", text))


def names_of(records: list[dict]) -> set[str]:
    projects = {re.sub(r"\s", "", name) for record in records for name in record.get("projects", [])}
    return projects | {re.sub(r"\s", "", record["output"]) for record in records if record.get("output")}


@pytest.mark.parametrize("name", FILES)
def test_no_wording_is_taken_over(name: str) -> None:
    everything = [real(other) for other in FILES]
    names = {one for _, records in everything for one in names_of(records)}
    ours = masked(sample(name).text, names)
    for text, _ in everything:
        theirs = masked(text, names)
        runs = {theirs[at : at + 21] for at in range(len(theirs) - 20)}
        shared = [ours[at : at + 21] for at in range(len(ours) - 20) if ours[at : at + 21] in runs]
        assert not shared, shared[:3]


@pytest.mark.parametrize("name", FILES)
def test_every_figure_and_name_is_there(name: str) -> None:
    _, records = real(name)
    ours = re.sub(r"\s", "", sample(name).text).replace("（", "(").replace("）", ")")
    wanted = {record["number_text"] for record in records if record["type"] == "target"}
    wanted |= {one for record in records for one in record.get("projects", [])}
    wanted |= {record["output"] for record in records if record["type"] == "deliverable" and record["certain"]}
    wanted |= {record["output"] for record in records if record["type"] == "event" and record["certain"]}
    plain = {re.sub(r"\s", "", one).replace("（", "(").replace("）", ")") for one in wanted}
    assert sorted(one for one in plain if one not in ours) == []


@pytest.mark.parametrize("name", FILES)
def test_a_sample_says_what_it_is(name: str) -> None:
    opening = sample(name).text[:120]
    assert "演示数据" in opening
    assert "非官方文件" in opening


def test_every_sample_is_in_the_list_of_plans() -> None:
    with (SAMPLES / "plans.csv").open(encoding="utf-8") as stream:
        listed = {row["file"]: (row["region"], row["year"]) for row in csv.DictReader(stream)}
    assert sorted(listed) == sorted(FILES.values())
    assert listed["linan-2019.pdf"] == ("330112", "2019")


@pytest.mark.parametrize("name", FILES)
def test_a_sample_is_small_and_has_a_dated_title(name: str) -> None:
    assert (SAMPLES / FILES[name]).stat().st_size < 300_000
    assert re.search(r"(2019|2020)年.*(要点|安排|计划|重点工作)", sample(name).title)


@pytest.mark.parametrize(
    ("name", "kind", "fact"),
    [
        ("longwan-2020", "txt", "开工瑶南新二中、区十二幼等学校5所；"),
        ("dongli-2020", "txt", "全年新增学前教育学位1530个，"),
        ("changsha-2020", "html", "新改扩建30所公办园，力争增加3万个公办园学位。"),
        ("taizhou-2020", "docx", "10.选派50名校长、教师出国（境）研修。"),
        ("linan-2019", "pdf", "锦南新城幼儿园、太湖源镇中心幼儿园主体工程；"),
    ],
)
def test_each_format_gives_its_text_back(name: str, kind: str, fact: str) -> None:
    document = sample(name)
    assert document.format == kind
    holder = [p for p in document.paragraphs if fact in document.text[p.start : p.end]]
    assert len(holder) == 1


def test_the_rebuilt_formats_equal_their_sources() -> None:
    """Web page, Word and pdf say what their source says, running heads and navigation left out, numbers written out."""
    sources = ROOT / "tests" / "fixtures" / "sample_plans"
    for name in ("changsha-2020", "linan-2019"):
        source = re.sub(r"^#+ ", "", (sources / f"{name}.md").read_text("utf-8"), flags=re.M)
        assert re.sub(r"\s", "", sample(name).text) == re.sub(r"\s", "", source)
    headings = [p for p in sample("taizhou-2020").paragraphs if p.kind == "标题"]
    assert [sample("taizhou-2020").text[p.start : p.start + 2] for p in headings[1:]] == [
        "一、",
        "二、",
        "三、",
        "四、",
        "五、",
    ]


@pytest.mark.parametrize("name", FILES)
def test_a_sample_holds_the_commitments_of_what_it_stands_in_for(name: str) -> None:
    """Of every kind as many as in the document itself, give or take two or a fifth; and nearly all its figures."""
    text, records = real(name)
    year = int(name[-4:])
    document = sample(name)
    ours = extract_commitments(document.text, year=year, paragraphs=document.paragraphs)
    theirs = Counter(c.kind for c in extract_commitments(text, year=year))
    found = Counter(c.kind for c in ours)
    for kind in theirs | found:
        more = max(found[kind], theirs[kind])
        assert abs(found[kind] - theirs[kind]) <= max(2, more / 5), (kind, found[kind], theirs[kind])
    figures = Counter((record["value"], record["unit"]) for record in records if record["type"] == "target")
    missed = figures - Counter((c.value, c.unit) for c in ours if c.number_text)
    assert missed.total() <= figures.total() / 10, missed


def test_every_number_commitment_of_the_samples_finds_its_card() -> None:
    cards = pl.read_csv(ROOT / "data" / "config" / "indicators.csv", schema_overrides=CONFIG["config__indicators"])
    regions = pl.read_csv(ROOT / "data" / "config" / "regions.csv", schema_overrides=CONFIG["config__regions"])
    readings = [read_plan((SAMPLES / f).read_bytes(), f, regions=regions) for f in FILES.values()]
    assert [r.region_code for r in readings] == ["330303", "120110", "430100", "331000", "330112"]
    assert [r.plan_year for r in readings] == [2020, 2020, 2020, 2020, 2019]
    assert not [f for r in readings for f in r.findings]
    tables = plan_tables(readings, range(1, 6), cards)
    numbers = tables["plans__commitments"].filter(pl.col("kind").is_in(["metric", "count", "money"]))
    applied = tables["plans__links"].filter(pl.col("link_method").is_in(["exact", "alias"]))
    unlinked = numbers.join(applied, on="commitment_id", how="anti")
    assert unlinked.height <= numbers.height * 0.05, unlinked.select("indicator", "quote").rows()
    assert applied["commitment_id"].n_unique() == applied.height


def test_the_cards_cover_the_documents_the_samples_stand_in_for() -> None:
    cards = pl.read_csv(ROOT / "data" / "config" / "indicators.csv", schema_overrides=CONFIG["config__indicators"])
    regions = dict(zip(FILES, ("330303", "120110", "430100", "331000", "330112"), strict=True))
    kinds = {"project_count": "count", "event_count": "count"}
    unlinked, total = [], 0
    for name, region in regions.items():
        for number, record in enumerate(r for r in real(name)[1] if r["type"] == "target"):
            asked = {"id": str(number), "kind": kinds.get(record["kind"], record["kind"]), "quote": record["evidence"]}
            asked |= {"start": 0} | {key: record[key] for key in ("indicator", "operator", "unit")}
            total += 1
            if not any(link_.link_method in ("exact", "alias") for link_ in link([asked], cards, region)):
                unlinked.append(record["indicator"])
    assert unlinked == []
    assert total > 90


def test_no_card_holds_a_target() -> None:
    """A card says how a figure is made; what it should be, only a plan says."""
    with (ROOT / "data" / "config" / "indicators.csv").open(encoding="utf-8") as stream:
        cards = list(csv.DictReader(stream))
    assert [*cards[0]] == [*CONFIG["config__indicators"]]
    thresholds = {card["indicator_code"] for card in cards if card["meeting_threshold"]}
    assert thresholds == {card["indicator_code"] for card in cards if card["aggregation"] == "share_meeting"}
    assert all(re.search(r"[\u4e00-\u9fff]", card["definition"]) for card in cards)
