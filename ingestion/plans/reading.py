"""One plan read whole: document, year, region, commitments, outline, number ledger, findings; and many as tables.

Used by the refresh and by `duban extract`. The parts are read by their own modules; here they are put together.
Folders, arrivals and landing are elsewhere. Nothing here imports polars before tables are asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ingestion.plans.commitments import Commitment, extract_commitments, to_record
from ingestion.plans.coverage import NumberEntry, number_ledger
from ingestion.plans.document import Document, read_document
from ingestion.plans.outline import OutlineItem, outline
from ingestion.plans.periods import plan_year
from ingestion.plans.regions import region_of
from ingestion.plans.relations import find_conflicts

if TYPE_CHECKING:
    import polars as pl

LARGEST = 10**18  # what DECIMAL(24,6) holds before the point


@dataclass(frozen=True)
class PlanReading:
    """What one plan file says. `findings` are rows of intake__findings without file_id; unknown is null."""

    file_name: str
    sha256: str
    document: Document
    plan_year: int | None
    region_code: str | None
    commitments: list[Commitment]
    outline: list[OutlineItem]
    ledger: list[NumberEntry]
    findings: list[dict[str, Any]]

    @property
    def text_sha256(self) -> str:
        return hashlib.sha256(self.document.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def document_id(self) -> str:
        """The same text is the same document, whatever its file is called."""
        return self.text_sha256[:16]


def read_plan(
    data: bytes,
    file_name: str,
    *,
    year: int | None = None,
    region: str | None = None,
    regions: pl.DataFrame | None = None,
) -> PlanReading:
    """Read one plan. `year` and `region` (a code) win over what title and text say; `regions` is config__regions.

    A year or region that stays unknown is a finding and null: the plan goes through all the same. Without `regions`
    the region is the one given, unchecked. Raises UnreadablePlan where there is no text to read.
    """
    document = read_document(data, file_name)
    sha256 = hashlib.sha256(data).hexdigest()
    known_year = year if year is not None else plan_year(document.text, document.title)
    commitments = extract_commitments(document.text, year=known_year, paragraphs=document.paragraphs)
    region_code, findings = _region(document, region, regions, sha256)
    if known_year is None:
        message = f"{file_name} 的标题和正文都没有写明是哪一年的计划"
        fix = "在计划文件夹的 plans.csv 里写明 file,region,year；不写则期限留空"
        findings.append(_finding(sha256, "plan.year_unknown", "结构", message, fix))
    if not commitments:
        message, fix = f"{file_name} 里没有读到任何承诺", "请核对是否选错了文件，或正文是否完整"
        findings.append(_finding(sha256, "plan.no_commitments", "可疑", message, fix))
    return PlanReading(
        file_name=file_name,
        sha256=sha256,
        document=document,
        plan_year=known_year,
        region_code=region_code,
        commitments=commitments,
        outline=outline(document.text, document.paragraphs),
        ledger=number_ledger(document.text, commitments, year=known_year, paragraphs=document.paragraphs),
        findings=findings,
    )


def _region(
    document: Document, given: str | None, regions: pl.DataFrame | None, sha256: str
) -> tuple[str | None, list[dict[str, Any]]]:
    if regions is None:
        return given, []
    if given is not None:
        if given in set(regions["region_code"]):
            return given, []
        message = f"{document.file_name} 指定的地区代码 {given} 不在地区表中"
        fix = "在配置的 regions.csv 里补上这个地区，或改正 plans.csv"
        return None, [_finding(sha256, "plan.region_unknown", "结构", message, fix, raw_value=given)]
    found = region_of(document.title, document.text, regions)
    if found is not None:
        return found, []
    message = f"{document.file_name} 的标题和正文里认不出是哪个地区的计划"
    fix = "在计划文件夹的 plans.csv 里写明 file,region,year（region 填六位代码）；不写则指标不能对应到学校"
    return None, [_finding(sha256, "plan.region_unknown", "结构", message, fix)]


def _finding(
    sha256: str, rule: str, severity: str, message: str, fix: str, cell: str = "", raw_value: str | None = None
) -> dict[str, Any]:
    """`cell` is a place in the text as start-end where the finding has one."""
    return {
        "finding_id": hashlib.sha256(f"{sha256}|{cell}|{rule}".encode()).hexdigest()[:16],
        "cell": cell or None,
        "raw_value": raw_value,
        "rule_code": rule,
        "severity": severity,
        "message": message,
        "fix": fix,
        "cause_key": rule,
    }


def plan_tables(
    readings: Sequence[PlanReading], file_ids: Sequence[int], cards: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Rows of every plans__ table and of intake__findings for the readings, `file_ids` in their order; what compares
    documents (comparing.py) stays empty.

    A text that came in two files is one document: the later file gets a finding instead of rows.
    """
    import polars as pl

    from ingestion.tables import INTAKE, PLANS

    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in (*PLANS, "intake__findings")}
    first_file: dict[str, str] = {}
    for reading, file_id in zip(readings, file_ids, strict=True):
        findings = list(reading.findings)
        earlier = first_file.setdefault(reading.document_id, reading.file_name)
        if earlier is reading.file_name:
            _add(rows, reading, file_id, cards)
        else:
            message = f"{reading.file_name} 与 {earlier} 的文字完全相同，只登记一次"
            findings.append(_finding(reading.sha256, "plan.duplicate", "可疑", message, "请删去多余的一份"))
        rows["intake__findings"] += [finding | {"file_id": file_id} for finding in findings]
    schemas = {**PLANS, "intake__findings": INTAKE["intake__findings"]}
    return {table: pl.DataFrame(found, schema=schemas[table], orient="row") for table, found in rows.items()}


