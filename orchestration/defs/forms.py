"""Workbooks → raw_forms__* and the intake tables, through the gate. Rules live in ingestion/forms, not here."""

from collections.abc import Iterator

import dagster as dg

from ingestion.tables import FORMS, INTAKE
from orchestration.defs.resources import Bureau
from orchestration.tables import raw_specs, row_counts

# The intake tables hold a part written by the plans step too, hence the dependency on it.
TABLES_WRITTEN = [*FORMS, *INTAKE]


@dg.multi_asset(
    specs=raw_specs(TABLES_WRITTEN, group="forms", deps=["raw_config__schools", "raw_plans__documents"]),
    check_specs=[
        dg.AssetCheckSpec("received_is_loaded_quarantined_or_ignored", asset="raw_forms__sheets"),
        dg.AssetCheckSpec("gate_found_nothing_blocking", asset="raw_intake__findings"),
    ],
    pool="writer",
)
def forms(context: dg.AssetExecutionContext, bureau: Bureau) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Take in every workbook that is new in the inbox; a bad one is quarantined and stops nothing."""
    from ingestion.workbooks.collecting import collect_and_take_in

    with bureau.writing("接收报表"):
        outcome = collect_and_take_in(bureau.settings, bureau.landing, bureau.config(), progress=context.log.info)
    yield from row_counts(bureau.landing, TABLES_WRITTEN)
    yield dg.AssetCheckResult(
        asset_key=dg.AssetKey("raw_forms__sheets"),
        check_name="received_is_loaded_quarantined_or_ignored",
        passed=outcome.identity_holds,
        metadata={"cells": outcome.cells},
    )
    yield dg.AssetCheckResult(
        asset_key=dg.AssetKey("raw_intake__findings"),
        check_name="gate_found_nothing_blocking",
        passed=not outcome.blocking,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"blocking_findings": outcome.blocking},
    )
