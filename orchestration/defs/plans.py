"""Plan documents → raw_plans__*: what was read, outlined, promised, counted and linked. No meaning is judged here."""

from collections.abc import Iterator

import dagster as dg

from ingestion.plans.intake import take_in_plans
from ingestion.tables import PLANS
from orchestration.defs.resources import Bureau
from orchestration.tables import raw_specs, row_counts


@dg.multi_asset(
    specs=raw_specs(list(PLANS), group="plans", deps=["raw_config__indicators", "raw_config__regions"]),
    check_specs=[dg.AssetCheckSpec("every_plan_was_read", asset="raw_plans__documents")],
    pool="writer",
)
def plans(context: dg.AssetExecutionContext, bureau: Bureau) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Read every plan document in the plans folder; one that cannot be read is a finding and stops nothing."""
    with bureau.writing("读取工作要点"):
        outcome = take_in_plans(bureau.settings, bureau.landing, bureau.config(), progress=context.log.info)
    yield from row_counts(bureau.landing, list(PLANS))
    yield dg.AssetCheckResult(
        asset_key=dg.AssetKey("raw_plans__documents"),
        check_name="every_plan_was_read",
        passed=not outcome.unreadable,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"unreadable": outcome.unreadable},
    )
