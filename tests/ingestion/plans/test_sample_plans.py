"""The sample plans: our own wording, every format, the same commitments as the documents they stand in for."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from ingestion.plans.document import Document, read_document

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
