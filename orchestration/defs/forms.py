"""Workbooks → raw_forms__* and the intake tables, through the gate. Rules live in ingestion/forms, not here."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from ingestion.arrivals import Arrivals
from ingestion.tables import FORMS, INTAKE
from ingestion.workbooks.intake import IntakeSummary, take_in
from ingestion.workbooks.privacy import guard
from orchestration.defs.resources import Bureau
from orchestration.tables import raw_specs, row_counts

# The intake tables hold a part written by the plans step too, hence the dependency on it.
TABLES_WRITTEN = [*FORMS, *INTAKE]
IDENTITY = "received_is_loaded_quarantined_or_ignored"
BLOCKING = ("结构", "有效性")


@dg.multi_asset(
    specs=raw_specs(TABLES_WRITTEN, group="forms", deps=["raw_config__schools", "raw_plans__documents"]),
    check_specs=[
        dg.AssetCheckSpec(IDENTITY, asset="raw_forms__sheets"),
        dg.AssetCheckSpec("gate_found_nothing_blocking", asset="raw_intake__findings"),
    ],
    pool="writer",
)
def forms(context: dg.AssetExecutionContext, bureau: Bureau) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Take in every workbook that is new in the inbox; a bad one is quarantined and stops nothing."""

    def progress(done: int, todo: int) -> None:
        context.log.info(f"{done} / {todo} 个文件")

    with bureau.writing("接收报表"):
        arrivals = Arrivals(bureau.paths.arrivals, max_file_mb=bureau.settings.max_file_mb)
        reporters = bureau.config().reporters()
        attempts = arrivals.collect(bureau.paths.inbox, "workbook")
        summary = take_in(attempts, bureau.landing, bureau.settings, reporters, progress)
        if _guard_persons(bureau, arrivals):  # of what was destroyed now landing says so now, not a refresh later
            summary = take_in(arrivals.all("workbook"), bureau.landing, bureau.settings, reporters)
    yield from row_counts(bureau.landing, TABLES_WRITTEN)
    yield from _checks(summary)


def _guard_persons(bureau: Bureau, arrivals: Arrivals) -> bool:
    """Restrict lists of persons; destroy those whose term is over both by the clock and on the day that is judged.
    Whether there were any."""
    now = datetime.now(UTC).replace(tzinfo=None)
    destroyed = guard(arrivals, bureau.landing, bureau.settings.private_days, now, min(now.date(), bureau.judged_on()))
    return bool(destroyed)


def _checks(summary: IntakeSummary) -> Iterator[dg.AssetCheckResult]:
    accounted = summary.cells_loaded + summary.cells_quarantined + summary.cells_ignored
    yield dg.AssetCheckResult(
        asset_key=dg.AssetKey("raw_forms__sheets"),
        check_name=IDENTITY,
        passed=summary.cells_received == accounted,
        metadata={"received": summary.cells_received, "accounted": accounted},
    )
    blocking = sum(summary.findings_by_severity.get(severity, 0) for severity in BLOCKING)
    yield dg.AssetCheckResult(
        asset_key=dg.AssetKey("raw_intake__findings"),
        check_name="gate_found_nothing_blocking",
        passed=blocking == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"blocking_findings": blocking, "files_quarantined": summary.files_quarantined},
    )
