"""Workbooks → raw_forms__* and the intake tables, through the gate. Rules live in ingestion/forms, not here."""

from collections.abc import Iterator

import dagster as dg

from ingestion.arrivals import Arrivals
from ingestion.tables import FORMS, INTAKE
from ingestion.workbooks.intake import IntakeSummary, take_in
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
        attempts = arrivals.collect(bureau.paths.inbox, "workbook")
        summary = take_in(attempts, bureau.landing, bureau.settings, bureau.config().reporters(), progress)
    yield from row_counts(bureau.landing, TABLES_WRITTEN)
    yield from _checks(summary)


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
