"""When the refresh runs by itself: every night, judging the scheduled day."""

import dagster as dg

from orchestration.jobs import judging, refresh


@dg.schedule(job=refresh, cron_schedule="0 2 * * *", execution_timezone="Asia/Shanghai")
def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """02:00 Asia/Shanghai; the day judged is the scheduled one, however late the run starts."""
    day = context.scheduled_execution_time.date().isoformat()
    return dg.RunRequest(run_key=day, run_config=judging(day), tags={"duban/evaluation_date": day})
