"""`duban extract`: one document in, records out, without a warehouse. How records look is output.py's business."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.plans.document import UnreadablePlan

if TYPE_CHECKING:
    from ingestion.plans.reading import PlanReading


class ExtractError(Exception):
    """Why nothing was extracted, in Chinese."""


def extract_to(file: Path, *, year: int | None, region: str | None, fmt: str, out: Path | None, what: str) -> list[str]:
    """Write the commitments, the number ledger (`coverage`) or the decoded text of `file` to `out` or stdout.

    `what` is commitments | coverage | text. Returns what a person should know of the reading, in Chinese. Raises
    ExtractError where the file cannot be read.
    """
    from ingestion.plans.document import read_document
    from ingestion.plans.reading import read_plan

    if not file.is_file():
        raise ExtractError(f"找不到文件 {file}")
    if fmt == "xlsx" and out is None and what != "text":
        raise ExtractError("xlsx 是二进制格式：请用 --out 文件名.xlsx")
    try:
        data = file.read_bytes()
        if what == "text":
            _write_text(read_document(data, file.name).text, out)
            return []
        reading = read_plan(data, file.name, year=year, region=region)
        _write_records(_records(reading, what), what, fmt, out)
        return list(_remarks(reading, file, what))
    except UnreadablePlan as error:
        raise ExtractError(f"{file.name} 读不出来：{error.reason}") from error


def _records(reading: PlanReading, what: str) -> list[dict[str, object]]:
    from dataclasses import asdict

    from ingestion.plans.commitments import to_record

    if what == "coverage":
        return [asdict(entry) for entry in reading.ledger]
    return [to_record(commitment) for commitment in reading.commitments]


def _remarks(reading: PlanReading, file: Path, what: str) -> Iterator[str]:
    from ingestion.plans.coverage import UNRESOLVED

    if reading.plan_year is None:
        yield "标题和正文都没有写明年度，没有写年份的期限留空：请加 --year，例如 --year 2026"
    if not reading.commitments:
        yield "没有读到任何承诺：请核对是否选错了文件，或正文是否完整（--text 可看读到的全文）"
    unresolved = sum(entry.label == UNRESOLVED for entry in reading.ledger)
    if unresolved and what == "commitments":
        yield f"有 {unresolved} 个数字未能归类，请核对：duban plans numbers {file} --label {UNRESOLVED}"


def _write_records(records: list[dict[str, object]], what: str, fmt: str, out: Path | None) -> None:
    from ingestion.plans.output import render

    title = "承诺" if what == "commitments" else "数字清单"
    if out is None:
        # JSON and Chinese must come out the same whatever the terminal's locale says
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        render(records, fmt, sys.stdout, title=title)
    elif fmt == "xlsx":
        with out.open("wb") as stream:
            render(records, fmt, stream, title=title)
    else:
        with out.open("w", encoding="utf-8", newline="") as stream:
            render(records, fmt, stream, title=title)


def _write_text(text: str, out: Path | None) -> None:
    """The text as bytes: no newline translation may move an offset."""
    content = text.encode("utf-8", "surrogatepass")
    if out:
        out.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
