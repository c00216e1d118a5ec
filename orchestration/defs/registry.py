"""Configuration and people's acts → raw_config__*, raw_registry__events. Both are inputs like any other."""

from collections.abc import Iterator

import dagster as dg

from ingestion.tables import CONFIG, REGISTRY
from orchestration.defs.resources import Bureau
from orchestration.tables import raw_specs, row_counts


@dg.multi_asset(specs=raw_specs(list(CONFIG), group="config"), pool="writer")
def configuration(bureau: Bureau) -> Iterator[dg.MaterializeResult]:
    """Land the configuration as a whole, or fail with every fault named and nothing applied."""
    loaded = bureau.config()
    with bureau.writing("载入配置"):
        bureau.landing.replace_all(loaded.tables)
    yield from row_counts(bureau.landing, list(CONFIG))


@dg.multi_asset(specs=raw_specs(list(REGISTRY), group="registry"), pool="writer")
def registry(bureau: Bureau) -> Iterator[dg.MaterializeResult]:
    """Land the event log as it stands now."""
    with bureau.writing("载入登记事件"):
        bureau.land_events()
    yield from row_counts(bureau.landing, list(REGISTRY))
