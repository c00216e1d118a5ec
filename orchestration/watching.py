"""The resident refresher: keeps dbt and Dagster loaded, looks at the log of acts and at what people put into the home,
and refreshes within seconds. `duban app` starts one beside the dashboard; `duban watch` is one by itself.

A failure is said in the status and waited out; nothing a refresh does can end the watching but its own process's end.
Several may run: the writer's lock lets one refresh at a time, and what another has published is no longer a change.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from ingestion.arrivals import Arrivals
from ingestion.config.loader import ConfigError, load_config
from ingestion.durable import replace_json
from ingestion.evaluation import resolve_evaluation_date
from ingestion.fingerprint import project_digest
from ingestion.landing import Landing
from ingestion.locks import Busy
from ingestion.registry.events import Registry
from ingestion.registry.landed import EVENTS
from ingestion.releases import Releases
from ingestion.settings import Settings
from orchestration.looking import listing
from orchestration.watch_status import STATUS_FILE

LOOK_SECONDS = 0.5
FILES_EVERY = 10  # looks; files must stand still from one such look to the next
DAY_EVERY = 120
# people act in bursts: a refresh within this many seconds of the last would only be followed by another
SETTLE_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 900.0


@dataclass(frozen=True)
class Seen:
    """What a refresh depends on, as one look found it: the newest act, the files people put there, the day judged."""

    event_no: int
    files: str | None
    day: date | None

    def is_acts_only_after(self, before: Seen) -> bool:
        return (self.files, self.day) == (before.files, before.day)


class Watcher:
    """Looks and refreshes until `stop` is asked for."""

    def __init__(
        self,
        settings: Settings,
        refresh: Callable[[bool], int],
        *,
        prepare: Callable[[], object] = lambda: None,
        parent: int | None = None,
    ) -> None:
        """`refresh` does one refresh, from people's acts alone where told so, and returns its exit code.

        `prepare` loads what refreshing needs, so that the first act need not wait for it. Where `parent` is no longer
        the process's parent, the watching ends.
        """
        self.settings = settings
        self.paths = settings.paths
        self.registry = Registry(self.paths.registry)
        self._refresh = refresh
        self._prepare = prepare
        self._parent = parent
        self._is_stopping = False
        self._handed, self._register = 0, ""
        self._pause = FIRST_PAUSE

    def stop(self, *_: object) -> None:
        self._is_stopping = True

    def run(self) -> bool:
        """Watch; first takes in what came while nobody watched. Returns whether to begin anew, with newer code."""
        done = now = Seen(self._landed_event_no(), None, None)
        project, files, looks, retry_at = project_digest(), self._files(), 0, 0.0
        while not self._is_over():
            now = replace(now, event_no=self.registry.last_event_no())
            if looks % FILES_EVERY == 0:
                if project_digest() != project:
                    return True
                before, files = files, self._files()
                now = replace(now, files=files if files == before else now.files)
            if looks % DAY_EVERY == 0 or now.files != done.files:
                now = replace(now, day=self._day())
            looks += 1
            if now == done or time.monotonic() < retry_at or self._is_held():
                time.sleep(LOOK_SECONDS)
                continue
            if now.is_acts_only_after(done):
                now = self._settled(now)
            if self._try(now.is_acts_only_after(done)):
                done, retry_at = now, 0.0
            else:
                retry_at = time.monotonic() + self._pause
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self._say("已停止")
        return False

    def _try(self, is_acts_only: bool) -> bool:
        began = time.monotonic()
        self._say("刷新中")
        try:
            code = self._refresh(is_acts_only)
            self._prepare()
        except Busy:
            self._say("等待写入", "另一个进程正在写入")
            return False
        except Exception as error:  # whatever a refresh meets, the watching goes on and says so
            self._say("出错", f"{type(error).__name__}：{error}")
            return False
        seconds = round(time.monotonic() - began, 1)
        if code == 2:
            self._say("出错", "刷新没有完成，见 duban status", seconds)
            return False
        self._pause = FIRST_PAUSE
        self._say("等待变化", seconds=seconds)
        return True

    def _settled(self, now: Seen) -> Seen:
        """The same look once no further act has come for a moment; after five moments as it is."""
        for _ in range(5):
            time.sleep(SETTLE_SECONDS)
            newest = self.registry.last_event_no()
            if newest == now.event_no:
                break
            now = replace(now, event_no=newest)
        return now

    def _is_over(self) -> bool:
        return self._is_stopping or (self._parent is not None and os.getppid() != self._parent)

    def _is_held(self) -> bool:
        """Whether there is nothing to publish to: before the first refresh, and while a rollback holds."""
        pointer = Releases(self.paths.releases).pointer()
        return pointer is None or pointer.hold is not None

    def _files(self) -> str:
        return f"{listing(self.paths.inbox, self.paths.plans, self.paths.config)} {self._handed_in()}"

    def _handed_in(self) -> int:
        """The last workbook that came by upload or `duban submit` and was not landed when it was first seen."""
        register = self.paths.arrivals / "register.sqlite"
        before, self._register = self._register, listing(register, register.with_name(f"{register.name}-wal"))
        if self._register == before:
            return self._handed
        last = max((a.file_id for a in Arrivals(self.paths.arrivals).all("workbook")), default=0)
        if last > self._handed:
            landed = Landing(self.paths.landing).read("intake__files")["file_id"].max()
            # what a refresh took from the inbox itself is landed by the time it ends and is no change
            self._handed = last if last > (landed if isinstance(landed, int) else 0) else self._handed
        return self._handed

    def _day(self) -> date | None:
        try:
            return resolve_evaluation_date("", self.settings, load_config(self.paths.config).bureau)
        except (ConfigError, OSError):
            return None

    def _landed_event_no(self) -> int:
        landed = Landing(self.paths.landing).read(EVENTS)["event_no"].max()
        return landed if isinstance(landed, int) else 0

    def _say(self, state: str, message: str = "", seconds: float | None = None) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        content = {"pid": os.getpid(), "state": state, "message": message, "at": at, "seconds": seconds}
        replace_json(self.paths.locks / STATUS_FILE, content)
