"""What starts a refresh besides the clock: workbooks in the inbox, people's acts in the log.

The resident refresher (orchestration/watching.py) does the same without Dagster's daemon and sooner; where both run,
the second finds nothing to do.
"""

import dagster as dg

from ingestion.registry.events import Registry
from orchestration.defs.resources import Bureau
from orchestration.jobs import refresh
from orchestration.looking import listing

LANDED_ACTS = ("raw_registry__events", "raw_registry__submission_events")


@dg.sensor(job=refresh, minimum_interval_seconds=30)
def inbox(context: dg.SensorEvaluationContext, bureau: Bureau) -> dg.SensorResult:
    """Ask for a refresh once the inbox has changed and then stood still for one look."""
    seen = listing(bureau.paths.inbox)
    looked, _, done = (context.cursor or "|").partition("|")
    cursor = f"{seen}|{seen if seen == looked else done}"
    if not seen or seen == done:
        return dg.SensorResult(skip_reason="收件箱没有变化", cursor=cursor)
    if seen != looked:
        return dg.SensorResult(skip_reason="收件箱刚有变化，等下一次查看确认文件已写完", cursor=cursor)
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)], cursor=cursor)


@dg.sensor(job=refresh, minimum_interval_seconds=30)
def acts(context: dg.SensorEvaluationContext, bureau: Bureau) -> dg.SensorResult:
    """Ask for a refresh of what lies downstream of the log once it has grown."""
    newest, done = Registry(bureau.paths.registry).last_event_no(), int(context.cursor or 0)
    if newest <= done:
        return dg.SensorResult(skip_reason="没有新的办理", cursor=str(done))
    request = dg.RunRequest(run_key=f"act-{newest}", asset_selection=_after_acts(context))
    return dg.SensorResult(run_requests=[request], cursor=str(newest))


def _after_acts(context: dg.SensorEvaluationContext) -> list[dg.AssetKey] | None:
    """The log's tables and everything downstream of them; the whole job where the definitions are not at hand."""
    if context.repository_def is None:
        return None
    landed = dg.AssetSelection.assets(*LANDED_ACTS)
    return sorted(landed.downstream().resolve(context.repository_def.asset_graph))