def _add(rows: dict[str, list[dict[str, Any]]], reading: PlanReading, file_id: int, cards: pl.DataFrame) -> None:
    from ingestion.plans.linking import link

    key = {"document_id": reading.document_id}
    rows["plans__documents"].append(key | _document_row(reading, file_id))
    rows["plans__outline_items"] += [key | _outline_row(reading, item) for item in reading.outline]
    rows["plans__commitments"] += [key | _commitment_row(c) for c in reading.commitments]
    rows["plans__commitment_projects"] += [
        key | {"commitment_id": c.id, "project_no": number, "project_name": name}
        for c in reading.commitments
        for number, name in enumerate(c.projects, 1)
    ]
    rows["plans__numbers"] += [
        key
        | {
            "start_offset": entry.start,
            "end_offset": entry.end,
            "number_text": entry.number_text,
            "label": entry.label,
            "commitment_id": entry.commitment_id,
        }
        for entry in reading.ledger
    ]
    rows["plans__conflicts"] += [key | vars(found) for found in find_conflicts(reading.commitments)]
    links = link([to_record(c) for c in reading.commitments], cards, reading.region_code)
    rows["plans__links"] += [key | vars(found) for found in links]


def _document_row(reading: PlanReading, file_id: int) -> dict[str, Any]:
    return {
        "file_id": file_id,
        "file_name": reading.file_name,
        "document_format": reading.document.format,
        "title": reading.document.title,
        "region_code": reading.region_code,
        "plan_year": reading.plan_year,
        "text": reading.document.text,
        "text_sha256": reading.text_sha256,
    }


def _outline_row(reading: PlanReading, item: OutlineItem) -> dict[str, Any]:
    return {
        "item_no": item.item_no,
        "parent_item_no": item.parent_item_no,
        "item_path": item.item_path,
        "level": item.level,
        "heading": item.heading,
        "start_offset": item.start,
        "end_offset": item.end,
        "locator": next((p.locator for p in reading.document.paragraphs if p.start <= item.start < p.end), None),
    }


SAME_NAME = (
    "kind", "quote", "number_text", "number_start", "number_end", "indicator", "operator", "unit", "deadline",
    "strength", "confidence", "responsible_unit", "per", "recurrence", "item_path", "locator", "milestone",
    "work_type", "stated_count", "output", "restates", "part_of", "note",
)  # fmt: skip


def _commitment_row(commitment: Commitment) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(commitment, name) for name in SAME_NAME}
    row |= {"commitment_id": commitment.id, "start_offset": commitment.start, "end_offset": commitment.end}
    return row | {name: _decimal(getattr(commitment, name)) for name in ("value", "value_high", "baseline")}


def _decimal(number: int | float | None) -> Decimal | None:
    """Null where the number is too large for the table: number_text still says it."""
    if number is None or not abs(number) < LARGEST:
        return None
    return Decimal(str(number)).quantize(Decimal("0.000001"))
