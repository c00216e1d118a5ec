"""The marts that passed their audit → a release that readers see. The protocol is ingestion/releases.py."""

from collections.abc import Sequence

import dagster as dg

from orchestration.defs.resources import Bureau
from orchestration.tables import OWNERS


def make_release(marts: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The asset that publishes, downstream of every mart."""

    @dg.asset(name="release", deps=list(marts), group_name="release", kinds={"duckdb"}, owners=OWNERS, pool="writer")
    def release(bureau: Bureau) -> dg.MaterializeResult:
        """Publish the audited marts as releases/<seq>.duckdb and point CURRENT at it."""
        with bureau.writing("发布"):
            published = bureau.publish()
        return dg.MaterializeResult(metadata={"release": published.sequence, "path": str(published.path)})

    return release
