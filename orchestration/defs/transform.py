"""dbt_project → staging, intermediate and marts, with every dbt test as an asset check. Meaning lives in the SQL."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from ingestion.fingerprint import refresh_fingerprint
from orchestration.dbt_runs import DbtNode, failed_audit
from orchestration.defs.resources import Bureau
from orchestration.tables import OWNERS, asset_name
from orchestration.warehouse import row_counts


class Translator(DagsterDbtTranslator):
    """A source is the asset of its landing table; a model is an asset of its own name in the group of its layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        name = dbt_resource_props["name"]
        return dg.AssetKey(asset_name(name) if dbt_resource_props["resource_type"] == "source" else name)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props["fqn"][1]

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        del dbt_resource_props
        return OWNERS


def make_transform(manifest: Path) -> dg.AssetsDefinition:
    """The asset of all models, from a parsed manifest."""

    @dbt_assets(manifest=manifest, dagster_dbt_translator=Translator(), name="transform", pool="writer")
    def transform(context: dg.AssetExecutionContext, bureau: Bureau) -> Iterator[Any]:
        with bureau.writing("计算"):
            if bureau.is_published(refresh_fingerprint(bureau.landing, bureau.judged_on())):
                context.log.info("输入、规则和评价日期都没有变化：不重新计算")
                return
            bureau.stop_if_held()
            # the whole job builds everything, a part of it what changed: a night makes good what a day may have missed
            nodes = bureau.build(whole=not context.is_subset)
        yield from _events(context, nodes, row_counts(bureau.paths))
        if said := failed_audit(nodes):
            raise dg.Failure(said)

    return transform


def _events(context: dg.AssetExecutionContext, nodes: list[DbtNode], rows: dict[str, int]) -> Iterator[Any]:
    asked, checked = context.selected_asset_keys, context.selected_asset_check_keys
    checks = {spec.name: spec for spec in context.assets_def.check_specs if spec.key in checked}
    for node in nodes:
        is_built = node.resource_type in {"model", "seed"} and node.status == "success"
        if is_built and dg.AssetKey(node.name) in asked:
            metadata = {"dagster/row_count": rows[node.name]} if node.name in rows else {}
            yield dg.MaterializeResult(asset_key=node.name, metadata=metadata | {"seconds": node.seconds})
        elif node.resource_type == "test" and node.name in checks and node.status != "skipped":
            spec = checks[node.name]
            yield dg.AssetCheckResult(
                asset_key=spec.asset_key,
                check_name=spec.name,
                passed=node.status == "pass",
                severity=dg.AssetCheckSeverity.WARN if node.status == "warn" else dg.AssetCheckSeverity.ERROR,
                metadata={"failures": node.failures, "message": node.message},
            )
