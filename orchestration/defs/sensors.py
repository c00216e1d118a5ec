"""What starts a refresh besides the clock: workbooks in the inbox."""

import hashlib

import dagster as dg

from orchestration.defs.resources import Bureau
from orchestration.jobs import refresh


@dg.sensor(job=refresh, minimum_interval_seconds=30)
def inbox(context: dg.SensorEvaluationContext, bureau: Bureau) -> dg.SensorResult:
    """Ask for a refresh once the inbox has changed and then stood still for one look."""
    files = sorted(p for p in bureau.paths.inbox.rglob("*") if p.is_file())
    listing = "\n".join(f"{p}|{p.stat().st_size}|{p.stat().st_mtime_ns}" for p in files)
    seen = hashlib.sha256(listing.encode()).hexdigest()
    looked, _, done = (context.cursor or "|").partition("|")
    cursor = f"{seen}|{seen if seen == looked else done}"
    if not files or seen == done:
        return dg.SensorResult(skip_reason="收件箱没有变化", cursor=cursor)
    if seen != looked:
        return dg.SensorResult(skip_reason="收件箱刚有变化，等下一次查看确认文件已写完", cursor=cursor)
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)], cursor=cursor)
